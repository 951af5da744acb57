/** Makes certificates of other times, with openssl's own small authority. */
const REISSUE = `set -e
work=$(mktemp -d); cd "$work"; trap 'rm -rf "$work"' EXIT
cat >ca.cnf <<'END'
[ca]
default_ca = d
[d]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = p
copy_extensions = copyall
unique_subject = no
[p]
organizationName = optional
commonName = supplied
END
: >index.txt; openssl rand -hex 8 >serial
reissue() { # CERTIFICATE KEY AUTHORITY OUT
  openssl x509 -x509toreq -in "$1" -signkey "$2" -copy_extensions copyall -out request.csr 2>/dev/null
  openssl ca -batch -notext -config ca.cnf -in request.csr -cert "$3.crt" -keyfile "$3.key" -startdate "$start" -enddate "$end" -out "$4" 2>log || { cat log >&2; exit 1; }
}
data() { sed -n "s/^ *$1: //p" "$2" | base64 -d; }
replace() { touch -r "$2" time; cat "$1" >"$2"; touch -r time "$2"; }
PKI=/etc/kubernetes/pki
`;

const CONTROL_PLANE = `for pair in apiserver:ca apiserver-kubelet-client:ca front-proxy-client:front-proxy-ca apiserver-etcd-client:etcd/ca etcd/server:etcd/ca etcd/peer:etcd/ca etcd/healthcheck-client:etcd/ca; do
  name=\${pair%%:*}
  reissue $PKI/$name.crt $PKI/$name.key $PKI/\${pair#*:} new.crt
  replace new.crt $PKI/$name.crt
done
for name in admin super-admin controller-manager scheduler; do
  file=/etc/kubernetes/$name.conf; [ -e $file ] || continue
  data client-certificate-data $file >old.crt; data client-key-data $file >old.key
  reissue old.crt old.key $PKI/ca new.crt
  sed "s|client-certificate-data: .*|client-certificate-data: $(base64 -w0 <new.crt)|" $file >new.conf
  replace new.conf $file
done
`;

const day = (offset: number): string =>
  `${new Date(Date.now() + offset * 86_400_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;

const times = (daysLeft: number): string => `start=${day(daysLeft - 365)}; end=${day(daysLeft)}\n`;

/** All that kubeadm renews on a control plane, with so many days left; each file keeps its time. */
export const agedCertificates = (daysLeft: number): string => `${REISSUE}${times(daysLeft)}${CONTROL_PLANE}`;

/** The credentials of the kubelet of a control plane, where the key of the authority is. */
export const agedKubelet = (daysLeft: number): string => `${REISSUE}${times(daysLeft)}
file=$(readlink -f /var/lib/kubelet/pki/kubelet-client-current.pem)
openssl x509 -in $file -out old.crt; openssl pkey -in $file -out old.key
reissue old.crt old.key $PKI/ca new.crt
cat new.crt old.key >new.pem; replace new.pem $file
`;
