import { type Json, stableJson } from '#core/json.ts';

/** Stands for each host's own name where several hosts are spoken of at once. */
export const OWN_NAME = '<host>';

export interface OfHost<Value> {
  readonly host: string;
  readonly value: Value;
}

/** Hosts, one for each value put in, and what is true of each: their own names stand as `<host>` if they differ. */
export interface Alike<Value> {
  readonly hosts: readonly string[];
  readonly value: Value;
}

/** Fields whose texts are words of a plan itself, and never a name. */
const WORDS: ReadonlySet<string> = new Set(['answer', 'check', 'do', 'phase']);

/**
 * Puts hosts together that have the same value, but for their own names.
 *
 * Values are compared text by text, each with the texts at the same place in the values of the other hosts. A
 * text that another host has there too, letter by letter, is taken as it stands: hosts `1` and `2` that both
 * want the value 1 want the same. Any other text is taken apart at the host's own name (a whole word, never a
 * part of one), and is the same where the parts are: `node gpu01` of gpu01, and `node gpu02` of gpu02. Keys,
 * numbers and the form of a value are compared as they are. So `<host>` stands for the name and nothing else: put
 * the name of a host in its place, and it is the value of that host.
 */
export function groupAlike<Value>(all: readonly OfHost<Value>[]): readonly Alike<Value>[] {
  const exact = Map.groupBy(all, ({ value }) => JSON.stringify(value));
  const hasNames = [...exact].some(([json, same]) => same.some(({ host }) => json.includes(host)));
  const partsOf = exact.size > 1 && hasNames ? nameParts(all) : asItStands;
  const keyOf = ({ host, value }: OfHost<Value>): string =>
    stableJson(mapTexts(value, (...text) => JSON.stringify(partsOf(host, ...text))) as Json);
  const classes = exact.size > 1 ? Map.groupBy(all, keyOf) : exact;
  return [...classes.values()].flatMap((same) => {
    const hosts = same.map(({ host }) => host);
    const isOne = new Set(hosts).size === 1;
    return same.slice(0, 1).map(({ host, value }) => ({
      hosts,
      value: isOne ? value : mapTexts(value, (...text) => partsOf(host, ...text).join(OWN_NAME)),
    }));
  });
}

/** A text as the parts around a host's own name, or as one part where the name is not in it or not meant. */
type PartsOf = (host: string, text: string, place: number) => readonly string[];

const asItStands: PartsOf = (_host, text) => [text];

function nameParts(all: readonly OfHost<unknown>[]): PartsOf {
  const texts = all.map(({ host, value }) => ({ host, own: textsOf(value) }));
  const named = new Set<number>();
  for (const { host, own } of texts) {
    for (const [place, text] of own.entries()) if (text.includes(host)) named.add(place);
  }
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { host, own } of texts) {
    for (const place of named) {
      const key = `${place} ${own[place]}`;
      if ((owners.get(key) ?? host) !== host) shared.add(key);
      owners.set(key, host);
    }
  }
  const words = new Map(all.map(({ host }) => [host, wholeWord(host)]));
  return (host, text, place) =>
    text.includes(host) && !shared.has(`${place} ${text}`) ? text.split(words.get(host) ?? host) : [text];
}

const wholeWord = (name: string): RegExp =>
  new RegExp(`(?<![\\w.-])${name.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-]|\\.\\w)`);

function textsOf(value: unknown): readonly string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => String(texts.push(text)));
  return texts;
}

/** The value with each of its texts written anew; a place is how many texts come before it. */
function mapTexts<Value>(value: Value, write: (text: string, place: number) => string): Value {
  let place = 0;
  const mapped = (member: unknown, key = ''): unknown => {
    if (typeof member === 'string') return WORDS.has(key) ? member : write(member, place++);
    if (typeof member !== 'object' || member === null) return member;
    if (Array.isArray(member)) return member.map((item) => mapped(item));
    return Object.fromEntries(Object.entries(member).map(([name, item]) => [name, mapped(item, name)]));
  };
  return mapped(value) as Value;
}
