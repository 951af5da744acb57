/** One measured run. */
export interface Row {
  readonly name: string;
  readonly hosts: number;
  /** Added round trip. */
  readonly delayMs: number;
  /** Against a server that costs next to nothing, in place of a real host. */
  readonly isStandIn: boolean;
  readonly wallS: number;
  readonly cpuS: number;
  readonly peakMb: number;
  /** Of the machine as it began, over the minute before: what the bench itself had done is in it. */
  readonly load: number;
  readonly executions?: number;
  /** From the first connection's beginning to the last answer. */
  readonly answeredS?: number;
  /** Highest resident set of the tool's own process, Node and its code included. */
  readonly residentMb?: number;
}

/** Medians of one contender's runs over one set of hosts. */
export interface Summary extends Row {
  readonly runs: number;
  /** Least and most wall time. */
  readonly spreadS: readonly [number, number];
  /** This wall time, and this CPU time, as multiples of those of `slipway plan` in the same race; absent where that failed. */
  readonly wallRatio?: number;
  readonly cpuRatio?: number;
  /** Added wall time by added round trip, of one host at 0 and at 100 ms: from start to end of the process. */
  readonly roundTrips?: number;
  /** The same from the beginning of the connection to the last answer. */
  readonly answerRoundTrips?: number;
}

export function summaryOf(rows: readonly Row[]): readonly Summary[] {
  const groups = Map.groupBy(rows, ({ name, hosts, delayMs, isStandIn }) =>
    [name, hosts, delayMs, isStandIn].join('|'),
  );
  const medians = [...groups.values()].flatMap((runs) => {
    const [first] = runs;
    if (first === undefined) return [];
    const of = (key: 'wallS' | 'cpuS' | 'peakMb' | 'load'): number => median(runs.map((run) => run[key]));
    const some = (key: 'answeredS' | 'residentMb'): number =>
      median(runs.map((run) => run[key] ?? Number.NaN));
    const walls = runs.map(({ wallS }) => wallS);
    const spreadS: readonly [number, number] = [Math.min(...walls), Math.max(...walls)];
    return [
      {
        ...first,
        wallS: of('wallS'),
        cpuS: of('cpuS'),
        peakMb: of('peakMb'),
        load: of('load'),
        runs: runs.length,
        spreadS,
        ...(first.answeredS !== undefined && { answeredS: some('answeredS') }),
        ...(first.residentMb !== undefined && { residentMb: some('residentMb') }),
      },
    ];
  });
  return medians.map((row) => {
    const same = (other: Row): boolean =>
      other.hosts === row.hosts && other.delayMs === row.delayMs && other.isStandIn === row.isStandIn;
    const base = medians.find((other) => other.name === 'slipway plan' && same(other));
    // Of the fastest runs: whatever else the machine does can only add to them.
    const fastest = (delayMs: number, key: 'wallS' | 'answeredS'): number =>
      Math.min(
        ...rows
          .filter((run) => run.name === row.name && run.hosts === 1 && run.delayMs === delayMs)
          .map((run) => run[key] ?? Number.NaN),
      );
    const trips = (key: 'wallS' | 'answeredS'): number | undefined => {
      const count = (fastest(100, key) - fastest(0, key)) / 0.1;
      return row.hosts === 1 && Number.isFinite(count) ? count : undefined;
    };
    const [roundTrips, answerRoundTrips] = [trips('wallS'), trips('answeredS')];
    return {
      ...row,
      ...(base !== undefined && { wallRatio: row.wallS / base.wallS, cpuRatio: row.cpuS / base.cpuS }),
      ...(roundTrips !== undefined && { roundTrips }),
      ...(answerRoundTrips !== undefined && { answerRoundTrips }),
    };
  });
}

/** In Markdown, as docs/performance.md shows it. */
export function table(summary: readonly Summary[]): string {
  const head = [
    'hosts',
    'added ms',
    'contender',
    'wall',
    'CPU',
    'MB (resident)',
    'executions a host',
    'round trips, to the answer',
    'to the end',
    'runs',
    'load',
  ];
  const lines = summary.map((row) => [
    `${row.hosts}${row.isStandIn ? ' (stand-in)' : ''}`,
    String(row.delayMs),
    row.name,
    `${times(row.wallRatio)} (${row.wallS.toFixed(2)} s)`,
    times(row.cpuRatio),
    `${row.peakMb.toFixed(0)}${row.residentMb === undefined ? '' : ` (${row.residentMb.toFixed(0)})`}`,
    row.executions === undefined ? '' : (row.executions / row.hosts).toFixed(1),
    row.answerRoundTrips?.toFixed(1) ?? '',
    row.roundTrips?.toFixed(1) ?? '',
    String(row.runs),
    row.load.toFixed(1),
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const times = (ratio: number | undefined): string => (ratio === undefined ? '?' : `${ratio.toFixed(2)} x`);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const [low = 0, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}
