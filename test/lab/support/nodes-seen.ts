import type { LabCluster } from './lab-cluster.ts';

const COLUMNS = [
  '{.metadata.name}',
  '{.status.nodeInfo.kubeletVersion}',
  '{.status.conditions[?(@.type=="Ready")].status}',
  '{.spec.unschedulable}',
  '{.metadata.annotations.slipway/cordoned}{.metadata.annotations.slipway/drained}',
].join(' ');

/** `w1 v1.34.9 True` of each node, and what else is not as in service, as the API server of cp1 has it. */
export async function nodesSeen({ lab }: LabCluster): Promise<readonly string[]> {
  const command = `kubectl --kubeconfig=/etc/kubernetes/admin.conf get nodes -o jsonpath='{range .items[*]}${COLUMNS}{"\\n"}{end}'`;
  const { stdout } = await lab.exec('cp1', command);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim());
}
