const K8S = 'https://kubernetes.io/docs';
const KUBEADM = `${K8S}/setup/production-environment/tools/kubeadm`;

/** By the address, in which `*` is any text; what is more particular comes first. A test holds the list complete. */
export const RESOURCE_EXPLANATIONS: Readonly<Record<string, string | readonly [text: string, see: string]>> =
  {
    'control-plane-count':
      'An even number of control planes can lose no more of them than one less: it is warned of.',
    'check:*':
      'Something that must hold before anything is changed; slipway explains it by the name of the check.',
    swap: [
      'No swap in use and none at boot: the kubelet refuses to start with it unless it is told otherwise.',
      `${K8S}/concepts/architecture/nodes/#swap-memory`,
    ],
    'kernel-module:*': [
      'A module of the kernel, loaded now and at each boot: pod networks and overlay file systems need them.',
      `${K8S}/setup/production-environment/container-runtimes/`,
    ],
    firewalld: [
      'firewalld as the inventory wants it: with a service and a zone of the name slipway for what nodes, pods and services say to each other, without them, or not running at all.',
      'https://firewalld.org/documentation/',
    ],
    selinux: [
      'SELinux is permissive or enforcing, now and after a reboot, as the inventory wants it.',
      'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/using_selinux/changing-selinux-states-and-modes_using-selinux',
    ],
    'selinux-labels': [
      'What slipway, kubeadm and release files write has the labels that the policy has for it, before SELinux enforces.',
      'https://github.com/containers/container-selinux',
    ],
    'hook:*':
      'A program of yours, before or after a phase, on hosts or on the controller: it runs where the inventory gives a reason, and what it does is in no plan.',
    'hook-due:*':
      'That a hook is to run after its phase is written down before the phase changes anything, so that a run that is cut off does not lose it.',
    hostname: [
      'The machine calls itself what the inventory calls it, now and after a reboot.',
      'https://www.freedesktop.org/software/systemd/man/latest/hostname.html',
    ],
    'sysctl:*': [
      'A parameter of the kernel, now and after a reboot: pods are reached by forwarding, and bridges must be seen by the firewall.',
      `${K8S}/setup/production-environment/container-runtimes/`,
    ],
    'cloud-init': [
      'cloud-init has come to its end.',
      'https://cloudinit.readthedocs.io/en/latest/explanation/boot.html',
    ],
    'package-index:*': 'The list of what packages are on offer, fetched anew where it lacks what is wanted.',
    'package-proxy': [
      'The package manager goes through the proxy of the inventory, and what slipway wrote for it is gone without one.',
      'https://manpages.debian.org/bookworm/apt/apt-transport-http.1.en.html',
    ],
    'packages:*': [
      'Packages in the wanted versions, held so that an update of the system leaves them alone.',
      `${KUBEADM}/install-kubeadm/`,
    ],
    'no-packages:*': 'Packages that slipway has installed are gone.',
    'repository:*': [
      'A source of packages with the key that must have signed it.',
      `${KUBEADM}/install-kubeadm/`,
    ],
    'no-repository:*': 'A source of packages, and its key, are gone.',
    'bundle:packages':
      'Packages of the bundle that the host lacks, as a repository on the host itself: apt or dnf asks that one while slipway works there, and nobody else.',
    'bundle:none':
      'With --no-bundle: what a bundle has brought goes, but for what was installed from it, and the package manager asks the repositories of the host again.',
    'bundle:images':
      'Images of the bundle in the runtime, by their digests, and pinned in containerd: nothing could fetch them again where the kubelet has cleared them away.',
    'pulled-images': [
      'The images that a machine will run as a node come while others are made ready: the runtime pulls them in the background, and nothing waits for that. What is missing or fails there is pulled by kubeadm and the kubelet when they need it.',
      'https://github.com/kubernetes-sigs/cri-tools/blob/v1.34.0/docs/crictl.md',
    ],
    'download:*': 'A program as it was released, by its digest, where the distribution has no package of it.',
    'former-files:*': 'A daemon that did not come up on new files has its former ones back.',
    'file:/etc/NetworkManager/conf.d/calico.conf': [
      "NetworkManager leaves Calico's interfaces alone: it would take away the routes that Calico gives them.",
      'https://docs.tigera.io/calico/latest/operations/troubleshoot/troubleshooting#configure-networkmanager',
    ],
    'file:/etc/containerd/config.toml': [
      'The configuration of containerd: the pause image, the cgroup driver, registries, the directories of CNI.',
      'https://github.com/containerd/containerd/blob/main/docs/cri/config.md',
    ],
    'file:/etc/docker/daemon.json': [
      "The configuration of Docker, in which only what is slipway's is changed.",
      'https://docs.docker.com/reference/cli/dockerd/',
    ],
    'file:/etc/crictl.yaml': [
      'Which runtime crictl talks to.',
      'https://github.com/kubernetes-sigs/cri-tools/blob/master/docs/crictl.md',
    ],
    'file:/var/lib/kubelet/config.yaml': [
      'The configuration of the kubelet: that of the cluster, with what the inventory says of this host.',
      `${K8S}/reference/config-api/kubelet-config.v1beta1/`,
    ],
    'file:/var/lib/kubelet/kubeadm-flags.env': [
      'The flags of the kubelet that kubeadm wrote, with those of the inventory.',
      `${KUBEADM}/kubelet-integration/`,
    ],
    'file:/etc/kubernetes/manifests/*': [
      'A static pod that the kubelet runs by itself.',
      `${K8S}/tasks/configure-pod-container/static-pod/`,
    ],
    'file:/etc/kubernetes/patches/*': [
      'kubeadm changes a static pod, or CoreDNS, as it writes it.',
      `${K8S}/setup/production-environment/tools/kubeadm/control-plane-flags/#patches`,
    ],
    'file:*':
      'A file with its content, mode and owner. Of one that somebody else wrote a copy stays beside it.',
    'stray-files:*': 'Files of slipway that the inventory has no use for any more are gone.',
    'unit:*': [
      'A unit of systemd is enabled and active, or neither; it is restarted when a file that it reads has changed.',
      'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html',
    ],
    'nvidia-cri': "The container runtime answers after NVIDIA's runtime was added to it.",
    'cri:*': ["The container runtime answers the kubelet's protocol.", `${K8S}/concepts/architecture/cri/`],
    'containerd-effective':
      'What containerd makes of its files is what was written, so that nothing else stands against it.',
    'endpoint-name:*':
      'The name of the endpoint resolves on the host to the API server by which it reaches the cluster.',
    'answers:*': 'A load balancer of the hosts answers on its port.',
    'kube-vip*': ['kube-vip carries the address of the control planes.', 'https://kube-vip.io/docs/'],
    'kubeadm-init': [
      'The first control plane: kubeadm makes certificates, static pods and the objects that others join by. It runs as a unit of its own, and is gone on with where it was cut off.',
      `${K8S}/reference/setup-tools/kubeadm/kubeadm-init/`,
    ],
    'kubeadm-join': [
      'The host is a node of the cluster: kubeadm joins it with a token that lives as long as the run.',
      `${K8S}/reference/setup-tools/kubeadm/kubeadm-join/`,
    ],
    'kubeadm-reset': [
      'Nothing is left of what kubeadm has made on the host. What is on it is lost.',
      `${K8S}/reference/setup-tools/kubeadm/kubeadm-reset/`,
    ],
    'kubeadm-upgrade': [
      'The control plane is of the wanted version.',
      `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-upgrade/`,
    ],
    'kubelet-version': [
      'The kubelet is of the wanted version, and restarted on it.',
      `${K8S}/tasks/administer-cluster/kubeadm/upgrading-linux-nodes/`,
    ],
    'etcd-snapshot': [
      'A snapshot of etcd is saved before the first control plane is upgraded.',
      'https://etcd.io/docs/v3.6/op-guide/recovery/',
    ],
    'etcd-backup*': [
      'Control planes save snapshots of etcd on a timer.',
      'https://etcd.io/docs/v3.6/op-guide/recovery/',
    ],
    'certificate-names': [
      'The certificate of an API server has all names by which it is reached.',
      `${K8S}/setup/best-practices/certificates/`,
    ],
    'scheduler-configuration': [
      'The scheduler of a control plane is started with the configuration of the inventory, and started anew when that changes; control planes take turns.',
      'https://kubernetes.io/docs/reference/scheduling/config/',
    ],
    'control-plane-certificates': [
      "kubeadm's certificates do not end soon, and its programs run on them.",
      `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-certs/`,
    ],
    'control-plane-files': [
      'All files of a control plane are there: what can be made anew is.',
      `${K8S}/setup/best-practices/certificates/`,
    ],
    'half-control-plane':
      'A join as a control plane that was cut off is taken back before it is begun again.',
    'kubelet-certificates': [
      'The certificates of the kubelet do not end soon.',
      `${K8S}/reference/access-authn-authz/kubelet-tls-bootstrapping/`,
    ],
    'kubelet-credentials': [
      'The kubelet has credentials that count.',
      `${K8S}/reference/access-authn-authz/kubelet-tls-bootstrapping/`,
    ],
    'stale-node:*': 'A node that an earlier life of this host left is gone before it joins again.',
    'kubelet-health': 'The kubelet answers that it is healthy.',
    'kubelet-config': [
      'The configuration of all kubelets, as the cluster keeps it for nodes that join.',
      `${KUBEADM}/kubelet-integration/`,
    ],
    'kubelet-patch':
      "What the inventory says of this host's kubelet stays when kubeadm writes its configuration anew.",
    'serving-certificate:*': [
      'The kubelet serves with a certificate of the cluster, which slipway approves for its own host alone.',
      `${K8S}/tasks/administer-cluster/kubeadm/kubeadm-certs/`,
    ],
    'node-marks:*': 'What slipway remembers on a node of which labels and taints are its own.',
    'node-labels:*': [
      'The labels that the inventory gives the node; others stay.',
      `${K8S}/concepts/overview/working-with-objects/labels/`,
    ],
    'node-taints:*': [
      'The taints that the inventory gives the node; others stay.',
      `${K8S}/concepts/scheduling-eviction/taint-and-toleration/`,
    ],
    'node-ready:*': ['The node is Ready.', `${K8S}/concepts/architecture/nodes/`],
    'network-pods:*': 'The pods of the network plugin are ready on the node.',
    'kube-proxy*': [
      'kube-proxy is configured as the inventory says.',
      `${K8S}/reference/config-api/kube-proxy-config.v1alpha1/`,
    ],
    'calico-pools': [
      'Calico gives pods addresses of the pod subnet.',
      'https://docs.tigera.io/calico/latest/reference/resources/ippool',
    ],
    'manifest:*': [
      'Objects of the cluster are as a manifest says; the API server compares them, field by field.',
      `${K8S}/reference/using-api/server-side-apply/`,
    ],
    'pruned-objects':
      'Objects that slipway applied, and that no addon has any more, are gone; namespaces, definitions and volumes stay.',
    'stray-nodes': 'Nodes that no host of the inventory stands for are named.',
    'other-device-plugins': [
      'No other device plugin offers the same GPUs.',
      `${K8S}/concepts/extend-kubernetes/compute-storage-net/device-plugins/`,
    ],
    'gpu-*': ['The node offers its GPUs to pods.', `${K8S}/tasks/manage-gpus/scheduling-gpus/`],
    'mig-devices': [
      'GPUs are cut into the MIG devices of the inventory, now and at each boot.',
      'https://docs.nvidia.com/datacenter/tesla/mig-user-guide/',
    ],
    'slipway-mig': [
      'Nothing cuts GPUs at boot that the inventory does not ask for.',
      'https://docs.nvidia.com/datacenter/tesla/mig-user-guide/',
    ],
    'nvidia-runtime:*': [
      "NVIDIA's runtime is one that the container runtime can start.",
      'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html',
    ],
    'drain:*': [
      'The node is cordoned and emptied of its pods.',
      `${K8S}/tasks/administer-cluster/safely-drain-node/`,
    ],
    'uncordon:*': [
      'The node takes pods again, if it was slipway that took it out of service.',
      `${K8S}/tasks/administer-cluster/safely-drain-node/`,
    ],
    'removed-node:*': 'The cluster has no node of this name any more.',
    'removed-member:*': [
      'etcd has no member on this host any more.',
      'https://etcd.io/docs/v3.6/op-guide/runtime-configuration/',
    ],
    '*-leftovers': 'What kubeadm leaves in the kernel and on disk is gone, each thing by its name.',
  };
