import { changeOr, differs, noted, type Resource, resource } from '#core/resource.ts';
import type { Secret } from '#core/secret.ts';
import { secretFileState } from '#facts/secret-file.ts';

import { keepStep, keptNote } from './diff-file.ts';

export interface SecretFileDefinition {
  /** Absolute. */
  readonly path: string;
  /** Its text, with the secrets by their names, and somewhere the mark of such files. */
  readonly content: readonly (string | { readonly secret: string })[];
  /** What the names stand for. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** A file that only root may read. Its text never appears: not in a plan, and not in the answers of a host. */
export const secretFile = ({ path, content, secrets }: SecretFileDefinition): Resource => {
  const text = content
    .map((part) => (typeof part === 'string' ? part : (secrets.get(part.secret)?.reveal() ?? '')))
    .join('');
  return resource({
    address: `file:${path}`,
    facts: { found: secretFileState(path, text) },
    diff: ({ found }) => {
      const isLost = found.state === 'other' && !found.isOwn;
      const outcome = changeOr(
        `${path} is as wanted`,
        [
          ...differs('content', CONTENTS[found.state], CONTENTS.wanted),
          ...(found.access === null ? [] : differs('access', found.access, ACCESS)),
        ],
        [
          ...(isLost ? [keepStep(path)] : []),
          { do: 'write', summary: `write ${path}`, path, content, mode: 0o600, owner: 'root:root' },
        ],
      );
      return noted(outcome, isLost ? [keptNote(path)] : []);
    },
  });
};

const ACCESS = '0600 root:root';

const CONTENTS = { absent: null, other: '(another, not shown)', wanted: '(secret)' } as const;
