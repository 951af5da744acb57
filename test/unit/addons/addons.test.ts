import { parseAllDocuments } from 'yaml';

import { describe, expect, it } from 'vitest';

import { parseManifestDiff } from '#facts/manifest-diff.ts';
import { labelManifest } from '#objects/label-manifest.ts';
import { manifestObjects } from '#objects/manifest-objects.ts';
import { renderMetricsServer } from '#addons/metrics-server.ts';
import { objectDifferences } from '#objects/object-differences.ts';
import { helmTemplate } from '#resources/cluster/rendered-manifest.ts';
import { renderVolcano } from '#addons/volcano.ts';

const SOURCE = { sources: [{ location: '/v.yaml', sha256: 'abcdef0123456789' }], timeoutSeconds: 600 };

/** As kubectl 1.34.9 prints it, its directories named LIVE and MERGED. */
const DIFF = `diff -u -N LIVE/apps.v1.Deployment.apps.web MERGED/apps.v1.Deployment.apps.web
--- LIVE/apps.v1.Deployment.apps.web
+++ MERGED/apps.v1.Deployment.apps.web
@@ -4,7 +4,7 @@
   creationTimestamp: "2026-11-21T01:49:09Z"
-  generation: 3
+  generation: 4
   labels:
@@ -13,7 +13,7 @@
   progressDeadlineSeconds: 600
-  replicas: 5
+  replicas: 2
   revisionHistoryLimit: 10
diff -u -N LIVE/v1.Namespace..apps.example MERGED/v1.Namespace..apps.example
--- LIVE/v1.Namespace..apps.example
+++ MERGED/v1.Namespace..apps.example
@@ -0,0 +1,2 @@
+apiVersion: v1
+kind: Namespace
`;

const shared = (replicas: number) =>
  [
    '  creationTimestamp: "2026-11-21T01:49:09Z"',
    '  labels:',
    '...',
    '  progressDeadlineSeconds: 600',
    `  replicas: ${replicas}`,
    '  revisionHistoryLimit: 10',
    '',
  ].join('\n');

describe('the difference of a manifest', () => {
  it('is told an object at a time, without what the API server counts', () => {
    expect(objectDifferences(DIFF)).toEqual([
      { what: 'Deployment apps/web', from: shared(5), to: shared(2) },
      {
        what: 'new objects',
        from: null,
        to: 'Namespace apps.example\n---\napiVersion: v1\nkind: Namespace\n',
      },
    ]);
  });
});

describe('what kubectl diff ends with', () => {
  it.each([
    [
      'an object of a kind to come',
      'error: resource mapping not found for name: "a" namespace: "" from "STDIN": no matches for kind "Foo" in version "foo.example/v1"\nensure CRDs are installed first',
      { state: 'unknown' },
    ],
    [
      'a webhook that is down',
      'Error from server (InternalError): Internal error occurred: failed calling webhook "validate.example.com": no endpoints available for service "webhook"',
      { state: 'unknown' },
    ],
    [
      'a Job with another template',
      'The Job "once" is invalid: spec.template: Invalid value: {"labels":{"a":"b"},"Spec":{}}: field is immutable',
      { state: 'fixed', job: 'once' },
    ],
    [
      'an object that is refused for two reasons',
      'W1121 01:49:14.841272    6640 diff.go:723] something\nThe Deployment "x" is invalid: \n* spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`\n* spec.template.spec.containers: Required value',
      {
        state: 'error',
        why: 'The Deployment "x" is invalid: * spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels` * spec.template.spec.containers: Required value',
      },
    ],
  ])('%s', (_, said, wanted) => {
    expect(parseManifestDiff(`2\n${said}\n`)).toMatchObject(wanted);
  });
});

const containers = (text: string) =>
  parseAllDocuments(text).map(
    (document) => document.getIn(['spec', 'template', 'spec', 'containers', 0]) as object,
  );

describe('an addon that slipway knows', () => {
  const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: metrics-server, namespace: kube-system}
spec:
  template:
    spec:
      containers: [{name: metrics-server, image: "example.com/own:1", args: [--cert-dir=/tmp, --kubelet-insecure-tls]}]
`;

  it.each([
    [false, 'registry.k8s.io/metrics-server/metrics-server:v0.9.0'],
    [true, 'example.com/own:1'],
  ])(
    'metrics-server has the image of its version, unless the file is of the operator: %s',
    (isOwn, image) => {
      const addon = {
        ...SOURCE,
        name: 'metrics-server',
        version: '0.9.0',
        isOwn,
        extraArgs: ['--kubelet-insecure-tls', '-v=2'],
      } as const;
      const [container] = containers(renderMetricsServer([`---\n${DEPLOYMENT}---\n`], addon)) as {
        toJSON: () => object;
      }[];
      expect(container?.toJSON()).toEqual({
        name: 'metrics-server',
        image,
        args: ['--cert-dir=/tmp', '--kubelet-insecure-tls', '-v=2'],
      });
    },
  );

  it.each([
    [false, 'volcano-admission-init-1-15-1'],
    [true, 'volcano-admission-init-abcdef01'],
  ])("volcano's admission Job is named after what it is of: %s", (isOwn, name) => {
    const text = 'kind: Job\nmetadata:\n  name: volcano-admission-init\n';
    const addon = { ...SOURCE, name: 'volcano', version: '1.15.1', isOwn } as const;
    expect(renderVolcano(text, addon)).toContain(`name: ${name}\n`);
  });
});

describe('a label of ours', () => {
  it.each([
    ['block', 'kind: A\nmetadata:\n  name: a\n', 'labels:\n    slipway/set: "x"'],
    ['flow', 'kind: A\nmetadata: {name: a, labels: {b: c}}\n', 'b: c, slipway/set: x'],
    ['a list', 'kind: List\nitems:\n  - metadata: {name: a}\n', 'slipway/set: x'],
  ])('gets into objects that are written as %s', (_, text, wanted) => {
    expect(labelManifest(text, 'slipway/set', 'x')).toContain(wanted);
  });

  it('leaves alone what cannot be read: the API server says why', () => {
    expect(labelManifest('kind: A\nmetadata: {name: [a\n', 'slipway/set', 'x')).toBe(
      'kind: A\nmetadata: {name: [a\n',
    );
  });
});

describe('objects of a manifest', () => {
  it('are known by their head, in whatever way they are written', () => {
    const text = `apiVersion: v1
kind: ValidatingWebhookConfiguration\u0020\u0020
metadata:
  labels:
    name: not-this
  name: one
  namespace: somewhere # comment
---
{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "B", "metadata": {"name": "two"}}]}
---
# nothing
`;
    expect(manifestObjects(text).map(({ kind, namespace, name }) => [kind, namespace, name])).toEqual([
      ['ValidatingWebhookConfiguration', 'somewhere', 'one'],
      ['B', '', 'two'],
    ]);
  });
});

it('helm is told the version of the cluster, which it would make up', () => {
  const chart = {
    name: 'web',
    kind: 'chart',
    chart: './web',
    namespace: 'apps',
    values: {},
    kubernetesVersion: '1.34.9',
    runsOn: 'controller',
    timeoutSeconds: 600,
  } as const;
  expect(helmTemplate(chart, '-').join(' ')).toBe(
    'helm template web ./web --namespace apps --kube-version 1.34.9 --include-crds --skip-tests --values -',
  );
});
