import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const CERTIFICATE = '/var/lib/kubelet/pki/kubelet-server-current.pem';
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const reason =
  labUnavailable() ?? (isReal ? undefined : 'stand-ins sign no certificates; needs SLIPWAY_LAB_REPO');

describe.skipIf(reason !== undefined)(
  `kubelets that ask for certificates${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      await cluster.writeInventory({ overlay: { kubernetes: { kubelet: { serverTLSBootstrap: true } } } });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    /** What it says as one line, and that it ends as it should. */
    const slipway = async (code: number, ...words: readonly string[]): Promise<string> => {
      const ended = await cluster.slipway(...words);
      const said = `${ended.stdout}${ended.stderr}`.replaceAll(/\s+/g, ' ');
      expect(ended.code, said).toBe(code);
      return said;
    };

    it('get them in the run that makes them nodes, and logs can be read', { timeout: 900_000 }, async () => {
      await slipway(0, 'apply', '--yes');
      const address = cluster.lab.hosts.find(({ name }) => name === 'w1')?.address ?? '';
      const served = await on(
        'cp1',
        `openssl s_client -connect ${address}:10250 -CAfile /etc/kubernetes/pki/ca.crt -verify_ip ${address} </dev/null 2>&1 | grep -i 'verif'`,
      );
      expect(served).toContain('Verification: OK');
      const pod = await on(
        'cp1',
        `${KUBECTL} -n kube-system get pods -l k8s-app=kube-proxy --field-selector spec.nodeName=w1 -o name`,
      );
      expect(await on('cp1', `${KUBECTL} -n kube-system logs ${pod} --tail=1`)).not.toBe('');
      await slipway(0, 'plan', '--detailed-exitcode');
    });

    it('get a new one for one that is lost', { timeout: 300_000 }, async () => {
      await on('w1', `rm -f ${CERTIFICATE}; systemctl restart kubelet`);
      await on('cp1', `for i in $(seq 60); do ${KUBECTL} get csr | grep -q Pending && break; sleep 1; done`);
      expect(await slipway(0, 'plan')).toContain('request of the kubelet for w1,');
      await slipway(0, 'apply', '--yes');
      expect(await on('w1', `ls ${CERTIFICATE}`)).toBe(CERTIFICATE);
    });

    it('get none for the name of another machine', { timeout: 300_000 }, async () => {
      // A worker that somebody has broken into asks for the name of the control plane.
      await on(
        'w1',
        `cd /root && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout x.key -subj '/O=system:nodes/CN=system:node:w1' -addext 'subjectAltName=DNS:w1,DNS:cp1' -out x.csr
kubectl --kubeconfig /etc/kubernetes/kubelet.conf apply -f - <<END
{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: stolen}, spec: {signerName: kubernetes.io/kubelet-serving, usages: [digital signature, server auth], request: $(base64 -w0 x.csr)}}
END`,
      );
      expect(await slipway(1, 'apply', '--yes')).toContain(
        'ServingCertificate: the request stolen for the kubelet of w1 asks for cp1, which w1 is not',
      );
      expect(await on('cp1', `${KUBECTL} get csr stolen -o jsonpath='{.status.conditions}'`)).toBe('');
      await on('cp1', `${KUBECTL} certificate deny stolen`);
      await slipway(0, 'plan', '--detailed-exitcode');
    });
  },
);
