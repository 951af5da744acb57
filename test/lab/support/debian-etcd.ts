import type { Lab } from '../../../scripts/lab/lab.ts';

/**
 * Control planes of nothing but etcd: Debian's own, which is real, and stand-ins for what is around it. A loop stands in
 * for the kubelet, and runs etcd as its manifest says; a script stands in for kubectl.
 */
export async function startDebianEtcd(
  lab: Lab,
  names: readonly string[],
  dataDir = '/var/lib/etcd',
): Promise<void> {
  const hosts = names.map((name) => ({
    name,
    address: lab.hosts.find((host) => host.name === name)?.address ?? '',
  }));
  await Promise.all(names.map((name) => lab.exec(name, 'bash', { input: INSTALL })));
  const [first] = names;
  if (first === undefined) return;
  const { stdout: pki } = await lab.exec(first, 'bash', { input: authority(hosts) });
  const members = hosts.map(({ name, address }) => `${name}=https://${address}:2380`).join(',');
  await Promise.all(
    hosts.map((host) =>
      lab.exec(host.name, 'bash', { input: start(host, { members, pki: pki.trim(), dataDir }) }),
    ),
  );
}

interface ControlPlane {
  readonly name: string;
  readonly address: string;
}

const INSTALL = `set -e
systemctl mask etcd >/dev/null 2>&1
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
apt-get install -y -q etcd-server etcd-client openssl procps >/dev/null
`;

/** Prints the certificates of all hosts as an archive in base64. */
const authority = (hosts: readonly ControlPlane[]): string => `set -e
rm -rf /root/pki; mkdir -p /root/pki/etcd; cd /root/pki/etcd
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@" 2>/dev/null; }
new -x509 -keyout ca.key -out ca.crt -subj /CN=etcd-ca -days 10
cp ca.crt ../ca.crt
for name in server healthcheck-client; do
  new -keyout $name.key -out $name.csr -subj /O=system:masters/CN=$name
  printf '%s\\n' subjectAltName=IP:127.0.0.1,${hosts.map(({ address }) => `IP:${address}`).join(',')} extendedKeyUsage=serverAuth,clientAuth >ext
  openssl x509 -req -in $name.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out $name.crt -days 9 -extfile ext 2>/dev/null
done
tar -C /root -cz pki | base64 -w 0
`;

interface Start {
  readonly members: string;
  readonly pki: string;
  readonly dataDir: string;
}

const start = ({ name, address }: ControlPlane, { members, pki, dataDir }: Start): string => `set -e
mkdir -p -m 755 /etc/kubernetes/manifests
echo ${pki} | base64 -d | tar -C /etc/kubernetes -xz
echo kubeconfig >/etc/kubernetes/admin.conf
for other in kube-apiserver kube-controller-manager kube-scheduler; do
  echo "# stand-in for $other" >/etc/kubernetes/manifests/$other.yaml
done
cat >/etc/kubernetes/manifests/etcd.yaml <<'MANIFEST'
spec:
  containers:
  - command:
    - etcd
    - --advertise-client-urls=https://${address}:2379
    - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --client-cert-auth=true
    - --data-dir=${dataDir}
    - --initial-advertise-peer-urls=https://${address}:2380
    - --initial-cluster=${members}
    - --key-file=/etc/kubernetes/pki/etcd/server.key
    - --listen-client-urls=https://127.0.0.1:2379,https://${address}:2379
    - --listen-peer-urls=https://${address}:2380
    - --name=${name}
    - --peer-cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --peer-key-file=/etc/kubernetes/pki/etcd/server.key
    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    image: registry.k8s.io/etcd:3.6.4-0
MANIFEST
cat >/usr/local/bin/kubectl <<'PROGRAM'
#!/bin/sh
# Stand-in: the API server is ready where its manifest and etcd are there.
[ -e /etc/kubernetes/manifests/kube-apiserver.yaml ] && pgrep -x etcd >/dev/null
PROGRAM
cat >/usr/local/bin/stand-in-kubelet <<'PROGRAM'
#!/bin/sh
# Stand-in: runs etcd as its static pod's manifest says, and nothing else.
manifest=/etc/kubernetes/manifests/etcd.yaml
while sleep 0.3; do
  pid=$(pgrep -x etcd)
  if [ -e "$manifest" ]; then
    [ -n "$pid" ] || setsid $(sed -n 's/^    - //p' "$manifest") --logger=zap >>/var/log/stand-in-etcd.log 2>&1 &
  elif [ -n "$pid" ]; then kill $pid; fi
done
PROGRAM
chmod 755 /usr/local/bin/kubectl /usr/local/bin/stand-in-kubelet
cat >/etc/systemd/system/kubelet.service <<'UNIT'
[Service]
ExecStart=/usr/local/bin/stand-in-kubelet
KillMode=process
UNIT
rm -rf ${dataDir}; mkdir -p -m 700 ${dataDir}
systemctl daemon-reload; systemctl start kubelet
cd /etc/kubernetes/pki/etcd
until etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=server.crt --key=server.key endpoint health; do sleep 0.5; done >/dev/null 2>&1
`;
