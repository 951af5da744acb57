import { isIP } from 'node:net';

import { expect, test } from 'vitest';

import { ipFamily } from '#core/ip-family.ts';

test.each([
  '10.0.0.1',
  '::',
  'fd00::11',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
  '',
  '10.1',
  'api.lab',
  'api:6443',
  ':',
])('%s is of the family that Node says', (text) => {
  expect(ipFamily(text)).toBe(isIP(text));
});
