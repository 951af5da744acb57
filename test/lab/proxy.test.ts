import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();
const FILES =
  '/etc/apt/apt.conf.d/90slipway-proxy /etc/systemd/system/containerd.service.d/90-slipway-proxy.conf';

describe.skipIf(reason !== undefined)(`a proxy${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let proxy: ChildProcess;
  let requests: readonly string[] = [];
  let location = '';

  const on = async (host: string, input: string): Promise<string> =>
    (await cluster.lab.exec(host, 'sh', { input })).stdout.trim();

  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
    const script = fileURLToPath(new URL('support/forward-proxy.ts', import.meta.url));
    // The lab's hosts come to Debian's packages through a proxy of its own: this one goes on to that, in its place.
    const next = await on(
      'w1',
      `apt-config dump Acquire::http::Proxy | sed -n 's/^Acquire::http::Proxy "\\(.*\\)";/\\1/p'`,
    );
    for (const host of ['cp1', 'w1'])
      await on(host, 'rm $(grep -l Acquire::http::Proxy /etc/apt/apt.conf.d/*)');
    const [program = '', ...args] = cluster.lab.inNetwork([process.execPath, script, next]);
    proxy = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    proxy.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      requests = said.split('\n').slice(0, -1);
    });
    await vi.waitUntil(() => requests.length > 0, { timeout: 20_000 });
    location = `http://${new URL(cluster.lab.repositoryUrl).hostname}:${requests[0]}`;
    await cluster.writeInventory({ overlay: { proxy: { http: location } } });
  });
  afterAll(async () => {
    proxy?.kill();
    await cluster?.[Symbol.asyncDispose]();
  });

  it('is what packages come through, and what the runtime is started with, and kubeadm is not', async () => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(stdout + stderr).toContain('Done');
    expect(code).toBe(0);
    for (const { address } of cluster.lab.hosts) {
      const through = requests.filter((line) => line.includes(address));
      expect(through.some((line) => line.includes('/core:/stable:/'))).toBe(true);
      expect(through.some((line) => line.endsWith('.deb'))).toBe(true);
    }
    const environment = await on('w1', `tr '\\0' '\\n' </proc/$(pidof containerd)/environ`);
    expect(environment).toContain(`HTTPS_PROXY=${location}`);
    expect(environment).toMatch(/NO_PROXY=.*10\.96\.0\.0\/12,\.svc,\.cluster\.local/);
    expect(await on('cp1', 'grep -ril proxy.*http: /etc/kubernetes/manifests || :')).toBe('');
    expect(await cluster.pending()).toEqual([]);
  });

  it('is brought back where it was changed by hand, and the runtime follows', async () => {
    await on('w1', `sed -i 's/NO_PROXY=/NO_PROXY=mine.lan,/' ${FILES.split(' ')[1]!}`);
    expect(await cluster.pending()).toContainEqual(
      expect.stringContaining('w1/runtime/file:/etc/systemd/system/containerd'),
    );
    expect((await cluster.slipway('apply', '--yes')).code).toBe(0);
    expect(await on('w1', `tr '\\0' '\\n' </proc/$(pidof containerd)/environ`)).not.toContain('mine.lan');
    expect(await cluster.pending()).toEqual([]);
  });

  it('leaves the hosts with the inventory', async () => {
    await cluster.writeInventory({});
    const files = FILES.split(' ').map((path) => expect.stringContaining(`file:${path}`));
    expect(await cluster.pending()).toEqual(
      expect.arrayContaining([expect.stringContaining('w1/proxy/package-proxy'), files[1]]),
    );
    const { code } = await cluster.slipway('apply', '--yes');
    expect(code).toBe(0);
    for (const host of ['cp1', 'w1']) expect(await on(host, `ls ${FILES} 2>/dev/null || :`)).toBe('');
    expect(await on('w1', `tr '\\0' '\\n' </proc/$(pidof containerd)/environ`)).not.toContain('PROXY');
    expect(await cluster.pending()).toEqual([]);
  });
});
