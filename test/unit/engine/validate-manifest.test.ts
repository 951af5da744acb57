import { describe, expect, it } from 'vitest';

import { validateManifest } from '#engine/validate-manifest.ts';

describe('a file of objects', () => {
  it.each([
    ['several of them', '# nothing\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\n'],
    ['JSON', '{"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}'],
    ['a list', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: A, metadata: {name: a}}]\n'],
  ])('may hold %s', (_, text) => {
    expect(() => validateManifest('a.yaml', text)).not.toThrow();
  });

  it.each([
    ['a: b\n\tc: d\n', /^a\.yaml:2: /],
    ['kind: A\nkind: B\n', /^a\.yaml:2: Map keys must be unique$/],
    ['---\n- a\n', /^a\.yaml:2: a Kubernetes object must be a map$/],
    ['apiVersion: v1\n', /^a\.yaml:1: an object without a kind$/],
    ['kind: A\n', /^a\.yaml:1: a A without an apiVersion$/],
    ['apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: B}\n', /^a\.yaml:4: a B without a name/],
  ])('%j is told where it is wrong', (text, message) => {
    expect(() => validateManifest('a.yaml', text)).toThrow(message);
  });
});
