import { clusterConfiguration } from '#configuration/kubeadm-config.ts';
import { namesConfiguration, SCHEDULER_CONFIGURATION } from '#configuration/scheduler-configuration.ts';
import { inexactIn, readConfiguration, writeConfiguration } from '#configuration/stored-configuration.ts';
import { addressBlock } from '#core/cidr.ts';
import type { Cluster } from '#core/cluster.ts';
import { endpointHost } from '#core/kubernetes.ts';
import { isJsonObject, type JsonObject, valueAt } from '#core/json.ts';
import { changeOr, type Difference, differs, none, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import type { CertificateAnswer } from '#facts/certificates.ts';
import { kubectl } from '#facts/kubectl.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { withExactNumbers } from '#resources/files/exact-numbers.ts';

/** Names by which the inventory has the API server reached, and its certificate does not know it. */
export function lackingNames(
  { kubernetes }: Cluster,
  certificate: CertificateAnswer | undefined,
): readonly string[] {
  if (certificate === undefined || certificate.state === 'unreadable') return [];
  const known = new Set(certificate.names.map(comparable));
  const wanted = new Set([endpointHost(kubernetes), ...kubernetes.apiServer.certSANs]);
  return [...wanted].filter((name) => !known.has(comparable(name)));
}

/** An address can be written in several ways, and a name in small and in capital letters. */
const comparable = (name: string): string => addressBlock(name)?.address.toString() ?? name.toLowerCase();

/**
 * What kubeadm is to do with control planes that it makes or upgrades from now on, in its ConfigMap: the names in certificates
 * of API servers, and the scheduler's configuration.
 */
export const certificateNames = (cluster: Cluster): Resource =>
  resource({
    address: 'certificate-names',
    facts: { api: apiState },
    diff: ({ api }) => {
      if (api.state !== 'ready' || api.clusterConfiguration === '')
        return waitsForApi('the names that kubeadm gives to certificates', api, () =>
          none('as kubeadm init was told'),
        );
      const before = readConfiguration(api.clusterConfiguration);
      const names = cluster.kubernetes.apiServer.certSANs;
      const found = valueAt(before, ['apiServer', 'certSANs']);
      const { scheduler = null } = lacksScheduler(cluster, before) ? clusterConfiguration(cluster) : {};
      const outcome = changeOr(
        'certificates of API servers get the names of the inventory',
        [
          ...differs('apiServer.certSANs', found, names.length > 0 ? names : null),
          ...(scheduler === null ? [] : [schedulerDifference]),
        ],
        [
          namesStep(
            writeConfiguration({ ...withNames(before, names), ...(scheduler !== null && { scheduler }) }),
          ),
        ],
      );
      return withExactNumbers(outcome, {
        check: 'ControlPlaneSettings',
        where: 'ConfigMap kube-system/kubeadm-config',
        inexact: () => inexactIn(api.clusterConfiguration),
      });
    },
  });

/** An upgrade writes the scheduler's manifest of this, and would leave its configuration out. */
const lacksScheduler = ({ kubernetes }: Cluster, before: JsonObject): boolean =>
  kubernetes.scheduler.config !== undefined &&
  !namesConfiguration(JSON.stringify(before['scheduler'] ?? null));

const schedulerDifference: Difference = {
  what: 'scheduler',
  from: 'without its configuration',
  to: SCHEDULER_CONFIGURATION,
};

/** kubeadm-config with another ClusterConfiguration. */
export function namesStep(configuration: string): Step {
  const patch = JSON.stringify({ data: { ClusterConfiguration: configuration } });
  return run(
    'change ConfigMap kube-system/kubeadm-config',
    sh`${embed(kubectl)} -n kube-system patch configmap kubeadm-config --type=merge -p ${patch}`,
  );
}

function withNames(configuration: JsonObject, certSANs: readonly string[]): JsonObject {
  const { certSANs: _, ...apiServer } = isJsonObject(configuration['apiServer'])
    ? configuration['apiServer']
    : {};
  return { ...configuration, apiServer: { ...apiServer, ...(certSANs.length > 0 && { certSANs }) } };
}
