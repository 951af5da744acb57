import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { imagesIn } from '#objects/images.ts';

describe('images of objects', () => {
  it('are found in fields of both styles, once each', () => {
    const text = `
      containers:
        - image: quay.io/calico/node:v3.32.1
        - name: other
          image: "registry.k8s.io/pause:3.10" # the sandbox
        - { name: third, image: 'nginx' }
        - image: quay.io/calico/node:v3.32.1
      imagePullPolicy: IfNotPresent
{"containers":[{"image":"ghcr.io/a/b:v1","name":"x"}]}`;
    expect(imagesIn(text)).toEqual([
      'ghcr.io/a/b:v1',
      'nginx',
      'quay.io/calico/node:v3.32.1',
      'registry.k8s.io/pause:3.10',
    ]);
  });

  it('are found where an operator is told of them', () => {
    const text = `args:
  - --acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1.20.3
  - --server=https://10.0.0.1:6443/path
env: [{ name: RELATED_IMAGE, value: quay.io/tigera/operator:v1.40.0 }]
`;
    expect(imagesIn(text)).toEqual([
      'quay.io/jetstack/cert-manager-acmesolver:v1.20.3',
      'quay.io/tigera/operator:v1.40.0',
    ]);
  });

  it('are put together where an operator is told of them in parts', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const text = `kind: ClusterPolicy
spec:
  driver:
    enabled: true
    repository: nvcr.io/nvidia
    image: driver
    version: "580.95.05"
    imagePullPolicy: IfNotPresent
  toolkit:
    image: container-toolkit
    repository: nvcr.io/nvidia/k8s
    version: ${digest}
    env: []
  alertmanager:
    image:
      registry: quay.io
      repository: prometheus/alertmanager
      tag: v0.28.1
  whole:
    image: quay.io/a/b:v1
    version: 7
`;
    expect(imagesIn(text)).toEqual([
      `nvcr.io/nvidia/driver:580.95.05`,
      `nvcr.io/nvidia/k8s/container-toolkit@${digest}`,
      'quay.io/a/b:v1',
      'quay.io/prometheus/alertmanager:v0.28.1',
    ]);
  });

  it('are not what a schema says of them', () => {
    expect(imagesIn('properties:\n  image:\n    type: string\n    description: The image\n')).toEqual([]);
  });

  it.each(['cert-manager', 'volcano', 'metrics-server', 'local-path-provisioner'])(
    'are all those of %s',
    (name) => {
      const rendered = readFileSync(
        new URL(`../../fixtures/addons/${name}/rendered.txt`, import.meta.url),
        'utf8',
      );
      const fields = [...rendered.matchAll(/^\s*-? ?image: "?([^\s"]+)"?$/gm)].map(([, image]) => image);
      expect(fields.length).toBeGreaterThan(0);
      expect(imagesIn(rendered)).toEqual(expect.arrayContaining(fields));
    },
  );
});
