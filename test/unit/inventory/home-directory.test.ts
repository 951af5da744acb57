import { describe, expect, test } from 'vitest';

import { inventory, parse } from './inventory-fixture.ts';

const knownHosts = async (options: Parameters<typeof parse>[1]) =>
  (await parse(inventory('ssh: {knownHosts: ~/known}'), options)).cluster.ssh.knownHosts;

describe('home directory', () => {
  test('is HOME of the environment, unless it is given', async () => {
    const env = { HOME: '/home/env' };
    expect(await knownHosts({ env, home: undefined })).toBe('/home/env/known');
    expect(await knownHosts({ env, home: '/home/given' })).toBe('/home/given/known');
  });

  test('must be known where a path is in it', async () => {
    await expect(knownHosts({ env: {}, home: undefined })).rejects.toMatchObject({
      code: 'no-home',
      message: '~/known is in the home directory, and HOME is not set',
    });
  });
});
