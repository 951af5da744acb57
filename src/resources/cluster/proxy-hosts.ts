import { changeOr, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { proxyHosts } from '#facts/proxy-hosts.ts';

/**
 * kube-proxy finds the API server by the name of the endpoint, in a copy of its host's /etc/hosts that it has from its
 * start. Where the name has moved since, its container is stopped: the kubelet starts it anew, with a copy as the file
 * is now. The rules that it has made stay in the kernel.
 */
export const proxyHostsEntry = ({
  name,
  address,
}: {
  readonly name: string;
  readonly address: string;
}): Resource =>
  resource({
    address: 'kube-proxy-hosts',
    facts: { pods: proxyHosts(name) },
    settle: { timeoutMs: 120_000 },
    diff: ({ pods }) => {
      const stale = pods.filter((pod) => pod.address !== address);
      return changeOr(
        `${name} is ${address} for kube-proxy`,
        stale.map((pod) => ({ what: `${name}, for kube-proxy`, from: pod.address, to: address })),
        stale.map(({ uid }) => ({
          do: 'run',
          summary: 'stop the container of kube-proxy, which its kubelet starts anew',
          script: sh`for container in $(crictl ps -q --label ${`io.kubernetes.pod.uid=${uid}`} --name kube-proxy); do crictl stop "$container"; done`,
        })),
      );
    },
  });
