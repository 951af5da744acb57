import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import { realKubernetes } from '../../../scripts/demo/real-kubernetes.ts';

/** A repository that has the key of 1.34 and nothing else. */
async function repository(): Promise<string> {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/core:/stable:/v1.34/deb/Release.key' ? 200 : 404).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('a real demo takes the packages and images that are there', async () => {
  const env = { SLIPWAY_LAB_REPO: await repository(), SLIPWAY_LAB_IMAGES: '/images' };
  expect(await realKubernetes('1.34.9', env)).toEqual({ env });
});

it('a real demo says what is missing, and how to get it', async () => {
  const url = await repository();
  expect(await realKubernetes('1.35.6', { SLIPWAY_LAB_REPO: url })).toEqual({
    missing: expect.stringContaining(
      `${url}/core:/stable:/v1.35/deb/Release.key: it answers 404.`,
    ) as unknown,
  });
  expect(await realKubernetes('1.34.9', { SLIPWAY_LAB_REPO: 'http://127.0.0.1:1' })).toEqual({
    missing: expect.stringContaining('it is not reached from here') as unknown,
  });
  expect(await realKubernetes('1.34.9', { SLIPWAY_LAB_REPO: url })).toEqual({
    missing: expect.stringContaining('kubeadm config images list --kubernetes-version v1.34.9') as unknown,
  });
});
