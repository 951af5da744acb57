import { readdirSync, readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { filledTemplate } from '#core/template.ts';
import { objectTemplate } from '#objects/object-templates.ts';

const root = new URL('../../../', import.meta.url);

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(new URL(directory, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.\w+$/.test(path))
    .toSorted();

it('every template is read by the code, and no other is', () => {
  const sources = filesBelow('src/').map((path) => readFileSync(new URL(`src/${path}`, root), 'utf8'));
  const folders = readdirSync(new URL('templates/', root)).join('|');
  const path = new RegExp(`'((?:${folders})/[^']+)'`, 'g');
  const read = sources.flatMap((text) => [...text.matchAll(path)].map(([, name = '']) => name));
  expect([...new Set(read)].toSorted()).toEqual(filesBelow('templates/'));
});

const FILLED = { program: '/usr/bin/cri-dockerd', sandboxImage: 'pause:3' };

it.each([
  ['a value that is missing', { program: '/usr/bin/cri-dockerd' }, 'wants a value for sandboxImage'],
  ['a value without a place', { ...FILLED, other: 'x' }, 'has no place for other'],
])('a text with %s is refused', (_, values, message) => {
  expect(() => filledTemplate('systemd/cri-docker.service', values)).toThrow(message);
  expect(filledTemplate('systemd/cri-docker.service', FILLED)).toContain(
    'ExecStart=/usr/bin/cri-dockerd --container-runtime-endpoint fd:// --pod-infra-container-image=pause:3\n',
  );
});

it.each([
  ['a value that is missing', {}, 'there is no value for image'],
  ['a value without a place', { image: 'x', other: 'x' }, 'has no place for other'],
])('an object with %s is refused', (_, values, message) => {
  expect(() => objectTemplate('verify/vector-add.yaml', values)).toThrow(message);
});
