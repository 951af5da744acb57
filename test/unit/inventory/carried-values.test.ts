import { describe, expect, it } from 'vitest';

import { parse } from './inventory-fixture.ts';

const withFlag = (value: string): Promise<unknown> =>
  parse(`
kubernetes: {version: 1.34.9}
hosts:
  - {name: cp1, role: control-plane, kubeletExtraArgs: {node-labels: ${JSON.stringify(value)}}}
`);

describe('flags of a kubelet', () => {
  it.each(['4 5', '4"', "a'b", 'a\\b', '$HOME', 'a=b,c=d e', 'a\tb', 'a\nb'])(
    'that the file of kubeadm cannot carry are refused with their place: %j',
    async (value) => {
      await expect(withFlag(value)).rejects.toThrow(/4:\d+.*cannot carry them/);
    },
  );

  it.each(['4', 'a=b,c=d', 'unix:///run/x.sock', '*=5', ''])('that it can are taken: %j', async (value) => {
    await expect(withFlag(value)).resolves.toBeDefined();
  });
});

const ignoring = (name: string): Promise<unknown> =>
  parse(`
kubernetes: {version: 1.34.9}
ignoreChecks: [${name}]
hosts:
  - {name: cp1, role: control-plane}
`);

describe('checks that are ignored', () => {
  it('must be there, and the one that was meant is named', async () => {
    await expect(ignoring('Numcpu')).rejects.toThrow(/3:16.*must be the name of a check.*NumCPU/s);
    await expect(ignoring('Port-6443')).resolves.toBeDefined();
  });
});
