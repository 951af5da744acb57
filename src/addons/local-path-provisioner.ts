import { flag, text } from '#core/schema.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { makeDefault } from '#objects/default-storage-class.ts';
import { editObjects } from '#objects/edit-objects.ts';

import { defineAddon } from './addon.ts';

/** What the manifest says. */
const DEFAULT_PATH = '/opt/local-path-provisioner';

/**
 * Rancher's local path provisioner with a path of one's own, and its storage class as the default one or not.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/rancher/local-path-provisioner/blob/v0.0.37/README.md#configuration
 */
export const localPathProvisioner = defineAddon({
  name: 'local-path-provisioner',
  summary: "Volumes in directories of the nodes, by Rancher's provisioner; storage class local-path.",
  changes: '`path`, and whether the class is the default one',
  repository: 'rancher/local-path-provisioner',
  releases: [
    {
      version: '0.0.37',
      files: {
        'deploy/local-path-storage.yaml': '9781b39c24f3f651bd6d6e41b561e04e4904bbdb6d4f8c7a6009df3a702dcd65',
      },
    },
    {
      version: '0.0.36',
      files: {
        'deploy/local-path-storage.yaml': 'a5b4b057e4e400a2ca7188b03dc11303f874bfe600fc837d5446d86b3d13e26c',
      },
    },
  ],
  file: 'local-path-storage.yaml',
  namespaces: ['local-path-storage'],
  schema: {
    path: text('Where volumes lie on the nodes.', {
      wanted: 'an absolute path',
      pattern: '^/.*$',
      default: DEFAULT_PATH,
    }),
    isDefault: flag('Whether claims that name no storage class get this one.', { default: false }),
  },
  defaults: { path: DEFAULT_PATH, isDefault: false },
  render: ([manifest = ''], { settings: { path, isDefault } }) => {
    const withClass = isDefault ? editObjects(manifest, 'StorageClass', makeDefault) : manifest;
    if (path === DEFAULT_PATH) return withClass;
    if (!manifest.includes(JSON.stringify(DEFAULT_PATH))) throw pathNotFound(path);
    return editObjects(withClass, 'ConfigMap', (object) => {
      const settings = object.getIn(CONFIG);
      if (typeof settings !== 'string') return;
      object.setIn(CONFIG, settings.replaceAll(JSON.stringify(DEFAULT_PATH), JSON.stringify(path)));
    });
  },
});

const CONFIG = ['data', 'config.json'];

const pathNotFound = (path: string): SlipwayError =>
  new SlipwayError(
    `the manifest of local-path-provisioner does not name ${DEFAULT_PATH}, which ${path} would replace`,
    { code: 'addon-path', hint: 'leave out path, and write it into the manifest' },
  );
