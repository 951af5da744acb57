import { type Document, isMap, parseDocument, stringify } from 'yaml';

import { criSocket } from '#catalog/cri-sockets.ts';
import type { HostKind } from '#core/cluster.ts';
import { rememberLast } from '#core/remember-last.ts';
import { type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { diffFile, edited, refuseUnreadable } from '#resources/files/diff-file.ts';

const PATH = '/etc/crictl.yaml';

/**
 * crictl speaks to the runtime of the host; what else somebody has set for it stays.
 *
 * @see https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/ (v1.34)
 */
export const crictl = ({ runtime }: Pick<HostKind, 'runtime'>): Resource => {
  const socket = criSocket(runtime);
  const wantedFor = rememberLast((text: string) => withEndpoints(text, socket));
  return resource({
    address: `file:${PATH}`,
    facts: { found: fileContent(PATH) },
    diff: ({ found }) => {
      const unreadable = refuseUnreadable(found, PATH);
      if (unreadable !== undefined) return unreadable;
      const text = wantedFor(found.content ?? '');
      return diffFile(
        found,
        text === undefined ? { path: PATH, content: fresh(socket) } : edited(found, PATH, text),
      );
    },
  });
};

const endpointsAt = (socket: string) => ({ 'runtime-endpoint': socket, 'image-endpoint': socket });

const fresh = (socket: string): string => stringify(endpointsAt(socket));

/** Undefined where the text is no map in YAML. */
function withEndpoints(found: string, socket: string): string | undefined {
  // A second mark of the byte order is text to a parser, and the first one when the file is written anew.
  const text = found.replace(/^\uFEFF{2,}/, '');
  // A line may end with CR alone, which the parser does not know as its end.
  const document = parseDocument(text.replaceAll(/\r(?!\n)/g, '\n'), { intAsBigInt: true });
  if (document.errors.length > 0) return undefined;
  if (document.contents === null)
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${fresh(socket)}`;
  if (!isMap(document.contents)) return undefined;
  const wrong = Object.entries(endpointsAt(socket)).filter(([key, value]) => document.get(key) !== value);
  if (wrong.length === 0) return text;
  for (const [key, value] of wrong) document.set(key, value);
  return written(document);
}

/** Undefined where it cannot be written, for an alias has no anchor. */
function written(document: Document.Parsed): string | undefined {
  try {
    return document.toString();
  } catch {
    return undefined;
  }
}
