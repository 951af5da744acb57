import { joinManifests } from '#core/join-manifests.ts';
import { flag, text, textList } from '#core/schema.ts';
import { makeDefault } from '#objects/default-storage-class.ts';
import { objectTemplate, writeObjects } from '#objects/object-templates.ts';

import { defineAddon } from './addon.ts';

const RBAC = '312de689d07627330d8280e50d7b51357e0b5f5ca0d8aa75794aec460ee4cff0';
const DRIVER_INFO = 'fa2bba4674821b3317d1e016f3c9d54abe04fcdc6fed3fce9e58994c8311c4a0';

/** What the project's install-driver.sh applies, in its order; snapshots are left out, as there. */
const filesOf = (version: string, controller: string, node: string): Readonly<Record<string, string>> => ({
  [`deploy/v${version}/rbac-csi-nfs.yaml`]: RBAC,
  [`deploy/v${version}/csi-nfs-driverinfo.yaml`]: DRIVER_INFO,
  [`deploy/v${version}/csi-nfs-controller.yaml`]: controller,
  [`deploy/v${version}/csi-nfs-node.yaml`]: node,
});

const defaults = {
  server: '',
  share: '/',
  className: 'nfs-csi',
  isDefault: false,
  mountOptions: ['nfsvers=4.1'],
};

/**
 * The NFS driver of Kubernetes' own storage group, and a storage class that makes a directory of an NFS server for each claim.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/kubernetes-csi/csi-driver-nfs/blob/v4.13.4/docs/driver-parameters.md
 */
export const csiDriverNfs = defineAddon({
  name: 'csi-driver-nfs',
  summary: 'Volumes in directories of an NFS server, by the CSI driver of kubernetes-csi.',
  changes: 'a storage class of `server` and `share` comes with it, where `server` is said',
  repository: 'kubernetes-csi/csi-driver-nfs',
  releases: [
    {
      version: '4.13.4',
      files: filesOf(
        '4.13.4',
        'dcc1aa5188c93bea3a3239175ce4e9ac577702818c4fb9fa611a0039aa5ab255',
        'b66104b44d4569c926e11af5c6c3858fbc38fd16099b206fc4a0dc0f7fcd94d2',
      ),
    },
    {
      version: '4.12.1',
      files: filesOf(
        '4.12.1',
        'fa43cfe8b345ea236a3cca47dd9dc677769d71544f803d53e280e1bf12c0c19a',
        'a89e0230cc723a6e4cb6b1ad96838e370e88b065bcf3f7adf89cfefb4c0a3b7e',
      ),
    },
  ],
  file: 'csi-driver-nfs.yaml',
  namespaces: [],
  schema: {
    server: text('The NFS server of the storage class, by name or address; without one there is no class.', {
      wanted: 'a name or an address',
      pattern: '^[^\\s/]+$',
      examples: ['nfs.example.com'],
    }),
    share: text('What of the server is used; a directory below it is made for each claim.', {
      wanted: 'an absolute path',
      pattern: '^/.*$',
      default: defaults.share,
    }),
    className: text('The name of the storage class.', {
      wanted: 'lower-case letters, digits and -',
      pattern: '^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$',
      default: defaults.className,
    }),
    isDefault: flag('Whether claims that name no storage class get this one.', { default: false }),
    mountOptions: textList('How its volumes are mounted.', {
      wanted: 'a list of options',
      item: 'an option of mount',
      default: defaults.mountOptions,
    }),
  },
  defaults,
  render: (files, { settings: { server, share, className, isDefault, mountOptions } }) => {
    const driver = joinManifests(files);
    if (server === '') return driver;
    const storageClass = objectTemplate('addons/nfs-storage-class.yaml', {
      className,
      server,
      share,
      mountOptions,
    });
    if (isDefault) makeDefault(storageClass);
    return [driver, '---\n', writeObjects([storageClass])].join('');
  },
});
