import type { Host } from './cluster.ts';
import { globExpression } from './glob.ts';

/** What of a host a selector looks at. */
export type Selectable = Pick<Host, 'name' | 'role' | 'labels' | 'group'>;

/**
 * Whether a host is one of those that a text stands for: `w*` by name, `group:gpu`, `role:worker`, or by a label of the
 * inventory, `label:pool=batch`. In all of them `*` is any text and `?` any character.
 */
export function hostSelector(text: string): (host: Selectable) => boolean {
  const [, kind, wanted = ''] = /^(group|role|label):(.*)$/s.exec(text) ?? [];
  const expression = globExpression(kind === undefined ? text : wanted);
  if (kind === 'group') return ({ group }) => group !== undefined && expression.test(group);
  if (kind === 'role') return ({ role }) => expression.test(role);
  if (kind === 'label')
    return ({ labels }) => Object.entries(labels).some(([key, value]) => expression.test(`${key}=${value}`));
  return ({ name }) => expression.test(name);
}

/** How one is written, for messages. */
export const SELECTOR = 'a name or a pattern such as w*, group:NAME, role:worker, or label:KEY=VALUE';
