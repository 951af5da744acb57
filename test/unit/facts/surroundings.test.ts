import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import type { Fact } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { fileTimes } from '#facts/file-times.ts';
import { guards } from '#facts/guards.ts';
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
    'etc/crontab': '# swapon -a\n',
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
    swapScripts: ['/etc/rc.local', '/etc/cron.d/more swap'],
  });
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
