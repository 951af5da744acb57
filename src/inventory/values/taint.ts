import type { Taint } from '#core/cluster.ts';

import type { TaintDocument } from '#inventory/schema-host.ts';
import { labelValueFault, qualifiedNameFault } from './kubernetes-name.ts';

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** A taint in either notation; the text one is kubectl's: `key=value:Effect` or `key:Effect`. */
export function readTaint(written: string | TaintDocument): Taint | { readonly fault: string } {
  const taint = typeof written === 'string' ? parse(written) : written;
  if (taint === undefined) return { fault: 'must be key=value:Effect or key:Effect' };
  const { key, value = '', effect } = taint;

  if (!isEffect(effect)) return { fault: `has an effect that is not ${EFFECTS.join(', ')}` };
  const keyFault = qualifiedNameFault(key);
  if (keyFault !== undefined) return { fault: `has the key ${JSON.stringify(key)}, which ${keyFault}` };
  const valueFault = labelValueFault(value);
  if (valueFault !== undefined)
    return { fault: `has the value ${JSON.stringify(value)}, which ${valueFault}` };
  return { key, value, effect };
}

function parse(text: string): { key: string; value: string; effect: string } | undefined {
  const [, key, value = '', effect] = /^([^=:]+)(?:=([^:]*))?:([^:]+)$/.exec(text) ?? [];
  return key === undefined || effect === undefined ? undefined : { key, value, effect };
}

const isEffect = (text: string): text is Taint['effect'] => EFFECTS.includes(text);
