import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Outcome } from '#core/resource.ts';
import { readCertificateRequest } from '#facts/certificate-request.ts';
import { servingRequests, type ServingRequest } from '#facts/serving-requests.ts';
import { isServingBootstrapped, servingCertificate } from '#resources/cluster/serving-certificate.ts';

/** Requests that openssl 3.0 has made; what they ask for, their names tell. */
const REQUESTS = {
  good: 'MIIBIzCBygIBADAwMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxFzAVBgNVBAMMDnN5c3RlbTpub2RlOncxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEF1Kh/qR1RChZ/FmThPcLsgILJY+utcMZT3MUglYUPZga95PMw3W77BfHoIFNROwWkcADFXlj5BIqwt+nZUP+H6A4MDYGCSqGSIb3DQEJDjEpMCcwJQYDVR0RBB4wHIICdzGHBAoAAAyHEP0AAAAAAAAAAAAAAAAAABIwCgYIKoZIzj0EAwIDSAAwRQIgQ0SORV1Zh0cv6LCGN28JEyE55z8PMSEmqFDQ9pK6V/wCIQCIIQvucWJeq4QwpdorhusM9PDyZedC6ezJxG4LG7dmqA==',
  bare: 'MIHsMIGSAgEAMDAxFTATBgNVBAoMDHN5c3RlbTpub2RlczEXMBUGA1UEAwwOc3lzdGVtOm5vZGU6dzEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQLHexzSSsWUrpKjL1njUcZFaiDVxW4MZGgpToH62jKvZq+gGZN5mFrY6KlLERvJuN6PguxAR/u7oiU17ZT/GWToAAwCgYIKoZIzj0EAwIDSQAwRgIhAI6A8BTIt85vdRxu4jaJT2yv8xGfntO0fv/gPJbGE5MmAiEA8GbMMWjhlDIFo/TfaOYjPjHu7LRfKKLjYA2/0kdw8B4=',
  masters:
    'MIIBIzCBywIBADBJMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMRcwFQYDVQQDDA5zeXN0ZW06bm9kZTp3MTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABK0bcYHWs8Umse9VcTgGbAHgmT4+ZTJq4sOPva38o49juRUzuym3M+G44lOs7wPmwseRzWx/q/jpoZIAn+RlHcagIDAeBgkqhkiG9w0BCQ4xETAPMA0GA1UdEQQGMASCAncxMAoGCCqGSM49BAMCA0cAMEQCIAS28mFyxuQ257eMky+uqDGv4L+LYj0vT/R7jU1J/vIQAiB/PvCf/ZgSVW/bzJeKeWiN4jPAZKxbQfIepCeYcabozA==',
  foreign:
    'MIIBGTCBwQIBADAwMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxFzAVBgNVBAMMDnN5c3RlbTpub2RlOncxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmJSXHwMFMiOxD141yqA7x4r9PoUd4R1auKJ/IQIKD0Y9A9m9SIriCZajpje4qgKngHSQNskzxUvX67+zhhplH6AvMC0GCSqGSIb3DQEJDjEgMB4wHAYDVR0RBBUwE4ICdzGCB2FwaS5sYWKHBAoAAAswCgYIKoZIzj0EAwIDRwAwRAIgX8ouEE3zM9yB+nPnSnLcvgSohuRpG4IOWhXrFMPsr2wCIH4DZx+9jFpNg4F2UdoswVNJXqnLZKr8gUZNeblvJ05u',
  uri: 'MIIBHDCBwwIBADAwMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxFzAVBgNVBAMMDnN5c3RlbTpub2RlOncxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEe2KgOoJL+nI3DB+nK/voxofE+xoluB1IAd7TR6BO+lNMAGO1k33kju6OSGALvssS59YYsrn8BFPVAm93RYNDd6AxMC8GCSqGSIb3DQEJDjEiMCAwHgYDVR0RBBcwFYICdzGGCnNwaWZmZTovL2GBA2FAYjAKBggqhkjOPQQDAgNIADBFAiEA1O5xI8uaIuCJ7sMHLTlQqxv7Xhx+PjJixAuYy5LDwRICIDBUTUr3Az0WTuxipd9EKVMBMhlGInwZuJ57S41WkM8I',
  other:
    'MIIBDTCBtAIBADAxMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxGDAWBgNVBAMMD3N5c3RlbTpub2RlOmNwMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOPP5o9+Hshm3T5c0ATG7WVZThC2SQI2F8lABEaprsmaThTuNZ4rJ354uRQYIOIukQ0tfFCBAYz6ex9E4l3nE4igITAfBgkqhkiG9w0BCQ4xEjAQMA4GA1UdEQQHMAWCA2NwMTAKBggqhkjOPQQDAgNIADBFAiEAhn/qBHI4JAqtcYpbrOLAhPB9cEYlUlTfYUMVMMG+EVACIACCK7VcLfirlQUY+jT00fqAagMrA200Q2QHABDqsXKw',
  rsa: 'MIICozCCAYsCAQAwMDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRcwFQYDVQQDDA5zeXN0ZW06bm9kZTp3MTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMUZBUy8b29EsB2CH9WGZl04H1qfTjDpbelAVGppQ+Utr10wyBq7ZrJ4FSUyBM0ruHRIKfRtzJd+6niU+gVT18ao2jSJ3LmtN+9T3mi5WiGa+XwMTMTBysMf63gOYyndhXLxtfrgEGmpmN0nVmIehuqWyrTiNF7Zm4h01CwReKhqx61Z+HPes5hg/vN/Lf6WWE6l24V9TLXUSyGqokhocBFh6U1gSzNKZW/R3mNCxgx+ab1cBBfT0fHoRmiMxsT07A0A73mtn8GePc5K46RhgIettoA074PiJhLs5MjN9ipD4oTNkbhhb0396GJf4YZKfDO1/I9vO/Z9uYjqPUTYGokCAwEAAaAuMCwGCSqGSIb3DQEJDjEfMB0wDQYDVR0RBAYwBIICdzEwDAYDVR0TAQH/BAIwADANBgkqhkiG9w0BAQsFAAOCAQEAVS4S4+JmskI8KaXBaLzNL6xSoB1Uf3/1gDM5iGBpS5oekFCebBNjXVLq1rIvxtxm5T70xtVilpbCTCE/3pv9u8npZuBHPc/FPZzLAZ9auUJ8z/FChlArCfQXbt/f8/nRjQAVxtVvKlEQvVl6Y5q2YVubO9eMBTLBXFESi297GgOXMGooateJa1i8eO4npYWblTTODYFxcj3DpIWsm2KzwqL4/5Gn9e3vIEKXOHdRHzWhmqIHyzjsgfRVM5q4K42lekvG/S+SoycSOFJwOxWaRJQFbTRwAd0ngXTcdZuSCZ1++eyn3y86bOXoV0QW5nXRL17xCVO0sETRTB3Lv0IMcg==',
};

