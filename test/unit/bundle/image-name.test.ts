import { describe, expect, it } from 'vitest';

import { readImageName } from '#bundle/image-name.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('name of an image', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.28-alpine', 'docker.io/library/nginx:1.28-alpine'],
    ['calico/node:v3.32.1', 'docker.io/calico/node:v3.32.1'],
    ['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1'],
    ['localhost/one', 'localhost/one:latest'],
    ['mirror.lan:5000/a/b/c:v1', 'mirror.lan:5000/a/b/c:v1'],
    [`registry.k8s.io/pause@${DIGEST}`, `registry.k8s.io/pause@${DIGEST}`],
    // As a container runtime has it: the tag means nothing beside a digest.
    [`registry.k8s.io/pause:3.10@${DIGEST}`, `registry.k8s.io/pause@${DIGEST}`],
  ])('%s is %s', (name, text) => {
    expect(readImageName(name).text).toBe(text);
  });

  it.each(['', 'Nginx', 'a b', 'quay.io/', '$IMAGE'])('"%s" is refused', (name) => {
    expect(() => readImageName(name)).toThrow('is not the name of an image');
  });
});
