import { expect, it } from 'vitest';

import { API_AWAY } from '#facts/kubectl.ts';

it.each([
  'The connection to the server 10.0.0.11:6443 was refused - did you specify the right host or port?',
  'Unable to connect to the server: EOF',
  'Unable to connect to the server: net/http: TLS handshake timeout',
  'Unable to connect to the server: http2: client connection lost',
  'Unable to connect to the server: read tcp 10.0.0.21:40822->10.0.0.11:6443: read: connection reset by peer',
  'error: Get "https://kubernetes-api.internal:8443/api/v1/nodes/w1": EOF',
  'Error from server: etcdserver: leader changed',
])('asks again after: %s', (said) => {
  expect(said).toMatch(new RegExp(API_AWAY));
});

it.each([
  'Error from server (NotFound): nodes "w1" not found',
  'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
])('does not ask again after: %s', (said) => {
  expect(said).not.toMatch(new RegExp(API_AWAY));
});
