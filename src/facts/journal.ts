import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

const LINES = 20;

/** The last lines that a unit has written to the journal, for a failure to show. */
export function journalOf(unit: string): Fact<string> {
  const family: Family<string, string> = {
    name: `journal ${unit}`,
    script: () => sh`journalctl -u ${unit} -n ${LINES} --no-pager -o cat`,
    parse: (output) => [output],
    bare: () => '',
    isVolatile: true,
  };
  return fact(family, unit);
}
