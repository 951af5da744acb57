/**
 * Reads what `systemctl show` prints of several units: `Key=value` lines, an empty line between units, units
 * in the order of the arguments.
 */
export function readBlocks(output: string, count: number): readonly Readonly<Record<string, string>>[] {
  const blocks = output
    .trim()
    .split(/\n\s*\n/)
    .filter((block) => block !== '');
  if (blocks.length !== count) {
    throw new Error(`systemctl was asked about ${count} units and told of ${blocks.length}`);
  }
  return blocks.map(readBlock);
}

function readBlock(block: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    block.split('\n').map((row) => {
      const split = row.indexOf('=');
      if (split < 1) throw new Error(`not a property of a unit: ${JSON.stringify(row)}`);
      return [row.slice(0, split), row.slice(split + 1)];
    }),
  );
}
