import { type Accepted, map, type Required, type Schema, type Sound } from '#core/schema.ts';
import type { Secret } from '#core/secret.ts';

import type { InventoryDocument } from './inventory.ts';
import type { ExpandedHost } from './sections/hosts/expand-hosts.ts';
import type { Finding, Path } from './text/problem.ts';
import type { Places } from './values/local-path.ts';

/** What a check looks at beside its own section. */
export interface CheckContext {
  readonly document: SoundDocument;
  readonly hosts: readonly ExpandedHost[];
  /** Whether something at, below or above a path was refused already, so that what follows from it is not told again. */
  readonly isFaulty: (path: Path) => boolean;
  /** The line a path stands on, to refer to. */
  readonly lineOf: (path: Path) => number;
}

export type SoundDocument = Sound<InventoryDocument>;

/** A document in which nothing is wrong, and what stands outside of it. */
export interface ClusterSource {
  readonly document: InventoryDocument;
  readonly hosts: readonly ExpandedHost[];
  readonly places: Places;
  /** By the path of the reference, as JSON. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** The part that a section writes, where it writes one or must. */
type Written<S extends Schema> = S extends Required ? Accepted<S> : Accepted<S> | undefined;

/**
 * One section of the inventory, or one field of a section: how it is written (`schema`, with the defaults), what is
 * wrong although the schema accepts it, where it refers to secrets, and what it is in the cluster.
 */
export interface Section<S extends Schema, Built extends object, Source = ClusterSource> {
  readonly schema: S;
  readonly check?: (
    written: Sound<Accepted<S>> | undefined,
    context: CheckContext,
    path: Path,
  ) => readonly Finding[];
  readonly secrets?: (written: Sound<Accepted<S>> | undefined, path: Path) => readonly Path[];
  readonly build?: (written: Written<S>, source: Source) => Built;
}

/** Any section, whatever it is made of. */
interface AnySection<Source> {
  readonly schema: Schema;
  readonly check?: (written: never, context: CheckContext, path: Path) => readonly Finding[];
  readonly secrets?: (written: never, path: Path) => readonly Path[];
  readonly build?: (written: never, source: Source) => object;
}

type Parts<Source> = Readonly<Record<string, AnySection<Source>>>;
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

/** Makes a section of its parts, which are described, checked and built in the order of the table. */
export const composed =
  <Source>() =>
  <const P extends Parts<Source>>(
    parts: P,
    description: string,
  ): Complete<Section<ReturnType<typeof map<SchemasOf<P>>>, BuiltOf<P>, Source>> => {
    const entries = Object.entries<AnySection<Source>>(parts);
    return {
      schema: map(schemasOf(parts), description),
      check: (written, context, path) =>
        entries.flatMap(([key, { check }]) => check?.(member(written, key), context, [...path, key]) ?? []),
      secrets: (written, path) =>
        entries.flatMap(([key, { secrets }]) => secrets?.(member(written, key), [...path, key]) ?? []),
      build: (written, source) =>
        Object.assign(
          {},
          ...entries.map(([key, { build }]) => build?.(member(written, key), source)),
        ) as BuiltOf<P>,
    };
  };

export const sectionOf = composed<ClusterSource>();
