/** What one stand-in package holds. */
export interface StandInPackage {
  name: string;
  version: string;
  files: Record<string, { text: string; mode: number }>;
  program?: { name: string; module: string; helpers?: Record<string, string> };
  /** The files of DEBIAN/, by name. */
  control: (architecture: string) => Record<string, string>;
}

/** The plugins of kubernetes-cni 1.8.0. */
export const cniPlugins =
  'bandwidth bridge dhcp dummy firewall host-device host-local ipvlan loopback macvlan portmap ptp sbr static tap tuning vlan vrf'.split(
    ' ',
  );

/** As in the packages of pkgs.k8s.io for 1.34. */
const kubeletUnit = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;

/** As in the packages of pkgs.k8s.io for 1.34. */
const kubeadmDropIn = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
# the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

const file = (text: string): { text: string; mode: number } => ({ text, mode: 0o644 });

/** The five packages for a Kubernetes version; cri-tools and kubernetes-cni have versions of their own. */
export const packagesOf = (version: string): StandInPackage[] => {
  const [major, minor] = version.split('.');
  const revision = `${version}-1.1`;

  return [
    {
      name: 'kubeadm',
      version: revision,
      files: { 'usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': file(kubeadmDropIn) },
      program: { name: 'kubeadm', module: 'kubeadm.main' },
      control: control('kubeadm', revision, 'python3, openssl, cri-tools (>= 1.30.0)', compile('kubeadm')),
    },
    {
      name: 'kubelet',
      version: revision,
      files: {
        'etc/default/kubelet': file('KUBELET_EXTRA_ARGS=\n'),
        'etc/kubernetes/manifests/.kubelet-keep': file(''),
        'usr/lib/systemd/system/kubelet.service': file(kubeletUnit),
        'var/lib/kubelet/.kubelet-keep': file(''),
      },
      program: {
        name: 'kubelet',
        module: 'kubelet.main',
        helpers: { 'control-plane': 'api.control_plane' },
      },
      control: control(
        'kubelet',
        revision,
        'python3, openssl, iptables (>= 1.4.21), kubernetes-cni (>= 1.2.0), iproute2, mount, util-linux',
        {
          ...compile('kubelet', kubeletSetUp),
          prerm: kubeletPrerm,
          postrm: kubeletPostrm,
          conffiles: '/etc/default/kubelet\n',
        },
      ),
    },
    {
      name: 'kubectl',
      version: revision,
      files: {},
      program: { name: 'kubectl', module: 'kubectl.main' },
      control: control('kubectl', revision, 'python3', compile('kubectl')),
    },
    {
      name: 'cri-tools',
      version: `${major}.${minor}.0-1.1`,
      files: {},
      program: { name: 'crictl', module: 'crictl' },
      control: control('cri-tools', `${major}.${minor}.0-1.1`, 'python3', compile('cri-tools')),
    },
    {
      name: 'kubernetes-cni',
      version: '1.8.0-1.1',
      files: { 'etc/cni/net.d/.kubernetes-cni-keep': file('') },
      control: control('kubernetes-cni', '1.8.0-1.1', '', {}),
    },
  ];
};

const descriptions: Record<string, string> = {
  kubeadm: 'Command-line utility for administering a Kubernetes cluster',
  kubelet: 'Node agent for Kubernetes clusters',
  kubectl: 'Command-line utility for interacting with a Kubernetes cluster',
  'cri-tools': 'Command-line utility for interacting with a container runtime',
  'kubernetes-cni': 'Binaries required to provision kubernetes container networking',
};

const control =
  (name: string, version: string, depends: string, scripts: Record<string, string>) =>
  (architecture: string): Record<string, string> => ({
    control: `Package: ${name}
Version: ${version}
Architecture: ${architecture}
Maintainer: slipway <slipway@localhost>
${depends ? `Depends: ${depends}\n` : ''}Section: net
Priority: optional
Homepage: https://kubernetes.io
Description: ${descriptions[name]} (stand-in)
 A stand-in made for slipway's tests: it behaves at its edges as the real
 program does, runs no containers and is not Kubernetes.
`,
    ...scripts,
  });

/** Compiles the Python on the host, for its own Python; the compiled files go with the package. */
const compile = (name: string, more = ''): Record<string, string> => ({
  postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  python3 -IS -m compileall -q /usr/lib/slipway-stand-ins/${name}/standin >/dev/null || true
fi
${more}`,
  prerm: `#!/bin/sh
${clean(name)}`,
});

const clean = (name: string): string =>
  `find /usr/lib/slipway-stand-ins/${name} -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
`;

/** Enabled and started right after the installation: seen with the packages of 1.34.9. */
const kubeletSetUp = `if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  if [ -z "$2" ]; then
    systemctl enable kubelet.service || true
    systemctl start kubelet.service || true
  elif systemctl is-active --quiet kubelet.service || [ "$(systemctl is-active kubelet.service)" = activating ]; then
    systemctl restart kubelet.service || true
  fi
fi
`;

const kubeletPrerm = `#!/bin/sh
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl stop kubelet.service || true
fi
${clean('kubelet')}`;

const kubeletPostrm = `#!/bin/sh
if [ "$1" = purge ]; then
  rm -f /etc/systemd/system/multi-user.target.wants/kubelet.service
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
`;
