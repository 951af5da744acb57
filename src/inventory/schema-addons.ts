import { Type } from 'typebox';

import { addonVersions } from '#catalog/addons.ts';

import { closed, flag, freeMap, integer, oneOf, text, textList } from './schema-fields.ts';
import { source } from './schema-network.ts';

const VERSION = '^v?[0-9]+\\.[0-9]+\\.[0-9]+$';
const NAME = '^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$';

const version = (name: Parameters<typeof addonVersions>[0], more = '') =>
  Type.Optional(
    text({
      description: `Its version, one whose files slipway knows the digests of.${more}`,
      wanted: `a version such as ${addonVersions(name)[0]}`,
      pattern: VERSION,
      examples: addonVersions(name),
    }),
  );

const manifest = (file: string) =>
  Type.Optional(
    source('A file in place of those slipway knows; needed for a version it does not know.', file),
  );

const timeout = Type.Optional(
  integer({
    description:
      'Seconds that its pods may take to be ready, before the run fails with what keeps them; 0: they are not waited for.',
    minimum: 0,
    maximum: 7200,
    default: 600,
  }),
);

const after = Type.Optional(
  textList({
    description: 'Names of other manifests and charts that are applied before it, pods and all.',
    wanted: 'a list of names',
    item: 'a name',
    examples: [['cert-manager']],
  }),
);

const name = (description: string) =>
  text({ description, wanted: 'lower-case letters, digits and -, at most 53 of them', pattern: NAME });

const manifestsSchema = Type.Object(
  {
    name: name('What the plan calls it, and a label on its objects says.'),
    path: Type.Optional(
      text({
        description: 'A file, or a directory of *.yaml, *.yml and *.json files. Relative to the inventory.',
        wanted: 'the path of a file or a directory',
        examples: ['manifests/extras'],
      }),
    ),
    url: Type.Optional(
      text({
        description: 'Where the file is; it needs a sha256.',
        wanted: 'an http(s) URL',
        pattern: '^https?://[^\\s/]+[^\\s]*$',
      }),
    ),
    sha256: Type.Optional(
      text({
        description: 'The digest that the file of the url must have.',
        wanted: '64 hexadecimal digits',
        pattern: '^[0-9A-Fa-f]{64}$',
      }),
    ),
    kustomize: Type.Optional(
      text({
        description:
          'A directory with a kustomization.yaml; kubectl builds it on the first control plane. Relative to the inventory.',
        wanted: 'the path of a directory',
        examples: ['overlays/production'],
      }),
    ),
    after,
    timeout,
  },
  closed('Objects of yours: one of path, url and kustomize.'),
);

const chartSchema = Type.Object(
  {
    name: name('The release, and what the plan calls it.'),
    chart: text({
      description: "The chart's name in its repository, an oci:// reference, or a path (./ or / in front).",
      wanted: 'a chart',
      examples: ['ingress-nginx', 'oci://registry-1.docker.io/bitnamicharts/redis', './charts/mine'],
    }),
    repository: Type.Optional(
      text({
        description: 'The URL of the repository, for a chart by its name.',
        wanted: 'an http(s) URL',
        pattern: '^https?://[^\\s/]+[^\\s]*$',
      }),
    ),
    version: Type.Optional(
      text({
        description: 'The version of the chart; a chart by its path needs none.',
        wanted: 'a version such as 4.12.1',
        examples: ['4.12.1'],
      }),
    ),
    namespace: Type.Optional(
      text({
        description: 'Where its objects go; it is made when it is not there.',
        wanted: 'the name of a namespace',
        pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
        default: 'default',
      }),
    ),
    after,
    timeout,
    values: Type.Optional(freeMap({ description: 'Values, over those of the chart.' })),
    runsOn: Type.Optional(
      oneOf(['controller', 'control-plane'], {
        description: 'Where helm runs: where slipway does, or on the first control plane. It must be there.',
        default: 'controller',
      }),
    ),
  },
  closed('A Helm chart, rendered by helm template and applied as all other objects are.'),
);

