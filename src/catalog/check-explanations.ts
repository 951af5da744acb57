/** What something is for, and where the field says more. */
export interface Explanation {
  /** Whole sentences. */
  readonly text: string;
  readonly see?: string;
}

const of = (text: string, see?: string): Explanation => (see === undefined ? { text } : { text, see });

const K8S = 'https://kubernetes.io/docs';
const KUBEADM = `${K8S}/setup/production-environment/tools/kubeadm`;
const PORTS = `${K8S}/reference/networking/ports-and-protocols/`;
const SKEW = 'https://kubernetes.io/releases/version-skew-policy/';

/** By the name of the check; of all ports there is one. A test holds the list complete. */
export const CHECK_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  AddonProgram: of(
    'The program that renders an addon (helm, kubectl kustomize) must be where the inventory has it run.',
  ),
  AddonRender: of('An addon must be rendered before its objects can be compared with those of the cluster.'),
  ApiServer: of(
    'The API server must say that it is ready: all other checks of verify ask through it.',
    `${K8S}/reference/using-api/health-checks/`,
  ),
  Architecture: of('Packages and programs are known by digest for x86_64 and arm64 alone.'),
  AutomaticUpgrades: of(
    'What upgrades packages by itself knows nothing of pods: it restarts a runtime under them, or takes the driver from their libraries.',
    'https://wiki.debian.org/UnattendedUpgrades',
  ),
  Bundle: of(
    'A bundle has packages for the releases and architectures that it was made for, and of those for this host.',
  ),
  CRI: of(
    'The kubelet talks to the container runtime by CRI; a runtime that is up and does not answer it leaves the node NotReady.',
    `${K8S}/setup/production-environment/container-runtimes/`,
  ),
  CalicoInstall: of(
    'A cluster that has Calico by the other way of installing it would get a second one.',
    'https://docs.tigera.io/calico/latest/getting-started/kubernetes/',
  ),
  CalicoKernel: of(
    'The data planes nftables and bpf of Calico, and WireGuard, are parts of newer kernels.',
    'https://docs.tigera.io/calico/latest/operations/ebpf/install',
  ),
  CgroupVersion: of(
    'The kubelet of new releases refuses to start on cgroup v1.',
    `${K8S}/concepts/architecture/cgroups/`,
  ),
  Cleanup: of('What verify has made must be gone again.'),
  ClockSkew: of(
    'Certificates and tokens are valid by the clock: a host that is minutes off can neither join nor be trusted.',
  ),
  CloudInit: of(
    'A machine that cloud-init is still setting up changes underneath: its packages, its name, its network.',
    'https://cloudinit.readthedocs.io/en/latest/explanation/boot.html',
  ),
  CloudSetup: of(
    'nm-cloud-setup writes routes and rules over those of pods.',
    'https://docs.rke2.io/known_issues#networkmanager',
  ),
  ClusterEtcd: of(
    'The objects of a cluster are in its etcd: another one, or another directory, has none of them.',
    `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/`,
  ),
  ClusterExists: of(
    'A first control plane that has nothing, while another answers for the cluster, would make a second cluster of the same name.',
  ),
  ClusterIP: of(
    'A Service must answer at its cluster IP, which shows that kube-proxy works.',
    `${K8S}/concepts/services-networking/service/`,
  ),
  ClusterNetwork: of('Pod and Service subnets and the DNS domain of a cluster are fixed when it is made.'),
  ClusterSilent: of(
    'A member of etcd is taken out by the others: they must answer.',
    'https://etcd.io/docs/v3.6/op-guide/runtime-configuration/',
  ),
  CniConfig: of(
    'The runtime takes the first file of /etc/cni/net.d: one that stands before the wanted plugin would be used in its place.',
    'https://www.cni.dev/docs/spec/',
  ),
  ContainerRuntimeVersion: of(
    'Each Kubernetes needs a runtime of some version or newer.',
    `${K8S}/setup/production-environment/container-runtimes/`,
  ),
  ContainerdConfig: of(
    'containerd must use the settings that were written: a file that it imports can say otherwise, and it ignores keys that it does not know.',
    'https://github.com/containerd/containerd/blob/main/docs/cri/config.md',
  ),
  ControlPlaneFiles: of(
    'What a control plane lost, and nobody can sign or make anew here, has to be brought back by a person.',
    `${K8S}/setup/best-practices/certificates/`,
  ),
  ControlPlaneSettings: of(
    'kubeadm writes the settings of a control plane when it is made; what the inventory says later is not changed on one that runs.',
    `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/`,
  ),
  ControlPlanesReady: of(
    'An upgrade takes control planes away one by one: the others must be Ready.',
    `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-upgrade/`,
  ),
  CrioConfig: of(
    'CRI-O reads its drop-ins in order: a later one can undo what slipway sets.',
    'https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.d.5.md',
  ),
  Dependency: of('What this waits for is left out by --limit, --only or --skip, or is itself in the way.'),
  DeprecatedApis: of(
    'Clients still use an API that the wanted version has no more.',
    `${K8S}/reference/using-api/deprecation-guide/`,
  ),
  Disk: of(
    'Images, containers and logs need room below /var, else pods are evicted.',
    `${K8S}/concepts/scheduling-eviction/node-pressure-eviction/`,
  ),
  DockerConfig: of(
    'daemon.json must be JSON that can be read and written without losing what others wrote there.',
    'https://docs.docker.com/reference/cli/dockerd/',
  ),
  DownloadArchitecture: of('A file is only taken when its digest for the architecture of the host is known.'),
  DownloadFormat: of('A package file must be one that the distribution of the host can install.'),
  EtcdBackupSpace: of(
    'kubeadm copies the data of etcd below /etc/kubernetes before it upgrades etcd: there must be room.',
  ),
  EtcdFlags: of(
    'Flags of etcd whose names are gone in the wanted version would keep it from starting.',
    'https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/',
  ),
  EtcdQuorum: of(
    'Most of the members of etcd must be well after one has left, or the cluster stands still.',
    'https://etcd.io/docs/v3.6/faq/',
  ),
  EtcdRestore: of('A restore of etcd is under way: it is finished first, with slipway etcd restore.'),
  EtcdVersion: of(
    'etcd must go through a release that can read the data of the one before.',
    'https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/',
  ),
  ExternalEtcd: of(
    'Control planes must reach the external etcd, under its authority and with the client certificate.',
    `${K8S}/setup/production-environment/tools/kubeadm/high-availability/`,
  ),
  ExternalEtcdData: of('A new cluster would begin with the objects of another one in its external etcd.'),
  ExternalEtcdVersion: of(
    'kubeadm takes no external etcd that is older.',
    'https://etcd.io/blog/2025/zombie_members_upgrade/',
  ),
  Fapolicyd: of('fapolicyd lets no program run that no package has brought, such as CNI plugins.'),
  FileContent: of('slipway adds to this file, and would lose what it cannot read, or write past a link.'),
  FileType: of('A directory or a device stands where a file must go.'),
  Firewall: of('A firewall of the host drops what nodes must say to each other.', PORTS),
  Firewalld: of('firewalld drops what nodes must say to each other, unless it is told their ports.', PORTS),
  GpuCount: of('Each node with GPUs must offer them to pods.', `${K8S}/tasks/manage-gpus/scheduling-gpus/`),
  GpuDriver: of(
    "NVIDIA's driver must be loaded, and of one version with what is installed: after an update it needs a reboot.",
    'https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/',
  ),
  GpuMig: of(
    'GPUs must be divided as the MIG strategy of the device plugin can offer them.',
    'https://docs.nvidia.com/datacenter/tesla/mig-user-guide/',
  ),
  GpuVectorAdd: of("NVIDIA's sample must run in a pod on every node with GPUs."),
  Hostname: of('The name of a host must resolve on it, as kubeadm warns and some of its parts ask.'),
  IPPool: of(
    'An IPPool of Calico that is not in the pod subnet gives pods addresses that kube-proxy takes for outside.',
    'https://docs.tigera.io/calico/latest/reference/resources/ippool',
  ),
  InitConfiguration: of(
    'kubeadm init was cut off and had another configuration: going on would mix the two.',
    `${KUBEADM}/create-cluster-kubeadm/`,
  ),
  JoinedElsewhere: of('The host is a node of another cluster.'),
  KernelModule: of('The running kernel must have the modules that pod networks need.'),
  Kubelet: of('The kubelet must answer that it is healthy after it was configured.'),
  KubeletConfiguration: of(
    'The configuration of the kubelet must be YAML that can be read and changed.',
    `${K8S}/reference/config-api/kubelet-config.v1beta1/`,
  ),
  KubeletCredentials: of(
    'The kubelet has no certificate that counts, and the key to sign one is not here.',
    `${K8S}/reference/access-authn-authz/kubelet-tls-bootstrapping/`,
  ),
  KubeletExtraArgs: of(
    'Flags in /etc/default/kubelet (/etc/sysconfig/kubelet of rpm) or a drop-in win over those of the inventory.',
    `${KUBEADM}/kubelet-integration/`,
  ),
  KubeletFlags: of(
    'The file with the flags of the kubelet is not of the form that kubeadm writes.',
    `${KUBEADM}/kubelet-integration/`,
  ),
  KubernetesVersion: of('Versions may only differ so far, and go up one minor at a time.', SKEW),
  LastControlPlane: of('The last control plane cannot leave: all that is in etcd would be lost.'),
  Leftovers: of('Files of another cluster are there, and kubeadm would stumble over them or use them.'),
  LoadBalancer: of('The interface that is to carry the virtual address must be known.'),
  ManifestDiff: of(
    'The API server must be able to compare the objects with its own.',
    `${K8S}/reference/using-api/server-side-apply/`,
  ),
  Mem: of('kubeadm wants 1700 MiB of memory for a control plane.', `${KUBEADM}/install-kubeadm/`),
  NamedFiles: of('A file of the host that a flag names must be there, or the program does not start.'),
  NodeIP: of('The address by which a node is registered must be one of its interfaces.'),
  NodeNameTaken: of('Another machine is registered as a node of this name.'),
  NodePort: of(
    'A NodePort Service must answer at the nodes.',
    `${K8S}/concepts/services-networking/service/`,
  ),
  NodeReady: of(
    'The node must be Ready: runtime, network and kubelet are well.',
    `${K8S}/concepts/architecture/nodes/`,
  ),
  NodesReady: of('Every host of the inventory must be a Ready node.'),
  NodesSchedulable: of('An upgrade moves pods: some node must take them.'),
  NumCPU: of('kubeadm wants two CPUs for a control plane.', `${KUBEADM}/install-kubeadm/`),
  OS: of(
    'slipway knows the packages of these distributions, and the releases are new enough for Kubernetes; docs/platforms.md has the list.',
  ),
  PackageConflict: of(
    'To install a package, the package manager would remove others or take them back to an older version.',
  ),
  PackageRepository: of('Another entry of a package source says otherwise of the same place.'),
  PackageSources: of(
    'A host without enabled repositories, such as RHEL before it is registered, can install nothing.',
  ),
  Packages: of('The package manager cannot install what is wanted, as its simulation says.'),
  PodDNS: of(
    'Cluster DNS must answer in a pod.',
    `${K8S}/tasks/administer-cluster/dns-debugging-resolution/`,
  ),
  Port: of(
    'A program that is not of Kubernetes listens on a port that a control plane or a kubelet needs.',
    PORTS,
  ),
  ProgramPath: of('Another kubeadm, kubectl or crictl stands before the installed one in the search path.'),
  RepositoryKey: of(
    'Packages are only taken from a source whose key has the fingerprint that is known.',
    `${KUBEADM}/install-kubeadm/`,
  ),
  Resolver: of(
    'Pods get the resolvers of their host: one on a loopback address loops or is nobody in a pod.',
    'https://coredns.io/plugins/loop/',
  ),
  Rollback: of('A rollout must be possible to undo.'),
  Rollout: of('A Deployment that is changed must roll out.'),
  RuntimeChange: of(
    'A node in service does not change its runtime: its containers would be lost to the new one.',
    `${K8S}/tasks/administer-cluster/migrating-from-dockershim/`,
  ),
  RuntimeHandlers: of(
    'Programs of runtime handlers, such as runsc and the shim of Kata, are brought by you: pods of their RuntimeClass would not start without them.',
    `${K8S}/concepts/containers/runtime-class/`,
  ),
  SELinux: of(
    'SELinux that enforces wants labels which programs of release files do not get.',
    'https://github.com/containers/container-selinux',
  ),
  ServingCertificate: of(
    'The kubelet asks for a serving certificate that its node may not have.',
    `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-certs/`,
  ),
  Snap: of(
    'Snaps of Docker, MicroK8s or a kubelet run daemons of their own beside those of the node, on the same ports and rules.',
    'https://microk8s.io/docs/ports',
  ),
  SubnetOverlap: of('The network of the hosts must not lie in the pod or Service subnet.'),
  SwapScript: of(
    'A script of the host turns swap on again at boot.',
    `${K8S}/concepts/architecture/nodes/#swap-memory`,
  ),
  SysctlConflict: of(
    'A file that is applied later sets the parameter otherwise: the next boot would undo it.',
    'https://www.freedesktop.org/software/systemd/man/latest/sysctl.d.html',
  ),
  SystemPods: of('Pods of the system and of addons must be ready.'),
  Systemd: of('slipway and kubeadm manage services by systemd.'),
  UniqueHostname: of('Hosts must have different names.', `${KUBEADM}/install-kubeadm/`),
  UniqueMachineId: of(
    'Hosts must have different machine-ids; clones of one image often do not.',
    `${KUBEADM}/install-kubeadm/`,
  ),
  UniqueProductUuid: of('Hosts must have different product UUIDs.', `${KUBEADM}/install-kubeadm/`),
  UnitProgram: of('A drop-in of a unit starts another program than the package does.'),
  Workload: of('A Deployment and a pod must come up.'),
};
