import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it, onTestFinished } from 'vitest';

import { type KubeletHealthAnswer, kubeletHealth } from '#facts/kubelet-health.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { parseText } from './ask.ts';

interface Asked {
  readonly answer: KubeletHealthAnswer | undefined;
  /** Whether the stand-in for kubectl was started, which says that the server was not right. */
  readonly isKubectlAsked: boolean;
}

/** Asks of a node whose kubelet answers so, or not at all. */
async function ask(code: number | undefined, address = '127.0.0.1'): Promise<Asked> {
  const root = await scratchDirectory();
  const server = createServer((_, response) => response.writeHead(code ?? 500).end('ok'));
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  if (code === undefined) await new Promise((resolve) => server.close(resolve));
  for (const directory of ['bin', 'etc/kubernetes', 'var/lib/kubelet'])
    mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, 'etc/kubernetes/kubelet.conf'), '');
  writeFileSync(
    join(root, 'var/lib/kubelet/config.yaml'),
    `healthzPort: ${port}\nhealthzBindAddress: "${address}"\n`,
  );
  const asked = join(root, 'asked');
  writeFileSync(
    join(root, 'bin/kubectl'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >${asked}\necho 'error: the server said no'\nexit 1\n`,
    { mode: 0o755 },
  );
  const question = kubeletHealth();
  const script = question.family
    .script([null] as never[])
    .replaceAll(/(?<=\s|[<'])\/(?=var\/lib\/kubelet|etc\/kubernetes)/g, `${root}/`);
  const env = { PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter) };
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { env });
  return { answer: parseText(stdout, [question])[0], isKubectlAsked: existsSync(asked) };
}

it.each(['127.0.0.1', '::1'])('a kubelet that is well at %s is asked without kubectl', async (address) => {
  expect(await ask(200, address)).toEqual({ answer: { state: 'answers' }, isKubectlAsked: false });
});

it.each([500, 401, 204, undefined])(
  'what is wrong where it answers %s is for kubectl to say',
  async (code) => {
    expect(await ask(code)).toEqual({
      answer: { state: 'silent', why: 'error: the server said no' },
      isKubectlAsked: true,
    });
  },
);
