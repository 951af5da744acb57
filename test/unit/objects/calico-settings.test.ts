import { describe, expect, it } from 'vitest';

import type { Kubernetes } from '#core/kubernetes.ts';
import { renderOperator } from '#objects/calico-manifest.ts';
import { calicoSettings, keptPeers, poolObjects, servicesEndpoint } from '#objects/calico-settings.ts';

import { network, POOLS } from './calico-fixture.ts';

describe("Calico's own objects", () => {
  it('are the pools of the inventory, with what the network says of all', () => {
    expect(poolObjects(network, '10.244.0.0/16')).toBe('');
    expect(poolObjects({ ...network, pools: POOLS, blockSize: 25 }, '10.244.0.0/16')).toMatchInlineSnapshot(`
      "apiVersion: crd.projectcalico.org/v1
      kind: IPPool
      metadata:
        name: rack-a
      spec:
        allowedUses:
          - Workload
          - Tunnel
        assignmentMode: Automatic
        blockSize: 25
        cidr: 10.244.0.0/18
        ipipMode: Always
        natOutgoing: true
        nodeSelector: rack == 'a'
        vxlanMode: Never
      ---
      apiVersion: crd.projectcalico.org/v1
      kind: IPPool
      metadata:
        name: rack-b
      spec:
        allowedUses:
          - Workload
          - Tunnel
        assignmentMode: Automatic
        blockSize: 24
        cidr: 10.244.64.0/18
        ipipMode: Never
        natOutgoing: false
        nodeSelector: all()
        vxlanMode: Always
      "
    `);
  });

  it('are encryption, peers and the mesh, and nothing where nothing is said', () => {
    expect(calicoSettings(network, '10.244.0.0/16')).toBe('');
    const bgpRouting = {
      asNumber: 64_600,
      nodeToNodeMesh: false,
      peers: [{ name: 'tor-a', peerIP: '10.0.0.1', asNumber: 64_700, nodeSelector: "rack == 'a'" }],
    };
    expect(calicoSettings({ ...network, wireguard: true, bgpRouting }, '10.244.0.0/16'))
      .toMatchInlineSnapshot(`
      "apiVersion: crd.projectcalico.org/v1
      kind: FelixConfiguration
      metadata:
        name: default
      spec:
        wireguardEnabled: true
      ---
      apiVersion: crd.projectcalico.org/v1
      kind: BGPConfiguration
      metadata:
        name: default
      spec:
        asNumber: 64600
        nodeToNodeMeshEnabled: false
      ---
      apiVersion: crd.projectcalico.org/v1
      kind: BGPPeer
      metadata:
        name: tor-a
        labels:
          slipway/set: calico-bgp
      spec:
        peerIP: 10.0.0.1
        asNumber: 64700
        nodeSelector: rack == 'a'
      "
    `);
    expect(calicoSettings({ ...network, wireguard: false }, 'fd00:10:244::/56')).toContain(
      'wireguardEnabledV6: false',
    );
  });

  it('keep peers from being pruned under both names of their API', () => {
    const peers = [{ name: 'tor-a', peerIP: '10.0.0.1', asNumber: 64_700 }];
    const bgpRouting = { asNumber: 64_512, nodeToNodeMesh: true, peers };
    const kept = keptPeers({ network: { ...network, bgpRouting } }) ?? '';
    expect(kept.match(/^apiVersion: .*\nkind: BGPPeer$/gm)).toHaveLength(2);
    // A text without objects would mean that nothing is known of them.
    expect(keptPeers({ network })).toContain('kind: BGPConfiguration');
    expect(keptPeers({ network: { plugin: 'none' } })).toBeUndefined();
  });

  it('are the way to the API servers where Calico makes Services itself', () => {
    const kubernetes = {
      controlPlaneEndpoint: '[fd00::10]:8443',
      loadBalancer: { type: 'external' },
    } as Kubernetes;
    expect(servicesEndpoint({ kubernetes }, network)).toBe('');
    const bpf = { ...network, dataplane: 'bpf' } as const;
    expect(servicesEndpoint({ kubernetes }, bpf)).toMatchInlineSnapshot(`
      "apiVersion: v1
      kind: ConfigMap
      metadata:
        name: kubernetes-services-endpoint
        namespace: kube-system
      data:
        KUBERNETES_SERVICE_HOST: fd00::10
        KUBERNETES_SERVICE_PORT: "8443"
      "
    `);
    // A name of ours stands in the hosts' own files only.
    const named = {
      controlPlaneEndpoint: 'api.lan:6443',
      loadBalancer: { type: 'kube-vip', address: '10.0.0.100' },
    } as Kubernetes;
    expect(servicesEndpoint({ kubernetes: named }, bpf)).toContain('KUBERNETES_SERVICE_HOST: 10.0.0.100');
  });

  it('come before the operator, which reads them as it starts', () => {
    const text =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: tigera-operator\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tigera-operator\n';
    const rendered = renderOperator(text, { ...network, imagePullSecrets: ['login'] }, 'kind: ConfigMap\n');
    expect(rendered.match(/^kind: .*$/gm)).toEqual([
      'kind: Namespace',
      'kind: ConfigMap',
      'kind: Deployment',
    ]);
    expect(rendered).toContain('- name: login');
    expect(renderOperator(text, network, '')).toBe(text);
  });
});
