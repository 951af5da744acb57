import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import type { Fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { etcdLocal } from '#facts/etcd-local.ts';
import { fileTimes } from '#facts/file-times.ts';
import { guards } from '#facts/guards.ts';
import { kubeletEndpoint } from '#facts/kubelet-endpoint.ts';
import { nameLookup } from '#facts/name-lookup.ts';
import { surroundings } from '#facts/surroundings.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { parseText } from './ask.ts';

/** Asks a machine that has these files, and none other below /etc: all paths of the program are moved there. */
async function ask<Answer extends Json>(
  question: Fact<Answer>,
  files: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  const root = await scratchDirectory();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const script = question.family
    .script([question.question] as never[])
    .replaceAll(/(?<=\s|[<"'=])\/(?=(etc|run|usr\/local\/lib|var)\b)/g, `${root}/`);
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  return parseText(output.replaceAll(root, ''), [question])[0];
}

it('guards: enabled sections of all repositories that are not slipway’s', async () => {
  const files = {
    'etc/yum.repos.d/a.repo': '[one]\nname=1\n[two]\nEnabled = No\n[three]\nenabled=1\n',
    'etc/yum.repos.d/b.repo': 'enabled=0\n[four]\n',
    'etc/yum.repos.d/empty.repo': '',
    'etc/yum.repos.d/off.repo': '[five]\nenabled=0',
    'etc/yum.repos.d/ours.repo': '# Written by slipway\n[six]\n',
  };
  expect(await ask(guards(), files)).toMatchObject({ repositories: 3 });
  expect(await ask(guards(), { 'etc/yum.repos.d/ours.repo': '# Written by slipway\n[six]\n' })).toMatchObject(
    { repositories: 0 },
  );
  expect(await ask(guards(), {})).toMatchObject({ repositories: null, ports: [], trusted: [] });
});

it('guards: ports of all zones of firewalld’s, and blocks of the zone trusted alone', async () => {
  const files = {
    'etc/firewalld/zones/public.xml':
      '<zone><port port="6443" protocol="tcp"/><source address="10.0.0.0/8"/>\n<port protocol="udp" port="4789"/></zone>',
    'etc/firewalld/zones/trusted.xml':
      '<zone>\n<source address="10.96.0.0/12"/><port port="1-2" protocol="tcp"/>\n</zone>',
  };
  expect(await ask(guards(), files)).toMatchObject({
    ports: ['6443/tcp', '4789/udp', '1-2/tcp'],
    trusted: ['10.96.0.0/12'],
  });
});

it('surroundings: lines of units that are not slipway’s, scripts that turn swap on, and what ufw lets in', async () => {
  const files = {
    'etc/systemd/system/kubelet.service.d/10-other.conf':
      '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet \\\n  --x\nEnvironment=KUBELET_ARGS=--y\n',
    'etc/systemd/system/kubelet.service.d/20-ours.conf':
      '# Written by slipway\n[Service]\nExecStart=/bin/ours\n',
    'usr/local/lib/systemd/system/docker.service': 'ExecStart=/opt/dockerd',
    'etc/resolv.conf': 'search example.com\nnameserver 10.0.0.53\nnameserver fd00::53',
    'etc/cni/net.d/10-other.conflist': '{}',
    'etc/rc.local': 'mount -a\n/sbin/swapon -a\n',
    'etc/crontab': '# swapon -a\n@reboot root echo # swapon\n',
    'etc/cron.d/last': 'true\n@reboot root swapon -a # swapon',
    'etc/cron.d/more swap': '@reboot root swapon /swap\n',
    'etc/ufw/ufw.conf': 'ENABLED=yes\n',
    'etc/default/ufw': 'DEFAULT_INPUT_POLICY="DROP"\n',
    'etc/ufw/user.rules': '### tuple ### allow tcp 6443 0.0.0.0/0 any 0.0.0.0/0 in\n',
  };
  const path = '/etc/systemd/system/kubelet.service.d/10-other.conf';
  expect(await ask(surroundings(), files)).toMatchObject({
    unitLines: [
      { unit: 'kubelet', path, line: 'ExecStart=' },
      { unit: 'kubelet', path, line: 'ExecStart=/usr/bin/kubelet    --x' },
      { unit: 'kubelet', path, line: 'Environment=KUBELET_ARGS=--y' },
      {
        unit: 'docker',
        path: '/usr/local/lib/systemd/system/docker.service',
        line: 'ExecStart=/opt/dockerd',
      },
    ],
    nameservers: ['10.0.0.53', 'fd00::53'],
    cniConfigs: ['/etc/cni/net.d/10-other.conflist'],
    ufw: 'deny',
    ufwAllows: ['6443/tcp'],
    swapScripts: ['/etc/rc.local', '/etc/cron.d/last', '/etc/cron.d/more swap'],
  });
});

it.each([
  ['image: registry.k8s.io/etcd:3.6.5-0', '- --data-dir=DATA', '3.6.5-0'],
  ['image: "registry.example/k8s/etcd:v3.5.1"', '- "--data-dir=DATA"', '3.5.1'],
  ['image: etcd:v3.4.0 # ours', "- '--data-dir=DATA' # there", '3.4.0'],
])('etcd-local: %s', async (image, flag, version) => {
  const data = await scratchDirectory();
  writeFileSync(join(data, 'db'), 'x'.repeat(50_000));
  const manifest = `spec:\n  containers:\n  - command:\n    - etcd\n    - --name=cp1\n    ${flag}\n    ${image}\n`;
  const files = { 'etc/kubernetes/manifests/etcd.yaml': manifest.replace('DATA', data) };
  const answer = await ask(etcdLocal(), files);
  expect(answer?.version).toBe(version);
  expect(answer?.sizeKib).toBeGreaterThanOrEqual(48);
  expect(await ask(etcdLocal(), {})).toEqual({ version: null, sizeKib: 0 });
});

it.each([
  [{ 'instance-config.yaml': 'containerRuntimeEndpoint: "unix:///run/a.sock"\n' }, 'unix:///run/a.sock'],
  [{ 'config.yaml': "a: b\ncontainerRuntimeEndpoint:   'unix:///run/b.sock'\nc: d\n" }, 'unix:///run/b.sock'],
  [
    {
      'config.yaml': 'containerRuntimeEndpoint: ""\n',
      'kubeadm-flags.env': 'KUBELET_KUBEADM_ARGS="--a=b --container-runtime-endpoint=unix:///run/c.sock --d"',
    },
    'unix:///run/c.sock',
  ],
  [{ 'config.yaml': 'a: b\n' }, null],
])('kubelet-endpoint: %j', async (files, endpoint) => {
  const below = Object.entries(files).map(([name, text]) => [`var/lib/kubelet/${name}`, text] as const);
  expect(await ask(kubeletEndpoint(), Object.fromEntries(below))).toBeNull();
  const ofNode = Object.fromEntries([...below, ['etc/kubernetes/kubelet.conf', '']]);
  expect(await ask(kubeletEndpoint(), ofNode)).toBe(endpoint);
});

it('name-lookup: by /etc/hosts, whatever stands around a name there', async () => {
  const hosts =
    '# 10.0.0.9 commented\n127.0.0.1\tlocalhost  first second#x\n\n10.0.0.1 third # fourth\n10.0.0.2 last';
  const answerOf = async (name: string): Promise<boolean | undefined> =>
    (
      await ask(nameLookup(`${name}.invalid`), {
        'etc/hosts': hosts.replaceAll(/[a-z]+(?=[\s#]|$)/g, '$&.invalid'),
      })
    )?.resolves;
  for (const name of ['localhost', 'first', 'third', 'last']) expect(await answerOf(name)).toBe(true);
  for (const name of ['commented', 'fourth', 'thir', 'other']) expect(await answerOf(name)).toBe(false);
});

it('file-times: the files of each question, and an answer that is cut off is none', () => {
  const questions = [['/etc/passwd', '/no/such/*'], ['/no/such'], ['/etc/pass*d', '/etc/group']].map(
    fileTimes,
  );
  const script = questions[0]?.family.script(questions.map(({ question }) => question) as never[]) ?? '';
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  const answers = parseText(output, questions);
  expect(answers.map((files) => files.map(({ path }) => path))).toEqual([
    ['/etc/passwd'],
    [],
    ['/etc/passwd', '/etc/group'],
  ]);
  expect(() => parseText(output.slice(0, -4), questions)).toThrow('cut off');
});
