import { parseAllDocuments } from 'yaml';

import { identityOf } from '#facts/owned-objects.ts';

/** An object as a manifest names it. */
export interface NamedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty where the manifest says none. */
  readonly namespace: string;
}

/** The objects of a manifest, without reading more of each than its head. */
export const manifestObjects = (manifest: string): readonly NamedObject[] =>
  manifest
    .split(/^---(?:[ \t].*)?\n/m)
    .filter((text) => /^[^#\s]/m.test(text))
    .flatMap((text) => {
      const object = headOf(text);
      return object === undefined ? parsedObjects(text) : [object];
    });

export const objectIdentity = identityOf;

function headOf(text: string): NamedObject | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(String.raw`^${name}: *["']?([^\s"'#]+)["']? *(?:#.*)?$`, 'm').exec(text)?.[1];
  const [apiVersion, kind] = [field('apiVersion'), field('kind')];
  const body = /^metadata:[ \t]*(?:#.*)?\n((?:(?:[ \t].*|#.*)?\n)*)/m.exec(text)?.[1];
  const indent = /^( +)[^\s#]/m.exec(body ?? '')?.[1];
  if (
    apiVersion === undefined ||
    kind === undefined ||
    kind.endsWith('List') ||
    body === undefined ||
    indent === undefined
  ) {
    return undefined;
  }
  const member = (name: string): string | undefined =>
    new RegExp(String.raw`^${indent}${name}: *["']?([^\s"'#]+)["']? *(?:#.*)?$`, 'm').exec(body)?.[1];
  const name = member('name');
  return name === undefined ? undefined : { apiVersion, kind, name, namespace: member('namespace') ?? '' };
}

interface ParsedObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly items?: readonly ParsedObject[];
}

function parsedObjects(text: string): readonly NamedObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as ParsedObject | null)
    .flatMap((value) => (value?.kind?.endsWith('List') === true ? (value.items ?? []) : [value ?? {}]))
    .flatMap(({ apiVersion, kind, metadata }) =>
      apiVersion === undefined || kind === undefined || metadata?.name === undefined
        ? []
        : [{ apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? '' }],
    );
}
