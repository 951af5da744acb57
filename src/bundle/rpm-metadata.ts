import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { SlipwayError } from '#core/slipway-error.ts';

/** An rpm as createrepo_c describes it. */
export interface DescribedRpm {
  readonly name: string;
  /** In rpm's words. */
  readonly architecture: string;
  /** As dnf writes it: an epoch of 0 is left out. */
  readonly version: string;
  /** The name of the file. */
  readonly file: string;
  readonly sha256: string;
  /** Its element of `primary.xml`, without its place and what another machine would write otherwise. */
  readonly control: string;
}

/**
 * Reads the metadata that createrepo_c has made of a directory of packages.
 *
 * @param repodata the directory that has `repomd.xml`.
 * @see https://github.com/rpm-software-management/createrepo_c/blob/1.2.0/src/xml_dump_primary.c
 */
export async function readRpmMetadata(repodata: string): Promise<readonly DescribedRpm[]> {
  const names = await readdir(repodata);
  const read = async (kind: string): Promise<string> => {
    const name = names.find((one) => one.endsWith(`${kind}.xml.gz`));
    if (name === undefined)
      throw new SlipwayError(`createrepo_c has made no ${kind}.xml.gz`, { code: 'bundle-packages' });
    return gunzipSync(await readFile(join(repodata, name))).toString('utf8');
  };
  const [primary, filelists] = [await read('primary'), await read('filelists')];
  const packages = elementsOf(primary);
  const required = new Set(
    packages.flatMap((element) =>
      [...element.matchAll(/<rpm:entry name="(\/[^"]*)"/g)].map(([, path = '']) => path),
    ),
  );
  const files = new Map(
    elementsOf(filelists).map((element) => [
      /\bpkgid="([0-9a-f]{64})"/.exec(element)?.[1] ?? '',
      [...element.matchAll(/<file>([^<]*)<\/file>/g)].map(([, path = '']) => path),
    ]),
  );
  return packages.map((element) => describe(element, required, files));
}

const elementsOf = (xml: string): readonly string[] => xml.match(/<package [\s\S]*?<\/package>/g) ?? [];

function describe(
  element: string,
  required: ReadonlySet<string>,
  files: ReadonlyMap<string, readonly string[]>,
): DescribedRpm {
  const text = (pattern: RegExp): string => pattern.exec(element)?.[1] ?? '';
  const sha256 = text(/<checksum type="sha256" pkgid="YES">([0-9a-f]{64})</);
  const [epoch, version, release] = [
    text(/<version epoch="([^"]*)"/),
    text(/<version [^>]*ver="([^"]*)"/),
    text(/<version [^>]*rel="([^"]*)"/),
  ];
  // Files that others ask for, and that stand in no list but the one that is not brought along.
  const more = (files.get(sha256) ?? []).filter(
    (path) => required.has(path) && !element.includes(`<file>${path}</file>`),
  );
  const control = element
    .replace(/\n *<location [^>]*\/>/, '')
    .replace(/\n *<description>[\s\S]*?<\/description>|\n *<description\/>/, '')
    .replace(/(?<=<time file=")\d+/, '0')
    .replace(/(?=\n *<\/format>)/, more.map((path) => `\n    <file>${path}</file>`).join(''));
  return {
    name: text(/<name>([^<]*)</),
    architecture: text(/<arch>([^<]*)</),
    version: `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}-${release}`,
    file: text(/<location href="(?:[^"]*\/)?([^"/]*)"/),
    sha256,
    control,
  };
}
