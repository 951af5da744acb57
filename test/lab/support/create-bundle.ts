// Makes a bundle of an inventory whose images all come from one registry, also where its hosts could not be told of such a
// mirror, as Docker cannot:
//   node test/lab/support/create-bundle.ts INVENTORY REGISTRY OUT [RELEASE=FILE]...
import { readFile } from 'node:fs/promises';
import process, { argv, env } from 'node:process';

import { openSlipway } from '#slipway.ts';

import { IMAGES } from './site.ts';

const [, , inventory = '', url = '', out = '', ...given] = argv;
const sources = await Promise.all(
  given.map(async (one) => {
    const [release = '', path = ''] = one.split('=');
    return [release, await readFile(path, 'utf8')] as const;
  }),
);
const { cluster } = await openSlipway([inventory], { env });
const endpoint = (at: string) => ({ url: at, skipVerify: false });
const registries = Object.keys(IMAGES).map((host) => ({
  host,
  endpoint: endpoint(`https://${host}`),
  mirrors: [endpoint(url)],
}));
await using slipway = await openSlipway({ ...cluster, registries }, { env });
const index = await slipway.bundle({ out, sources: new Map(sources) }, '0.0.0');
process.stdout.write(`${index.images.length} images\n`);
