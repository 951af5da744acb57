import { DEFAULT_DATA_DIR, EXTERNAL_ETCD_FILES } from '#catalog/etcd-paths.ts';
import type { Etcd, Kubernetes } from '#core/kubernetes.ts';
import { type Accepted, map, required, text, textList, type ValidPart } from '#core/schema.ts';
import { Secret } from '#core/secret.ts';
import type { BuildContext, Section, ValidationContext } from '#inventory/section.ts';
import { type Finding, meaningless, type Path, quoteValue } from '#inventory/text/problem.ts';
import { valueAt } from '#inventory/text/validate.ts';
import { localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';
import { secretReference } from '#inventory/values/secret-reference.ts';

import { buildComponent, extraArgs } from './components.ts';
import { componentFindings } from './extra-volumes.ts';

/** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-ExternalEtcd (v1.34) */
const external = map(
  {
    endpoints: required(
      textList('Where its members answer clients.', {
        wanted: 'a list of https URLs, at least one',
        item: 'an https URL with a port',
        minItems: 1,
        examples: [['https://10.0.0.21:2379', 'https://10.0.0.22:2379', 'https://10.0.0.23:2379']],
      }),
    ),
    caFile: required(
      text(
        `The certificate of the authority that signs its servers, in PEM; ${EXTERNAL_ETCD_FILES.ca} on control planes. Relative to the inventory.`,
        { wanted: 'the path of a file', examples: ['etcd/ca.crt'] },
      ),
    ),
    certFile: required(
      text(
        `The certificate that API servers show to it, in PEM; ${EXTERNAL_ETCD_FILES.cert} on control planes. Relative to the inventory.`,
        { wanted: 'the path of a file', examples: ['etcd/apiserver-etcd-client.crt'] },
      ),
    ),
    keyFile: required(
      secretReference(`The key of that certificate; ${EXTERNAL_ETCD_FILES.key} on control planes.`),
    ),
  },
  "An etcd that is somebody else's, in place of a member on each control plane.",
);

const schema = map(
  {
    extraArgs: extraArgs('etcd', { 'quota-backend-bytes': '8589934592' }),
    dataDir: text(
      'Where members keep their data on the control planes. It is theirs alone: kubeadm reset empties it.',
      {
        wanted: 'an absolute path without spaces',
        pattern: '^(/[A-Za-z0-9._-]+)+$',
        default: DEFAULT_DATA_DIR,
        examples: ['/data/etcd'],
      },
    ),
    external,
  },
  'The etcd of the cluster.',
);

type Written = ValidPart<Accepted<typeof schema>>;

const PATH = ['kubernetes', 'etcd'] as const;

/** kubeadm has no volumes for it. */
export const etcd: Section<typeof schema, Pick<Kubernetes, 'etcd'>> = {
  schema,
  validate: (written = {}, context, path) => [
    ...componentFindings('etcd', 'etcd')(written, context, path),
    ...dataDirFindings(written.dataDir, context, [...path, 'dataDir']),
    ...(written.external === undefined
      ? []
      : [
          ...endpointFindings(written.external?.endpoints ?? [], [...path, 'external', 'endpoints']),
          ...withoutMembers(written, context, path),
        ]),
  ],
  secrets: (written, path) =>
    written?.external?.keyFile === undefined ? [] : [[...path, 'external', 'keyFile']],
  files: (written, path) =>
    (['caFile', 'certFile'] as const).flatMap((key) =>
      localFile(written?.external?.[key], [...path, 'external', key]),
    ),
  build: (written = {}, context) => ({ etcd: buildEtcd(written, context) }),
};

/** `dataDir` is the directory of others, or has others in it: all that is in it goes with a member. */
const SYSTEM =
  /^\/((bin|boot|dev|etc|lib|lib64|proc|run|sbin|sys|tmp|usr)(\/.*)?|home|media|mnt|opt|root|srv|var|var\/(lib|log|run|cache|backups)|var\/lib\/(kubelet|containerd|containers|docker|slipway)(\/.*)?)$/;

function dataDirFindings(
  dataDir: string | undefined,
  { hosts }: ValidationContext,
  path: Path,
): readonly Finding[] {
  if (dataDir === undefined) return [];
  const got = quoteValue(dataDir);
  if (/\/\.{1,2}(\/|$)/.test(dataDir)) return [{ path, message: 'must be without "." and ".."', got }];
  if (SYSTEM.test(dataDir)) {
    return [
      {
        path,
        message: 'must be a directory for etcd alone, such as /data/etcd: its content goes with it',
        got,
      },
    ];
  }
  const file = hosts
    .flatMap(({ settings }) => Object.keys(settings.files ?? {}))
    .find((name) => name.startsWith(`${dataDir}/`));
  return file === undefined
    ? []
    : [{ path, message: `is for etcd alone, and files puts ${quoteValue(file)} into it`, got }];
}

/** kubeadm takes http as well; what is in etcd are all Secrets of the cluster, and whoever reaches it would have them. */
function endpointFindings(endpoints: readonly (string | null)[], path: Path): readonly Finding[] {
  const seen = new Set<string>();
  return endpoints.flatMap((written, index): readonly Finding[] => {
    if (written === null) return [];
    const at = { path: [...path, index], got: quoteValue(written) };
    if (written.startsWith('http://'))
      return [{ ...at, message: 'must be https: without TLS, whoever reaches etcd reads all Secrets' }];
    if (!/^https:\/\/([a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/.test(written))
      return [
        { ...at, message: 'must be an https URL with a port and without a path: https://10.0.0.21:2379' },
      ];
    if (seen.has(written)) return [{ ...at, message: 'stands there twice' }];
    seen.add(written);
    return [];
  });
}

const WHY = "where etcd is external: its members are somebody else's";

/** What is said of members, and of their data. */
function withoutMembers(written: Written, { document }: ValidationContext, path: Path): readonly Finding[] {
  const { kubernetes } = document;
  const local = valueAt(document, ['kubernetes', 'kubeadm', 'clusterConfiguration', 'etcd', 'local']);
  return [
    ...(['extraArgs', 'dataDir'] as const).flatMap((key) =>
      written[key] === undefined ? [] : [meaningless([...path, key], WHY)],
    ),
    ...(document.etcd?.backup === undefined ? [] : [meaningless(['etcd', 'backup'], WHY)]),
    ...(document.upgrade?.snapshot === true ? [meaningless(['upgrade', 'snapshot'], WHY)] : []),
    ...(local !== undefined
      ? [meaningless(['kubernetes', 'kubeadm', 'clusterConfiguration', 'etcd', 'local'], WHY)]
      : []),
    ...(kubernetes?.patches ?? []).flatMap((patch, index) =>
      patch?.target === 'etcd'
        ? [
            {
              path: ['kubernetes', 'patches', index, 'target'],
              message: `has no meaning ${WHY}`,
              got: '"etcd"',
            },
          ]
        : [],
    ),
  ];
}

function buildEtcd(written: Accepted<typeof schema>, { places, secrets }: BuildContext): Etcd {
  const component = buildComponent(written);
  if (written.external === undefined)
    return { type: 'stacked', dataDir: written.dataDir ?? DEFAULT_DATA_DIR, ...component };
  const { endpoints, caFile, certFile } = written.external;
  const reference = JSON.stringify([...PATH, 'external', 'keyFile']);
  return {
    type: 'external',
    endpoints,
    caFile: localPath(caFile, places),
    certFile: localPath(certFile, places),
    // Where secrets are not read, as for a plan without a connection, nothing is written either.
    key: { secret: 'key of the client of etcd', value: secrets.get(reference) ?? new Secret('') },
    ...component,
  };
}
