import { isEqualJson, type Json } from '#core/json.ts';
import { rememberEach } from '#core/remember-each.ts';

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
  const forms = formsOf(all);
  const distinct = new Set(forms);
  if (distinct.size <= 1)
    return [...distinct].map(({ value }) => ({ hosts: all.map(({ host }) => host), value }));
  const partsOf = nameParts([...distinct]);
  const keyOfNameless = rememberEach(
    ({ value }: Form<Value>) => keyText(value, (text) => [text]),
    ({ json }) => json,
  );
  const classes = Map.groupBy(all, ({ host, value }, index) => {
    const form = forms[index]!;
    return form.named.has(host) ? keyText(value, (...text) => partsOf(host, ...text)) : keyOfNameless(form);
  });
  return [...classes.values()].flatMap((same) => {
    const hosts = same.map(({ host }) => host);
    const isOne = new Set(hosts).size === 1;
    return same.slice(0, 1).map(({ host, value }) => ({
      hosts,
      value: isOne ? value : mapTexts(value, (...text) => partsOf(host, ...text).join(OWN_NAME)),
    }));
  });
}

/** What is the same letter by letter. */
interface Form<Value> {
  readonly value: Value;
  readonly json: string;
  /** The hosts that have it. */
  readonly hosts: Set<string>;
  /** Those of them whose names are in it. */
  readonly named: Set<string>;
}

/** The form of each; most have that of the one before. */
function formsOf<Value>(all: readonly OfHost<Value>[]): readonly Form<Value>[] {
  const known = new Map<string, Form<Value>>();
  let form: Form<Value> | undefined;
  return all.map(({ host, value }) => {
    if (form === undefined || !isEqualJson(form.value as Json, value as Json)) {
      const json = JSON.stringify(value);
      form = known.get(json) ?? { value, json, hosts: new Set(), named: new Set() };
      known.set(json, form);
    }
    form.hosts.add(host);
    if (form.json.includes(host)) form.named.add(host);
    return form;
  });
}

/** A text as the parts around a host's own name, or as one part where the name is not in it or not meant. */
type PartsOf = (host: string, text: string, place: number) => readonly string[];

function nameParts(forms: readonly Form<unknown>[]): PartsOf {
  if (forms.every(({ named }) => named.size === 0)) return (_host, text) => [text];
  const texts = forms.map(({ value, ...form }) => ({ ...form, own: textsOf(value) }));
  const places = new Set<number>();
  for (const { named, own } of texts) {
    for (const host of named) {
      for (const [place, text] of own.entries()) if (text.includes(host)) places.add(place);
    }
  }
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { hosts, own } of texts) {
    const [first = '', second = first] = hosts;
    for (const place of places) {
      const key = `${place} ${own[place]}`;
      if (second !== first || (owners.get(key) ?? first) !== first) shared.add(key);
      owners.set(key, first);
    }
  }
  const words = rememberEach(wholeWord, (host) => host);
  return (host, text, place) =>
    text.includes(host) && !shared.has(`${place} ${text}`) ? text.split(words(host)) : [text];
}

const wholeWord = (name: string): RegExp =>
  new RegExp(`(?<![\\w.-])${name.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-]|\\.\\w)`);

function textsOf(value: unknown): readonly string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => String(texts.push(text)));
  return texts;
}

/** What is the same of two values where they are alike: the value, with the parts of each of its texts. */
function keyText(value: unknown, partsOf: (text: string, place: number) => readonly string[]): string {
  let place = 0;
  const keyOf = (member: unknown, name = ''): string => {
    if (typeof member === 'string')
      return JSON.stringify(WORDS.has(name) ? member : partsOf(member, place++));
    if (typeof member !== 'object' || member === null) return String(member);
    if (Array.isArray(member)) return `[${member.map((item) => keyOf(item)).join(',')}]`;
    let text = '{';
    for (const [key, item] of Object.entries(member)) text += `${JSON.stringify(key)}:${keyOf(item, key)},`;
    return `${text}}`;
  };
  return keyOf(value);
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