export const addonsSchema = Type.Object(
  {
    prune: Type.Optional(
      flag({
        description:
          'Whether objects that slipway applied, and that no addon has any more, are deleted. Namespaces, definitions and volumes never are.',
        default: false,
      }),
    ),
    mirror: Type.Optional(
      text({
        description: 'What stands in place of https://raw.githubusercontent.com; the digests stay.',
        wanted: 'an http(s) URL',
        pattern: '^https?://[^\\s/]+[^\\s]*$',
        default: 'https://raw.githubusercontent.com',
      }),
    ),
    'metrics-server': Type.Optional(
      Type.Object(
        {
          version: version('metrics-server'),
          manifest: manifest('components.yaml'),
          timeout,
          extraArgs: Type.Optional(
            textList({
              description:
                'Flags added to those of its manifest. By default --kubelet-insecure-tls, unless the kubelets have certificates of the cluster (serverTLSBootstrap).',
              wanted: 'a list of flags',
              item: 'a flag',
              examples: [['--kubelet-insecure-tls']],
            }),
          ),
        },
        closed('CPU and memory of pods and nodes, for kubectl top and autoscalers.'),
      ),
    ),
    volcano: Type.Optional(
      Type.Object(
        { version: version('volcano'), manifest: manifest('volcano.yaml'), timeout },
        closed('Volcano: gang scheduling, queues and batch jobs.'),
      ),
    ),
    'scheduler-plugins': Type.Optional(
      Type.Object(
        {
          version: version('scheduler-plugins', ' By default the one built with the minor of Kubernetes.'),
          manifest: manifest('crds.yaml'),
          timeout,
          imageRepository: Type.Optional(
            text({
              description: 'Where its images kube-scheduler and controller are.',
              wanted: 'a registry and a path',
              pattern: '^[^\\s]+[^\\s/]$',
              default: 'registry.k8s.io/scheduler-plugins',
            }),
          ),
          schedulerName: Type.Optional(
            name('What pods name it by, in schedulerName. Default: scheduler-plugins-scheduler.'),
          ),
          plugins: Type.Optional(
            textList({
              description: 'The plugins of its profile, in place of PrioritySort.',
              wanted: 'a list of plugins',
              item: 'the name of a plugin',
              default: [
                'Coscheduling',
                'CapacityScheduling',
                'NodeResourceTopologyMatch',
                'NodeResourcesAllocatable',
              ],
            }),
          ),
          pluginConfig: Type.Optional(
            Type.Array(freeMap({ description: 'The arguments of one plugin.' }), {
              description: 'pluginConfig of KubeSchedulerConfiguration.',
              errorMessage: 'must be a list of maps',
              examples: [[{ name: 'Coscheduling', args: { permitWaitingTimeSeconds: 10 } }]],
            }),
          ),
        },
        closed('The Kubernetes SIG scheduler plugins, as a second scheduler.'),
      ),
    ),
    'local-path-provisioner': Type.Optional(
      Type.Object(
        {
          version: version('local-path-provisioner'),
          manifest: manifest('local-path-storage.yaml'),
          timeout,
          path: Type.Optional(
            text({
              description: 'Where volumes lie on the nodes.',
              wanted: 'an absolute path',
              pattern: '^/.*$',
              default: '/opt/local-path-provisioner',
            }),
          ),
          isDefault: Type.Optional(
            flag({ description: 'Whether claims that name no storage class get this one.', default: false }),
          ),
        },
        closed("Volumes in directories of the nodes, by Rancher's provisioner; storage class local-path."),
      ),
    ),
    manifests: Type.Optional(
      Type.Array(manifestsSchema, {
        description: 'Objects of yours, applied on the server side.',
        errorMessage: 'must be a list of manifests',
      }),
    ),
    charts: Type.Optional(
      Type.Array(chartSchema, { description: 'Helm charts.', errorMessage: 'must be a list of charts' }),
    ),
  },
  closed(
    'What runs on the cluster beside what makes it one. An addon is there when its key is, as in volcano: {}.',
  ),
);

export const verifySchema = Type.Object(
  {
    image: Type.Optional(
      text({
        description:
          "What the pods of slipway verify run: an image with sh, wget, nslookup, and nginx or busybox' httpd.",
        wanted: 'an image',
        pattern: '^[^\\s]+$',
        default: 'docker.io/library/nginx:1.28-alpine',
        examples: ['docker.io/library/nginx:1.28-alpine', 'docker.io/library/busybox:1.37'],
      }),
    ),
    timeout: Type.Optional(
      integer({
        description: 'Seconds that its pods may take to come up.',
        minimum: 5,
        maximum: 3600,
        default: 120,
      }),
    ),
  },
  closed('How slipway verify proves that the cluster works.'),
);
