import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { containerdConfig, containerdTables } from '#configuration/containerd-config.ts';
import { readToml } from '#configuration/toml.ts';
import type { Fact } from '#core/fact.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import type { Step } from '#core/step.ts';
import { type SecretFileAnswer, secretFileState } from '#facts/secret-file.ts';
import { file } from '#resources/files/file.ts';
import { secretFile } from '#resources/files/secret-file.ts';
import { crictl } from '#resources/runtime/crictl.ts';
import { nvidiaCrio } from '#resources/nvidia/nvidia-crio.ts';
import {
  containerdConfiguration,
  type ContainerdConfigurationDefinition,
} from '#resources/runtime/containerd-configuration.ts';

import { fileAnswer } from '../../support/file-answer.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { askHere, parseText } from '../facts/ask.ts';
import { runStep } from './run-step.ts';

const PATH = '/etc/containerd/config.toml';
const CRI = 'io.containerd.grpc.v1.cri';

const there = fileAnswer;
const decided = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'w1', changed: [] });
const stepsOf = (outcome: Outcome): readonly Step[] => (outcome.answer === 'change' ? outcome.steps : []);
const notesOf = (outcome: Outcome): string => ('notes' in outcome ? (outcome.notes ?? []).join('\n') : '');

describe('a file that slipway has not written', () => {
  it('leaves a copy beside it, and a second run leaves that as it is', async () => {
    const directory = await scratchDirectory();
    const path = join(directory, 'x.toml');
    for (const text of ['mine\n', 'mine again\n', 'mine\n']) {
      writeFileSync(path, text, { mode: 0o640 });
      const outcome = decided(file({ path, content: 'wanted\n' }), { found: there(text) });
      expect(notesOf(outcome)).toContain(`a copy of it stays in ${path}.before-slipway.bak`);
      const [keep] = stepsOf(outcome);
      expect(keep && runStep(keep, {}).code).toBe(0);
    }
    expect(readdirSync(directory).toSorted()).toEqual([
      'x.toml',
      'x.toml.before-slipway.bak',
      'x.toml.before-slipway2.bak',
    ]);
    expect(readFileSync(`${path}.before-slipway.bak`, 'utf8')).toBe('mine\n');
    expect(readFileSync(`${path}.before-slipway2.bak`, 'utf8')).toBe('mine again\n');
    expect(statSync(`${path}.before-slipway.bak`).mode & 0o777).toBe(0o640);
  });

  it('is told from one of an earlier inventory by its mark: of that no copy is kept', () => {
    const own = file({ path: '/x', content: '# Written by slipway.\nb\n' });
    const outcome = decided(own, { found: there('# Written by slipway.\na\n') });
    expect(stepsOf(outcome).map((step) => step.do)).toEqual(['write']);
    expect(notesOf(outcome)).toBe('');
  });
});

describe('a file with secrets', () => {
  const path = '/var/lib/kubelet/config.json';
  const logins = { path, content: ['{}'], secrets: new Map() };
  const fact = secretFile(logins).facts['found'] as Fact<SecretFileAnswer>;
  const kept = (printed: string): boolean =>
    stepsOf(decided(secretFile(logins), { found: parseText(printed, [fact])[0] })).some(
      ({ summary }) => summary === `keep a copy of ${path}`,
    );

  it('leaves a copy where slipway has not written it, and none where it has', () => {
    expect(kept(`${'0'.repeat(64)} 0600 root:root\n`)).toBe(true);
    expect(kept(`${'0'.repeat(64)} 0600 root:root own\n`)).toBe(false);
    expect(kept('absent\n')).toBe(false);
  });

  it("is slipway's by what it says itself", async () => {
    const found = join(await scratchDirectory(), 'config.json');
    for (const [text, isOwn] of [
      ['{"auths":{}}', false],
      ['{"//":"Written by slipway","auths":{}}', true],
    ] as const) {
      writeFileSync(found, text);
      expect(askHere([secretFileState(found, 'x')])).toMatchObject([{ state: 'other', isOwn }]);
    }
  });
});

const crictlYaml = (content: string): unknown => {
  const outcome = decided(crictl({ runtime: { type: 'containerd' } as Runtime }), {
    found: there(content),
  });
  const step = stepsOf(outcome).at(-1);
  return step?.do === 'write' ? step.content : outcome.answer;
};

describe('/etc/crictl.yaml', () => {
  it('is read as crictl does where lines end with CR alone, and keeps what is only a comment', () => {
    expect(crictlYaml('# mine\rtimeout: 10\r')).toBe(`# mine\ntimeout: 10\n${ENDPOINTS}`);
    expect(crictlYaml('# mine')).toBe(`# mine\n${ENDPOINTS}`);
  });

  const ENDPOINTS = ['runtime', 'image']
    .map((name) => `${name}-endpoint: unix:///run/containerd/containerd.sock\n`)
    .join('');

  it.each([`timeout: 10\n${ENDPOINTS}`, 'timeout: 10\n'])(
    'is right after one change where more than one mark of the byte order begins it: %j',
    (text) => {
      const once = String(crictlYaml(`\uFEFF\uFEFF${text}`));
      expect(once).toBe(`timeout: 10\n${ENDPOINTS}`);
      expect(crictlYaml(once)).toBe('none');
    },
  );

  it('keeps what somebody has set beside the endpoints, and its comments', () => {
    expect(crictlYaml('# mine\ntimeout: 10\ndebug: true # loud\n')).toBe(
      `# mine\ntimeout: 10\ndebug: true # loud\n${ENDPOINTS}`,
    );
    expect(crictlYaml(`${ENDPOINTS}timeout: 10\n`)).toBe('none');
    expect(
      crictlYaml(`"image-endpoint": 'unix:///run/containerd/containerd.sock'\nruntime-endpoint: a\n`),
    ).toBe(
      `"image-endpoint": 'unix:///run/containerd/containerd.sock'\nruntime-endpoint: unix:///run/containerd/containerd.sock\n`,
    );
  });

  it.each(['', '- a\n', 'just words\n', ': ['])('is written anew where it is none: %j', (text) => {
    expect(crictlYaml(text)).toBe(ENDPOINTS);
  });
});