const pem = (name: keyof typeof REQUESTS): string =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${REQUESTS[name]}\n-----END CERTIFICATE REQUEST-----\n`;

describe('a certificate request', () => {
  it('is read as openssl wrote it', () => {
    expect(readCertificateRequest(pem('good'))).toEqual({
      commonName: 'system:node:w1',
      organizations: ['system:nodes'],
      dnsNames: ['w1'],
      addresses: ['10.0.0.12', 'fd00:0:0:0:0:0:0:12'],
      others: 0,
    });
    expect(readCertificateRequest(pem('bare'))).toMatchObject({ dnsNames: [], addresses: [] });
    expect(readCertificateRequest(pem('uri'))).toMatchObject({ dnsNames: ['w1'], others: 2 });
    expect(readCertificateRequest(pem('masters'))).toMatchObject({
      organizations: ['system:nodes', 'system:masters'],
    });
    expect(readCertificateRequest(pem('rsa'))).toMatchObject({ dnsNames: ['w1'], others: 0 });
  });

  it('that is none is told by an error', () => {
    const cut = pem('good').replace(/.{60}\n-----END/, '\n-----END');
    for (const text of ['', 'x', '-----BEGIN CERTIFICATE REQUEST-----AAAA-----END', cut])
      expect(() => readCertificateRequest(text)).toThrow(RangeError);
  });
});

const USAGES = ['digital signature', 'server auth'];
const object = (name: string, request: string, more: object = {}, status: object = {}): object => ({
  metadata: { name },
  spec: {
    username: 'system:node:w1',
    groups: ['system:nodes', 'system:authenticated'],
    usages: USAGES,
    signerName: 'kubernetes.io/kubelet-serving',
    request: Buffer.from(request).toString('base64'),
    ...more,
  },
  status,
});
const parsed = (...items: readonly object[]): readonly ServingRequest[] => {
  const [answer = []] = servingRequests.family.parse(JSON.stringify({ items }), ['pending'] as never);
  return answer;
};

const w1 = { name: 'w1', role: 'worker', address: '10.0.0.12', kubelet: {} } as unknown as Host;
const cluster = {
  hosts: [{ ...w1, name: 'cp1', role: 'control-plane', address: '10.0.0.11' }, w1],
  kubernetes: {
    controlPlaneEndpoint: 'k8s.lab:6443',
    podSubnet: '10.244.0.0/16',
    serviceSubnet: '10.96.0.0/12,fd00:10:96::/112',
    kubelet: { serverTLSBootstrap: true },
  },
} as unknown as Cluster;
const ready = { state: 'ready', nodes: { w1: {} } };
const found = [{ interface: 'eth0', address: 'fd00::12', prefix: 64 }];
const resource = servingCertificate(cluster, w1);
const diff = (pending: readonly ServingRequest[], certificate = 'absent', api: object = ready): Outcome =>
  resource.diff({ api, pending, certificate, found } as never, { host: 'w1', changed: [] });

describe('the request of a kubelet', () => {
  it('is approved where it asks for what the machine is', () => {
    const outcome = diff(parsed(object('csr-2', pem('good')), object('csr-1', pem('rsa'))), 'file');
    expect(outcome).toMatchObject({
      answer: 'change',
      differences: [{ what: 'request of the kubelet for w1', from: 'pending', to: 'approved' }],
      steps: [{ summary: 'approve csr-1, csr-2' }],
    });
    expect(JSON.stringify(outcome)).toContain('certificate approve csr-1 csr-2');
  });

  it.each<[string, object, string]>([
    ['for names of others', object('csr-1', pem('foreign')), 'asks for api.lab, 10.0.0.11, which w1 is not'],
    ['for no name', object('csr-1', pem('bare')), 'asks for no name'],
    ['for names of another kind', object('csr-1', pem('uri')), 'asks for names of another kind'],
    [
      'for another group',
      object('csr-1', pem('masters')),
      'is for system:node:w1 of system:nodes, system:masters',
    ],
    ['for another node', object('csr-1', pem('other')), 'is for system:node:cp1 of system:nodes'],
    [
      'for a use that is not serving',
      object('csr-1', pem('good'), { usages: [...USAGES, 'client auth'] }),
      'is to be used for client auth',
    ],
    ['for no serving', object('csr-1', pem('good'), { usages: ['digital signature'] }), 'is not for serving'],
    [
      'of somebody who is no node',
      object('csr-1', pem('good'), { groups: ['system:authenticated'] }),
      'was not made by a node',
    ],
    ['that cannot be read', object('csr-1', 'nonsense'), 'cannot be read'],
  ])('is refused: one %s', (_, request, why) => {
    expect(diff(parsed(request))).toMatchObject({
      answer: 'refused',
      check: 'ServingCertificate',
      why: expect.stringContaining(`the request csr-1 for the kubelet of w1 ${why}`) as string,
      hint: expect.stringContaining('kubectl certificate deny csr-1') as string,
    });
    const { remedy, hopeless } = resource.settle;
    const answers = { pending: parsed(request), found } as never;
    expect(remedy?.steps(answers)).toEqual([]);
    expect(hopeless?.(answers)).toContain(why);
  });

  it.each([
    ['of another host', {}, 'fd00::12', { hosts: [...cluster.hosts, { name: 'w2', address: 'fd00::12' }] }],
    ['of the endpoint', { controlPlaneEndpoint: '[fd00::12]:6443' }, 'fd00::12', {}],
    ['of a Service', { serviceSubnet: '10.96.0.0/12,fd00::/112' }, 'fd00::12', {}],
    ['of a pod', { podSubnet: 'fd00::/64' }, 'fd00::12', {}],
  ])('is refused though the machine says that it has the address: one %s', (_, settings, address, more) => {
    const around = {
      ...cluster,
      ...more,
      kubernetes: { ...cluster.kubernetes, ...settings },
    } as unknown as Cluster;
    const answers = {
      api: ready,
      pending: parsed(object('csr-1', pem('good'))),
      certificate: 'file',
      found,
    } as never;
    const outcome = servingCertificate(around, w1).diff(answers, { host: 'w1', changed: [] });
    expect(outcome).toMatchObject({
      answer: 'refused',
      why: expect.stringContaining(`${address.replace('::', ':0:0:0:0:0:0:')}, which w1 is not`) as string,
    });
    // By the inventory the address is its own, whatever else lies around it.
    const own = { ...w1, nodeIp: '10.0.0.12', secondNodeIp: 'fd00::12' };
    expect(servingCertificate(around, own).diff(answers, { host: 'w1', changed: [] }).answer).toBe('change');
  });

  it('is none of ours where another node made it, or somebody has decided', () => {
    const others = parsed(
      object('csr-1', pem('foreign'), { username: 'system:node:w2' }),
      object('csr-2', pem('foreign'), {}, { conditions: [{ type: 'Denied' }] }),
    );
    expect(diff(others, 'file')).toMatchObject({ answer: 'none' });
  });

  it('is waited for while there is no certificate, and approved when it comes', () => {
    expect(diff([])).toMatchObject({
      answer: 'change',
      differences: [{ what: 'certificate to serve with', from: null }],
      steps: [],
    });
    const answers = { pending: parsed(object('csr-1', pem('good'))), found } as never;
    expect(resource.settle.remedy?.steps(answers)).toMatchObject([{ summary: 'approve csr-1' }]);
    expect(diff([], 'file')).toMatchObject({ answer: 'none' });
    expect(diff([], 'absent', { state: 'ready', nodes: {} })).toMatchObject({ answer: 'deferred' });
  });

  it('is looked for where the kubelet is told to make one', () => {
    const without = { kubernetes: { kubelet: {} } } as unknown as Cluster;
    const own = { kubelet: { serverTLSBootstrap: true } };
    const not = { kubelet: { serverTLSBootstrap: false } };
    expect([isServingBootstrapped(cluster, w1), isServingBootstrapped(without, own)]).toEqual([true, true]);
    expect([isServingBootstrapped(without, w1), isServingBootstrapped(cluster, not)]).toEqual([false, false]);
  });
});
