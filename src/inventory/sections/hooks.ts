import { HOOK_PHASES } from '#catalog/hook-phases.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Hook, HookCondition } from '#core/hook.ts';
import { hostSelector, SELECTOR } from '#core/host-selector.ts';
import { type Accepted, integer, list, map, oneOf, required, text, textList, textMap } from '#core/schema.ts';
import type { Section, ValidDocument } from '#inventory/section.ts';
import { type Finding, isFirstAtPath, meaningless, type Path } from '#inventory/text/problem.ts';
import { localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';

import { selectable, unmatched } from './hosts/selected.ts';

const TIMEOUT_SECONDS = 60;

const hook = map(
  {
    name: required(
      text('What plans and failures call it.', {
        wanted: 'lower-case letters, digits and hyphens',
        pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
        examples: ['mount-data'],
      }),
    ),
    before: oneOf(HOOK_PHASES, 'The phase before which it runs; one of before and after must be there.'),
    after: oneOf(HOOK_PHASES, 'The phase after which it runs.'),
    runsOn: oneOf(
      ['hosts', 'controller'],
      'Where it runs. hosts: on each of its hosts, as root. controller: on this machine, once for all of them, as whoever runs slipway.',
      { default: 'hosts' },
    ),
    hosts: textList(
      'The hosts it runs on, or whose phase it stands before or after; all unless it is said.',
      {
        wanted: 'a list of names, patterns, groups and labels',
        item: SELECTOR,
        minItems: 1,
        examples: [['group:gpu', 'label:pool=a']],
      },
    ),
    command: text(
      'What it runs, as a program for sh that ends where a command fails; one of command and script must be there.',
      {
        wanted: 'a shell program',
        examples: ['systemctl reload my-agent'],
      },
    ),
    script: text('A file of this machine that it runs; its first line says by what, as #!/bin/bash.', {
      wanted: 'a path',
      examples: ['hooks/mount-data.sh'],
    }),
    run: oneOf(
      ['changed', 'once'],
      'When it runs. changed: where its phase changes something. once: where it has not run as it stands.',
      { default: 'changed' },
    ),
    creates: text('In place of run: it runs while this path is missing where it runs.', {
      wanted: 'an absolute path',
      pattern: '^/[^\\0]*$',
      examples: ['/srv/data/lost+found'],
    }),
    unless: text(
      'In place of run: it runs while this command fails where it runs. Plans run it as well, so it must change nothing; it has 10 seconds.',
      { wanted: 'a shell command', examples: ['mountpoint -q /srv/data'] },
    ),
    environment: textMap(
      'Variables that it finds, beside SLIPWAY_CLUSTER, SLIPWAY_HOST, SLIPWAY_ROLE and SLIPWAY_PHASE, or on the controller those of the cluster. No place for secrets: plans show them.',
      {
        examples: [{ DATA: '/dev/nvme1n1' }],
      },
    ),
    timeout: integer('Seconds that it may take.', { minimum: 1, maximum: 3600, default: TIMEOUT_SECONDS }),
  },
  'A program of your own.',
);

const schema = list(
  hook,
  'Programs of your own, run on hosts or on the controller before or after a phase, in this order. What they do is in no plan; that they run, and why, is.',
  { wanted: 'a list of hooks' },
);

const ONE_OF = [
  ['before', 'after'],
  ['command', 'script'],
] as const;

type Written = NonNullable<NonNullable<ValidDocument['hooks']>[number]>;

export const hooks: Section<typeof schema, Pick<Cluster, 'hooks'>> = {
  schema,
  validate: (written, { hosts, isFaulty }, path) => {
    const all = hosts.map(selectable);
    const isNew = isFirstName();
    return (written ?? []).flatMap((one, index) => {
      if (one === null) return [];
      const at = [...path, index];
      return [
        ...ONE_OF.flatMap((keys) =>
          keys.some((key) => isFaulty([...at, key])) ? [] : exactlyOne(one, keys, at),
        ),
        ...atMostOne(one, ['run', 'creates', 'unless'], at),
        ...(isNew(one.name)
          ? []
          : [{ path: [...at, 'name'], message: `another hook is called ${one.name}` }]),
        ...variableFindings(one, [...at, 'environment']),
        ...unmatched(one.hosts, [...at, 'hosts'], all, 'host'),
      ].filter(isFirstAtPath());
    });
  },
  files: (written, path) =>
    (written ?? []).flatMap((one, index) => localFile(one?.script, [...path, index, 'script'])),
  build: (written, { hosts, places }) => ({
    hooks: (written ?? []).map((one): Hook => {
      const { name, before, after, command, script = '', timeout = TIMEOUT_SECONDS, environment = {} } = one;
      const isMeant = (one.hosts ?? ['*']).map(hostSelector);
      return {
        name,
        phase: before ?? after ?? '',
        place: before === undefined ? 'after' : 'before',
        runsOn: one.runsOn ?? 'hosts',
        hosts: hosts
          .map(selectable)
          .filter((host) => isMeant.some((selects) => selects(host)))
          .map((host) => host.name),
        program:
          command === undefined
            ? { localFile: localPath(script, places) }
            : { text: `#!/bin/sh\nset -eu\n${command.trimEnd()}\n` },
        runs: conditionOf(one),
        environment,
        timeoutMs: timeout * 1000,
      };
    }),
  }),
};

const conditionOf = ({ run, creates, unless }: Accepted<typeof hook>): HookCondition => {
  if (creates !== undefined) return { creates };
  return unless === undefined ? (run ?? 'changed') : { unless };
};

function isFirstName(): (name: string | undefined) => boolean {
  const seen = new Set<string>();
  return (name) => name === undefined || (!seen.has(name) && seen.add(name).has(name));
}

function exactlyOne(written: Written, keys: readonly (keyof Written)[], path: Path): readonly Finding[] {
  if (keys.some((key) => written[key] !== undefined)) return atMostOne(written, keys, path);
  return [{ path, message: `has neither ${keys.join(' nor ')}: one of them must be there` }];
}

function atMostOne(written: Written, keys: readonly (keyof Written)[], path: Path): readonly Finding[] {
  const [first, ...others] = keys.filter((key) => written[key] !== undefined);
  return others.map((key) => meaningless([...path, key], `beside ${first}`));
}

const variableFindings = ({ environment = {} }: Written, path: Path): readonly Finding[] =>
  Object.keys(environment).flatMap((name) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !name.startsWith('SLIPWAY_')
      ? []
      : [
          {
            path: [...path, name],
            isKey: true,
            message: name.startsWith('SLIPWAY_') ? 'is set by slipway' : 'is no name of a variable',
          },
        ],
  );
