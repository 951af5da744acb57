import { oneOf } from '#core/schema.ts';
import { editObjects } from '#objects/edit-objects.ts';

import { defineAddon } from './addon.ts';

const SERVICE_TYPES = ['LoadBalancer', 'NodePort', 'ClusterIP'] as const;
const [SERVICE_TYPE] = SERVICE_TYPES;

/**
 * Contour as its project publishes it: Envoy on every node that takes pods, on its ports 80 and 443, for Ingress and
 * HTTPProxy.
 *
 * The digest is of the file at the tag, read from a clone in 2026.
 *
 * @see https://github.com/projectcontour/contour/tree/v1.33.6/examples
 */
export const contour = defineAddon({
  name: 'contour',
  summary: 'Contour: Ingress by Envoy on ports 80 and 443 of every node that takes pods.',
  changes: "`serviceType` of Envoy's Service",
  repository: 'projectcontour/contour',
  releases: [
    {
      version: '1.33.6',
      files: {
        'examples/render/contour.yaml': '1d2e45c4bb31bea93085231d9b50e2c95ad92432253872b683e672eb7cecbbd8',
      },
    },
  ],
  file: 'contour.yaml',
  namespaces: ['projectcontour'],
  schema: {
    serviceType: oneOf(
      SERVICE_TYPES,
      "The type of Envoy's Service. Its ports on the nodes are there all the same; LoadBalancer wants something that hands out addresses.",
      { default: SERVICE_TYPE },
    ),
  },
  defaults: { serviceType: SERVICE_TYPE as (typeof SERVICE_TYPES)[number] },
  render: ([manifest = ''], { settings: { serviceType } }) =>
    serviceType === SERVICE_TYPE
      ? manifest
      : editObjects(manifest, 'Service', (object) => {
          if (object.getIn(['metadata', 'name']) !== 'envoy') return;
          object.setIn(['spec', 'type'], serviceType);
          // Only what comes from outside can be kept local.
          if (serviceType === 'ClusterIP') object.deleteIn(['spec', 'externalTrafficPolicy']);
        }),
});
