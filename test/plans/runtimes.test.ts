import { describe, expect, it } from 'vitest';

import { planned } from './planned.ts';

describe('a runtime by its name alone', () => {
  it.each(['containerd', 'docker', 'cri-o'])('is planned: %s', async (type) => {
    const { nodes } = await planned(`kubernetes: { version: '1.35.8' }
runtime: { type: ${type} }
hosts: [{ name: cp1, address: 10.0.0.11, role: control-plane }]
`);
    const unit = { containerd: 'containerd', docker: 'docker', 'cri-o': 'crio' }[type];
    expect(nodes.map(({ id }) => id)).toContain(`cp1/runtime/unit:${unit}.service`);
  });
});
