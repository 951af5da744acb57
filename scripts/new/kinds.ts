/** What `npm run new` can begin. In all texts, `{{ path }}`, `{{ name }}`, `{{ camel }}` and `{{ Pascal }}` are the name. */
export interface Kind {
  /** One of its folders stands before the name, as in `host/timezone`; absent: the name stands alone. */
  readonly folders?: string;
  /** Paths of files, each with the text in scripts/new that it begins as. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines for tables of files that are there. */
  readonly lines: readonly TableLine[];
  /** What is left to a person. */
  readonly next: readonly string[];
}

export interface TableLine {
  readonly file: string;
  readonly text: string;
  /** A line of the table; what its first group matches is what the lines are sorted by. */
  readonly row: RegExp;
}

export const KINDS: Readonly<Record<string, Kind>> = {
  resource: {
    folders: 'src/resources',
    files: {
      'src/facts/{{ name }}.ts': 'resource/fact.ts.txt',
      'src/resources/{{ path }}.ts': 'resource/resource.ts.txt',
      'test/unit/resources/{{ name }}.test.ts': 'resource/test.ts.txt',
    },
    lines: [
      {
        file: 'test/laws/proofs.ts',
        text: "  '{{ path }}.ts': { tests: ['test/unit/resources/{{ name }}.test.ts'], why: 'TODO: why no law shows it' },",
        row: /^ {2}'([\w-]+\/[\w-]+)\.ts': /,
      },
    ],
    next: [
      'put it into the table of a phase in src/phases',
      'give it a law in test/laws, where the model of a host there can know what its steps do',
      'add a drift to test/lab that is planned and mended',
    ],
  },
};
