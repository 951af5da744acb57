import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { CertificateList } from '#report/certificate-list.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { agedCertificates, agedKubelet } from './support/aged-certificates.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { loadBalancer } from './support/load-balancer-process.ts';

const CONTROL_PLANES = ['cp1', 'cp2', 'cp3'] as const;
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const NAMES = 'openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -ext subjectAltName';
const WATCH = join(import.meta.dirname, 'support', 'watch-api-servers.ts');

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `certificates of three control planes${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let balancer: ChildProcess;

    const on = async (host: string, script: string): Promise<string> =>
      (await cluster.lab.exec(host, 'bash', { input: script })).stdout.trim();

    const onAll = (script: string) => Promise.all(CONTROL_PLANES.map((host) => on(host, script)));

    async function write(sections: object = {}, apiServer: object = {}): Promise<void> {
      await cluster.writeInventory({
        controlPlanes: CONTROL_PLANES,
        overlay: {
          kubernetes: { controlPlaneEndpoint: `${cluster.lab.gateway}:6443`, apiServer },
          ...sections,
        },
      });
    }

    async function applied(): Promise<string> {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await cluster.pending()).toEqual([]);
      return stdout;
    }

    /** The list of `slipway certs`, with its exit code. */
    async function certs(): Promise<CertificateList & { readonly code: number | null }> {
      const { code, stdout } = await cluster.slipway('certs', '--format', 'json', '--detailed-exitcode');
      return { code, ...(JSON.parse(stdout) as CertificateList) };
    }

    /** What a watch over all API servers saw during some work. */
    async function watched(work: () => Promise<unknown>): Promise<{ looks: number; mostAway: number }> {
      const addresses = cluster.lab.hosts
        .filter(({ name }) => name.startsWith('cp'))
        .map(({ address }) => address);
      const [program = '', ...args] = cluster.lab.inNetwork([process.execPath, WATCH, ...addresses]);
      const watch = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      watch.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      try {
        await work();
      } finally {
        watch.kill('SIGTERM');
        await once(watch, 'close');
      }
      process.stdout.write(`the API servers, watched: ${said}\n`);
      return JSON.parse(said) as { looks: number; mostAway: number };
    }

    const starts = (): Promise<readonly string[]> =>
      onAll(
        `crictl ps -o json --name '^kube-apiserver$' 2>/dev/null | sed -n 's/.*"createdAt": "\\(.*\\)".*/\\1/p'`,
      );

    const uids = (): Promise<string> =>
      on('cp1', `${KUBECTL} get nodes -o jsonpath='{.items[*].metadata.uid}'`);

    beforeAll(async () => {
      cluster = await LabCluster.start([...CONTROL_PLANES, 'w1'].map((name) => ({ name })));
      balancer = await loadBalancer(
        cluster.lab,
        cluster.lab.hosts.filter(({ name }) => name !== 'w1').map(({ address }) => address),
      );
      await write();
      await applied();
    });
    afterAll(async () => {
      balancer?.kill();
      await cluster?.[Symbol.asyncDispose]();
    });

    it('are all listed, and no key is', async () => {
      const { code, certificates } = await certs();
      expect(code).toBe(0);
      const listed = Map.groupBy(certificates, ({ host }) => host);
      expect([...listed.keys()].toSorted()).toEqual(['cp1', 'cp2', 'cp3', 'w1']);
      for (const host of CONTROL_PLANES) expect(listed.get(host)?.length).toBeGreaterThanOrEqual(15);
      expect(listed.get('w1')?.map(({ path }) => path)).toContain(
        '/var/lib/kubelet/pki/kubelet-client-current.pem',
      );
      const ends = certificates.map(({ notAfter }) => notAfter);
      expect(ends).toEqual(ends.toSorted());
      const { stdout } = await cluster.slipway('facts', '--format', 'json');
      expect(stdout).not.toMatch(/PRIVATE KEY|LS0tLS1CRUdJTi/);
    });

    it('that end in 20 days are told of, and left as they are without renewBefore', async () => {
      await onAll(agedCertificates(20));
      expect(await cluster.pending()).toEqual([]);
      const { code, certificates } = await certs();
      expect(code).toBe(2);
      expect(certificates.slice(0, 30).every(({ state }) => state === 'due')).toBe(true);
      for (const command of ['plan', 'status']) {
        const { stdout } = await cluster.slipway(command);
        expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
          /apiserver, .* end on 20\d\d-\d\d-\d\d: certificates:/,
        );
      }
    });

    it('are renewed with it, after a kill as well, with one API server away at a time', async () => {
      await write({ certificates: { renewBefore: '30d' } });
      const { stdout } = await cluster.slipway('plan');
      const shown = stdout.replaceAll(/\s+/g, ' ');
      expect(shown).toMatch(/control plane cp2, cp3, cp1 \(one at a time\)|control plane: cp2/);
      expect(shown).toContain('slipway kubeconfig');
      const before = await starts();
      const names = await onAll(NAMES);
      const seen = await watched(async () => {
        const killed = await cluster.script('killed-run.ts', 'certificates', 'control-plane-cert', '900');
        expect(killed.code).toBe(null);
        await applied();
      });
      expect(seen.looks).toBeGreaterThan(50);
      expect(seen.mostAway).toBe(1);
      const { code, certificates } = await certs();
      expect(code, JSON.stringify(certificates.slice(0, 3))).toBe(0);
      expect(await onAll(NAMES)).toEqual(names);
      const after = await starts();
      for (const [index, start] of after.entries()) expect(start).not.toBe(before[index]);
      expect(await on('cp1', `${KUBECTL} get --raw /readyz`)).toBe('ok');
    });

    it('that somebody renewed without a restart are seen, and only what runs on them is restarted', async () => {
      const before = await starts();
      await on('cp2', 'kubeadm certs renew scheduler.conf >/dev/null');
      const { nodes } = await cluster.plan();
      const changes = nodes.filter(({ outcome }) => outcome.answer !== 'none');
      expect(changes.map(({ id }) => id)).toEqual(['cp2/certificates/control-plane-certificates']);
      expect(changes[0]?.outcome).toMatchObject({ restarts: ['kube-scheduler'] });
      await applied();
      expect(await starts()).toEqual(before);
    });

    it('lack a name that the inventory wants, and get it, one API server after another', async () => {
      await write({}, { certSANs: ['api.example.test', '203.0.113.7'] });
      const { stdout } = await cluster.slipway('plan');
      expect(stdout).toContain('api.example.test, 203.0.113.7');
      const seen = await watched(async () => applied());
      expect(seen.mostAway).toBe(1);
      const names = await onAll(NAMES);
      for (const one of names) expect(one).toMatch(/DNS:api\.example\.test.*IP Address:203\.0\.113\.7/s);
      const stored = `${KUBECTL} -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}'`;
      expect(await on('cp1', stored)).toContain('api.example.test');
      // Nobody needs to take a name away again: what has it serves as well.
      await write();
      await applied();
      expect(await on('cp1', stored)).not.toContain('api.example.test');
    });

    it('of a kubelet that was off until they had ended are made anew: a worker, whose node stays', async () => {
      const before = await uids();
      const pem = await on(
        'w1',
        'systemctl stop kubelet; cat /var/lib/kubelet/pki/kubelet-client-current.pem',
      );
      // The key of the authority is on a control plane.
      const aged = await on(
        'cp1',
        agedKubelet(-2)
          .replace(/file=.*/, `file=/root/w1.pem; printf '%s\\n' '${pem}' >$file`)
          .concat('cat /root/w1.pem; rm /root/w1.pem\n'),
      );
      await on(
        'w1',
        `printf '%s\\n' '${aged}' >$(readlink -f /var/lib/kubelet/pki/kubelet-client-current.pem); systemctl start kubelet || :`,
      );
      expect(await cluster.pending()).toContain('change w1/join/kubeadm-join');
      await applied();
      expect(await uids()).toBe(before);
      expect(await on('w1', 'ls /etc/kubernetes')).not.toContain('bootstrap-kubelet.conf');
    });

    it('of all control planes that were off until they had ended are renewed, and the cluster answers', async () => {
      const before = await uids();
      await onAll(agedCertificates(-3));
      await onAll(agedKubelet(-3));
      for (const host of CONTROL_PLANES) await cluster.lab.powerOff(host);
      for (const host of CONTROL_PLANES) await cluster.lab.powerOn(host);
      const { stdout } = await cluster.slipway('plan');
      expect(stdout).toContain('kubeadm init phase kubeconfig kubelet');
      expect(stdout).toContain('renewed by kubeadm');
      await applied();
      expect(await uids()).toBe(before);
      expect((await certs()).code).toBe(0);
    });
  },
);
