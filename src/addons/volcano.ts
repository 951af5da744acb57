import { editObjects } from '#objects/edit-objects.ts';

import { defineAddon } from './addon.ts';

/**
 * Volcano as its project publishes it. Its admission Job carries the version in its name, or the digest of a file
 * of the operator's: a Job cannot be changed, so that of another version is another Job, as the chart's hook would
 * make it.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/volcano-sh/volcano/blob/v1.15.1/installer/volcano-development.yaml
 */
export const volcano = defineAddon({
  name: 'volcano',
  summary: 'Volcano: gang scheduling, queues and batch jobs.',
  changes: 'the name of its admission Job has the version in it: a Job cannot be changed',
  repository: 'volcano-sh/volcano',
  releases: [
    {
      version: '1.15.1',
      files: {
        'installer/volcano-development.yaml':
          'b5fb45a57bcd1132be7055354999d244266873710609afd1f162005772d15c41',
      },
    },
    {
      version: '1.14.4',
      files: {
        'installer/volcano-development.yaml':
          'fe5626e9a3f3f363e9426b9c3c340a630892b0fb29e303be463239fdd11c974b',
      },
    },
  ],
  file: 'volcano.yaml',
  namespaces: ['volcano-system'],
  schema: {},
  defaults: {},
  render: ([manifest = ''], { version, sources, isOwn }) =>
    editObjects(manifest, 'Job', (job) => {
      const suffix = isOwn ? sources[0]?.sha256.slice(0, 8) : version?.replaceAll('.', '-');
      const name = job.getIn(['metadata', 'name']);
      if (name === 'volcano-admission-init') job.setIn(['metadata', 'name'], `${name}-${suffix}`);
    }),
});
