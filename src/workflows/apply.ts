import type { Workflow } from '#core/workflow.ts';
import { addons } from '#phases/addons.ts';
import { bundle } from '#phases/bundle.ts';
import { certificates } from '#phases/certificates.ts';
import { controlPlane } from '#phases/control-plane.ts';
import { controlPlaneSpeaker } from '#phases/control-plane-speaker.ts';
import { etcd } from '#phases/etcd.ts';
import { files } from '#phases/files.ts';
import { gpu } from '#phases/gpu.ts';
import { withHooks } from '#phases/hooks.ts';
import { host } from '#phases/host.ts';
import { images } from '#phases/images.ts';
import { join } from '#phases/join.ts';
import { kernel } from '#phases/kernel.ts';
import { kubelet } from '#phases/kubelet.ts';
import { kubeProxy } from '#phases/kube-proxy.ts';
import { kubernetes } from '#phases/kubernetes.ts';
import { leavingLeftovers, leavingNodes, leavingPurge, leavingReset } from '#phases/leaving.ts';
import { loadBalancer } from '#phases/load-balancer.ts';
import { names } from '#phases/names.ts';
import { network } from '#phases/network.ts';
import { nodes } from '#phases/nodes.ts';
import { nvidia } from '#phases/nvidia.ts';
import { preflight } from '#phases/preflight.ts';
import { proxy } from '#phases/proxy.ts';
import { pull } from '#phases/pull.ts';
import { runtime } from '#phases/runtime.ts';
import { scheduler } from '#phases/scheduler.ts';
import { swap } from '#phases/swap.ts';
import { upgrade } from '#phases/upgrade.ts';
import { verify } from '#phases/verify.ts';

/** From bare machines to a cluster that works: the table of contents of slipway. */
export const applyWorkflow: Workflow = {
  name: 'apply',
  summary: 'from bare machines to a cluster that works',
  phases: [
    preflight,
    swap,
    kernel,
    names,
    proxy,
    bundle,
    host,
    files,
    runtime,
    nvidia,
    images,
    kubernetes,
    pull,
    loadBalancer,
    certificates,
    upgrade,
    controlPlane,
    leavingNodes,
    leavingReset,
    leavingLeftovers,
    leavingPurge,
    join,
    etcd,
    scheduler,
    kubelet,
    nodes,
    kubeProxy,
    network,
    gpu,
    addons,
    verify,
  ].map(withHooks),
  isDestructive: false,
  speaker: controlPlaneSpeaker,
};
