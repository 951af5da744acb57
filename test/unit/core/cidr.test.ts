import { BlockList } from 'node:net';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addressBlock, formatCidr, masked, overlaps, parseCidr } from '#core/cidr.ts';

describe('CIDR', () => {
  test.each(['10.0.0.0/8', '0.0.0.0/0', '1.2.3.4/32', 'fd00::/8', '::/0', 'fd00:10:244::/56', '::1/128'])(
    '%s is read and written alike',
    (text) => {
      const cidr = parseCidr(text);
      expect(cidr).toBeDefined();
      expect(formatCidr(cidr!)).toBe(text);
    },
  );

  test.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0/8',
    '10.0.0.256/8',
    '10.0.0.0/8/8',
    'fd00::/129',
    'fe80::%1/64',
    'x/8',
    '/8',
    '',
  ])('%s is refused', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test('host bits are seen and taken away', () => {
    const cidr = parseCidr('10.96.1.0/12')!;
    expect(formatCidr(cidr)).toBe('10.96.1.0/12');
    expect(formatCidr(masked(cidr))).toBe('10.96.0.0/12');
    expect(formatCidr(masked(parseCidr('fd00:10:244::1/56')!))).toBe('fd00:10:244::/56');
  });

  test('families never overlap', () => {
    expect(overlaps(parseCidr('0.0.0.0/0')!, parseCidr('::/0')!)).toBe(false);
  });

  test('IPv4 in IPv6 is read', () => {
    expect(addressBlock('::ffff:1.2.3.4')).toEqual(addressBlock('::ffff:102:304'));
  });
});

/** Whether our text for an address is the address that the runtime reads. */
function isReadAlike(text: string, family: 'ipv4' | 'ipv6'): boolean {
  const list = new BlockList();
  list.addAddress(text, family);
  return list.check(formatCidr(addressBlock(text)!).split('/')[0]!, family);
}

test.each([
  ['ipv4', fc.ipV4()],
  ['ipv6', fc.ipV6()],
] as const)('%s address is read as the runtime reads it', (family, address) => {
  fc.assert(
    fc.property(address, (text) => {
      expect(isReadAlike(text, family)).toBe(true);
    }),
  );
});

/** Blocks within one small block, so that all of its addresses can be tried. */
const smallBlock = fc
  .tuple(fc.nat(255), fc.integer({ min: 24, max: 32 }))
  .map(([last, prefix]) => ({ text: `10.1.2.${last}/${prefix}`, last, prefix }));

const addressesOf = ({ last, prefix }: { last: number; prefix: number }): ReadonlySet<number> => {
  const size = 2 ** (32 - prefix);
  const start = last - (last % size);
  return new Set(Array.from({ length: size }, (_, index) => start + index));
};

test('overlap is an address in common', () => {
  fc.assert(
    fc.property(smallBlock, smallBlock, (left, right) => {
      const isShared = !addressesOf(left).isDisjointFrom(addressesOf(right));
      expect(overlaps(parseCidr(left.text)!, parseCidr(right.text)!)).toBe(isShared);
    }),
    { numRuns: 1000 },
  );
});

test('overlap is symmetric, and every block overlaps with itself', () => {
  const block = fc
    .tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }))
    .map(([address, prefix]) => parseCidr(`${address}/${prefix}`)!);
  fc.assert(
    fc.property(block, block, (left, right) => {
      expect(overlaps(left, right)).toBe(overlaps(right, left));
      expect(overlaps(left, left)).toBe(true);
    }),
  );
});
