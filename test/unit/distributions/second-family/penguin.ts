import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';

const run = (summary: string, ...argv: readonly string[]): Step => ({
  do: 'run',
  summary,
  script: sh`${argv}`,
});

/** A family of distributions that there is not: its package manager is `pgn`, and its versions are plain numbers. */
export const penguin: DistributionFamily = {
  name: 'penguin',
  ids: ['penguin', 'emperor'],
  releases: ['penguin 7'],
  refused: [],
  freshMachine: {
    id: 'penguin',
    idLike: [],
    versionId: '7',
    codename: 'adelie',
    prettyName: 'Penguin Linux 7',
    kernel: '6.18.0',
    tools: ['systemctl'],
  },
  packageFormat: 'deb',
  software: {
    containerd: ['pgn-containerd'],
    docker: [],
    'ipvs-tools': ['pgn-ipvs'],
    'container-selinux': [],
  },
  isPackageName: (name) => /^[A-Za-z0-9_.-]+$/.test(name),
  packageFacts: {
    script: (questions) => sh`for name in ${questions.map(({ name }) => name)}; do pgn info "$name"; done`,
    parse: (output, questions) => {
      const rows = output.trim().split('\n');
      if (rows.length !== questions.length) throw new Error('pgn has not told of each package');
      return rows.map((row) => {
        const [installed = '-', hold = '-', ...offered] = row.split(' ');
        return { installed: installed === '-' ? null : installed, isHeld: hold === 'held', offered };
      });
    },
  },
  installEffects: {
    script: () => sh`pgn explain`,
    parse: (_output, questions) => questions.map(() => ({ state: 'unknown' })),
  },
  simulation: 'pgn explain',
  compareVersions: (left, right) => left.localeCompare(right, 'en', { numeric: true }),
  repositoryFiles: (name) => [
    {
      path: `/etc/pgn/${name}.repo`,
      content: ({ url, key }, { versionId }) => `source=${url}/pgn/${versionId}\n${key}`,
      isOwn: (text) => text.startsWith('source='),
    },
  ],
  otherEntries: {
    script: () => sh`:`,
    parse: (_output, questions) => questions.map(() => ({ files: [], keyrings: {} })),
    judge: () => undefined,
  },
  tryRepository: (name) => run(`ask the penguins of ${name}`, 'pgn', 'try', name),
  refreshIndex: (wanted) => run('ask the penguins', 'pgn', 'refresh', ...wanted.map(({ name }) => name)),
  install: (packages, { isHeld, isDowngrade }) =>
    run(
      `slide in ${packages.map(({ name }) => name).join(', ')}`,
      'pgn',
      isDowngrade ? 'downgrade' : 'add',
      ...(isHeld ? ['--held'] : []),
      ...packages.map(({ name, version }) => `${name}@${version}`),
    ),
  hold: (names) => run(`freeze ${names.join(', ')}`, 'pgn', 'freeze', ...names),
  unhold: (names) => run(`thaw ${names.join(', ')}`, 'pgn', 'thaw', ...names),
  purge: (names) => run(`push off ${names.join(', ')}`, 'pgn', 'purge', ...names),
  proxyFile: { path: '/etc/pgn/proxy', content: ({ https }) => `proxy=${https}\n` },
  packageFile: { extension: '.pgn', install: (path) => sh`pgn add --file ${path} >"$files"` },
};
