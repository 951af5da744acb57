import { describe, expect, test } from 'vitest';

import { formatEndpoint, parseEndpoint } from '#inventory/values/endpoint.ts';

describe('endpoint', () => {
  test.each([
    ['api.example.com:6443', 'api.example.com:6443'],
    ['api.example.com', 'api.example.com:6443'],
    ['10.0.0.1:8443', '10.0.0.1:8443'],
    ['[fd00::1]:6443', '[fd00::1]:6443'],
    ['fd00::1', '[fd00::1]:6443'],
    ['[fd00::1]', '[fd00::1]:6443'],
  ])('%s becomes %s', (text, endpoint) => {
    expect(formatEndpoint(parseEndpoint(text)!)).toBe(endpoint);
  });

  test.each([
    '',
    ':6443',
    'a:0',
    'a:65536',
    'a:b',
    'https://a:6443',
    'A:1',
    '10.0.0.256:1',
    '[a]:1',
    'a:1:2',
    'a/b:1',
  ])('%s is refused', (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });
});
