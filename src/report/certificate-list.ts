import type { Plan } from '#core/plan.ts';
import { type CertificateAnswer, certificatesIn } from '#facts/certificates.ts';

/** A certificate in a file of a host. */
export interface CertificateRow extends CertificateAnswer {
  readonly host: string;
  /** False where nobody trusts it by its authority: what a kubelet has made for itself, to serve with. */
  readonly isChecked: boolean;
  /** Whole days that are left of it; below 0 where it has ended. Null where it cannot be read. */
  readonly daysLeft: number | null;
}

/** The certificates of a cluster: plain JSON. */
export interface CertificateList {
  readonly cluster: string;
  /** What ends first stands first. */
  readonly certificates: readonly CertificateRow[];
  /** Hosts that could not be asked, and why. */
  readonly unreachable: Readonly<Record<string, string>>;
}

const DAY_MS = 24 * 3_600_000;

/** @param plan whose hosts were asked for their certificates. */
export function certificateList({ cluster, hosts, facts }: Plan, nowMs: number): CertificateList {
  const rows = hosts.flatMap(({ name }) =>
    certificatesIn(facts[name]).map((one) => ({
      host: name,
      ...one,
      isChecked: !one.path.endsWith('/pki/kubelet.crt'),
      daysLeft: one.notAfter === '' ? null : Math.floor((Date.parse(one.notAfter) - nowMs) / DAY_MS),
    })),
  );
  return {
    cluster,
    // What is the same for both stays in the order of the inventory.
    certificates: rows.toSorted((left, right) => compare(left.notAfter, right.notAfter)),
    unreachable: Object.fromEntries(
      hosts.flatMap(({ name, unreachable }) => (unreachable === undefined ? [] : [[name, unreachable]])),
    ),
  };
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Whether something is to be done about a certificate. */
export const isUrgent = ({ state, isChecked }: CertificateRow): boolean => state !== 'valid' && isChecked;
