import { changeOr, differs, type Outcome, type Resource, resource } from '#core/resource.ts';
import type { Secret } from '#core/secret.ts';
import type { WriteStep } from '#core/step.ts';
import { type SecretFileAnswer, secretFileState } from '#facts/secret-file.ts';

import { keepStep, octal, replacing } from './diff-file.ts';

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
    diff: ({ found }) => diffSecretFile(found, { path, content, mode: 0o600, owner: 'root:root' }),
  });
};

/** What has to be done to a file whose text is a secret. */
export function diffSecretFile(
  found: SecretFileAnswer,
  file: Pick<WriteStep, 'path' | 'content' | 'mode' | 'owner'>,
): Outcome {
  const { path, mode, owner } = file;
  const isLost = found.state === 'other' && !found.isOwn;
  const outcome = changeOr(
    `${path} is as wanted`,
    [
      ...differs('content', CONTENTS[found.state], CONTENTS.wanted),
      ...(found.access === null ? [] : differs('access', found.access, `${octal(mode)} ${owner}`)),
    ],
    [...(isLost ? [keepStep(path)] : []), { do: 'write', summary: `write ${path}`, ...file }],
  );
  return isLost ? replacing(outcome, path) : outcome;
}

const CONTENTS = { absent: null, other: '(another, not shown)', wanted: '(secret)' } as const;
