import { type Accepted, map, type Required, type Schema, type ValidPart } from '#core/schema.ts';
import type { Secret } from '#core/secret.ts';

import type { InventoryDocument } from './inventory.ts';
import type { ExpandedHost } from './sections/hosts/expand-hosts.ts';
import type { Finding, Path } from './text/problem.ts';
import type { LocalFile } from './values/local-file.ts';
import type { Places } from './values/local-path.ts';

/** What validation looks at beside the section itself. */
export interface ValidationContext {
  readonly document: ValidDocument;
  readonly hosts: readonly ExpandedHost[];
  /** Those with `state: absent`, which are none of them. */
  readonly leaving: readonly ExpandedHost[];
  /** Whether something at, below or above a path was refused already, so that what follows from it is not reported as well. */
  readonly isFaulty: (path: Path) => boolean;
  /** The line a path stands on, to refer to: `line 3`, or of several files `line 3 of base.yaml`. */
  readonly placeOf: (path: Path) => string;
}

export type ValidDocument = ValidPart<InventoryDocument>;

/** A document in which nothing is wrong, and what stands outside of it. */
export interface BuildContext {
  readonly document: InventoryDocument;
  readonly hosts: readonly ExpandedHost[];
  readonly leaving: readonly ExpandedHost[];
  readonly places: Places;
  /** By the path of the reference, as JSON. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** What is written of a section; undefined where nothing is, and it is not a required one. */
type Written<S extends Schema> = S extends Required ? Accepted<S> : Accepted<S> | undefined;

/** One section of the inventory, or one field of a section. */
export interface Section<S extends Schema, Built extends object, Context = BuildContext> {
  /** How it is written; a default that stands in it is only shown, and applied by `build`. */
  readonly schema: S;
  /** Finds what is wrong although the schema accepts it. */
  readonly validate?: (
    written: ValidPart<Accepted<S>> | undefined,
    context: ValidationContext,
    path: Path,
  ) => readonly Finding[];
  /** Where it refers to secrets. */
  readonly secrets?: (written: ValidPart<Accepted<S>> | undefined, path: Path) => readonly Path[];
  /** Which files and directories of this machine it names. */
  readonly files?: (written: ValidPart<Accepted<S>> | undefined, path: Path) => readonly LocalFile[];
  /** Makes its members of the cluster, or of what it is a part of. */
  readonly build?: (written: Written<S>, context: Context) => Built;
}

/** Any section, whatever it is made of. */
interface AnySection<Context> {
  readonly schema: Schema;
  readonly validate?: (written: never, context: ValidationContext, path: Path) => readonly Finding[];
  readonly secrets?: (written: never, path: Path) => readonly Path[];
  readonly files?: (written: never, path: Path) => readonly LocalFile[];
  readonly build?: (written: never, context: Context) => object;
}

type Parts<Context> = Readonly<Record<string, AnySection<Context>>>;
type SchemasOf<P extends Parts<never>> = { readonly [Key in keyof P]: P[Key]['schema'] };

export const schemasOf = <const P extends Parts<never>>(parts: P): SchemasOf<P> =>
  Object.fromEntries(Object.entries(parts).map(([key, { schema }]) => [key, schema])) as SchemasOf<P>;

/** What all parts are together: each builds some members of the whole. */
type BuiltOf<P extends Parts<never>> = Intersection<ReturnType<NonNullable<P[keyof P]['build']>>>;

type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  whole: infer Whole extends object,
) => void
  ? Whole
  : never;

const member = (written: unknown, key: string): never =>
  (written as Readonly<Record<string, never>> | undefined)?.[key] as never;

type Complete<T> = { readonly [Key in keyof T]-?: T[Key] };

/** Makes a section of its parts, which are described, validated and built in the order of the table. */
export const composed =
  <Context>() =>
  <const P extends Parts<Context>>(
    parts: P,
    description: string,
  ): Complete<Section<ReturnType<typeof map<SchemasOf<P>>>, BuiltOf<P>, Context>> => {
    const entries = Object.entries<AnySection<Context>>(parts);
    // Most parts do only one or two of these things, and hosts have thousands of parts.
    const having = <Key extends keyof AnySection<Context>>(does: Key) =>
      entries.flatMap(([key, part]) => {
        const one = part[does];
        return one === undefined ? [] : [[key, one] as const];
      });
    const [validating, naming, reading] = [having('validate'), having('secrets'), having('files')];
    const building = having('build');
    return {
      schema: map(schemasOf(parts), description),
      validate: (written, context, path) =>
        validating.flatMap(([key, validate]) => validate(member(written, key), context, [...path, key])),
      secrets: (written, path) =>
        naming.flatMap(([key, secrets]) => secrets(member(written, key), [...path, key])),
      files: (written, path) =>
        reading.flatMap(([key, files]) => files(member(written, key), [...path, key])),
      build: (written, context) =>
        Object.assign(
          {},
          ...building.map(([key, build]) => build(member(written, key), context)),
        ) as BuiltOf<P>,
    };
  };

export const sectionOf = composed<BuildContext>();
