/** A function that is asked once for each key, however often it is called, and keeps all its results. */
export function rememberEach<Given, Result>(
  work: (given: Given) => Result,
  keyOf: (given: Given) => string,
): (given: Given) => Result {
  const known = new Map<string, Result>();
  return (given) => {
    const key = keyOf(given);
    if (!known.has(key)) known.set(key, work(given));
    return known.get(key) as Result;
  };
}
