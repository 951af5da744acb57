import { describe, expect, test } from 'vitest';

import { fakeCli } from './fake-cli.ts';
import { gap, nothing } from './fixture-plans.ts';

const certificate = (notAfter: string, state: string) => ({
  path: '/etc/kubernetes/pki/apiserver.crt',
  mtime: '1.000000000',
  state,
  subject: 'CN=kube-apiserver',
  issuer: 'kubernetes',
  notAfter,
  names: [],
});
const having = (state: string) => ({
  plan: {
    ...nothing,
    facts: { cp1: { certificates: { '{}': [certificate('2026-12-18T00:00:00Z', state)] } } },
  },
});

describe('certs', () => {
  test('shows when they end, as text and as JSON', async () => {
    const text = await fakeCli(['certs'], having('due'));
    expect(text).toMatchObject({ code: 0 });
    expect(text.stdout).toMatch(
      /^20d +2026-12-18 +cp1 +\/etc\/kubernetes\/pki\/apiserver\.crt +kubernetes$/m,
    );
    const { stdout } = await fakeCli(['certs', '--format', 'json'], having('due'));
    expect(JSON.parse(stdout)).toMatchObject({ certificates: [{ host: 'cp1', daysLeft: 20, state: 'due' }] });
  });

  test('with --detailed-exitcode exits with 2 when one is due, and with 6 when a host could not be asked', async () => {
    expect((await fakeCli(['certs', '--detailed-exitcode'], having('due'))).code).toBe(2);
    expect((await fakeCli(['certs', '--detailed-exitcode'], having('valid'))).code).toBe(0);
    expect((await fakeCli(['certs', '--detailed-exitcode'], { plan: gap })).code).toBe(6);
  });
});
