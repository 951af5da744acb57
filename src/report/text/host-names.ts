/**
 * Names of hosts for a person to read: all of them while they are few, else runs of numbered names as
 * `gpu003..gpu197`, so that hundreds of hosts fit on a line.
 */
export function formatHosts(hosts: readonly string[], width = 60): string {
  const plain = hosts.join(', ');
  if (plain.length <= width) return plain;
  return runs(hosts)
    .map((run) => (run.length < 3 ? run.join(', ') : `${run[0]}..${run.at(-1)}`))
    .join(', ');
}

/** Names that follow one another by number. */
function runs(hosts: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  for (const host of hosts) {
    const run = found.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && isNext(last, host)) run.push(host);
    else found.push([host]);
  }
  return found;
}

function isNext(left: string, right: string): boolean {
  const [, before, number, after] = /^(.*?)(\d+)(\D*)$/.exec(left) ?? [];
  if (before === undefined || number === undefined || after === undefined) return false;
  return right === before + String(Number(number) + 1).padStart(number.length, '0') + after;
}
