import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { type CertificateRequest, readCertificateRequest } from './certificate-request.ts';
import { kubectl, onControlPlane } from './kubectl.ts';
import { API } from './over-tls.ts';

/** A kubelet's request for a certificate to serve with, which nobody has decided on. */
export type ServingRequest = {
  readonly name: string;
  /** Who asked, as the API server knows them. */
  readonly username: string;
  readonly groups: readonly string[];
  readonly usages: readonly string[];
  /** Null where it cannot be read. */
  readonly asks: CertificateRequest | null;
};

interface RequestObject {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly username: string;
    readonly groups?: readonly string[];
    readonly usages?: readonly string[];
    readonly request: string;
  };
  readonly status?: { readonly conditions?: readonly unknown[] };
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/ (v1.34) */
export const SERVING_SIGNER = 'kubernetes.io/kubelet-serving';

/** Empty where no API server answers, too: who asks this asks for the nodes beside it. */
const family: Family<'pending', readonly ServingRequest[]> = {
  name: 'serving-requests',
  queue: API,
  script: () =>
    lines(
      onControlPlane('{}'),
      sh`${embed(kubectl)} --request-timeout=10s get certificatesigningrequests ${`--field-selector=spec.signerName=${SERVING_SIGNER}`} -o json 2>/dev/null || echo '{}'`,
    ),
  parse: (output) => {
    const { items = [] } = JSON.parse(output || '{}') as { readonly items?: readonly RequestObject[] };
    return [
      items
        .filter(({ status }) => (status?.conditions ?? []).length === 0)
        .map(({ metadata, spec }) => ({
          name: metadata.name,
          username: spec.username,
          groups: spec.groups ?? [],
          usages: spec.usages ?? [],
          asks: asked(spec.request),
        }))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    ];
  },
  bare: () => [],
};

export const servingRequests: Fact<readonly ServingRequest[]> = fact(family, 'pending');

function asked(request: string): CertificateRequest | null {
  try {
    return readCertificateRequest(Buffer.from(request, 'base64').toString('latin1'));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
