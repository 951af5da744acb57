import { readdir, readFile } from 'node:fs/promises';

/** A package that slipway needs. */
export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  /** As SPDX names it. */
  readonly license: string;
  /** Whether it is part of what users get, or only of the work on slipway. */
  readonly isShipped: boolean;
  /** Its folder in node_modules. */
  readonly path: string;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: true;
  readonly devOptional?: true;
}

/** Licences that may be part of what users get: they want to be named, and nothing else. */
const SHIPPABLE = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'Unlicense']);
/** Those that bind who changes the package may help with the work as well. */
const USABLE = new Set([...SHIPPABLE, 'MPL-2.0']);

/** All packages that the lock file names, by name. */
export async function thirdParties(root: URL): Promise<readonly ThirdParty[]> {
  const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')) as Lock;
  const found = await Promise.all(
    Object.entries(lock.packages)
      .filter(([path]) => path !== '')
      .map(async ([path, { version, license, dev, devOptional }]) => ({
        name: path.replace(/^.*node_modules\//, ''),
        version,
        license: license ?? (await olderLicense(new URL(`${path}/package.json`, root))),
        isShipped: dev !== true && devOptional !== true,
        path,
      })),
  );
  return found.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

/** Older packages have a list, which npm does not put into the lock file. */
async function olderLicense(file: URL): Promise<string> {
  const { licenses = [] } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly licenses?: readonly { readonly type: string }[];
  };
  return licenses.map(({ type }) => type).join(' OR ') || 'none that is named';
}

/** Those whose licence is on neither list. */
export const refusedParties = (parties: readonly ThirdParty[]): readonly ThirdParty[] =>
  parties.filter(({ license, isShipped }) => !(isShipped ? SHIPPABLE : USABLE).has(license));

/** The licences of all that users get, in their own words where the packages have them. */
export async function thirdPartyNotices(root: URL, parties: readonly ThirdParty[]): Promise<string> {
  const parts = await Promise.all(
    parties
      .filter(({ isShipped }) => isShipped)
      .map(async ({ name, version, license, path }) => {
        const text = await licenseText(new URL(`${path}/`, root));
        return `## ${name} ${version}\n\n${license}\n${text === undefined ? '' : `\n${text.trim()}\n`}`;
      }),
  );
  return `# Licences of what slipway is made with\n\n${parts.join('\n')}`;
}

async function licenseText(folder: URL): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((one) => /^(licen[cs]e|copying)/i.test(one));
  return name === undefined ? undefined : readFile(new URL(name, folder), 'utf8');
}
