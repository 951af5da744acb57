import type { Document } from 'yaml';

import { text, textList } from '#core/schema.ts';
import { editObjects } from '#objects/edit-objects.ts';
import { editArgs, firstContainer } from '#objects/first-container.ts';

import { defineAddon } from './addon.ts';

/** Where its images are, of its release notes and its manifest alike. */
const IMAGES = 'quay.io/jetstack';

/**
 * cert-manager as its project releases it: definitions, controller, CA injector and webhook.
 *
 * The digest is of the release's file as kubeflow/manifests keeps it (009c880, which fetches it from the release); its
 * definitions are those of the project's tree at v1.19.4.
 *
 * @see https://cert-manager.io/docs/installation/kubectl/ (1.19, for Kubernetes 1.31 to 1.35)
 * @see https://github.com/kubeflow/manifests/blob/009c880/scripts/synchronize-cert-manager-manifests.sh
 */
export const certManager = defineAddon({
  name: 'cert-manager',
  summary: 'cert-manager: certificates as objects, issued and renewed.',
  changes: '`imageRepository`, and `extraArgs` of its controller',
  repository: 'cert-manager/cert-manager',
  filesIn: 'release',
  releases: [
    {
      version: '1.19.4',
      files: { 'cert-manager.yaml': 'abad40873bd9c63105bf1fc7c41354fe8ad716f01657762b5acb82977e707ef1' },
    },
  ],
  file: 'cert-manager.yaml',
  namespaces: ['cert-manager'],
  schema: {
    imageRepository: text('Where its images are.', {
      wanted: 'a registry and a path',
      pattern: '^[^\\s]+[^\\s/]$',
      default: IMAGES,
    }),
    extraArgs: textList('Flags added to those of its controller.', {
      wanted: 'a list of flags',
      item: 'a flag',
      examples: [['--dns01-recursive-nameservers-only', '--dns01-recursive-nameservers=1.1.1.1:53']],
    }),
  },
  defaults: { imageRepository: IMAGES, extraArgs: [] },
  render: ([manifest = ''], { settings: { imageRepository, extraArgs } }) =>
    imageRepository === IMAGES && extraArgs.length === 0
      ? manifest
      : editObjects(manifest, 'Deployment', (deployment) => {
          const isController = deployment.getIn(['metadata', 'name']) === 'cert-manager';
          setContainer(deployment, imageRepository, isController ? extraArgs : []);
        }),
});

/** The controller names one more image in its arguments, that of the pods which answer ACME's challenges. */
function setContainer(deployment: Document, imageRepository: string, extraArgs: readonly string[]): void {
  const moved = (value: string): string => value.replace(`${IMAGES}/`, `${imageRepository}/`);
  const container = firstContainer(deployment);
  container.set('image', moved(String(container.get('image'))));
  editArgs(deployment, container, (args) => [...args.map(moved), ...extraArgs]);
}
