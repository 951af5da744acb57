/**
 * A pure function that keeps its last result. Hosts of a kind have mostly the same files: what follows from one of
 * them is worked out once, and not once a host.
 *
 * Only for arguments that nobody changes: texts, and what hosts answered.
 */
export function rememberLast<Arguments extends readonly (string | object | null)[], Result>(
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let last: { readonly given: Arguments; readonly result: Result } | undefined;
  return (...given) => {
    const known = last;
    if (known !== undefined && given.every((argument, index) => argument === known.given[index])) {
      return known.result;
    }
    const result = work(...given);
    last = { given, result };
    return result;
  };
}
