import { change, none, type Resource, resource } from '#core/resource.ts';
import { cloudInitState } from '#facts/cloud-init.ts';
import { cloudInitTroubles } from '#facts/diagnosis.ts';
import { pathKind } from '#facts/path.ts';

/** Packages that it upgrades over a slow line take minutes. */
const TIMEOUT_MS = 5 * 60_000;

/**
 * A machine that cloud-init has done with: at the first boot it writes apt's sources, installs packages and may reboot. A
 * machine that has become a node is past that, whatever cloud-init is still at.
 *
 * @param kubeletConfiguration the file by which a node is known.
 */
export const cloudInit = (kubeletConfiguration: string): Resource =>
  resource({
    address: 'cloud-init',
    facts: { cloudInit: cloudInitState, kubelet: pathKind(kubeletConfiguration) },
    settle: { timeoutMs: TIMEOUT_MS, pauseMs: 2000, diagnosis: cloudInitTroubles },
    diff: ({ cloudInit: { isRunning, stage }, kubelet }) => {
      if (!isRunning) return none('cloud-init is not at work');
      const from = `running${stage === null ? '' : ` (${stage})`}`;
      if (kubelet === 'file') return none(`cloud-init is ${from}, on a machine that is a node`);
      return { ...change([{ what: 'cloud-init', from, to: 'ended' }]), check: 'CloudInit' };
    },
  });
