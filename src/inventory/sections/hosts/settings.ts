import type { FirewalldUse, Host, NetworkManagerUse, Role, SelinuxUse } from '#core/cluster.ts';
import { sorted } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import {
  type Accepted,
  defined,
  flag,
  integer,
  oneOf,
  type Schema,
  text,
  textList,
  textMap,
  type TextMap,
  type ValidPart,
} from '#core/schema.ts';
import { FAMILIES } from '#distributions/families.ts';
import { freshMachineOf, supportedReleases } from '#distributions/supported.ts';
import { composed, type Section, type ValidationContext } from '#inventory/section.ts';
import { kubelet } from '#inventory/sections/kubernetes/components.ts';
import { handlerLabel, handlersOf } from '#core/runtime.ts';
import { buildRuntime, runtime, type RuntimeDocument } from '#inventory/sections/runtime.ts';
import {
  type Finding,
  meaningless,
  type Path,
  quoteValue,
  type SECRET_FIELDS,
} from '#inventory/text/problem.ts';
import { flagFindings } from '#inventory/values/flag-finding.ts';
import { labelValueFault, qualifiedNameFault } from '#inventory/values/kubernetes-name.ts';
import { localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';
import { LOGIN_DEFAULTS } from '#inventory/values/login-defaults.ts';
import { type SecretReference, secretReference } from '#inventory/values/secret-reference.ts';

import type { HostContext } from './expand-hosts.ts';
import { gpuDevices } from './gpu-devices.ts';
import { hostFiles } from './host-files.ts';
import { proxyJump } from './proxy-jump.ts';
import { kubeletFieldsFor, swap } from './swap.ts';
import { taints } from './taints.ts';

/** A setting of a host, which becomes the member of the host by the same name. */
type Setting<T, Key extends keyof Host> = Section<Schema<T>, Pick<Host, Key>, HostContext>;

const ROLE = 'worker';

const role: Setting<Role, 'role'> = {
  schema: oneOf(
    ['control-plane', 'worker'],
    'What the node is in the cluster. The first control plane runs kubeadm init.',
    { default: ROLE },
  ),
  build: (written = ROLE) => ({ role: written }),
};

const user: Setting<string, 'user'> = {
  schema: text('Who to log in as.', {
    wanted: 'the name of a user',
    pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$',
    default: LOGIN_DEFAULTS.user,
  }),
  build: (written: string = LOGIN_DEFAULTS.user) => ({ user: written }),
};

const port: Setting<number, 'port'> = {
  schema: integer("The SSH server's port.", { minimum: 1, maximum: 65_535, default: LOGIN_DEFAULTS.port }),
  build: (written = LOGIN_DEFAULTS.port) => ({ port: written }),
};

const identityFile: Setting<string, 'identityFile'> = {
  schema: text(
    'A private key; by default the SSH agent is asked, then the usual files in ~/.ssh are tried. Relative to the inventory.',
    { wanted: 'the path of a private key', examples: ['~/.ssh/id_ed25519'] },
  ),
  files: (written, path) => localFile(written, path, { isForLogin: true }),
  build: (written, { places }) => (written === undefined ? {} : { identityFile: localPath(written, places) }),
};

const secret = <Key extends (typeof SECRET_FIELDS)[number]>(
  key: Key,
  description: string,
): Setting<SecretReference, Key> => ({
  schema: secretReference(description),
  build: (_, { host, secrets }) => {
    const path = host.secrets[key];
    const found = path === undefined ? undefined : secrets.get(JSON.stringify(path));
    return (found === undefined ? {} : { [key]: found }) as Pick<Host, Key>;
  },
});

const become: Setting<boolean, 'become'> = {
  schema: flag('Go through sudo; by default true unless the user is root.'),
  build: (written, { host: { settings } }) => ({
    become: written ?? (settings.connection === 'local' || (settings.user ?? LOGIN_DEFAULTS.user) !== 'root'),
  }),
};

const connection: Setting<'ssh' | 'local', 'connection'> = {
  schema: oneOf(
    ['ssh', 'local'],
    'How it is reached; local: it is the machine that slipway runs on, by whoever runs it.',
    { default: 'ssh' },
  ),
  build: (written) => (written === 'local' ? { connection: 'local' } : {}),
};

const labels: Setting<TextMap, 'labels'> = {
  schema: textMap(
    'Labels of the node, added to those of its group and of the defaults. Numbers and true need quotes.',
    { examples: [{ 'example.com/rack': 'r1' }] },
  ),
  validate: (written, _, path) =>
    Object.entries(written ?? {}).flatMap(([key, value]): readonly Finding[] => {
      const at = [...path, key];
      const keyFault = qualifiedNameFault(key);
      if (keyFault !== undefined) {
        return [{ path: at, isKey: true, message: `the label's key ${JSON.stringify(key)} ${keyFault}` }];
      }
      const valueFault = labelValueFault(value);
      return valueFault === undefined ? [] : [{ path: at, message: valueFault, got: quoteValue(value) }];
    }),
  build: (written) => ({ labels: sorted(written ?? {}) }),
};

const gpu: Setting<Host['gpu'], 'gpu'> = {
  schema: oneOf(
    [true, false, 'auto'],
    'Whether the host is to run GPU containers; auto: where there is an NVIDIA GPU on its PCI bus. Its driver must be there, or named under gpu. By default auto where the inventory has a gpu section, else false.',
  ),
  // Nothing is asked of NVIDIA's servers for a cluster whose inventory does not speak of GPUs.
  build: (written, { document }) => ({
    gpu: written ?? (document.gpu === undefined ? false : 'auto'),
  }),
};

const os: Setting<string, 'os'> = {
  schema: oneOf(
    supportedReleases(),
    'What the host runs: a plan without a connection is made for that, and a host that runs something else is refused. By default such a plan is made for Debian 13.',
  ),
  build: (written) =>
    written === undefined ? {} : { os: { release: written, fresh: freshMachineOf(written) } },
};

const firewalld: Setting<FirewalldUse, 'firewalld'> = {
  schema: oneOf(
    ['keep', 'open', 'disable'],
    'firewalld, where the host has it. keep: as it is, and checked, and what slipway had let in is taken back; open: it lets in what nodes of the role say to each other, and trusts pods and services; disable: it is stopped and masked. By default it is checked alone.',
  ),
  build: (written) => (written === undefined ? {} : { firewalld: written }),
};

const selinux: Setting<SelinuxUse | 'keep', 'selinux'> = {
  schema: oneOf(
    ['keep', 'permissive', 'enforcing'],
    'SELinux, where the kernel runs with it, now and after a reboot. permissive: it denies nothing; enforcing: with container-selinux and the labels that it has for what slipway writes.',
    { default: 'keep' },
  ),
  build: (written = 'keep') => (written === 'keep' ? {} : { selinux: written }),
};

const networkManager: Setting<NetworkManagerUse, 'networkManager'> = {
  schema: oneOf(
    ['keep', 'without-calico'],
    "NetworkManager, where the host runs it. without-calico: it leaves Calico's interfaces alone, as Calico wants it; keep: as it is. By default without-calico where os names a release of the Red Hat family.",
  ),
  build: (written, { host: { settings } }) => {
    const isRpm = settings.os !== undefined && packageFormatOf(settings.os) === 'rpm';
    const use = written ?? (isRpm ? 'without-calico' : undefined);
    return use === undefined ? {} : { networkManager: use };
  },
};

/** Of a release that is supported. */
const packageFormatOf = (release: string): string | undefined =>
  FAMILIES.find(({ releases }) => releases.includes(release))?.packageFormat;

const packages: Setting<readonly string[], 'packages'> = {
  schema: textList(
    "Packages of the hosts' distribution to install beside what slipway needs; added to those of the group and of the defaults.",
    { wanted: 'a list of package names', item: 'the name of a package', examples: [['nfs-common']] },
  ),
  /** Of which family a host is, is not known yet: a name will do that any of them allows. */
  validate: (written, _, path) =>
    (written ?? []).flatMap((name, index) => {
      if (name === null || FAMILIES.some(({ isPackageName }) => isPackageName(name))) return [];
      const message = 'must be the name of a package, without a version';
      return [{ path: [...path, index], message, got: quoteValue(name) }];
    }),
  build: (written) => ({ packages: written ?? [] }),
};

/**
 * Flags that slipway or kubeadm set, and what says the same.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/kubelet/flags.go
 */
const KUBELET_FLAGS = {
  'bootstrap-kubeconfig': 'is set by kubeadm',
  config: 'is set by kubeadm; use kubernetes.kubelet for fields of the configuration',
  'container-runtime-endpoint': 'is set by slipway to the endpoint of the runtime',
  'hostname-override': "is set by slipway to the host's name",
  kubeconfig: 'is set by kubeadm',
  'node-ip': 'is set by slipway: use nodeIp',
  'pod-infra-container-image': 'is gone from Kubernetes 1.35: use runtime.sandboxImage',
};

/**
 * kubeadm writes flags into one line of a file of the environment, as they are, and systemd splits that line again.
 *
 * @see https://www.freedesktop.org/software/systemd/man/252/systemd.service.html#Command%20lines
 */
const UNCARRIED = /[\s"'\\$]/;
const UNCARRIED_MESSAGE =
  'must have no blanks, quotes, backslashes or dollar signs: /var/lib/kubelet/kubeadm-flags.env cannot carry them';

const kubeletExtraArgs: Setting<TextMap, 'kubeletExtraArgs'> = {
  schema: textMap("Flags of this host's kubelet, without dashes.", { examples: [{ v: '4' }] }),
  validate: (written, { document }, path) => [
    ...flagFindings(written, path, {
      program: 'kubelet',
      version: document.kubernetes?.version,
      reserved: KUBELET_FLAGS,
    }),
    ...Object.entries(written ?? {}).flatMap(([name, value]): readonly Finding[] =>
      UNCARRIED.test(value)
        ? [{ path: [...path, name], message: UNCARRIED_MESSAGE, got: quoteValue(value) }]
        : [],
    ),
  ],
  build: (written) => ({ kubeletExtraArgs: sorted(written ?? {}) }),
};

const hostRuntime: Setting<RuntimeDocument, 'runtime'> = {
  schema: runtime.schema,
  build: (written = {}, { kubernetes }) => ({ runtime: buildRuntime(written, kubernetes) }),
};

/** What a host may have in common with others: in `defaults`, in a group, and in the host itself. */
export const SETTINGS = {
  role,
  user,
  port,
  identityFile,
  password: secret('password', 'The password to log in with.'),
  passphrase: secret('passphrase', 'The passphrase of identityFile.'),
  connection,
  proxyJump,
  become,
  becomePassword: secret('becomePassword', 'The password sudo asks for; by default sudo must not ask.'),
  labels,
  taints,
  gpu,
  gpuDevices,
  runtime: hostRuntime,
  kubelet: kubelet(
    'Fields of KubeletConfiguration for these hosts, merged over kubernetes.kubelet, those of the defaults and those of the group.',
    { maxPods: 50, evictionHard: { 'memory.available': '500Mi' } },
  ),
  swap,
  firewalld,
  selinux,
  networkManager,
  os,
  packages,
  files: hostFiles,
  kubeletExtraArgs,
};

const whole = composed<HostContext>()(SETTINGS, 'What hosts have in common.');

export type HostSettings = Accepted<typeof whole.schema>;

/** What says how to log in. */
const OF_SSH = ['user', 'port', 'identityFile', 'password', 'passphrase', 'proxyJump'] as const;

export function settingsFindings(
  written: ValidPart<HostSettings> | undefined,
  context: ValidationContext,
  path: Path,
): readonly Finding[] {
  const isPasswordUseless = written?.become === false && written.becomePassword !== undefined;
  const isLocal = written?.connection === 'local';
  return [
    ...whole.validate(written, context, path),
    ...(isPasswordUseless
      ? [{ path: [...path, 'becomePassword'], message: 'is of no use with become: false' }]
      : []),
    ...OF_SSH.filter((key) => isLocal && written?.[key] !== undefined).map((key) =>
      meaningless([...path, key], 'with connection: local'),
    ),
  ];
}

export const settingsFiles = whole.files;

export const sharedSettings = (description: string) => defined('shared', whole.schema, description);

export function buildSettings(context: HostContext) {
  const { settings } = context.host;
  const built = whole.build(settings, context);
  // Pods of a handler's RuntimeClass go to the nodes that have it.
  const handlers = handlersOf(built.runtime).map(({ name }) => [handlerLabel(name), 'true'] as const);
  return {
    ...built,
    ...(handlers.length > 0 && { labels: sorted({ ...built.labels, ...Object.fromEntries(handlers) }) }),
    kubelet: mergeObjects(built.kubelet, kubeletFieldsFor(settings.swap)),
  };
}
