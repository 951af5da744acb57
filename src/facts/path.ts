import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

/** A file without content is what a power cut leaves of one that was just written. */
export type PathKind = 'absent' | 'file' | 'empty-file' | 'directory' | 'empty-directory' | 'other';

/** What there is at a path, without reading it. The shell tests it by itself, without a process. */
const pathFamily: Family<string, PathKind> = {
  name: 'path',
  sharesShell: true,
  script: (paths) =>
    lines(
      sh`kind() {`,
      sh`  if [ -f "$1" ]; then`,
      sh`    if [ -s "$1" ]; then echo file; else echo empty-file; fi`,
      sh`  elif [ -d "$1" ]; then`,
      sh`    for entry in "$1"/* "$1"/.[!.]*; do [ -e "$entry" ] && { echo directory; return; }; done; echo empty-directory`,
      sh`  elif [ -e "$1" ] || [ -L "$1" ]; then echo other; else echo absent; fi`,
      sh`}`,
      sh`for path in ${paths}; do kind "$path"; done`,
    ),
  parse: (output, paths) => {
    const kinds = output.trimEnd().split('\n');
    if (kinds.length !== paths.length) throw new Error(`${paths.length} paths, ${kinds.length} answers`);
    return kinds.map((kind) => kind as PathKind);
  },
  bare: () => 'absent',
};

export const pathKind = (path: string): Fact<PathKind> => fact(pathFamily, path);

const givenFamily: Family<string, PathKind> = { ...pathFamily, name: 'given-path', bare: () => 'file' };

/** The same of a path where an operator puts something: a plan without a connection takes it to be there. */
export const givenPath = (path: string): Fact<PathKind> => fact(givenFamily, path);