describe("a copy of one of CRI-O's drop-ins", () => {
  it('is not in their directory, where CRI-O would read it', () => {
    const outcome = decided(nvidiaCrio({ isDefaultRuntime: true }), { found: there('mine = 1\n') });
    expect(notesOf(outcome)).toContain('a copy of it stays in /etc/crio/99-nvidia.toml.before-slipway.bak');
  });
});

const config = (known: boolean, settings = {}): Resource =>
  containerdConfiguration({
    version: known
      ? { known: '1.7.24', phase: 'runtime' }
      : { packages: [{ name: 'containerd', version: null }], phase: 'runtime' },
    sandboxImage: 'pause:1',
    config: settings,
  } satisfies ContainerdConfigurationDefinition);

describe("a person's config.toml", () => {
  const BY_HAND = `version = 2
root = "/data/containerd"
oom_score = 0
imports = ["/etc/containerd/site/*.toml", "more.toml"]
[plugins."${CRI}"]
sandbox_image = "k8s.gcr.io/pause:3.6"
[plugins."${CRI}".containerd.runtimes.kata]
runtime_type = "io.containerd.kata.v2"
[plugins."${CRI}".containerd.runtimes.runc.options]
SystemdCgroup = true
[plugins."${CRI}".registry.mirrors."docker.io"]
endpoint = ["https://mirror.lan"]
`;
  const notKnown = {
    os: { id: 'debian', idLike: [], prettyName: 'Debian' },
    'package containerd': { installed: null, isHeld: false, offered: [] },
  };

  it.each([
    ['and containerd is there', true],
    ['and containerd is not there yet', false],
  ])('has named what would go: %s', (_, known) => {
    const outcome = decided(config(known), { ...notKnown, found: there(BY_HAND) });
    expect(outcome.answer).toBe(known ? 'change' : 'deferred');
    const notes = notesOf(outcome);
    expect(notes).toContain(`a copy of it stays in ${PATH}.before-slipway.bak`);
    expect(notes).toContain('root = "/data/containerd"');
    expect(notes).toContain('kata.runtime_type = "io.containerd.kata.v2"');
    expect(notes).toContain('mirrors.docker.io.endpoint = ["https://mirror.lan"]');
    expect(notes).toContain('sandbox_image = "k8s.gcr.io/pause:3.6"');
    expect(notes).toContain('runtime.config');
    // What is the same, or is what nobody set, does not go.
    expect(notes).not.toContain('SystemdCgroup');
    expect(notes).not.toContain('oom_score');
  });

  it('says less where the inventory has taken its settings over', () => {
    const taken = {
      root: '/data/containerd',
      plugins: { [CRI]: { containerd: { runtimes: { kata: { runtime_type: 'io.containerd.kata.v2' } } } } },
    };
    const notes = notesOf(decided(config(true, taken), { found: there(BY_HAND) }));
    expect(notes).not.toContain('/data/containerd');
    expect(notes).not.toContain('kata');
  });

  it('is copied and not just written over, and its imports stay', () => {
    const outcome = decided(config(true), { found: there(BY_HAND) });
    expect(stepsOf(outcome).map(({ summary }) => summary)).toEqual([
      'have containerd check its configuration',
      `keep a copy of ${PATH}`,
      `write ${PATH}`,
    ]);
    const [, , write] = stepsOf(outcome);
    const content = write?.do === 'write' && typeof write.content === 'string' ? write.content : '';
    const imports = [
      '/etc/containerd/site/*.toml',
      '/etc/containerd/more.toml',
      '/etc/containerd/conf.d/*.toml',
    ];
    expect(readToml(content)?.['imports']).toEqual(imports);
    expect(decided(config(true), { found: there(content) })).toMatchObject({ answer: 'none' });
    // Those that the inventory names are the only ones.
    const named = decided(config(true, { imports: ['/only.toml'] }), { found: there(content) });
    expect(JSON.stringify(stepsOf(named))).toContain('/only.toml');
    expect(JSON.stringify(stepsOf(named))).not.toContain('more.toml');
  });

  it.each([
    ['as slipway writes it', containerdConfig('1.7.24', { sandboxImage: 'old:1', config: {} })],
    ['that says what is wanted', `version = 2\nplugins = {}\n`],
    ['that cannot be read', 'version = ['],
    [
      'as containerd itself writes it',
      'version = 2\nroot = "/var/lib/containerd"\nstate = "/run/containerd"\ntemp = ""\nplugin_dir = ""\n[timeouts]\n[grpc]\naddress = "/run/containerd/containerd.sock"\nuid = 0\n',
    ],
  ])('has nothing to lose: one %s', (_, content) => {
    expect(notesOf(decided(config(false), { ...notKnown, found: there(content) }))).toBe('');
  });

  it('keeps its place in the list where it has the drop-ins already', () => {
    const imports = ['/etc/containerd/conf.d/*.toml', '/etc/last.toml'];
    expect(containerdTables('2.2.0', { sandboxImage: 'p', config: {}, imports })['imports']).toEqual(imports);
  });
});
