import { describe, expect, it } from 'vitest';

import { parseManifestDiff } from '#facts/manifest-diff.ts';
import { editObjects } from '#objects/edit-objects.ts';
import { labelManifest } from '#objects/label-manifest.ts';
import { manifestObjects } from '#objects/manifest-objects.ts';
import { objectDifferences } from '#objects/object-differences.ts';

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

it('objects of one kind are changed, and all others stay as they were written', () => {
  const others = ["kind:   'Other'\n", '# nothing\n'];
  const manifest = [others[0], 'kind: Job\nmetadata: {name: a}\n', others[1]].join('---\n');
  expect(editObjects(manifest, 'Job', (job) => job.setIn(['metadata', 'name'], 'b'))).toBe(
    [others[0], 'kind: Job\nmetadata: { name: b }\n', others[1]].join('---\n'),
  );
});
