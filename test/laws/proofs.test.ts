import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { LAWS } from './laws.ts';
import { PROOFS } from './proofs.ts';

const root = new URL('../../', import.meta.url);
const directory = new URL('src/resources/', root);

/** What stands in a file that makes steps, or has them made. */
const CHANGES =
  /\bchangeOr\(|answer: 'change'|\bdo: '(?:run|write|detached)'|\b(?:run|diffFile|writeStep|file|editedFile|secretFile|unit|packages|download|manifest)\(/;

const filesOf = (room: URL): readonly string[] =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .toSorted();

describe('the proofs of resources', () => {
  it('are there for every file of src/resources, and for no other', () => {
    expect(Object.keys(PROOFS).toSorted()).toEqual(filesOf(directory));
  });

  it.each(Object.entries(PROOFS).filter(([, proof]) => 'is' in proof))('%s changes nothing', (name) => {
    expect(CHANGES.exec(readFileSync(new URL(name, directory), 'utf8'))?.[0]).toBeUndefined();
  });

  it.each(['addons', 'checks', 'configuration', 'objects'])(
    'need none of src/%s, which changes nothing',
    (room) => {
      const here = new URL(`src/${room}/`, root);
      const changing = filesOf(here).filter((path) =>
        CHANGES.test(readFileSync(new URL(path, here), 'utf8')),
      );
      expect(changing).toEqual([]);
    },
  );

  it('point to tests that are there', () => {
    const tests = Object.values(PROOFS).flatMap((proof) => ('tests' in proof ? (proof.tests ?? []) : []));
    expect(tests.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  it('name every law', () => {
    const named = Object.values(PROOFS).flatMap((proof) => ('laws' in proof ? proof.laws : []));
    expect(new Set(named)).toEqual(new Set(Object.keys(LAWS)));
  });
});
