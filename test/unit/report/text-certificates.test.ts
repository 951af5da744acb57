import { describe, expect, it, test } from 'vitest';

import { certificateList, type CertificateRow, isUrgent } from '#report/certificate-list.ts';
import { renderTextCertificates, timeLeft } from '#report/text-certificates.ts';

import { nothing } from '../../cli/fixture-plans.ts';

const NOW = Date.parse('2026-11-28T00:00:00Z');
const one = (path: string, notAfter: string, state: CertificateRow['state']) => ({
  path,
  mtime: '1.000000000',
  state,
  subject: 'CN=x',
  issuer: 'kubernetes',
  notAfter,
  names: [],
});
const PKI = '/etc/kubernetes/pki';
const found = [
  one(`${PKI}/ca.crt`, '2036-11-18T01:44:29Z', 'valid'),
  one(`${PKI}/apiserver.crt`, '2026-12-18T01:44:29Z', 'due'),
  one(`${PKI}/front-proxy-client.crt`, '2026-11-25T00:00:00Z', 'expired'),
  one('/var/lib/kubelet/pki/kubelet.crt', '2026-11-20T00:00:00Z', 'expired'),
  one(`${PKI}/etcd/peer.crt`, '', 'unreadable'),
];
const plan = { ...nothing, facts: { cp1: { certificates: { '{}': found } } } };
const list = certificateList(plan, NOW);

test('certificates stand in the order of their ends, with what is to be done about them', () => {
  expect(renderTextCertificates(list, { color: false })).toBe(`Cluster lab

EXPIRES IN    ON          HOST  CERTIFICATE                                 SIGNED BY
unreadable    -           cp1   /etc/kubernetes/pki/etcd/peer.crt           kubernetes
ended 8d ago  2026-11-20  cp1   /var/lib/kubelet/pki/kubelet.crt            kubernetes
ended 3d ago  2026-11-25  cp1   /etc/kubernetes/pki/front-proxy-client.crt  kubernetes
20d           2026-12-18  cp1   /etc/kubernetes/pki/apiserver.crt           kubernetes
9y 358d       2036-11-18  cp1   /etc/kubernetes/pki/ca.crt                  kubernetes

5 certificates, 1 to be renewed soon, 1 ended, 1 unreadable
`);
});

test('the urgent ones have a colour, and what a kubelet made for itself has none', () => {
  const shown = renderTextCertificates(list, { color: true });
  expect(shown).toContain('\u001B[31mended 3d ago');
  expect(shown).toContain('\u001B[33m20d');
  expect(shown).toContain('\u001B[32m9y 358d');
  expect(shown).toContain('\u001B[2mended 8d ago');
  expect(list.certificates.filter(isUrgent)).toHaveLength(3);
});

describe('time that is left', () => {
  it.each([
    [0, '0d'],
    [364, '364d'],
    [365, '1y 0d'],
    [-1, 'ended 1d ago'],
    [null, 'unreadable'],
  ])('%s days: %s', (days, text) => {
    expect(timeLeft(days)).toBe(text);
  });
});
