import { CONTROL_PLANE_TAINT, type Host, type Taint } from '#core/cluster.ts';
import { list, type Schema, type ValidPart } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { type Finding, quoteValue } from '#inventory/text/problem.ts';
import { labelValueFault, qualifiedNameFault } from '#inventory/values/kubernetes-name.ts';

import type { HostContext } from './expand-hosts.ts';

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export interface TaintDocument {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

const taint: Schema<string | TaintDocument> = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      required: ['key', 'effect'],
      properties: {
        key: { type: 'string', errorMessage: 'must be a string', description: "The taint's key." },
        value: {
          type: 'string',
          errorMessage: 'must be a string',
          description: "The taint's value; empty by default.",
        },
        effect: {
          enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
          errorMessage: 'must be NoSchedule, PreferNoSchedule or NoExecute',
          description: 'What happens to pods that do not tolerate the taint.',
        },
      },
      additionalProperties: false,
    },
  ],
  errorMessage: 'must be key=value:Effect, key:Effect, or a map of key, value and effect',
};

const schema = list(
  taint,
  'Taints of the node, in place of those of its group or the defaults. A control plane has node-role.kubernetes.io/control-plane:NoSchedule unless a list stands here; an empty list lets pods onto it.',
  { examples: [['nvidia.com/gpu=present:NoSchedule']], wanted: 'a list of taints' },
);

export const taints: Section<typeof schema, Pick<Host, 'taints'>, HostContext> = {
  schema,
  validate: (written, _, path) => {
    const seen = new Set<string>();
    return (written ?? []).flatMap((item, index): readonly Finding[] => {
      if (item === null) return [];
      const found = readTaint(item);
      if ('fault' in found) {
        const got = typeof item === 'string' ? { got: quoteValue(item) } : {};
        return [{ path: [...path, index], message: found.fault, ...got }];
      }
      const identity = `${found.key}:${found.effect}`;
      if (seen.has(identity)) return [{ path: [...path, index], message: `${identity} stands here twice` }];
      seen.add(identity);
      return [];
    });
  },
  /**
   * As with kubeadm, only a control plane of which nothing is said has a taint.
   *
   * @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ (NodeRegistrationOptions.taints, v1.34)
   */
  build: (written, { host: { settings } }: HostContext) => {
    if (written === undefined) {
      return { taints: settings.role === 'control-plane' ? [CONTROL_PLANE_TAINT] : [] };
    }
    const built = written.map((item) => {
      const found = readTaint(item);
      if ('fault' in found) throw new TypeError(`a taint that was not checked ${found.fault}`);
      return found;
    });
    return { taints: built };
  },
};

/** A taint in either notation; the text one is kubectl's: `key=value:Effect` or `key:Effect`. */
export function readTaint(written: string | ValidPart<TaintDocument>): Taint | { readonly fault: string } {
  const { key, value = '', effect } = typeof written === 'string' ? parse(written) : written;
  if (key === undefined || effect === undefined) return { fault: 'must be key=value:Effect or key:Effect' };

  if (!isEffect(effect)) return { fault: `has an effect that is not ${EFFECTS.join(', ')}` };
  const keyFault = qualifiedNameFault(key);
  if (keyFault !== undefined) return { fault: `has the key ${JSON.stringify(key)}, which ${keyFault}` };
  const valueFault = labelValueFault(value);
  if (valueFault !== undefined)
    return { fault: `has the value ${JSON.stringify(value)}, which ${valueFault}` };
  return { key, value, effect };
}

function parse(text: string): ValidPart<TaintDocument> {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:([^:]+)$/.exec(text) ?? [];
  return key === undefined || effect === undefined
    ? {}
    : { key, effect, ...(value !== undefined && { value }) };
}

const isEffect = (text: string): text is Taint['effect'] => EFFECTS.includes(text);
