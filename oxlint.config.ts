import { defineConfig, type OxlintOverride } from 'oxlint';

import { layers } from './scripts/layers.ts';

/** Packages that one room has to itself, so that the others do not depend on them. */
const OWNED_PACKAGES = [
  { room: 'transport', packages: ['node-ssh', 'ssh2'] },
  { room: 'report', packages: ['listr2'] },
  { room: 'main.ts', packages: ['node:process', 'process'] },
];

/** What else tells of the process and its user; the environment of others holds their HOME. */
const USER = {
  regex: '^(?:node:)?os$',
  importNames: ['homedir', 'userInfo'],
  message: 'only src/main.ts asks whose process it is: take HOME from the environment that is handed in',
};

const LAYERS = Object.entries(layers());

/** A room is a folder or a file; imports of it begin with the one or are the other. */
const isFile = (room: string): boolean => room.endsWith('.ts');
const importOf = (room: string): string => (isFile(room) ? `${room.replaceAll('.', '\\.')}$` : `${room}/`);

const layerRules = LAYERS.map(([room, { mayImport }]): OxlintOverride => {
  const forbidden = LAYERS.flatMap(([other]) =>
    other === room || mayImport.includes(other) ? [] : [importOf(other)],
  );
  const restricted = [
    {
      regex: `^#(?:${forbidden.join('|')})`,
      message: `src/${room} may import ${mayImport.join(', ') || 'no other room'}: see scripts/layers.ts`,
    },
    {
      regex: isFile(room) ? '^\\./[^/]+/' : '^\\.\\.',
      message: 'across folders, import by #room/file.ts, so that every crossing is seen',
    },
    ...OWNED_PACKAGES.filter((owned) => owned.room !== room).map((owned) => ({
      regex: `^(?:${owned.packages.join('|')})(?:/|$)`,
      message: `only src/${owned.room} knows ${owned.packages.join(' and ')}`,
    })),
    ...(room === 'main.ts' ? [] : [USER]),
  ];
  return {
    files: [isFile(room) ? `src/${room}` : `src/${room}/**`],
    rules: {
      'eslint/no-restricted-imports': ['error', { patterns: restricted }],
      ...(room !== 'main.ts' && {
        'eslint/no-restricted-globals': [
          'error',
          { name: 'process', message: 'only src/main.ts touches the process' },
        ],
        'eslint/no-restricted-properties': [
          'error',
          { object: 'globalThis', property: 'process', message: 'only src/main.ts touches the process' },
        ],
      }),
    },
  };
});

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'promise', 'vitest'],
  options: { typeAware: true },
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'eslint/max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
    'eslint/max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    'eslint/no-console': 'error',
    // Wherever control characters stand in a pattern, they are what is to be found.
    'eslint/no-control-regex': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'eslint/no-await-in-loop': 'off',
    'eslint/eqeqeq': 'error',
    'import/no-named-as-default-member': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
  },
  ignorePatterns: ['node_modules', 'dist'],
  overrides: [
    ...layerRules,
    { files: ['test/**', 'scripts/**'], rules: { 'eslint/max-lines-per-function': 'off' } },
    // The tools that read these want a default export.
    {
      files: ['vitest.config.ts', 'oxlint.config.ts', 'docs/.vitepress/config.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
});
