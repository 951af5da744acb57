/**
 * What `npm run new` can begin. In all its texts, `{{ name }}`, `{{ camel }}` and `{{ Pascal }}` stand for the name, and
 * `{{ path }}` for the name with its folder.
 */
export interface Kind {
  /** One of its folders stands before the name, as in `host/timezone`; absent: the name stands alone. */
  readonly folders?: string;
  /** Paths of new files, each with the text in scripts/new that it begins as. */
  readonly files: Readonly<Record<string, string>>;
  /** What is written into files that are there. */
  readonly insertions: readonly Insertion[];
  /** The tests that show it. */
  readonly tests: readonly string[];
  /** What is left to a person. */
  readonly next: readonly string[];
}

export interface Insertion {
  readonly file: string;
  readonly text: string;
  /** Before the line that looks like this, or among sorted lines, which are compared by what the first group matches. */
  readonly place: { readonly before: RegExp } | { readonly among: RegExp };
}

export const KINDS: Readonly<Record<string, Kind>> = {
  resource: {
    folders: 'src/resources',
    files: {
      'src/facts/{{ name }}.ts': 'resource/fact.ts.txt',
      'src/resources/{{ path }}.ts': 'resource/resource.ts.txt',
      'test/unit/resources/{{ name }}.test.ts': 'resource/test.ts.txt',
    },
    insertions: [
      {
        file: 'test/laws/proofs.ts',
        text: "  '{{ path }}.ts': { tests: ['test/unit/resources/{{ name }}.test.ts'], why: 'TODO: why no law shows it' },",
        place: { among: /^ {2}'([\w-]+\/[\w-]+)\.ts': / },
      },
    ],
    tests: ['test/unit/resources/{{ name }}.test.ts', 'test/laws/proofs.test.ts'],
    next: [
      'put it into the table of a phase in src/phases',
      'give it a law in test/laws, where the model of a host there can know what its steps do',
      'add a drift to test/lab that is planned and mended',
      'say what it is for in src/catalog/resource-explanations.ts',
    ],
  },
  addon: {
    files: {
      'src/addons/{{ name }}.ts': 'addon/addon.ts.txt',
      'test/fixtures/addons/{{ name }}/manifest.yaml': 'addon/manifest.yaml.txt',
      'test/fixtures/addons/{{ name }}/settings.yaml': 'addon/settings.yaml.txt',
      'test/fixtures/addons/{{ name }}/rendered.txt': 'addon/rendered.txt',
    },
    insertions: [
      {
        file: 'src/addons/addons.ts',
        text: "import { {{ camel }} } from './{{ name }}.ts';",
        place: { among: /^import .* from '\.\/([\w-]+)\.ts';$/ },
      },
      { file: 'src/addons/addons.ts', text: '  {{ camel }},', place: { before: /^\] as const satisfies/ } },
      {
        file: 'inventory.yaml',
        text: '#   {{ name }}: # TODO: what it is\n#     version: 0.1.0\n#     replicas: 1',
        place: { before: /^# {3}manifests: # objects of yours/ },
      },
    ],
    tests: ['test/unit/addons/addons.test.ts', 'test/unit/inventory/example.test.ts'],
    next: [
      "put as much of the project's own file into the fixture as slipway changes or waits for",
      'say in CHANGELOG.md that there is one more',
    ],
  },
  section: {
    files: {
      'src/inventory/sections/{{ name }}.ts': 'section/section.ts.txt',
      'test/unit/inventory/{{ name }}.test.ts': 'section/test.ts.txt',
    },
    insertions: [
      {
        file: 'src/inventory/inventory.ts',
        text: "import { {{ camel }} } from './sections/{{ name }}.ts';",
        place: { among: /^import .* from '\.\/sections\/([\w-]+)\.ts';$/ },
      },
      { file: 'src/inventory/inventory.ts', text: '    {{ camel }},', place: { before: /^ {4}defaults,$/ } },
      {
        file: 'inventory.yaml',
        text: '# TODO: what it is for.\n# {{ camel }}:\n#   value: usual # TODO: what it is\n',
        place: { before: /^# What all hosts have in common/ },
      },
    ],
    tests: ['test/unit/inventory/{{ name }}.test.ts', 'test/unit/inventory/example.test.ts'],
    next: [
      'say what it is by default in test/unit/inventory/cluster.test.ts',
      'give Cluster in src/core/cluster.ts a member for it, where something is to read it',
    ],
  },
  renderer: {
    files: {
      'src/report/plan/{{ name }}-plan.ts': 'renderer/renderer.ts.txt',
      'test/unit/report/plan/{{ name }}-plan.test.ts': 'renderer/test.ts.txt',
    },
    insertions: [
      {
        file: 'src/report/renderers.ts',
        text: "  {{ camel }}: async () => (await import('./plan/{{ name }}-plan.ts')).render{{ Pascal }}Plan,",
        place: { before: /^\} satisfies Readonly<Record<string, \(\) => Promise<PlanRenderer>>>/ },
      },
    ],
    tests: ['test/unit/report/plan/{{ name }}-plan.test.ts'],
    next: ['add a golden in test/plans', 'say in README.md and CHANGELOG.md that there is one more'],
  },
};
