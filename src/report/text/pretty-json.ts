import { isJsonObject, type Json } from '#core/json.ts';

/**
 * JSON with sorted keys, two spaces and a newline at the end: the same bytes for the same value, and pleasant in a code
 * review. It comes in pieces, since one string cannot be as long as the plan of thousands of hosts. What stands two
 * levels deep (a node of a plan, the answers of a host) is one piece.
 *
 * @param value JSON, whatever its type.
 */
export function* prettyJson(value: unknown): Iterable<string> {
  yield* pieces(value as Json, 0);
  yield '\n';
}

const PIECE_DEPTH = 2;

function* pieces(value: Json, depth: number): Iterable<string> {
  const isList = Array.isArray(value);
  if (depth === PIECE_DEPTH || !(isList || isJsonObject(value)) || Object.keys(value).length === 0) {
    yield JSON.stringify(value, sortMembers, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
    return;
  }
  const indent = `\n${'  '.repeat(depth)}`;
  let border = '';
  yield isList ? '[' : '{';
  for (const [key, member] of isList ? value.entries() : Object.entries(value).toSorted(byKey)) {
    if (member === undefined) continue;
    yield `${border}${indent}  ${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* pieces(member, depth + 1);
    border = ',';
  }
  yield `${border === '' ? '' : indent}${isList ? ']' : '}'}`;
}

const sortMembers = (_key: string, member: Json): Json =>
  isJsonObject(member) ? Object.fromEntries(Object.entries(member).toSorted(byKey)) : member;

const byKey = ([left]: readonly [string, Json], [right]: readonly [string, Json]): number =>
  left < right ? -1 : 1;
