import { parseDocument } from 'yaml';

import type { LocalPath } from '#core/addons.ts';
import { SlipwayError } from '#core/slipway-error.ts';

/**
 * Rancher's local path provisioner with a path of one's own, and its storage class as the default one or not.
 *
 * @see https://github.com/rancher/local-path-provisioner/blob/v0.0.37/README.md#configuration
 * @see https://kubernetes.io/docs/tasks/administer-cluster/change-default-storage-class/ (v1.34)
 */
export function renderLocalPath(manifest: string, { path, isDefault }: LocalPath): string {
  if (path !== DEFAULT_PATH && !manifest.includes(JSON.stringify(DEFAULT_PATH))) {
    throw new SlipwayError(
      `the manifest of local-path-provisioner does not name ${DEFAULT_PATH}, which ${path} would replace`,
      {
        code: 'addon-path',
        hint: 'leave out path, and write it into the manifest',
      },
    );
  }
  return manifest
    .split(/^(---(?:[ \t].*)?\n)/m)
    .map((text) => {
      if (isDefault && /^kind: StorageClass$/m.test(text)) {
        const document = parseDocument(text);
        document.setIn(['metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class'], 'true');
        return document.toString({ lineWidth: 0 });
      }
      if (path === DEFAULT_PATH || !/^kind: ConfigMap$/m.test(text)) return text;
      return text.replaceAll(JSON.stringify(DEFAULT_PATH), JSON.stringify(path));
    })
    .join('');
}

/** What the manifest says. */
const DEFAULT_PATH = '/opt/local-path-provisioner';
