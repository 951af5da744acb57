import { describe, expect, it } from 'vitest';

import type { Outcome } from '#core/resource.ts';
import { ownedObjects } from '#facts/owned-objects.ts';
import { prunedObjects, type SetContent } from '#resources/cluster/pruned-objects.ts';

const item = (apiVersion: string, kind: string, name: string, set: string, more: object = {}) => ({
  apiVersion,
  kind,
  metadata: {
    name,
    namespace: 'apps',
    labels: { 'slipway/set': set },
    managedFields: [{ manager: 'slipway', operation: 'Apply' }],
    ...more,
  },
});

/** What follows when the API server lists these. */
function outcomeOf(items: readonly object[], sets: Readonly<Record<string, SetContent>>): Outcome {
  const output = `found\n${JSON.stringify({ items })}`;
  const [owned] = ownedObjects.family.parse(output, ['all'] as never);
  return prunedObjects(sets).diff({ owned } as never, { host: 'cp1', changed: [] });
}

const gone = (outcome: Outcome): readonly string[] =>
  outcome.answer === 'change' ? outcome.differences.map(({ what }) => what) : [];

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: apps\n';

describe('objects that no set has', () => {
  it('go, what answers for others first', () => {
    const outcome = outcomeOf(
      [
        item('apps/v1', 'Deployment', 'server', 'old'),
        item('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'hook', 'old', {
          namespace: undefined,
        }),
        item('v1', 'ConfigMap', 'a', 'kept'),
        item('v1', 'ConfigMap', 'b', 'kept'),
      ],
      { kept: CONFIG_MAP },
    );
    expect(gone(outcome)).toEqual([
      'ValidatingWebhookConfiguration hook',
      'ConfigMap apps/b',
      'Deployment apps/server',
    ]);
    expect(
      outcome.answer === 'change' && outcome.steps.map((step) => step.do === 'run' && step.script)[1],
    ).toMatch(
      / delete ConfigMap --namespace=apps --field-selector=metadata\.name=b --selector=slipway\/set=kept /,
    );
  });

  it.each([
    ['that others applied', { managedFields: [{ manager: 'kubectl', operation: 'Apply' }] }],
    ['that belong to another object', { ownerReferences: [{ kind: 'ReplicaSet' }] }],
    ['that go already', { deletionTimestamp: '2026-11-21T00:00:00Z' }],
  ])('stay: those %s', (_, more) => {
    expect(outcomeOf([item('v1', 'ConfigMap', 'a', 'old', more)], {}).answer).toBe('none');
  });

  it('stay where another set has them now', () => {
    expect(outcomeOf([item('v1', 'ConfigMap', 'a', 'old')], { moved: CONFIG_MAP }).answer).toBe('none');
  });

  it('stay where nobody knows what their set has', () => {
    expect(outcomeOf([item('v1', 'ConfigMap', 'a', 'old')], { old: undefined }).answer).toBe('none');
  });

  it('stay where they hold what others have made, and the plan says so once a set', () => {
    const definition = (name: string) =>
      item('apiextensions.k8s.io/v1', 'CustomResourceDefinition', name, 'old', { namespace: undefined });
    const outcome = outcomeOf(
      [definition('a'), definition('b'), item('v1', 'Namespace', 'apps', 'old', { namespace: undefined })],
      {},
    );
    expect(outcome).toMatchObject({
      answer: 'none',
      notes: [
        expect.stringMatching(/^of old there stays 2 of kind CustomResourceDefinition and Namespace apps: /),
      ],
    });
  });
});
