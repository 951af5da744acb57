import { EXTERNAL_ETCD_FILES, OLDEST_EXTERNAL_ETCD } from '#catalog/etcd-paths.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import type { ExternalEtcd } from '#core/kubernetes.ts';
import type { AnswersOf } from '#core/fact.ts';
import { flagValue } from '#core/flags.ts';
import { deferred, none, noted, type Outcome, type Resource } from '#core/resource.ts';
import { externalEtcd, type ExternalMember } from '#facts/external-etcd.ts';
import { fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';
import { secretFileState } from '#facts/secret-file.ts';

import { check, type Objection } from './check.ts';
import { isOlder } from './upgrade-gates.ts';

/** Texts of files of the controller, by their paths. */
type Texts = ReadonlyMap<string, string>;

/** Where API servers keep their objects unless they are told otherwise. */
const PREFIX = '/registry';

/**
 * An external etcd answers a control plane before kubeadm begins with it, under a certificate of its authority and with
 * the client certificate of the inventory; kubeadm takes its release; and no other cluster is in it.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks (v1.34: ExternalEtcdVersion)
 */
export function externalEtcdChecks(
  cluster: Cluster,
  etcd: ExternalEtcd,
  host: Host,
  texts: Texts,
): readonly Resource[] {
  const authority = texts.get(etcd.caFile);
  // A plan without a connection asks nobody, and has read no file.
  if (authority === undefined) return [];
  const prefix = flagValue(cluster.kubernetes.apiServer.extraArgs, 'etcd-prefix') ?? PREFIX;
  const members = externalEtcd({ endpoints: etcd.endpoints, authority, prefix });
  const facts = {
    members,
    certificate: fileContent(EXTERNAL_ETCD_FILES.cert),
    key: secretFileState(EXTERNAL_ETCD_FILES.key, `${etcd.key.value.reveal()}\n`),
    apiServer: pathKind(KUBEADM_FILES.apiServerManifest),
    marker: pathKind(KUBEADM_FILES.initMarker),
    admin: pathKind('/etc/kubernetes/admin.conf'),
  };
  type Found = AnswersOf<typeof facts>;
  /** What it says to a client is known once the client has its certificate; whether it is there at all is seen before. */
  const asClient = (
    name: string,
    judge: (found: Found) => Verdict,
    before: (found: Found) => Objection | undefined = () => undefined,
  ): Resource =>
    check({
      name,
      facts,
      judge: (found) =>
        found.certificate.content === texts.get(etcd.certFile) && found.key.state === 'wanted'
          ? judge(found)
          : (before(found) ??
            deferred(
              { host: host.name, phase: 'files' },
              'the client certificate, with which etcd is asked',
              none('the external etcd is as wanted'),
            )),
    });
  return [
    asClient(
      'ExternalEtcd',
      ({ members: all, apiServer }) => answering(all, apiServer === 'file'),
      ({ members: all, apiServer }) => silence(all, apiServer === 'file'),
    ),
    asClient('ExternalEtcdVersion', ({ members: all, apiServer }) => recent(all, apiServer === 'file')),
    ...(host.name === firstControlPlane(cluster).name
      ? [
          asClient('ExternalEtcdData', ({ members: all, apiServer, marker, admin }) =>
            [apiServer, marker, admin].includes('file')
              ? 'the cluster in it is this one'
              : withoutCluster(all, prefix),
          ),
        ]
      : []),
  ];
}

type Verdict = Objection | string | Outcome;

function silence(all: readonly ExternalMember[], isRunning: boolean): Objection | undefined {
  const silent = all.filter(({ state }) => state === 'silent');
  const isBorne = isRunning && silent.length < all.length;
  return silent.length === 0 || isBorne ? undefined : objection(silent);
}

/** Where API servers run, one member that is away is no reason to do nothing. */
function answering(all: readonly ExternalMember[], isRunning: boolean): Verdict {
  const unwell = all.filter(({ why }) => why !== '');
  if (unwell.length === 0) return `${all.map(({ endpoint }) => endpoint).join(', ')} answer`;
  if (unwell.every(({ state }) => state === 'unasked')) {
    return noted(none('it is not asked before kubeadm does it'), [
      'there is no openssl by which the external etcd could be asked: install it',
    ]);
  }
  return isRunning && unwell.length < all.length
    ? noted(none('others of its members answer'), unwell.map(described))
    : objection(unwell);
}

/** kubeadm asks it of what it makes, and not of what runs. */
function recent(all: readonly ExternalMember[], isRunning: boolean): Verdict {
  const old = all.filter(({ version }) => version !== '' && isOlder(version, OLDEST_EXTERNAL_ETCD));
  if (old.length === 0) return `no member that answers is older than ${OLDEST_EXTERNAL_ETCD}`;
  const found = old.map(({ endpoint, version }) => `${endpoint} runs etcd ${version}`).join(', ');
  if (isRunning)
    return noted(none('API servers run on it'), [
      `${found}, and kubeadm makes no new control plane on one before ${OLDEST_EXTERNAL_ETCD}`,
    ]);
  return {
    why: `${found}, and kubeadm takes none before ${OLDEST_EXTERNAL_ETCD}`,
    hint: "have it upgraded by those who look after it; where it has to be this one, ignore kubeadm's check as well, with kubernetes.ignorePreflightErrors: [ExternalEtcdVersion]",
  };
}

/** kubeadm would make API servers of a new cluster on the objects of a former one, whose keys it does not have. */
function withoutCluster(all: readonly ExternalMember[], prefix: string): Verdict {
  const keys = Math.max(0, ...all.map((one) => one.keys ?? 0));
  if (keys === 0) return 'no cluster is in it';
  return {
    why: `there are ${keys} keys below ${prefix}/ in it, of a cluster that was made before: a new one would begin with its objects`,
    hint: `give this cluster an etcd of its own, or another prefix with apiServer.extraArgs.etcd-prefix; where nothing of that cluster is needed any more: etcdctl del --prefix ${prefix}/`,
  };
}

const described = ({ endpoint, why }: ExternalMember): string => `${endpoint} of the external etcd: ${why}`;

const objection = (unwell: readonly ExternalMember[]): Objection => ({
  why: `the external etcd does not answer: ${unwell.map(({ endpoint, why }) => `${endpoint}: ${why}`).join('; ')}`,
  hint: 'correct kubernetes.etcd.external (endpoints, caFile, certFile and keyFile), or have its members brought back; control planes must reach them through every firewall',
});
