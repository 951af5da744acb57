import type { Lab } from '../../../scripts/lab/lab.ts';

/** An etcd that is none of the cluster's: Debian's own, with TLS and client certificates, on a host of the lab. */
export async function startExternalEtcd(lab: Lab, name: string): Promise<ExternalEtcdFiles> {
  const address = lab.hosts.find((host) => host.name === name)?.address ?? '';
  await lab.exec(name, 'bash', { input: start(address) });
  const read = async (file: string): Promise<string> =>
    (await lab.exec(name, `cat /root/pki/${file}`)).stdout;
  return {
    endpoint: `https://${address}:2379`,
    ca: await read('ca.crt'),
    cert: await read('client.crt'),
    key: await read('client.key'),
    otherCa: await read('other-ca.crt'),
    otherCert: await read('other-client.crt'),
    otherKey: await read('other-client.key'),
  };
}

export interface ExternalEtcdFiles {
  readonly endpoint: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Of an authority that it does not know. */
  readonly otherCa: string;
  readonly otherCert: string;
  readonly otherKey: string;
}

const start = (address: string): string => `set -e
systemctl mask etcd >/dev/null 2>&1
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
apt-get install -y -q etcd-server etcd-client openssl >/dev/null
rm -rf /root/pki; mkdir -p /root/pki; cd /root/pki
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@" 2>/dev/null; }
for prefix in '' other-; do
  new -x509 -keyout \${prefix}ca.key -out \${prefix}ca.crt -subj /CN=\${prefix}etcd-ca -days 10
  for leaf in server client; do
    new -keyout $prefix$leaf.key -out $prefix$leaf.csr -subj /CN=$leaf
    printf '%s\\n' subjectAltName=IP:127.0.0.1,IP:${address} extendedKeyUsage=serverAuth,clientAuth >ext
    openssl x509 -req -in $prefix$leaf.csr -CA \${prefix}ca.crt -CAkey \${prefix}ca.key -CAcreateserial -out $prefix$leaf.crt -days 9 -extfile ext 2>/dev/null
  done
done
cat >/etc/systemd/system/lab-etcd.service <<'UNIT'
[Service]
ExecStart=/usr/bin/etcd --name=lab --data-dir=/srv/lab-etcd --listen-client-urls=https://127.0.0.1:2379,https://${address}:2379 --advertise-client-urls=https://${address}:2379 --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=lab=http://127.0.0.1:2380 --client-cert-auth --trusted-ca-file=/root/pki/ca.crt --cert-file=/root/pki/server.crt --key-file=/root/pki/server.key --logger=zap
UNIT
systemctl daemon-reload; systemctl start lab-etcd
until ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt --cert=client.crt --key=client.key endpoint health; do sleep 0.5; done >/dev/null 2>&1
`;

/** On the host of that etcd. */
export const EXTERNAL_ETCDCTL =
  'ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/root/pki/ca.crt --cert=/root/pki/client.crt --key=/root/pki/client.key';
