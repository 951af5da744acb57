import { Type } from 'typebox';

import { closed, flag, integer, oneOf, text } from './schema-fields.ts';

/** A file of objects in place of the one slipway knows. */
export const source = (description: string, file: string) =>
  Type.Object(
    {
      url: Type.Optional(
        text({
          description: 'Where the manifest is; either this or path.',
          wanted: 'an http(s) URL',
          pattern: '^https?://[^\\s/]+[^\\s]*$',
        }),
      ),
      path: Type.Optional(
        text({
          description: 'A manifest beside the inventory; either this or url.',
          wanted: 'the path of a file',
          examples: [`manifests/${file}`],
        }),
      ),
      sha256: text({
        description: 'The digest the file must have.',
        wanted: '64 hexadecimal digits',
        pattern: '^[0-9A-Fa-f]{64}$',
      }),
    },
    closed(description),
  );

const operatorSchema = Type.Object(
  {
    crds: Type.Optional(source("The operator's definitions: operator-crds.yaml.", 'operator-crds.yaml')),
    manifest: Type.Optional(source('The operator itself: tigera-operator.yaml.', 'tigera-operator.yaml')),
  },
  closed("The operator's manifests, in place of those slipway knows."),
);

const METHODS =
  'first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR';

export const networkSchema = Type.Object(
  {
    plugin: Type.Optional(
      oneOf(['calico', 'none'], {
        description: 'The network plugin; none: you bring your own, and nodes stay NotReady until then.',
        default: 'calico',
      }),
    ),
    version: Type.Optional(
      text({
        description: 'The version of the plugin; one that slipway does not know needs a manifest.',
        wanted: 'a version such as 3.32.1',
        pattern: '^v?[0-9]+\\.[0-9]+\\.[0-9]+$',
        default: '3.32.1',
        examples: ['3.32.1', '3.31.7'],
      }),
    ),
    install: Type.Optional(
      oneOf(['manifest', 'operator'], {
        description:
          'How Calico is installed: by its one manifest, or by the Tigera operator, which then looks after it. Not to be changed on a cluster that has one of them.',
        default: 'manifest',
      }),
    ),
    manifest: Type.Optional(
      source(
        "The plugin's manifest, in place of the one slipway knows; for install: manifest.",
        'calico.yaml',
      ),
    ),
    operator: Type.Optional(operatorSchema),
    ipAutodetection: Type.Optional(
      text({
        description:
          "How Calico picks a node's IPv4 address, in the words of IP_AUTODETECTION_METHOD. By default kubernetes-internal-ip where a host has a nodeIp, else first-found.",
        wanted: METHODS,
        examples: [
          'first-found',
          'kubernetes-internal-ip',
          'interface=eth.*',
          'skip-interface=docker.*',
          'can-reach=10.0.0.1',
          'cidr=10.0.0.0/24',
        ],
      }),
    ),
    ipv6Autodetection: Type.Optional(
      text({
        description:
          'The same for the IPv6 address, where podSubnet has IPv6. By default as ipAutodetection, or first-found where that names an address.',
        wanted: METHODS,
        examples: ['interface=eth.*', 'cidr=fd00:10::/64'],
      }),
    ),
    mtu: Type.Optional(
      integer({
        description: 'The MTU of pod interfaces; by default Calico finds it out.',
        minimum: 576,
        maximum: 65_535,
        examples: [1450, 8950],
      }),
    ),
    encapsulation: Type.Optional(
      oneOf(['ipip', 'ipip-cross-subnet', 'vxlan', 'vxlan-cross-subnet', 'none'], {
        description:
          'How pod packets travel between hosts. With cross-subnet only between hosts that do not share a link; none needs hosts that all do, or a network that knows the routes.',
        default: 'ipip',
      }),
    ),
    bgp: Type.Optional(
      flag({
        description:
          'Whether nodes tell each other their routes by BGP, which everything but vxlan needs. By default true, with vxlan false.',
      }),
    ),
    registry: Type.Optional(
      text({
        description:
          "Where Calico's and the operator's images come from, in place of quay.io; calico/ and tigera/ lie below it.",
        wanted: 'an image registry such as registry.example.com/quay',
        pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$',
        examples: ['registry.example.com/quay'],
      }),
    ),
  },
  closed('The network between pods.'),
);
