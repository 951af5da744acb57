import type { Environment } from '#core/environment.ts';

import { fileFault } from './read-secrets.ts';
import { type InventoryText, readInventoryText } from './text/document.ts';
import { interpolate } from './text/interpolate.ts';
import { mergedText } from './text/merged-text.ts';
import type { Finding, Path } from './text/problem.ts';
import { valueAt } from './text/validate.ts';
import { localPath, type Places } from './values/local-path.ts';

interface MirrorsFileSources extends Places {
  readonly env: Environment;
  readonly readFile: (path: string) => Promise<string>;
}

const KEY = 'mirrors';
const FILE = [KEY, 'file'] as const;

/**
 * An inventory with the mirrors of the file that it names for them, if it names one. What it says of mirrors itself counts more, and
 * what is wrong in the file is located there.
 */
export async function withMirrorsFile(
  document: InventoryText,
  { env, readFile, ...places }: MirrorsFileSources,
): Promise<{ readonly document: InventoryText; readonly findings: readonly Finding[] }> {
  const written = valueAt(interpolate({ file: valueAt(document.value, FILE) }, env).value, ['file']);
  if (typeof written !== 'string') return { document, findings: [] };
  const path = localPath(written, places);
  let text: string;
  try {
    text = await readFile(path);
  } catch (error) {
    return { document, findings: [{ path: FILE, message: `${path} cannot be read: ${fileFault(error)}` }] };
  }
  const file = ofMirrors(readInventoryText(text, path));
  const own = { ...document, value: { [KEY]: valueAt(document.value, [KEY]) }, problems: [] };
  return { document: mergedText([document, file, own]), findings: [] };
}

const below = (path: Path): Path => path.slice(1);

/** The text of the file, as if it stood below its key. */
function ofMirrors(text: InventoryText): InventoryText {
  const { value } = text;
  const fault = faultOf(value);
  return {
    value: value === undefined || fault !== undefined ? {} : { [KEY]: value },
    problems: fault === undefined ? text.problems : [text.locate(fault)],
    locate: (finding) => text.locate({ ...finding, path: below(finding.path) }),
    source: (path) => text.source(below(path)),
  };
}

function faultOf(value: unknown): Finding | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    return { path: [], message: `must be a map of mirrors, as below ${KEY} in an inventory` };
  if (Object.hasOwn(value, 'file'))
    return { path: ['file'], isKey: true, message: 'a file of mirrors names no other one' };
  if (Object.hasOwn(value, KEY))
    return {
      path: [KEY],
      isKey: true,
      message: `leave it out: the file has what stands below ${KEY} in an inventory`,
    };
  return undefined;
}
