import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { standInManifest } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

// Nobody plays the operator where Kubernetes is real.
const reason = labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'it needs the stand-ins' : undefined);

describe.skipIf(reason !== undefined)(
  `Calico by the operator${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let operator: { readonly crds: object; readonly manifest: object };
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }]);
      const source = async (name: string): Promise<{ readonly url: string; readonly sha256: string }> => {
        const text = await standInManifest(name);
        const sha256 = createHash('sha256').update(text).digest('hex');
        return { url: cluster.lab.web.serve(`/${name}`, text), sha256 };
      };
      operator = {
        crds: await source('tigera-crds-stand-in.yaml'),
        manifest: await source('tigera-operator-stand-in.yaml'),
      };
      await write({});
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const write = (more: object): Promise<void> =>
      cluster.writeInventory({
        overlay: {
          network: { install: 'operator', operator, manifest: null, encapsulation: 'vxlan', ...more },
        },
      });
    const kubectl = async (...words: readonly string[]): Promise<string> =>
      (await cluster.lab.exec('cp1', `${KUBECTL} ${words.join(' ')}`)).stdout;
    const apply = async (): Promise<void> => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await cluster.pending()).toEqual([]);
    };

    it('definitions, operator and installation are planned on a bare host and applied in their order', async () => {
      await apply();
      expect(await kubectl('get nodes')).toMatch(/cp1\s+Ready/);
      const spec = await kubectl("get installation default -o jsonpath='{.spec}'");
      expect(JSON.parse(spec)).toMatchObject({
        variant: 'Calico',
        calicoNetwork: {
          bgp: 'Disabled',
          ipPools: [{ cidr: '10.244.0.0/16', encapsulation: 'VXLAN' }],
          nodeAddressAutodetectionV4: { kubernetes: 'NodeInternalIP' },
        },
      });
    });

    it('another way of finding addresses is one planned change, and the old one is gone', async () => {
      await write({ ipAutodetection: 'interface=eth.*' });
      expect(await cluster.pending()).toEqual(['change cp1/network/manifest:calico-installation']);
      await apply();
      const method = await kubectl(
        "get installation default -o jsonpath='{.spec.calicoNetwork.nodeAddressAutodetectionV4}'",
      );
      expect(JSON.parse(method)).toEqual({ interface: 'eth.*' });
      const environment = await kubectl(
        "-n calico-system get daemonset calico-node -o jsonpath='{.spec.template.spec.containers[0].env[0].value}'",
      );
      expect(environment).toBe('interface=eth.*');
    });

    it('an operator that was deleted comes back', async () => {
      await kubectl('-n tigera-operator delete deployment tigera-operator');
      expect(await cluster.pending()).toEqual(['change cp1/network/manifest:tigera-operator v3.32.1']);
      await apply();
    });

    it('the other way to install is refused while this one is there', async () => {
      await cluster.writeInventory({ overlay: { network: { encapsulation: 'vxlan' } } });
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code).toBe(1);
      expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain(
        'CalicoInstall: Calico was installed by operator, and the inventory wants it by manifest',
      );
    });

    it('a definition with a wrong digest stops the run before anything is touched', async () => {
      await write({ operator: { ...operator, crds: { ...operator.crds, sha256: '0'.repeat(64) } } });
      const { code, stderr } = await cluster.slipway('apply', '--yes');
      expect(code).toBe(1);
      expect(stderr).toMatch(/tigera-crds-stand-in\.yaml is not the file it should be: its sha256 is/);
    });
  },
);
