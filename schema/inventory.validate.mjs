// Made of inventory.schema.json by ajv: npm run generate
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
"use strict";
export const validate = validate52;
export default validate52;
const schema19 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"inventory.schema.json","title":"slipway inventory","type":"object","required":["kubernetes","hosts"],"properties":{"cluster":{"type":"object","properties":{"name":{"type":"string","minLength":1,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$","errorMessage":"must be lower-case letters, digits, - and .","default":"kubernetes"}},"additionalProperties":false,"errorMessage":"must be a map"},"kubernetes":{"type":"object","required":["version"],"properties":{"version":{"type":"string","minLength":1,"errorMessage":"must be a full version such as 1.34.9"},"repository":{"type":"object","properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL","default":"https://pkgs.k8s.io/core:/stable:/v<minor>"},"keyUrl":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"fingerprint":{"type":"string","minLength":1,"pattern":"^([0-9A-Fa-f]{4} *){10}$","errorMessage":"must be 40 hexadecimal digits","default":"DE15B14486CD377B9E876E1A234654DA9A296436"}},"additionalProperties":false,"errorMessage":"must be a map"},"imageRepository":{"type":"string","minLength":1,"pattern":"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$","errorMessage":"must be an image repository such as registry.k8s.io","default":"registry.k8s.io"},"controlPlaneEndpoint":{"type":"string","minLength":1,"errorMessage":"must be host:port"},"networking":{"type":"object","properties":{"podSubnet":{"type":"string","minLength":1,"errorMessage":"must be a CIDR such as 10.244.0.0/16","default":"10.244.0.0/16"},"serviceSubnet":{"type":"string","minLength":1,"errorMessage":"must be a CIDR such as 10.96.0.0/12","default":"10.96.0.0/12"},"dnsDomain":{"type":"string","minLength":1,"errorMessage":"must be a DNS domain","default":"cluster.local"}},"additionalProperties":false,"errorMessage":"must be a map"},"apiServer":{"type":"object","properties":{"certSANs":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be a name or an address"},"errorMessage":"must be a list of names and addresses"},"extraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"},"controllerManager":{"type":"object","properties":{"extraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"},"scheduler":{"type":"object","properties":{"extraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"},"etcd":{"type":"object","properties":{"extraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"},"featureGates":{"type":"object","additionalProperties":{"type":"boolean","errorMessage":"must be true or false"},"errorMessage":"must be a map of true and false"},"kubelet":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"kubeProxy":{"type":"object","properties":{"mode":{"enum":["iptables","ipvs","nftables"],"errorMessage":"must be iptables, ipvs or nftables","default":"iptables"},"config":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"}},"additionalProperties":false,"errorMessage":"must be a map"},"ignorePreflightErrors":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be the name of a check"},"errorMessage":"must be a list of names"}},"additionalProperties":false,"errorMessage":"must be a map"},"runtime":{"$ref":"#/$defs/runtime"},"registries":{"type":"object","errorMessage":"must be a map of registries","additionalProperties":{"type":"object","properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"ca":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"skipVerify":{"enum":[true,false],"errorMessage":"must be true or false","default":false},"username":{"type":"string","minLength":1,"errorMessage":"must be the name of a user"},"password":{"$ref":"#/$defs/secret"},"mirrors":{"type":"array","items":{"type":"object","required":["url"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"ca":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"skipVerify":{"enum":[true,false],"errorMessage":"must be true or false","default":false},"username":{"type":"string","minLength":1,"errorMessage":"must be the name of a user"},"password":{"$ref":"#/$defs/secret"}},"additionalProperties":false,"errorMessage":"must be a map"},"errorMessage":"must be a list of mirrors"}},"additionalProperties":false,"errorMessage":"must be a map"}},"network":{"type":"object","properties":{"plugin":{"enum":["calico","none"],"errorMessage":"must be calico or none","default":"calico"},"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+$","errorMessage":"must be a version such as 3.32.1","default":"3.32.1"},"install":{"enum":["manifest","operator"],"errorMessage":"must be manifest or operator","default":"manifest"},"manifest":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"operator":{"type":"object","properties":{"crds":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"manifest":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"}},"additionalProperties":false,"errorMessage":"must be a map"},"ipAutodetection":{"type":"string","minLength":1,"errorMessage":"must be first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR"},"ipv6Autodetection":{"type":"string","minLength":1,"errorMessage":"must be first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR"},"mtu":{"type":"integer","minimum":576,"maximum":65535,"errorMessage":"must be an integer from 576 to 65535"},"encapsulation":{"enum":["ipip","ipip-cross-subnet","vxlan","vxlan-cross-subnet","none"],"errorMessage":"must be ipip, ipip-cross-subnet, vxlan, vxlan-cross-subnet or none","default":"ipip"},"bgp":{"type":"boolean","errorMessage":"must be true or false"},"registry":{"type":"string","minLength":1,"pattern":"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$","errorMessage":"must be an image registry such as registry.example.com/quay"}},"additionalProperties":false,"errorMessage":"must be a map"},"addons":{"type":"object","properties":{"prune":{"type":"boolean","errorMessage":"must be true or false","default":false},"mirror":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL","default":"https://raw.githubusercontent.com"},"metrics-server":{"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+$","errorMessage":"must be a version such as 0.9.0"},"manifest":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"timeout":{"type":"integer","minimum":0,"maximum":7200,"errorMessage":"must be an integer from 0 to 7200","default":600},"extraArgs":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be a flag"},"errorMessage":"must be a list of flags"}},"additionalProperties":false,"errorMessage":"must be a map"},"volcano":{"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+$","errorMessage":"must be a version such as 1.15.1"},"manifest":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"timeout":{"type":"integer","minimum":0,"maximum":7200,"errorMessage":"must be an integer from 0 to 7200","default":600}},"additionalProperties":false,"errorMessage":"must be a map"},"scheduler-plugins":{"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+$","errorMessage":"must be a version such as 0.34.7"},"manifest":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"timeout":{"type":"integer","minimum":0,"maximum":7200,"errorMessage":"must be an integer from 0 to 7200","default":600},"imageRepository":{"type":"string","minLength":1,"pattern":"^[^\\s]+[^\\s/]$","errorMessage":"must be a registry and a path","default":"registry.k8s.io/scheduler-plugins"},"schedulerName":{"type":"string","minLength":1,"pattern":"^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$","errorMessage":"must be lower-case letters, digits and -, at most 53 of them"},"plugins":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be the name of a plugin"},"errorMessage":"must be a list of plugins","default":["Coscheduling","CapacityScheduling","NodeResourceTopologyMatch","NodeResourcesAllocatable"]},"pluginConfig":{"type":"array","items":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"errorMessage":"must be a list of maps"}},"additionalProperties":false,"errorMessage":"must be a map"},"local-path-provisioner":{"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+$","errorMessage":"must be a version such as 0.0.37"},"manifest":{"type":"object","required":["sha256"],"properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"timeout":{"type":"integer","minimum":0,"maximum":7200,"errorMessage":"must be an integer from 0 to 7200","default":600},"path":{"type":"string","minLength":1,"pattern":"^/.*$","errorMessage":"must be an absolute path","default":"/opt/local-path-provisioner"},"isDefault":{"type":"boolean","errorMessage":"must be true or false","default":false}},"additionalProperties":false,"errorMessage":"must be a map"},"manifests":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"pattern":"^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$","errorMessage":"must be lower-case letters, digits and -, at most 53 of them"},"path":{"type":"string","minLength":1,"errorMessage":"must be the path of a file or a directory"},"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"sha256":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"},"kustomize":{"type":"string","minLength":1,"errorMessage":"must be the path of a directory"},"after":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be a name"},"errorMessage":"must be a list of names"},"timeout":{"type":"integer","minimum":0,"maximum":7200,"errorMessage":"must be an integer from 0 to 7200","default":600}},"additionalProperties":false,"errorMessage":"must be a map"},"errorMessage":"must be a list of manifests"},"charts":{"type":"array","items":{"type":"object","required":["name","chart"],"properties":{"name":{"type":"string","minLength":1,"pattern":"^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$","errorMessage":"must be lower-case letters, digits and -, at most 53 of them"},"chart":{"type":"string","minLength":1,"errorMessage":"must be a chart"},"repository":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"version":{"type":"string","minLength":1,"errorMessage":"must be a version such as 4.12.1"},"namespace":{"type":"string","minLength":1,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$","errorMessage":"must be the name of a namespace","default":"default"},"after":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be a name"},"errorMessage":"must be a list of names"},"timeout":{"type":"integer","minimum":0,"maximum":7200,"errorMessage":"must be an integer from 0 to 7200","default":600},"values":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"runsOn":{"enum":["controller","control-plane"],"errorMessage":"must be controller or control-plane","default":"controller"}},"additionalProperties":false,"errorMessage":"must be a map"},"errorMessage":"must be a list of charts"}},"additionalProperties":false,"errorMessage":"must be a map"},"verify":{"type":"object","properties":{"image":{"type":"string","minLength":1,"pattern":"^[^\\s]+$","errorMessage":"must be an image","default":"docker.io/library/nginx:1.28-alpine"},"timeout":{"type":"integer","minimum":5,"maximum":3600,"errorMessage":"must be an integer from 5 to 3600","default":120}},"additionalProperties":false,"errorMessage":"must be a map"},"gpu":{"type":"object","properties":{"driver":{"type":"object","required":["package"],"properties":{"package":{"type":"string","minLength":1,"pattern":"^[a-z0-9][a-z0-9+.-]+$","errorMessage":"must be the name of a package such as nvidia-driver"}},"additionalProperties":false,"errorMessage":"must be a map"},"toolkit":{"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$","errorMessage":"must be a version such as 1.20.0","default":"1.20.0"},"repository":{"type":"object","properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL","default":"https://nvidia.github.io/libnvidia-container/stable"},"keyUrl":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL","default":"https://nvidia.github.io/libnvidia-container/gpgkey"},"fingerprint":{"type":"string","minLength":1,"pattern":"^([0-9A-Fa-f]{4} *){10}$","errorMessage":"must be 40 hexadecimal digits","default":"C95B321B61E88C1809C4F759DDCAE044F796ECB0"}},"additionalProperties":false,"errorMessage":"must be a map"}},"additionalProperties":false,"errorMessage":"must be a map"},"mode":{"enum":["auto","legacy","cdi"],"errorMessage":"must be auto, legacy or cdi","default":"auto"},"defaultRuntime":{"type":"boolean","errorMessage":"must be true or false","default":false},"devicePlugin":{"type":"object","properties":{"type":{"enum":["nvidia","hami","none"],"errorMessage":"must be nvidia, hami or none","default":"nvidia"},"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$","errorMessage":"must be a version such as 0.20.0"},"image":{"type":"string","minLength":1,"pattern":"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$","errorMessage":"must be an image such as nvcr.io/nvidia/k8s-device-plugin","default":"nvcr.io/nvidia/k8s-device-plugin"},"migStrategy":{"enum":["none","single","mixed"],"errorMessage":"must be none, single or mixed","default":"none"},"featureDiscovery":{"type":"boolean","errorMessage":"must be true or false","default":false}},"additionalProperties":false,"errorMessage":"must be a map"},"sharing":{"type":"object","properties":{"timeSlicing":{"type":"object","required":["replicas"],"properties":{"replicas":{"type":"integer","minimum":2,"maximum":100,"errorMessage":"must be an integer from 2 to 100"},"renameByDefault":{"type":"boolean","errorMessage":"must be true or false","default":false},"failRequestsGreaterThanOne":{"type":"boolean","errorMessage":"must be true or false","default":false}},"additionalProperties":false,"errorMessage":"must be a map"},"mps":{"type":"object","required":["replicas"],"properties":{"replicas":{"type":"integer","minimum":2,"maximum":100,"errorMessage":"must be an integer from 2 to 100"}},"additionalProperties":false,"errorMessage":"must be a map"}},"additionalProperties":false,"errorMessage":"must be a map"},"hami":{"type":"object","properties":{"splitCount":{"type":"integer","minimum":1,"maximum":100,"errorMessage":"must be an integer from 1 to 100","default":10},"memoryScaling":{"type":"number","errorMessage":"must be a number from 0.1 to 100","minimum":0.1,"maximum":100,"default":1},"coreScaling":{"type":"number","errorMessage":"must be a number from 0.1 to 100","minimum":0.1,"maximum":100,"default":1},"repository":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL","default":"https://project-hami.github.io/HAMi"},"runsOn":{"enum":["controller","control-plane"],"errorMessage":"must be controller or control-plane","default":"controller"}},"additionalProperties":false,"errorMessage":"must be a map"},"vectorAdd":{"type":"string","minLength":1,"errorMessage":"must be an image such as nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0"}},"additionalProperties":false,"errorMessage":"must be a map"},"ssh":{"type":"object","properties":{"knownHosts":{"type":"string","minLength":1,"errorMessage":"must be the path of a file","default":"~/.ssh/known_hosts"},"hostKeys":{"enum":["strict","accept-new"],"errorMessage":"must be strict or accept-new","default":"strict"},"connectTimeout":{"type":"integer","minimum":1,"maximum":600,"errorMessage":"must be an integer from 1 to 600","default":10}},"additionalProperties":false,"errorMessage":"must be a map"},"ignoreChecks":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be the name of a check"},"errorMessage":"must be a list of names"},"defaults":{"$ref":"#/$defs/shared"},"groups":{"type":"object","errorMessage":"must be a map of groups","additionalProperties":{"$ref":"#/$defs/shared"}},"hosts":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"errorMessage":"must be a host name, or a range such as gpu[01:16]"},"address":{"type":"string","minLength":1,"errorMessage":"must be an IP address or a name, or a range such as 10.0.0.[21:36]"},"group":{"type":"string","minLength":1,"errorMessage":"must be the name of a group"},"nodeIp":{"type":"string","minLength":1,"errorMessage":"must be an IP address, or a range such as 10.0.0.[21:36]"},"role":{"enum":["control-plane","worker"],"errorMessage":"must be control-plane or worker","default":"worker"},"user":{"type":"string","minLength":1,"pattern":"^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$","errorMessage":"must be the name of a user","default":"root"},"port":{"type":"integer","minimum":1,"maximum":65535,"errorMessage":"must be an integer from 1 to 65535","default":22},"identityFile":{"type":"string","minLength":1,"errorMessage":"must be the path of a private key"},"password":{"$ref":"#/$defs/secret"},"passphrase":{"$ref":"#/$defs/secret"},"become":{"type":"boolean","errorMessage":"must be true or false"},"becomePassword":{"$ref":"#/$defs/secret"},"labels":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"},"taints":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"object","required":["key","effect"],"properties":{"key":{"type":"string","errorMessage":"must be a string"},"value":{"type":"string","errorMessage":"must be a string"},"effect":{"enum":["NoSchedule","PreferNoSchedule","NoExecute"],"errorMessage":"must be NoSchedule, PreferNoSchedule or NoExecute"}},"additionalProperties":false}],"errorMessage":"must be key=value:Effect, key:Effect, or a map of key, value and effect"},"errorMessage":"must be a list of taints"},"gpu":{"enum":[true,false,"auto"],"errorMessage":"must be true, false or auto"},"runtime":{"$ref":"#/$defs/runtime"},"kubelet":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"packages":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be the name of a package"},"errorMessage":"must be a list of package names"},"kubeletExtraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"},"errorMessage":"must be a list of hosts","minItems":1}},"additionalProperties":false,"errorMessage":"must be a map","$defs":{"download":{"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$","errorMessage":"must be a version such as 2.3.4"},"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"sha256":{"type":"object","properties":{"amd64":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"},"arm64":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"}},"additionalProperties":false,"errorMessage":"must be a map"},"runtime":{"type":"object","properties":{"type":{"enum":["containerd","docker","cri-o"],"errorMessage":"must be containerd, docker or cri-o","default":"containerd"},"source":{"enum":["distribution","docker","upstream"],"errorMessage":"must be distribution, docker or upstream","default":"distribution"},"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$","errorMessage":"must be a version such as 2.2.7"},"sandboxImage":{"type":"string","minLength":1,"errorMessage":"must be an image such as registry.k8s.io/pause:3.10.1"},"snapshotter":{"type":"string","minLength":1,"errorMessage":"must be the name of a snapshotter"},"config":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"repository":{"type":"object","properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"keyUrl":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"fingerprint":{"type":"string","minLength":1,"pattern":"^([0-9A-Fa-f] *){40}$","errorMessage":"must be 40 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"downloads":{"type":"object","properties":{"containerd":{"$ref":"#/$defs/download"},"runc":{"$ref":"#/$defs/download"},"cniPlugins":{"$ref":"#/$defs/download"},"criDockerd":{"$ref":"#/$defs/download"}},"additionalProperties":false,"errorMessage":"must be a map"},"fetch":{"enum":["host","controller"],"errorMessage":"must be host or controller","default":"host"}},"additionalProperties":false,"errorMessage":"must be a map"},"secret":{"type":"object","properties":{"env":{"type":"string","minLength":1,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","errorMessage":"must be the name of an environment variable"},"file":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"prompt":{"type":"string","minLength":1,"errorMessage":"must be a question"}},"additionalProperties":false,"minProperties":1,"maxProperties":1,"writeOnly":true,"errorMessage":"must be a reference to a secret: {env: NAME}, {file: PATH} or {prompt: \"question\"}"},"shared":{"type":"object","properties":{"role":{"enum":["control-plane","worker"],"errorMessage":"must be control-plane or worker","default":"worker"},"user":{"type":"string","minLength":1,"pattern":"^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$","errorMessage":"must be the name of a user","default":"root"},"port":{"type":"integer","minimum":1,"maximum":65535,"errorMessage":"must be an integer from 1 to 65535","default":22},"identityFile":{"type":"string","minLength":1,"errorMessage":"must be the path of a private key"},"password":{"$ref":"#/$defs/secret"},"passphrase":{"$ref":"#/$defs/secret"},"become":{"type":"boolean","errorMessage":"must be true or false"},"becomePassword":{"$ref":"#/$defs/secret"},"labels":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"},"taints":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"object","required":["key","effect"],"properties":{"key":{"type":"string","errorMessage":"must be a string"},"value":{"type":"string","errorMessage":"must be a string"},"effect":{"enum":["NoSchedule","PreferNoSchedule","NoExecute"],"errorMessage":"must be NoSchedule, PreferNoSchedule or NoExecute"}},"additionalProperties":false}],"errorMessage":"must be key=value:Effect, key:Effect, or a map of key, value and effect"},"errorMessage":"must be a list of taints"},"gpu":{"enum":[true,false,"auto"],"errorMessage":"must be true, false or auto"},"runtime":{"$ref":"#/$defs/runtime"},"kubelet":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"packages":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be the name of a package"},"errorMessage":"must be a list of package names"},"kubeletExtraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"}}};
const func0 = Object.prototype.hasOwnProperty;
const func65 = require("ajv/dist/runtime/ucs2length").default;
const pattern3 = new RegExp("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "u");
const pattern4 = new RegExp("^https?://[^\\s/]+[^\\s]*$", "u");
const pattern6 = new RegExp("^([0-9A-Fa-f]{4} *){10}$", "u");
const pattern7 = new RegExp("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$", "u");
const pattern19 = new RegExp("^v?[0-9]+\\.[0-9]+\\.[0-9]+$", "u");
const pattern14 = new RegExp("^[0-9A-Fa-f]{64}$", "u");
const pattern37 = new RegExp("^[^\\s]+[^\\s/]$", "u");
const pattern38 = new RegExp("^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$", "u");
const pattern42 = new RegExp("^/.*$", "u");
const pattern48 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "u");
const pattern49 = new RegExp("^[^\\s]+$", "u");
const pattern50 = new RegExp("^[a-z0-9][a-z0-9+.-]+$", "u");
const pattern51 = new RegExp("^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$", "u");
const pattern56 = new RegExp("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$", "u");
const pattern58 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$", "u");
const schema20 = {"type":"object","properties":{"type":{"enum":["containerd","docker","cri-o"],"errorMessage":"must be containerd, docker or cri-o","default":"containerd"},"source":{"enum":["distribution","docker","upstream"],"errorMessage":"must be distribution, docker or upstream","default":"distribution"},"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$","errorMessage":"must be a version such as 2.2.7"},"sandboxImage":{"type":"string","minLength":1,"errorMessage":"must be an image such as registry.k8s.io/pause:3.10.1"},"snapshotter":{"type":"string","minLength":1,"errorMessage":"must be the name of a snapshotter"},"config":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"repository":{"type":"object","properties":{"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"keyUrl":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"fingerprint":{"type":"string","minLength":1,"pattern":"^([0-9A-Fa-f] *){40}$","errorMessage":"must be 40 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"},"downloads":{"type":"object","properties":{"containerd":{"$ref":"#/$defs/download"},"runc":{"$ref":"#/$defs/download"},"cniPlugins":{"$ref":"#/$defs/download"},"criDockerd":{"$ref":"#/$defs/download"}},"additionalProperties":false,"errorMessage":"must be a map"},"fetch":{"enum":["host","controller"],"errorMessage":"must be host or controller","default":"host"}},"additionalProperties":false,"errorMessage":"must be a map"};
const pattern8 = new RegExp("^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$", "u");
const pattern11 = new RegExp("^([0-9A-Fa-f] *){40}$", "u");
const schema21 = {"type":"object","properties":{"version":{"type":"string","minLength":1,"pattern":"^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$","errorMessage":"must be a version such as 2.3.4"},"url":{"type":"string","minLength":1,"pattern":"^https?://[^\\s/]+[^\\s]*$","errorMessage":"must be an http(s) URL"},"sha256":{"type":"object","properties":{"amd64":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"},"arm64":{"type":"string","minLength":1,"pattern":"^[0-9A-Fa-f]{64}$","errorMessage":"must be 64 hexadecimal digits"}},"additionalProperties":false,"errorMessage":"must be a map"}},"additionalProperties":false,"errorMessage":"must be a map"};

function validate54(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate54.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 of Object.keys(data)){
if(!(((key0 === "version") || (key0 === "url")) || (key0 === "sha256"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema21,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.version !== undefined && func0.call(data, "version")){
let data0 = data.version;
if(typeof data0 === "string"){
if(func65(data0) < 1){
const err1 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema21.properties.version,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!pattern8.test(data0)){
const err2 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$"},schema:"^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$",parentSchema:schema21.properties.version,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"},schema:schema21.properties.version.type,parentSchema:schema21.properties.version,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.url !== undefined && func0.call(data, "url")){
let data1 = data.url;
if(typeof data1 === "string"){
if(func65(data1) < 1){
const err4 = {instancePath:instancePath+"/url",schemaPath:"#/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema21.properties.url,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern4.test(data1)){
const err5 = {instancePath:instancePath+"/url",schemaPath:"#/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema21.properties.url,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/url",schemaPath:"#/properties/url/type",keyword:"type",params:{type: "string"},schema:schema21.properties.url.type,parentSchema:schema21.properties.url,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.sha256 !== undefined && func0.call(data, "sha256")){
let data2 = data.sha256;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 of Object.keys(data2)){
if(!((key1 === "amd64") || (key1 === "arm64"))){
const err7 = {instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema21.properties.sha256,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data2.amd64 !== undefined && func0.call(data2, "amd64")){
let data3 = data2.amd64;
if(typeof data3 === "string"){
if(func65(data3) < 1){
const err8 = {instancePath:instancePath+"/sha256/amd64",schemaPath:"#/properties/sha256/properties/amd64/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema21.properties.sha256.properties.amd64,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!pattern14.test(data3)){
const err9 = {instancePath:instancePath+"/sha256/amd64",schemaPath:"#/properties/sha256/properties/amd64/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema21.properties.sha256.properties.amd64,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/sha256/amd64",schemaPath:"#/properties/sha256/properties/amd64/type",keyword:"type",params:{type: "string"},schema:schema21.properties.sha256.properties.amd64.type,parentSchema:schema21.properties.sha256.properties.amd64,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data2.arm64 !== undefined && func0.call(data2, "arm64")){
let data4 = data2.arm64;
if(typeof data4 === "string"){
if(func65(data4) < 1){
const err11 = {instancePath:instancePath+"/sha256/arm64",schemaPath:"#/properties/sha256/properties/arm64/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema21.properties.sha256.properties.arm64,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!pattern14.test(data4)){
const err12 = {instancePath:instancePath+"/sha256/arm64",schemaPath:"#/properties/sha256/properties/arm64/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema21.properties.sha256.properties.arm64,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/sha256/arm64",schemaPath:"#/properties/sha256/properties/arm64/type",keyword:"type",params:{type: "string"},schema:schema21.properties.sha256.properties.arm64.type,parentSchema:schema21.properties.sha256.properties.arm64,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "object"},schema:schema21.properties.sha256.type,parentSchema:schema21.properties.sha256,data:data2};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema21.type,parentSchema:schema21,data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
validate54.errors = vErrors;
return errors === 0;
}
validate54.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate53.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 of Object.keys(data)){
if(!(func0.call(schema20.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.type !== undefined && func0.call(data, "type")){
let data0 = data.type;
if(!(((data0 === "containerd") || (data0 === "docker")) || (data0 === "cri-o"))){
const err1 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/enum",keyword:"enum",params:{allowedValues: schema20.properties.type.enum},schema:schema20.properties.type.enum,parentSchema:schema20.properties.type,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.source !== undefined && func0.call(data, "source")){
let data1 = data.source;
if(!(((data1 === "distribution") || (data1 === "docker")) || (data1 === "upstream"))){
const err2 = {instancePath:instancePath+"/source",schemaPath:"#/properties/source/enum",keyword:"enum",params:{allowedValues: schema20.properties.source.enum},schema:schema20.properties.source.enum,parentSchema:schema20.properties.source,data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.version !== undefined && func0.call(data, "version")){
let data2 = data.version;
if(typeof data2 === "string"){
if(func65(data2) < 1){
const err3 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema20.properties.version,data:data2};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern8.test(data2)){
const err4 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$"},schema:"^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$",parentSchema:schema20.properties.version,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"},schema:schema20.properties.version.type,parentSchema:schema20.properties.version,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.sandboxImage !== undefined && func0.call(data, "sandboxImage")){
let data3 = data.sandboxImage;
if(typeof data3 === "string"){
if(func65(data3) < 1){
const err6 = {instancePath:instancePath+"/sandboxImage",schemaPath:"#/properties/sandboxImage/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema20.properties.sandboxImage,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/sandboxImage",schemaPath:"#/properties/sandboxImage/type",keyword:"type",params:{type: "string"},schema:schema20.properties.sandboxImage.type,parentSchema:schema20.properties.sandboxImage,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.snapshotter !== undefined && func0.call(data, "snapshotter")){
let data4 = data.snapshotter;
if(typeof data4 === "string"){
if(func65(data4) < 1){
const err8 = {instancePath:instancePath+"/snapshotter",schemaPath:"#/properties/snapshotter/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema20.properties.snapshotter,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/snapshotter",schemaPath:"#/properties/snapshotter/type",keyword:"type",params:{type: "string"},schema:schema20.properties.snapshotter.type,parentSchema:schema20.properties.snapshotter,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.config !== undefined && func0.call(data, "config")){
let data5 = data.config;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
}
else {
const err10 = {instancePath:instancePath+"/config",schemaPath:"#/properties/config/type",keyword:"type",params:{type: "object"},schema:schema20.properties.config.type,parentSchema:schema20.properties.config,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.repository !== undefined && func0.call(data, "repository")){
let data6 = data.repository;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 of Object.keys(data6)){
if(!(((key1 === "url") || (key1 === "keyUrl")) || (key1 === "fingerprint"))){
const err11 = {instancePath:instancePath+"/repository",schemaPath:"#/properties/repository/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema20.properties.repository,data:data6};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data6.url !== undefined && func0.call(data6, "url")){
let data7 = data6.url;
if(typeof data7 === "string"){
if(func65(data7) < 1){
const err12 = {instancePath:instancePath+"/repository/url",schemaPath:"#/properties/repository/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema20.properties.repository.properties.url,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern4.test(data7)){
const err13 = {instancePath:instancePath+"/repository/url",schemaPath:"#/properties/repository/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema20.properties.repository.properties.url,data:data7};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/repository/url",schemaPath:"#/properties/repository/properties/url/type",keyword:"type",params:{type: "string"},schema:schema20.properties.repository.properties.url.type,parentSchema:schema20.properties.repository.properties.url,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data6.keyUrl !== undefined && func0.call(data6, "keyUrl")){
let data8 = data6.keyUrl;
if(typeof data8 === "string"){
if(func65(data8) < 1){
const err15 = {instancePath:instancePath+"/repository/keyUrl",schemaPath:"#/properties/repository/properties/keyUrl/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema20.properties.repository.properties.keyUrl,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!pattern4.test(data8)){
const err16 = {instancePath:instancePath+"/repository/keyUrl",schemaPath:"#/properties/repository/properties/keyUrl/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema20.properties.repository.properties.keyUrl,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/repository/keyUrl",schemaPath:"#/properties/repository/properties/keyUrl/type",keyword:"type",params:{type: "string"},schema:schema20.properties.repository.properties.keyUrl.type,parentSchema:schema20.properties.repository.properties.keyUrl,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data6.fingerprint !== undefined && func0.call(data6, "fingerprint")){
let data9 = data6.fingerprint;
if(typeof data9 === "string"){
if(func65(data9) < 1){
const err18 = {instancePath:instancePath+"/repository/fingerprint",schemaPath:"#/properties/repository/properties/fingerprint/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema20.properties.repository.properties.fingerprint,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!pattern11.test(data9)){
const err19 = {instancePath:instancePath+"/repository/fingerprint",schemaPath:"#/properties/repository/properties/fingerprint/pattern",keyword:"pattern",params:{pattern: "^([0-9A-Fa-f] *){40}$"},schema:"^([0-9A-Fa-f] *){40}$",parentSchema:schema20.properties.repository.properties.fingerprint,data:data9};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/repository/fingerprint",schemaPath:"#/properties/repository/properties/fingerprint/type",keyword:"type",params:{type: "string"},schema:schema20.properties.repository.properties.fingerprint.type,parentSchema:schema20.properties.repository.properties.fingerprint,data:data9};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/repository",schemaPath:"#/properties/repository/type",keyword:"type",params:{type: "object"},schema:schema20.properties.repository.type,parentSchema:schema20.properties.repository,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.downloads !== undefined && func0.call(data, "downloads")){
let data10 = data.downloads;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key2 of Object.keys(data10)){
if(!((((key2 === "containerd") || (key2 === "runc")) || (key2 === "cniPlugins")) || (key2 === "criDockerd"))){
const err22 = {instancePath:instancePath+"/downloads",schemaPath:"#/properties/downloads/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema20.properties.downloads,data:data10};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data10.containerd !== undefined && func0.call(data10, "containerd")){
if(!(validate54(data10.containerd, {instancePath:instancePath+"/downloads/containerd",parentData:data10,parentDataProperty:"containerd",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
if(data10.runc !== undefined && func0.call(data10, "runc")){
if(!(validate54(data10.runc, {instancePath:instancePath+"/downloads/runc",parentData:data10,parentDataProperty:"runc",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
if(data10.cniPlugins !== undefined && func0.call(data10, "cniPlugins")){
if(!(validate54(data10.cniPlugins, {instancePath:instancePath+"/downloads/cniPlugins",parentData:data10,parentDataProperty:"cniPlugins",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
if(data10.criDockerd !== undefined && func0.call(data10, "criDockerd")){
if(!(validate54(data10.criDockerd, {instancePath:instancePath+"/downloads/criDockerd",parentData:data10,parentDataProperty:"criDockerd",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
else {
const err23 = {instancePath:instancePath+"/downloads",schemaPath:"#/properties/downloads/type",keyword:"type",params:{type: "object"},schema:schema20.properties.downloads.type,parentSchema:schema20.properties.downloads,data:data10};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.fetch !== undefined && func0.call(data, "fetch")){
let data15 = data.fetch;
if(!((data15 === "host") || (data15 === "controller"))){
const err24 = {instancePath:instancePath+"/fetch",schemaPath:"#/properties/fetch/enum",keyword:"enum",params:{allowedValues: schema20.properties.fetch.enum},schema:schema20.properties.fetch.enum,parentSchema:schema20.properties.fetch,data:data15};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema20.type,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
validate53.errors = vErrors;
return errors === 0;
}
validate53.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema22 = {"type":"object","properties":{"env":{"type":"string","minLength":1,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","errorMessage":"must be the name of an environment variable"},"file":{"type":"string","minLength":1,"errorMessage":"must be the path of a file"},"prompt":{"type":"string","minLength":1,"errorMessage":"must be a question"}},"additionalProperties":false,"minProperties":1,"maxProperties":1,"writeOnly":true,"errorMessage":"must be a reference to a secret: {env: NAME}, {file: PATH} or {prompt: \"question\"}"};
const pattern17 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");

function validate60(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate60.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length > 1){
const err0 = {instancePath,schemaPath:"#/maxProperties",keyword:"maxProperties",params:{limit: 1},schema:1,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(Object.keys(data).length < 1){
const err1 = {instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!(((key0 === "env") || (key0 === "file")) || (key0 === "prompt"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.env !== undefined && func0.call(data, "env")){
let data0 = data.env;
if(typeof data0 === "string"){
if(func65(data0) < 1){
const err3 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema22.properties.env,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern17.test(data0)){
const err4 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},schema:"^[A-Za-z_][A-Za-z0-9_]*$",parentSchema:schema22.properties.env,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/env",schemaPath:"#/properties/env/type",keyword:"type",params:{type: "string"},schema:schema22.properties.env.type,parentSchema:schema22.properties.env,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.file !== undefined && func0.call(data, "file")){
let data1 = data.file;
if(typeof data1 === "string"){
if(func65(data1) < 1){
const err6 = {instancePath:instancePath+"/file",schemaPath:"#/properties/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema22.properties.file,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"},schema:schema22.properties.file.type,parentSchema:schema22.properties.file,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.prompt !== undefined && func0.call(data, "prompt")){
let data2 = data.prompt;
if(typeof data2 === "string"){
if(func65(data2) < 1){
const err8 = {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema22.properties.prompt,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/prompt",schemaPath:"#/properties/prompt/type",keyword:"type",params:{type: "string"},schema:schema22.properties.prompt.type,parentSchema:schema22.properties.prompt,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema22.type,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
validate60.errors = vErrors;
return errors === 0;
}
validate60.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema23 = {"type":"object","properties":{"role":{"enum":["control-plane","worker"],"errorMessage":"must be control-plane or worker","default":"worker"},"user":{"type":"string","minLength":1,"pattern":"^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$","errorMessage":"must be the name of a user","default":"root"},"port":{"type":"integer","minimum":1,"maximum":65535,"errorMessage":"must be an integer from 1 to 65535","default":22},"identityFile":{"type":"string","minLength":1,"errorMessage":"must be the path of a private key"},"password":{"$ref":"#/$defs/secret"},"passphrase":{"$ref":"#/$defs/secret"},"become":{"type":"boolean","errorMessage":"must be true or false"},"becomePassword":{"$ref":"#/$defs/secret"},"labels":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"},"taints":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"object","required":["key","effect"],"properties":{"key":{"type":"string","errorMessage":"must be a string"},"value":{"type":"string","errorMessage":"must be a string"},"effect":{"enum":["NoSchedule","PreferNoSchedule","NoExecute"],"errorMessage":"must be NoSchedule, PreferNoSchedule or NoExecute"}},"additionalProperties":false}],"errorMessage":"must be key=value:Effect, key:Effect, or a map of key, value and effect"},"errorMessage":"must be a list of taints"},"gpu":{"enum":[true,false,"auto"],"errorMessage":"must be true, false or auto"},"runtime":{"$ref":"#/$defs/runtime"},"kubelet":{"type":"object","additionalProperties":true,"errorMessage":"must be a map"},"packages":{"type":"array","items":{"type":"string","minLength":1,"errorMessage":"must be the name of a package"},"errorMessage":"must be a list of package names"},"kubeletExtraArgs":{"type":"object","additionalProperties":{"type":"string","errorMessage":"must be a string"},"errorMessage":"must be a map of strings"}},"additionalProperties":false,"errorMessage":"must be a map"};

function validate63(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate63.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 of Object.keys(data)){
if(!(func0.call(schema23.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema23,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.role !== undefined && func0.call(data, "role")){
let data0 = data.role;
if(!((data0 === "control-plane") || (data0 === "worker"))){
const err1 = {instancePath:instancePath+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues: schema23.properties.role.enum},schema:schema23.properties.role.enum,parentSchema:schema23.properties.role,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.user !== undefined && func0.call(data, "user")){
let data1 = data.user;
if(typeof data1 === "string"){
if(func65(data1) < 1){
const err2 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema23.properties.user,data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!pattern58.test(data1)){
const err3 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$"},schema:"^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$",parentSchema:schema23.properties.user,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "string"},schema:schema23.properties.user.type,parentSchema:schema23.properties.user,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.port !== undefined && func0.call(data, "port")){
let data2 = data.port;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err5 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},schema:schema23.properties.port.type,parentSchema:schema23.properties.port,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 65535 || isNaN(data2)){
const err6 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema23.properties.port,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema23.properties.port,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
if(data.identityFile !== undefined && func0.call(data, "identityFile")){
let data3 = data.identityFile;
if(typeof data3 === "string"){
if(func65(data3) < 1){
const err8 = {instancePath:instancePath+"/identityFile",schemaPath:"#/properties/identityFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema23.properties.identityFile,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/identityFile",schemaPath:"#/properties/identityFile/type",keyword:"type",params:{type: "string"},schema:schema23.properties.identityFile.type,parentSchema:schema23.properties.identityFile,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.password !== undefined && func0.call(data, "password")){
if(!(validate60(data.password, {instancePath:instancePath+"/password",parentData:data,parentDataProperty:"password",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data.passphrase !== undefined && func0.call(data, "passphrase")){
if(!(validate60(data.passphrase, {instancePath:instancePath+"/passphrase",parentData:data,parentDataProperty:"passphrase",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data.become !== undefined && func0.call(data, "become")){
let data6 = data.become;
if(typeof data6 !== "boolean"){
const err10 = {instancePath:instancePath+"/become",schemaPath:"#/properties/become/type",keyword:"type",params:{type: "boolean"},schema:schema23.properties.become.type,parentSchema:schema23.properties.become,data:data6};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.becomePassword !== undefined && func0.call(data, "becomePassword")){
if(!(validate60(data.becomePassword, {instancePath:instancePath+"/becomePassword",parentData:data,parentDataProperty:"becomePassword",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data.labels !== undefined && func0.call(data, "labels")){
let data8 = data.labels;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key1 of Object.keys(data8)){
let data9 = data8[key1];
if(typeof data9 !== "string"){
const err11 = {instancePath:instancePath+"/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema23.properties.labels.additionalProperties.type,parentSchema:schema23.properties.labels.additionalProperties,data:data9};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "object"},schema:schema23.properties.labels.type,parentSchema:schema23.properties.labels,data:data8};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.taints !== undefined && func0.call(data, "taints")){
let data10 = data.taints;
if(Array.isArray(data10)){
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
let data11 = data10[i0];
const _errs31 = errors;
let valid4 = false;
const _errs32 = errors;
if(typeof data11 !== "string"){
const err13 = {instancePath:instancePath+"/taints/" + i0,schemaPath:"#/properties/taints/items/anyOf/0/type",keyword:"type",params:{type: "string"},schema:schema23.properties.taints.items.anyOf[0].type,parentSchema:schema23.properties.taints.items.anyOf[0],data:data11};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
var _valid0 = _errs32 === errors;
valid4 = valid4 || _valid0;
const _errs34 = errors;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
if((data11.key === undefined) || (!(func0.call(data11, "key")))){
const err14 = {instancePath:instancePath+"/taints/" + i0,schemaPath:"#/properties/taints/items/anyOf/1/required",keyword:"required",params:{missingProperty: "key"},schema:schema23.properties.taints.items.anyOf[1].required,parentSchema:schema23.properties.taints.items.anyOf[1],data:data11};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((data11.effect === undefined) || (!(func0.call(data11, "effect")))){
const err15 = {instancePath:instancePath+"/taints/" + i0,schemaPath:"#/properties/taints/items/anyOf/1/required",keyword:"required",params:{missingProperty: "effect"},schema:schema23.properties.taints.items.anyOf[1].required,parentSchema:schema23.properties.taints.items.anyOf[1],data:data11};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key2 of Object.keys(data11)){
if(!(((key2 === "key") || (key2 === "value")) || (key2 === "effect"))){
const err16 = {instancePath:instancePath+"/taints/" + i0,schemaPath:"#/properties/taints/items/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema23.properties.taints.items.anyOf[1],data:data11};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data11.key !== undefined && func0.call(data11, "key")){
let data12 = data11.key;
if(typeof data12 !== "string"){
const err17 = {instancePath:instancePath+"/taints/" + i0+"/key",schemaPath:"#/properties/taints/items/anyOf/1/properties/key/type",keyword:"type",params:{type: "string"},schema:schema23.properties.taints.items.anyOf[1].properties.key.type,parentSchema:schema23.properties.taints.items.anyOf[1].properties.key,data:data12};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data11.value !== undefined && func0.call(data11, "value")){
let data13 = data11.value;
if(typeof data13 !== "string"){
const err18 = {instancePath:instancePath+"/taints/" + i0+"/value",schemaPath:"#/properties/taints/items/anyOf/1/properties/value/type",keyword:"type",params:{type: "string"},schema:schema23.properties.taints.items.anyOf[1].properties.value.type,parentSchema:schema23.properties.taints.items.anyOf[1].properties.value,data:data13};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data11.effect !== undefined && func0.call(data11, "effect")){
let data14 = data11.effect;
if(!(((data14 === "NoSchedule") || (data14 === "PreferNoSchedule")) || (data14 === "NoExecute"))){
const err19 = {instancePath:instancePath+"/taints/" + i0+"/effect",schemaPath:"#/properties/taints/items/anyOf/1/properties/effect/enum",keyword:"enum",params:{allowedValues: schema23.properties.taints.items.anyOf[1].properties.effect.enum},schema:schema23.properties.taints.items.anyOf[1].properties.effect.enum,parentSchema:schema23.properties.taints.items.anyOf[1].properties.effect,data:data14};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/taints/" + i0,schemaPath:"#/properties/taints/items/anyOf/1/type",keyword:"type",params:{type: "object"},schema:schema23.properties.taints.items.anyOf[1].type,parentSchema:schema23.properties.taints.items.anyOf[1],data:data11};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
var _valid0 = _errs34 === errors;
valid4 = valid4 || _valid0;
if(!valid4){
const err21 = {instancePath:instancePath+"/taints/" + i0,schemaPath:"#/properties/taints/items/anyOf",keyword:"anyOf",params:{},schema:schema23.properties.taints.items.anyOf,parentSchema:schema23.properties.taints.items,data:data11};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
else {
errors = _errs31;
if(vErrors !== null){
if(_errs31){
vErrors.length = _errs31;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err22 = {instancePath:instancePath+"/taints",schemaPath:"#/properties/taints/type",keyword:"type",params:{type: "array"},schema:schema23.properties.taints.type,parentSchema:schema23.properties.taints,data:data10};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.gpu !== undefined && func0.call(data, "gpu")){
let data15 = data.gpu;
if(!(((data15 === true) || (data15 === false)) || (data15 === "auto"))){
const err23 = {instancePath:instancePath+"/gpu",schemaPath:"#/properties/gpu/enum",keyword:"enum",params:{allowedValues: schema23.properties.gpu.enum},schema:schema23.properties.gpu.enum,parentSchema:schema23.properties.gpu,data:data15};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.runtime !== undefined && func0.call(data, "runtime")){
if(!(validate53(data.runtime, {instancePath:instancePath+"/runtime",parentData:data,parentDataProperty:"runtime",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data.kubelet !== undefined && func0.call(data, "kubelet")){
let data17 = data.kubelet;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
}
else {
const err24 = {instancePath:instancePath+"/kubelet",schemaPath:"#/properties/kubelet/type",keyword:"type",params:{type: "object"},schema:schema23.properties.kubelet.type,parentSchema:schema23.properties.kubelet,data:data17};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.packages !== undefined && func0.call(data, "packages")){
let data18 = data.packages;
if(Array.isArray(data18)){
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
let data19 = data18[i1];
if(typeof data19 === "string"){
if(func65(data19) < 1){
const err25 = {instancePath:instancePath+"/packages/" + i1,schemaPath:"#/properties/packages/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema23.properties.packages.items,data:data19};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/packages/" + i1,schemaPath:"#/properties/packages/items/type",keyword:"type",params:{type: "string"},schema:schema23.properties.packages.items.type,parentSchema:schema23.properties.packages.items,data:data19};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath:instancePath+"/packages",schemaPath:"#/properties/packages/type",keyword:"type",params:{type: "array"},schema:schema23.properties.packages.type,parentSchema:schema23.properties.packages,data:data18};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.kubeletExtraArgs !== undefined && func0.call(data, "kubeletExtraArgs")){
let data20 = data.kubeletExtraArgs;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
for(const key3 of Object.keys(data20)){
let data21 = data20[key3];
if(typeof data21 !== "string"){
const err28 = {instancePath:instancePath+"/kubeletExtraArgs/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/kubeletExtraArgs/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema23.properties.kubeletExtraArgs.additionalProperties.type,parentSchema:schema23.properties.kubeletExtraArgs.additionalProperties,data:data21};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/kubeletExtraArgs",schemaPath:"#/properties/kubeletExtraArgs/type",keyword:"type",params:{type: "object"},schema:schema23.properties.kubeletExtraArgs.type,parentSchema:schema23.properties.kubeletExtraArgs,data:data20};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema23.type,parentSchema:schema23,data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
validate63.errors = vErrors;
return errors === 0;
}
validate63.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="inventory.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate52.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if((data.kubernetes === undefined) || (!(func0.call(data, "kubernetes")))){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kubernetes"},schema:schema19.required,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((data.hosts === undefined) || (!(func0.call(data, "hosts")))){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "hosts"},schema:schema19.required,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!(func0.call(schema19.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.cluster !== undefined && func0.call(data, "cluster")){
let data0 = data.cluster;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 of Object.keys(data0)){
if(!(key1 === "name")){
const err3 = {instancePath:instancePath+"/cluster",schemaPath:"#/properties/cluster/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema19.properties.cluster,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data0.name !== undefined && func0.call(data0, "name")){
let data1 = data0.name;
if(typeof data1 === "string"){
if(func65(data1) < 1){
const err4 = {instancePath:instancePath+"/cluster/name",schemaPath:"#/properties/cluster/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.cluster.properties.name,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern3.test(data1)){
const err5 = {instancePath:instancePath+"/cluster/name",schemaPath:"#/properties/cluster/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",parentSchema:schema19.properties.cluster.properties.name,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/cluster/name",schemaPath:"#/properties/cluster/properties/name/type",keyword:"type",params:{type: "string"},schema:schema19.properties.cluster.properties.name.type,parentSchema:schema19.properties.cluster.properties.name,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath:instancePath+"/cluster",schemaPath:"#/properties/cluster/type",keyword:"type",params:{type: "object"},schema:schema19.properties.cluster.type,parentSchema:schema19.properties.cluster,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.kubernetes !== undefined && func0.call(data, "kubernetes")){
let data2 = data.kubernetes;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if((data2.version === undefined) || (!(func0.call(data2, "version")))){
const err8 = {instancePath:instancePath+"/kubernetes",schemaPath:"#/properties/kubernetes/required",keyword:"required",params:{missingProperty: "version"},schema:schema19.properties.kubernetes.required,parentSchema:schema19.properties.kubernetes,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key2 of Object.keys(data2)){
if(!(func0.call(schema19.properties.kubernetes.properties, key2))){
const err9 = {instancePath:instancePath+"/kubernetes",schemaPath:"#/properties/kubernetes/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema19.properties.kubernetes,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data2.version !== undefined && func0.call(data2, "version")){
let data3 = data2.version;
if(typeof data3 === "string"){
if(func65(data3) < 1){
const err10 = {instancePath:instancePath+"/kubernetes/version",schemaPath:"#/properties/kubernetes/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.version,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/kubernetes/version",schemaPath:"#/properties/kubernetes/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.version.type,parentSchema:schema19.properties.kubernetes.properties.version,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.repository !== undefined && func0.call(data2, "repository")){
let data4 = data2.repository;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key3 of Object.keys(data4)){
if(!(((key3 === "url") || (key3 === "keyUrl")) || (key3 === "fingerprint"))){
const err12 = {instancePath:instancePath+"/kubernetes/repository",schemaPath:"#/properties/kubernetes/properties/repository/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},schema:false,parentSchema:schema19.properties.kubernetes.properties.repository,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data4.url !== undefined && func0.call(data4, "url")){
let data5 = data4.url;
if(typeof data5 === "string"){
if(func65(data5) < 1){
const err13 = {instancePath:instancePath+"/kubernetes/repository/url",schemaPath:"#/properties/kubernetes/properties/repository/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.repository.properties.url,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!pattern4.test(data5)){
const err14 = {instancePath:instancePath+"/kubernetes/repository/url",schemaPath:"#/properties/kubernetes/properties/repository/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.kubernetes.properties.repository.properties.url,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/kubernetes/repository/url",schemaPath:"#/properties/kubernetes/properties/repository/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.repository.properties.url.type,parentSchema:schema19.properties.kubernetes.properties.repository.properties.url,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data4.keyUrl !== undefined && func0.call(data4, "keyUrl")){
let data6 = data4.keyUrl;
if(typeof data6 === "string"){
if(func65(data6) < 1){
const err16 = {instancePath:instancePath+"/kubernetes/repository/keyUrl",schemaPath:"#/properties/kubernetes/properties/repository/properties/keyUrl/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.repository.properties.keyUrl,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(!pattern4.test(data6)){
const err17 = {instancePath:instancePath+"/kubernetes/repository/keyUrl",schemaPath:"#/properties/kubernetes/properties/repository/properties/keyUrl/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.kubernetes.properties.repository.properties.keyUrl,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/kubernetes/repository/keyUrl",schemaPath:"#/properties/kubernetes/properties/repository/properties/keyUrl/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.repository.properties.keyUrl.type,parentSchema:schema19.properties.kubernetes.properties.repository.properties.keyUrl,data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data4.fingerprint !== undefined && func0.call(data4, "fingerprint")){
let data7 = data4.fingerprint;
if(typeof data7 === "string"){
if(func65(data7) < 1){
const err19 = {instancePath:instancePath+"/kubernetes/repository/fingerprint",schemaPath:"#/properties/kubernetes/properties/repository/properties/fingerprint/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.repository.properties.fingerprint,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!pattern6.test(data7)){
const err20 = {instancePath:instancePath+"/kubernetes/repository/fingerprint",schemaPath:"#/properties/kubernetes/properties/repository/properties/fingerprint/pattern",keyword:"pattern",params:{pattern: "^([0-9A-Fa-f]{4} *){10}$"},schema:"^([0-9A-Fa-f]{4} *){10}$",parentSchema:schema19.properties.kubernetes.properties.repository.properties.fingerprint,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/kubernetes/repository/fingerprint",schemaPath:"#/properties/kubernetes/properties/repository/properties/fingerprint/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.repository.properties.fingerprint.type,parentSchema:schema19.properties.kubernetes.properties.repository.properties.fingerprint,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/kubernetes/repository",schemaPath:"#/properties/kubernetes/properties/repository/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.repository.type,parentSchema:schema19.properties.kubernetes.properties.repository,data:data4};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data2.imageRepository !== undefined && func0.call(data2, "imageRepository")){
let data8 = data2.imageRepository;
if(typeof data8 === "string"){
if(func65(data8) < 1){
const err23 = {instancePath:instancePath+"/kubernetes/imageRepository",schemaPath:"#/properties/kubernetes/properties/imageRepository/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.imageRepository,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(!pattern7.test(data8)){
const err24 = {instancePath:instancePath+"/kubernetes/imageRepository",schemaPath:"#/properties/kubernetes/properties/imageRepository/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$"},schema:"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$",parentSchema:schema19.properties.kubernetes.properties.imageRepository,data:data8};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/kubernetes/imageRepository",schemaPath:"#/properties/kubernetes/properties/imageRepository/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.imageRepository.type,parentSchema:schema19.properties.kubernetes.properties.imageRepository,data:data8};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data2.controlPlaneEndpoint !== undefined && func0.call(data2, "controlPlaneEndpoint")){
let data9 = data2.controlPlaneEndpoint;
if(typeof data9 === "string"){
if(func65(data9) < 1){
const err26 = {instancePath:instancePath+"/kubernetes/controlPlaneEndpoint",schemaPath:"#/properties/kubernetes/properties/controlPlaneEndpoint/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.controlPlaneEndpoint,data:data9};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/kubernetes/controlPlaneEndpoint",schemaPath:"#/properties/kubernetes/properties/controlPlaneEndpoint/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.controlPlaneEndpoint.type,parentSchema:schema19.properties.kubernetes.properties.controlPlaneEndpoint,data:data9};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data2.networking !== undefined && func0.call(data2, "networking")){
let data10 = data2.networking;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key4 of Object.keys(data10)){
if(!(((key4 === "podSubnet") || (key4 === "serviceSubnet")) || (key4 === "dnsDomain"))){
const err28 = {instancePath:instancePath+"/kubernetes/networking",schemaPath:"#/properties/kubernetes/properties/networking/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},schema:false,parentSchema:schema19.properties.kubernetes.properties.networking,data:data10};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data10.podSubnet !== undefined && func0.call(data10, "podSubnet")){
let data11 = data10.podSubnet;
if(typeof data11 === "string"){
if(func65(data11) < 1){
const err29 = {instancePath:instancePath+"/kubernetes/networking/podSubnet",schemaPath:"#/properties/kubernetes/properties/networking/properties/podSubnet/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.networking.properties.podSubnet,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/kubernetes/networking/podSubnet",schemaPath:"#/properties/kubernetes/properties/networking/properties/podSubnet/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.networking.properties.podSubnet.type,parentSchema:schema19.properties.kubernetes.properties.networking.properties.podSubnet,data:data11};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data10.serviceSubnet !== undefined && func0.call(data10, "serviceSubnet")){
let data12 = data10.serviceSubnet;
if(typeof data12 === "string"){
if(func65(data12) < 1){
const err31 = {instancePath:instancePath+"/kubernetes/networking/serviceSubnet",schemaPath:"#/properties/kubernetes/properties/networking/properties/serviceSubnet/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.networking.properties.serviceSubnet,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/kubernetes/networking/serviceSubnet",schemaPath:"#/properties/kubernetes/properties/networking/properties/serviceSubnet/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.networking.properties.serviceSubnet.type,parentSchema:schema19.properties.kubernetes.properties.networking.properties.serviceSubnet,data:data12};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data10.dnsDomain !== undefined && func0.call(data10, "dnsDomain")){
let data13 = data10.dnsDomain;
if(typeof data13 === "string"){
if(func65(data13) < 1){
const err33 = {instancePath:instancePath+"/kubernetes/networking/dnsDomain",schemaPath:"#/properties/kubernetes/properties/networking/properties/dnsDomain/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.networking.properties.dnsDomain,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/kubernetes/networking/dnsDomain",schemaPath:"#/properties/kubernetes/properties/networking/properties/dnsDomain/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.networking.properties.dnsDomain.type,parentSchema:schema19.properties.kubernetes.properties.networking.properties.dnsDomain,data:data13};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
}
else {
const err35 = {instancePath:instancePath+"/kubernetes/networking",schemaPath:"#/properties/kubernetes/properties/networking/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.networking.type,parentSchema:schema19.properties.kubernetes.properties.networking,data:data10};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data2.apiServer !== undefined && func0.call(data2, "apiServer")){
let data14 = data2.apiServer;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key5 of Object.keys(data14)){
if(!((key5 === "certSANs") || (key5 === "extraArgs"))){
const err36 = {instancePath:instancePath+"/kubernetes/apiServer",schemaPath:"#/properties/kubernetes/properties/apiServer/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},schema:false,parentSchema:schema19.properties.kubernetes.properties.apiServer,data:data14};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data14.certSANs !== undefined && func0.call(data14, "certSANs")){
let data15 = data14.certSANs;
if(Array.isArray(data15)){
const len0 = data15.length;
for(let i0=0; i0<len0; i0++){
let data16 = data15[i0];
if(typeof data16 === "string"){
if(func65(data16) < 1){
const err37 = {instancePath:instancePath+"/kubernetes/apiServer/certSANs/" + i0,schemaPath:"#/properties/kubernetes/properties/apiServer/properties/certSANs/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.apiServer.properties.certSANs.items,data:data16};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/kubernetes/apiServer/certSANs/" + i0,schemaPath:"#/properties/kubernetes/properties/apiServer/properties/certSANs/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.apiServer.properties.certSANs.items.type,parentSchema:schema19.properties.kubernetes.properties.apiServer.properties.certSANs.items,data:data16};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath:instancePath+"/kubernetes/apiServer/certSANs",schemaPath:"#/properties/kubernetes/properties/apiServer/properties/certSANs/type",keyword:"type",params:{type: "array"},schema:schema19.properties.kubernetes.properties.apiServer.properties.certSANs.type,parentSchema:schema19.properties.kubernetes.properties.apiServer.properties.certSANs,data:data15};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data14.extraArgs !== undefined && func0.call(data14, "extraArgs")){
let data17 = data14.extraArgs;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
for(const key6 of Object.keys(data17)){
let data18 = data17[key6];
if(typeof data18 !== "string"){
const err40 = {instancePath:instancePath+"/kubernetes/apiServer/extraArgs/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/kubernetes/properties/apiServer/properties/extraArgs/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.apiServer.properties.extraArgs.additionalProperties.type,parentSchema:schema19.properties.kubernetes.properties.apiServer.properties.extraArgs.additionalProperties,data:data18};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
else {
const err41 = {instancePath:instancePath+"/kubernetes/apiServer/extraArgs",schemaPath:"#/properties/kubernetes/properties/apiServer/properties/extraArgs/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.apiServer.properties.extraArgs.type,parentSchema:schema19.properties.kubernetes.properties.apiServer.properties.extraArgs,data:data17};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
else {
const err42 = {instancePath:instancePath+"/kubernetes/apiServer",schemaPath:"#/properties/kubernetes/properties/apiServer/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.apiServer.type,parentSchema:schema19.properties.kubernetes.properties.apiServer,data:data14};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data2.controllerManager !== undefined && func0.call(data2, "controllerManager")){
let data19 = data2.controllerManager;
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
for(const key7 of Object.keys(data19)){
if(!(key7 === "extraArgs")){
const err43 = {instancePath:instancePath+"/kubernetes/controllerManager",schemaPath:"#/properties/kubernetes/properties/controllerManager/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},schema:false,parentSchema:schema19.properties.kubernetes.properties.controllerManager,data:data19};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data19.extraArgs !== undefined && func0.call(data19, "extraArgs")){
let data20 = data19.extraArgs;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
for(const key8 of Object.keys(data20)){
let data21 = data20[key8];
if(typeof data21 !== "string"){
const err44 = {instancePath:instancePath+"/kubernetes/controllerManager/extraArgs/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/kubernetes/properties/controllerManager/properties/extraArgs/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.controllerManager.properties.extraArgs.additionalProperties.type,parentSchema:schema19.properties.kubernetes.properties.controllerManager.properties.extraArgs.additionalProperties,data:data21};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
else {
const err45 = {instancePath:instancePath+"/kubernetes/controllerManager/extraArgs",schemaPath:"#/properties/kubernetes/properties/controllerManager/properties/extraArgs/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.controllerManager.properties.extraArgs.type,parentSchema:schema19.properties.kubernetes.properties.controllerManager.properties.extraArgs,data:data20};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/kubernetes/controllerManager",schemaPath:"#/properties/kubernetes/properties/controllerManager/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.controllerManager.type,parentSchema:schema19.properties.kubernetes.properties.controllerManager,data:data19};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data2.scheduler !== undefined && func0.call(data2, "scheduler")){
let data22 = data2.scheduler;
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
for(const key9 of Object.keys(data22)){
if(!(key9 === "extraArgs")){
const err47 = {instancePath:instancePath+"/kubernetes/scheduler",schemaPath:"#/properties/kubernetes/properties/scheduler/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},schema:false,parentSchema:schema19.properties.kubernetes.properties.scheduler,data:data22};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data22.extraArgs !== undefined && func0.call(data22, "extraArgs")){
let data23 = data22.extraArgs;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key10 of Object.keys(data23)){
let data24 = data23[key10];
if(typeof data24 !== "string"){
const err48 = {instancePath:instancePath+"/kubernetes/scheduler/extraArgs/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/kubernetes/properties/scheduler/properties/extraArgs/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.scheduler.properties.extraArgs.additionalProperties.type,parentSchema:schema19.properties.kubernetes.properties.scheduler.properties.extraArgs.additionalProperties,data:data24};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
}
else {
const err49 = {instancePath:instancePath+"/kubernetes/scheduler/extraArgs",schemaPath:"#/properties/kubernetes/properties/scheduler/properties/extraArgs/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.scheduler.properties.extraArgs.type,parentSchema:schema19.properties.kubernetes.properties.scheduler.properties.extraArgs,data:data23};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/kubernetes/scheduler",schemaPath:"#/properties/kubernetes/properties/scheduler/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.scheduler.type,parentSchema:schema19.properties.kubernetes.properties.scheduler,data:data22};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data2.etcd !== undefined && func0.call(data2, "etcd")){
let data25 = data2.etcd;
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
for(const key11 of Object.keys(data25)){
if(!(key11 === "extraArgs")){
const err51 = {instancePath:instancePath+"/kubernetes/etcd",schemaPath:"#/properties/kubernetes/properties/etcd/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},schema:false,parentSchema:schema19.properties.kubernetes.properties.etcd,data:data25};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data25.extraArgs !== undefined && func0.call(data25, "extraArgs")){
let data26 = data25.extraArgs;
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
for(const key12 of Object.keys(data26)){
let data27 = data26[key12];
if(typeof data27 !== "string"){
const err52 = {instancePath:instancePath+"/kubernetes/etcd/extraArgs/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/kubernetes/properties/etcd/properties/extraArgs/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.etcd.properties.extraArgs.additionalProperties.type,parentSchema:schema19.properties.kubernetes.properties.etcd.properties.extraArgs.additionalProperties,data:data27};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
}
else {
const err53 = {instancePath:instancePath+"/kubernetes/etcd/extraArgs",schemaPath:"#/properties/kubernetes/properties/etcd/properties/extraArgs/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.etcd.properties.extraArgs.type,parentSchema:schema19.properties.kubernetes.properties.etcd.properties.extraArgs,data:data26};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/kubernetes/etcd",schemaPath:"#/properties/kubernetes/properties/etcd/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.etcd.type,parentSchema:schema19.properties.kubernetes.properties.etcd,data:data25};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data2.featureGates !== undefined && func0.call(data2, "featureGates")){
let data28 = data2.featureGates;
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
for(const key13 of Object.keys(data28)){
let data29 = data28[key13];
if(typeof data29 !== "boolean"){
const err55 = {instancePath:instancePath+"/kubernetes/featureGates/" + key13.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/kubernetes/properties/featureGates/additionalProperties/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.kubernetes.properties.featureGates.additionalProperties.type,parentSchema:schema19.properties.kubernetes.properties.featureGates.additionalProperties,data:data29};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
}
else {
const err56 = {instancePath:instancePath+"/kubernetes/featureGates",schemaPath:"#/properties/kubernetes/properties/featureGates/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.featureGates.type,parentSchema:schema19.properties.kubernetes.properties.featureGates,data:data28};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data2.kubelet !== undefined && func0.call(data2, "kubelet")){
let data30 = data2.kubelet;
if(data30 && typeof data30 == "object" && !Array.isArray(data30)){
}
else {
const err57 = {instancePath:instancePath+"/kubernetes/kubelet",schemaPath:"#/properties/kubernetes/properties/kubelet/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.kubelet.type,parentSchema:schema19.properties.kubernetes.properties.kubelet,data:data30};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data2.kubeProxy !== undefined && func0.call(data2, "kubeProxy")){
let data31 = data2.kubeProxy;
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
for(const key14 of Object.keys(data31)){
if(!((key14 === "mode") || (key14 === "config"))){
const err58 = {instancePath:instancePath+"/kubernetes/kubeProxy",schemaPath:"#/properties/kubernetes/properties/kubeProxy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},schema:false,parentSchema:schema19.properties.kubernetes.properties.kubeProxy,data:data31};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data31.mode !== undefined && func0.call(data31, "mode")){
let data32 = data31.mode;
if(!(((data32 === "iptables") || (data32 === "ipvs")) || (data32 === "nftables"))){
const err59 = {instancePath:instancePath+"/kubernetes/kubeProxy/mode",schemaPath:"#/properties/kubernetes/properties/kubeProxy/properties/mode/enum",keyword:"enum",params:{allowedValues: schema19.properties.kubernetes.properties.kubeProxy.properties.mode.enum},schema:schema19.properties.kubernetes.properties.kubeProxy.properties.mode.enum,parentSchema:schema19.properties.kubernetes.properties.kubeProxy.properties.mode,data:data32};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data31.config !== undefined && func0.call(data31, "config")){
let data33 = data31.config;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
}
else {
const err60 = {instancePath:instancePath+"/kubernetes/kubeProxy/config",schemaPath:"#/properties/kubernetes/properties/kubeProxy/properties/config/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.kubeProxy.properties.config.type,parentSchema:schema19.properties.kubernetes.properties.kubeProxy.properties.config,data:data33};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/kubernetes/kubeProxy",schemaPath:"#/properties/kubernetes/properties/kubeProxy/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.properties.kubeProxy.type,parentSchema:schema19.properties.kubernetes.properties.kubeProxy,data:data31};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data2.ignorePreflightErrors !== undefined && func0.call(data2, "ignorePreflightErrors")){
let data34 = data2.ignorePreflightErrors;
if(Array.isArray(data34)){
const len1 = data34.length;
for(let i1=0; i1<len1; i1++){
let data35 = data34[i1];
if(typeof data35 === "string"){
if(func65(data35) < 1){
const err62 = {instancePath:instancePath+"/kubernetes/ignorePreflightErrors/" + i1,schemaPath:"#/properties/kubernetes/properties/ignorePreflightErrors/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.kubernetes.properties.ignorePreflightErrors.items,data:data35};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/kubernetes/ignorePreflightErrors/" + i1,schemaPath:"#/properties/kubernetes/properties/ignorePreflightErrors/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.kubernetes.properties.ignorePreflightErrors.items.type,parentSchema:schema19.properties.kubernetes.properties.ignorePreflightErrors.items,data:data35};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/kubernetes/ignorePreflightErrors",schemaPath:"#/properties/kubernetes/properties/ignorePreflightErrors/type",keyword:"type",params:{type: "array"},schema:schema19.properties.kubernetes.properties.ignorePreflightErrors.type,parentSchema:schema19.properties.kubernetes.properties.ignorePreflightErrors,data:data34};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
else {
const err65 = {instancePath:instancePath+"/kubernetes",schemaPath:"#/properties/kubernetes/type",keyword:"type",params:{type: "object"},schema:schema19.properties.kubernetes.type,parentSchema:schema19.properties.kubernetes,data:data2};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data.runtime !== undefined && func0.call(data, "runtime")){
if(!(validate53(data.runtime, {instancePath:instancePath+"/runtime",parentData:data,parentDataProperty:"runtime",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data.registries !== undefined && func0.call(data, "registries")){
let data37 = data.registries;
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
for(const key15 of Object.keys(data37)){
let data38 = data37[key15];
if(data38 && typeof data38 == "object" && !Array.isArray(data38)){
for(const key16 of Object.keys(data38)){
if(!((((((key16 === "url") || (key16 === "ca")) || (key16 === "skipVerify")) || (key16 === "username")) || (key16 === "password")) || (key16 === "mirrors"))){
const err66 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/registries/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},schema:false,parentSchema:schema19.properties.registries.additionalProperties,data:data38};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data38.url !== undefined && func0.call(data38, "url")){
let data39 = data38.url;
if(typeof data39 === "string"){
if(func65(data39) < 1){
const err67 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/url",schemaPath:"#/properties/registries/additionalProperties/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.registries.additionalProperties.properties.url,data:data39};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(!pattern4.test(data39)){
const err68 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/url",schemaPath:"#/properties/registries/additionalProperties/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.registries.additionalProperties.properties.url,data:data39};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
else {
const err69 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/url",schemaPath:"#/properties/registries/additionalProperties/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.registries.additionalProperties.properties.url.type,parentSchema:schema19.properties.registries.additionalProperties.properties.url,data:data39};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data38.ca !== undefined && func0.call(data38, "ca")){
let data40 = data38.ca;
if(typeof data40 === "string"){
if(func65(data40) < 1){
const err70 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/ca",schemaPath:"#/properties/registries/additionalProperties/properties/ca/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.registries.additionalProperties.properties.ca,data:data40};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
else {
const err71 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/ca",schemaPath:"#/properties/registries/additionalProperties/properties/ca/type",keyword:"type",params:{type: "string"},schema:schema19.properties.registries.additionalProperties.properties.ca.type,parentSchema:schema19.properties.registries.additionalProperties.properties.ca,data:data40};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data38.skipVerify !== undefined && func0.call(data38, "skipVerify")){
let data41 = data38.skipVerify;
if(!((data41 === true) || (data41 === false))){
const err72 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/skipVerify",schemaPath:"#/properties/registries/additionalProperties/properties/skipVerify/enum",keyword:"enum",params:{allowedValues: schema19.properties.registries.additionalProperties.properties.skipVerify.enum},schema:schema19.properties.registries.additionalProperties.properties.skipVerify.enum,parentSchema:schema19.properties.registries.additionalProperties.properties.skipVerify,data:data41};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data38.username !== undefined && func0.call(data38, "username")){
let data42 = data38.username;
if(typeof data42 === "string"){
if(func65(data42) < 1){
const err73 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/username",schemaPath:"#/properties/registries/additionalProperties/properties/username/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.registries.additionalProperties.properties.username,data:data42};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/username",schemaPath:"#/properties/registries/additionalProperties/properties/username/type",keyword:"type",params:{type: "string"},schema:schema19.properties.registries.additionalProperties.properties.username.type,parentSchema:schema19.properties.registries.additionalProperties.properties.username,data:data42};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data38.password !== undefined && func0.call(data38, "password")){
if(!(validate60(data38.password, {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/password",parentData:data38,parentDataProperty:"password",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data38.mirrors !== undefined && func0.call(data38, "mirrors")){
let data44 = data38.mirrors;
if(Array.isArray(data44)){
const len2 = data44.length;
for(let i2=0; i2<len2; i2++){
let data45 = data44[i2];
if(data45 && typeof data45 == "object" && !Array.isArray(data45)){
if((data45.url === undefined) || (!(func0.call(data45, "url")))){
const err75 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2,schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/required",keyword:"required",params:{missingProperty: "url"},schema:schema19.properties.registries.additionalProperties.properties.mirrors.items.required,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items,data:data45};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
for(const key17 of Object.keys(data45)){
if(!(((((key17 === "url") || (key17 === "ca")) || (key17 === "skipVerify")) || (key17 === "username")) || (key17 === "password"))){
const err76 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2,schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},schema:false,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items,data:data45};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data45.url !== undefined && func0.call(data45, "url")){
let data46 = data45.url;
if(typeof data46 === "string"){
if(func65(data46) < 1){
const err77 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/url",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.url,data:data46};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(!pattern4.test(data46)){
const err78 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/url",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.url,data:data46};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
else {
const err79 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/url",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.url.type,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.url,data:data46};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data45.ca !== undefined && func0.call(data45, "ca")){
let data47 = data45.ca;
if(typeof data47 === "string"){
if(func65(data47) < 1){
const err80 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/ca",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/ca/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.ca,data:data47};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/ca",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/ca/type",keyword:"type",params:{type: "string"},schema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.ca.type,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.ca,data:data47};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data45.skipVerify !== undefined && func0.call(data45, "skipVerify")){
let data48 = data45.skipVerify;
if(!((data48 === true) || (data48 === false))){
const err82 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/skipVerify",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/skipVerify/enum",keyword:"enum",params:{allowedValues: schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.skipVerify.enum},schema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.skipVerify.enum,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.skipVerify,data:data48};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data45.username !== undefined && func0.call(data45, "username")){
let data49 = data45.username;
if(typeof data49 === "string"){
if(func65(data49) < 1){
const err83 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/username",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/username/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.username,data:data49};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/username",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/properties/username/type",keyword:"type",params:{type: "string"},schema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.username.type,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items.properties.username,data:data49};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data45.password !== undefined && func0.call(data45, "password")){
if(!(validate60(data45.password, {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2+"/password",parentData:data45,parentDataProperty:"password",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
}
else {
const err85 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors/" + i2,schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/items/type",keyword:"type",params:{type: "object"},schema:schema19.properties.registries.additionalProperties.properties.mirrors.items.type,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors.items,data:data45};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
else {
const err86 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1")+"/mirrors",schemaPath:"#/properties/registries/additionalProperties/properties/mirrors/type",keyword:"type",params:{type: "array"},schema:schema19.properties.registries.additionalProperties.properties.mirrors.type,parentSchema:schema19.properties.registries.additionalProperties.properties.mirrors,data:data44};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
}
else {
const err87 = {instancePath:instancePath+"/registries/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/registries/additionalProperties/type",keyword:"type",params:{type: "object"},schema:schema19.properties.registries.additionalProperties.type,parentSchema:schema19.properties.registries.additionalProperties,data:data38};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
}
else {
const err88 = {instancePath:instancePath+"/registries",schemaPath:"#/properties/registries/type",keyword:"type",params:{type: "object"},schema:schema19.properties.registries.type,parentSchema:schema19.properties.registries,data:data37};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data.network !== undefined && func0.call(data, "network")){
let data51 = data.network;
if(data51 && typeof data51 == "object" && !Array.isArray(data51)){
for(const key18 of Object.keys(data51)){
if(!(func0.call(schema19.properties.network.properties, key18))){
const err89 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},schema:false,parentSchema:schema19.properties.network,data:data51};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data51.plugin !== undefined && func0.call(data51, "plugin")){
let data52 = data51.plugin;
if(!((data52 === "calico") || (data52 === "none"))){
const err90 = {instancePath:instancePath+"/network/plugin",schemaPath:"#/properties/network/properties/plugin/enum",keyword:"enum",params:{allowedValues: schema19.properties.network.properties.plugin.enum},schema:schema19.properties.network.properties.plugin.enum,parentSchema:schema19.properties.network.properties.plugin,data:data52};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data51.version !== undefined && func0.call(data51, "version")){
let data53 = data51.version;
if(typeof data53 === "string"){
if(func65(data53) < 1){
const err91 = {instancePath:instancePath+"/network/version",schemaPath:"#/properties/network/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.version,data:data53};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(!pattern19.test(data53)){
const err92 = {instancePath:instancePath+"/network/version",schemaPath:"#/properties/network/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+$",parentSchema:schema19.properties.network.properties.version,data:data53};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/network/version",schemaPath:"#/properties/network/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.version.type,parentSchema:schema19.properties.network.properties.version,data:data53};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data51.install !== undefined && func0.call(data51, "install")){
let data54 = data51.install;
if(!((data54 === "manifest") || (data54 === "operator"))){
const err94 = {instancePath:instancePath+"/network/install",schemaPath:"#/properties/network/properties/install/enum",keyword:"enum",params:{allowedValues: schema19.properties.network.properties.install.enum},schema:schema19.properties.network.properties.install.enum,parentSchema:schema19.properties.network.properties.install,data:data54};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
if(data51.manifest !== undefined && func0.call(data51, "manifest")){
let data55 = data51.manifest;
if(data55 && typeof data55 == "object" && !Array.isArray(data55)){
if((data55.sha256 === undefined) || (!(func0.call(data55, "sha256")))){
const err95 = {instancePath:instancePath+"/network/manifest",schemaPath:"#/properties/network/properties/manifest/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.network.properties.manifest.required,parentSchema:schema19.properties.network.properties.manifest,data:data55};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
for(const key19 of Object.keys(data55)){
if(!(((key19 === "url") || (key19 === "path")) || (key19 === "sha256"))){
const err96 = {instancePath:instancePath+"/network/manifest",schemaPath:"#/properties/network/properties/manifest/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key19},schema:false,parentSchema:schema19.properties.network.properties.manifest,data:data55};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data55.url !== undefined && func0.call(data55, "url")){
let data56 = data55.url;
if(typeof data56 === "string"){
if(func65(data56) < 1){
const err97 = {instancePath:instancePath+"/network/manifest/url",schemaPath:"#/properties/network/properties/manifest/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.manifest.properties.url,data:data56};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(!pattern4.test(data56)){
const err98 = {instancePath:instancePath+"/network/manifest/url",schemaPath:"#/properties/network/properties/manifest/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.network.properties.manifest.properties.url,data:data56};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/network/manifest/url",schemaPath:"#/properties/network/properties/manifest/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.manifest.properties.url.type,parentSchema:schema19.properties.network.properties.manifest.properties.url,data:data56};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data55.path !== undefined && func0.call(data55, "path")){
let data57 = data55.path;
if(typeof data57 === "string"){
if(func65(data57) < 1){
const err100 = {instancePath:instancePath+"/network/manifest/path",schemaPath:"#/properties/network/properties/manifest/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.manifest.properties.path,data:data57};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/network/manifest/path",schemaPath:"#/properties/network/properties/manifest/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.manifest.properties.path.type,parentSchema:schema19.properties.network.properties.manifest.properties.path,data:data57};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data55.sha256 !== undefined && func0.call(data55, "sha256")){
let data58 = data55.sha256;
if(typeof data58 === "string"){
if(func65(data58) < 1){
const err102 = {instancePath:instancePath+"/network/manifest/sha256",schemaPath:"#/properties/network/properties/manifest/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.manifest.properties.sha256,data:data58};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(!pattern14.test(data58)){
const err103 = {instancePath:instancePath+"/network/manifest/sha256",schemaPath:"#/properties/network/properties/manifest/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.network.properties.manifest.properties.sha256,data:data58};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
else {
const err104 = {instancePath:instancePath+"/network/manifest/sha256",schemaPath:"#/properties/network/properties/manifest/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.manifest.properties.sha256.type,parentSchema:schema19.properties.network.properties.manifest.properties.sha256,data:data58};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
}
else {
const err105 = {instancePath:instancePath+"/network/manifest",schemaPath:"#/properties/network/properties/manifest/type",keyword:"type",params:{type: "object"},schema:schema19.properties.network.properties.manifest.type,parentSchema:schema19.properties.network.properties.manifest,data:data55};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data51.operator !== undefined && func0.call(data51, "operator")){
let data59 = data51.operator;
if(data59 && typeof data59 == "object" && !Array.isArray(data59)){
for(const key20 of Object.keys(data59)){
if(!((key20 === "crds") || (key20 === "manifest"))){
const err106 = {instancePath:instancePath+"/network/operator",schemaPath:"#/properties/network/properties/operator/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key20},schema:false,parentSchema:schema19.properties.network.properties.operator,data:data59};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
if(data59.crds !== undefined && func0.call(data59, "crds")){
let data60 = data59.crds;
if(data60 && typeof data60 == "object" && !Array.isArray(data60)){
if((data60.sha256 === undefined) || (!(func0.call(data60, "sha256")))){
const err107 = {instancePath:instancePath+"/network/operator/crds",schemaPath:"#/properties/network/properties/operator/properties/crds/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.network.properties.operator.properties.crds.required,parentSchema:schema19.properties.network.properties.operator.properties.crds,data:data60};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
for(const key21 of Object.keys(data60)){
if(!(((key21 === "url") || (key21 === "path")) || (key21 === "sha256"))){
const err108 = {instancePath:instancePath+"/network/operator/crds",schemaPath:"#/properties/network/properties/operator/properties/crds/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21},schema:false,parentSchema:schema19.properties.network.properties.operator.properties.crds,data:data60};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
if(data60.url !== undefined && func0.call(data60, "url")){
let data61 = data60.url;
if(typeof data61 === "string"){
if(func65(data61) < 1){
const err109 = {instancePath:instancePath+"/network/operator/crds/url",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.url,data:data61};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(!pattern4.test(data61)){
const err110 = {instancePath:instancePath+"/network/operator/crds/url",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.url,data:data61};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/network/operator/crds/url",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.operator.properties.crds.properties.url.type,parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.url,data:data61};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data60.path !== undefined && func0.call(data60, "path")){
let data62 = data60.path;
if(typeof data62 === "string"){
if(func65(data62) < 1){
const err112 = {instancePath:instancePath+"/network/operator/crds/path",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.path,data:data62};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
else {
const err113 = {instancePath:instancePath+"/network/operator/crds/path",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.operator.properties.crds.properties.path.type,parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.path,data:data62};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data60.sha256 !== undefined && func0.call(data60, "sha256")){
let data63 = data60.sha256;
if(typeof data63 === "string"){
if(func65(data63) < 1){
const err114 = {instancePath:instancePath+"/network/operator/crds/sha256",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.sha256,data:data63};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(!pattern14.test(data63)){
const err115 = {instancePath:instancePath+"/network/operator/crds/sha256",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.sha256,data:data63};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
else {
const err116 = {instancePath:instancePath+"/network/operator/crds/sha256",schemaPath:"#/properties/network/properties/operator/properties/crds/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.operator.properties.crds.properties.sha256.type,parentSchema:schema19.properties.network.properties.operator.properties.crds.properties.sha256,data:data63};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
}
else {
const err117 = {instancePath:instancePath+"/network/operator/crds",schemaPath:"#/properties/network/properties/operator/properties/crds/type",keyword:"type",params:{type: "object"},schema:schema19.properties.network.properties.operator.properties.crds.type,parentSchema:schema19.properties.network.properties.operator.properties.crds,data:data60};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data59.manifest !== undefined && func0.call(data59, "manifest")){
let data64 = data59.manifest;
if(data64 && typeof data64 == "object" && !Array.isArray(data64)){
if((data64.sha256 === undefined) || (!(func0.call(data64, "sha256")))){
const err118 = {instancePath:instancePath+"/network/operator/manifest",schemaPath:"#/properties/network/properties/operator/properties/manifest/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.network.properties.operator.properties.manifest.required,parentSchema:schema19.properties.network.properties.operator.properties.manifest,data:data64};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
for(const key22 of Object.keys(data64)){
if(!(((key22 === "url") || (key22 === "path")) || (key22 === "sha256"))){
const err119 = {instancePath:instancePath+"/network/operator/manifest",schemaPath:"#/properties/network/properties/operator/properties/manifest/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key22},schema:false,parentSchema:schema19.properties.network.properties.operator.properties.manifest,data:data64};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data64.url !== undefined && func0.call(data64, "url")){
let data65 = data64.url;
if(typeof data65 === "string"){
if(func65(data65) < 1){
const err120 = {instancePath:instancePath+"/network/operator/manifest/url",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.url,data:data65};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if(!pattern4.test(data65)){
const err121 = {instancePath:instancePath+"/network/operator/manifest/url",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.url,data:data65};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
else {
const err122 = {instancePath:instancePath+"/network/operator/manifest/url",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.operator.properties.manifest.properties.url.type,parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.url,data:data65};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
if(data64.path !== undefined && func0.call(data64, "path")){
let data66 = data64.path;
if(typeof data66 === "string"){
if(func65(data66) < 1){
const err123 = {instancePath:instancePath+"/network/operator/manifest/path",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.path,data:data66};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/network/operator/manifest/path",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.operator.properties.manifest.properties.path.type,parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.path,data:data66};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data64.sha256 !== undefined && func0.call(data64, "sha256")){
let data67 = data64.sha256;
if(typeof data67 === "string"){
if(func65(data67) < 1){
const err125 = {instancePath:instancePath+"/network/operator/manifest/sha256",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.sha256,data:data67};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(!pattern14.test(data67)){
const err126 = {instancePath:instancePath+"/network/operator/manifest/sha256",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.sha256,data:data67};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
else {
const err127 = {instancePath:instancePath+"/network/operator/manifest/sha256",schemaPath:"#/properties/network/properties/operator/properties/manifest/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.operator.properties.manifest.properties.sha256.type,parentSchema:schema19.properties.network.properties.operator.properties.manifest.properties.sha256,data:data67};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
}
else {
const err128 = {instancePath:instancePath+"/network/operator/manifest",schemaPath:"#/properties/network/properties/operator/properties/manifest/type",keyword:"type",params:{type: "object"},schema:schema19.properties.network.properties.operator.properties.manifest.type,parentSchema:schema19.properties.network.properties.operator.properties.manifest,data:data64};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
}
else {
const err129 = {instancePath:instancePath+"/network/operator",schemaPath:"#/properties/network/properties/operator/type",keyword:"type",params:{type: "object"},schema:schema19.properties.network.properties.operator.type,parentSchema:schema19.properties.network.properties.operator,data:data59};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
if(data51.ipAutodetection !== undefined && func0.call(data51, "ipAutodetection")){
let data68 = data51.ipAutodetection;
if(typeof data68 === "string"){
if(func65(data68) < 1){
const err130 = {instancePath:instancePath+"/network/ipAutodetection",schemaPath:"#/properties/network/properties/ipAutodetection/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.ipAutodetection,data:data68};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
else {
const err131 = {instancePath:instancePath+"/network/ipAutodetection",schemaPath:"#/properties/network/properties/ipAutodetection/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.ipAutodetection.type,parentSchema:schema19.properties.network.properties.ipAutodetection,data:data68};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
if(data51.ipv6Autodetection !== undefined && func0.call(data51, "ipv6Autodetection")){
let data69 = data51.ipv6Autodetection;
if(typeof data69 === "string"){
if(func65(data69) < 1){
const err132 = {instancePath:instancePath+"/network/ipv6Autodetection",schemaPath:"#/properties/network/properties/ipv6Autodetection/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.ipv6Autodetection,data:data69};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
else {
const err133 = {instancePath:instancePath+"/network/ipv6Autodetection",schemaPath:"#/properties/network/properties/ipv6Autodetection/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.ipv6Autodetection.type,parentSchema:schema19.properties.network.properties.ipv6Autodetection,data:data69};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data51.mtu !== undefined && func0.call(data51, "mtu")){
let data70 = data51.mtu;
if(!(((typeof data70 == "number") && (!(data70 % 1) && !isNaN(data70))) && (isFinite(data70)))){
const err134 = {instancePath:instancePath+"/network/mtu",schemaPath:"#/properties/network/properties/mtu/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.network.properties.mtu.type,parentSchema:schema19.properties.network.properties.mtu,data:data70};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
if((typeof data70 == "number") && (isFinite(data70))){
if(data70 > 65535 || isNaN(data70)){
const err135 = {instancePath:instancePath+"/network/mtu",schemaPath:"#/properties/network/properties/mtu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema19.properties.network.properties.mtu,data:data70};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
if(data70 < 576 || isNaN(data70)){
const err136 = {instancePath:instancePath+"/network/mtu",schemaPath:"#/properties/network/properties/mtu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 576},schema:576,parentSchema:schema19.properties.network.properties.mtu,data:data70};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
}
if(data51.encapsulation !== undefined && func0.call(data51, "encapsulation")){
let data71 = data51.encapsulation;
if(!(((((data71 === "ipip") || (data71 === "ipip-cross-subnet")) || (data71 === "vxlan")) || (data71 === "vxlan-cross-subnet")) || (data71 === "none"))){
const err137 = {instancePath:instancePath+"/network/encapsulation",schemaPath:"#/properties/network/properties/encapsulation/enum",keyword:"enum",params:{allowedValues: schema19.properties.network.properties.encapsulation.enum},schema:schema19.properties.network.properties.encapsulation.enum,parentSchema:schema19.properties.network.properties.encapsulation,data:data71};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data51.bgp !== undefined && func0.call(data51, "bgp")){
let data72 = data51.bgp;
if(typeof data72 !== "boolean"){
const err138 = {instancePath:instancePath+"/network/bgp",schemaPath:"#/properties/network/properties/bgp/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.network.properties.bgp.type,parentSchema:schema19.properties.network.properties.bgp,data:data72};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
if(data51.registry !== undefined && func0.call(data51, "registry")){
let data73 = data51.registry;
if(typeof data73 === "string"){
if(func65(data73) < 1){
const err139 = {instancePath:instancePath+"/network/registry",schemaPath:"#/properties/network/properties/registry/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.network.properties.registry,data:data73};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(!pattern7.test(data73)){
const err140 = {instancePath:instancePath+"/network/registry",schemaPath:"#/properties/network/properties/registry/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$"},schema:"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$",parentSchema:schema19.properties.network.properties.registry,data:data73};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
else {
const err141 = {instancePath:instancePath+"/network/registry",schemaPath:"#/properties/network/properties/registry/type",keyword:"type",params:{type: "string"},schema:schema19.properties.network.properties.registry.type,parentSchema:schema19.properties.network.properties.registry,data:data73};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
}
else {
const err142 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/type",keyword:"type",params:{type: "object"},schema:schema19.properties.network.type,parentSchema:schema19.properties.network,data:data51};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data.addons !== undefined && func0.call(data, "addons")){
let data74 = data.addons;
if(data74 && typeof data74 == "object" && !Array.isArray(data74)){
for(const key23 of Object.keys(data74)){
if(!((((((((key23 === "prune") || (key23 === "mirror")) || (key23 === "metrics-server")) || (key23 === "volcano")) || (key23 === "scheduler-plugins")) || (key23 === "local-path-provisioner")) || (key23 === "manifests")) || (key23 === "charts"))){
const err143 = {instancePath:instancePath+"/addons",schemaPath:"#/properties/addons/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},schema:false,parentSchema:schema19.properties.addons,data:data74};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(data74.prune !== undefined && func0.call(data74, "prune")){
let data75 = data74.prune;
if(typeof data75 !== "boolean"){
const err144 = {instancePath:instancePath+"/addons/prune",schemaPath:"#/properties/addons/properties/prune/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.addons.properties.prune.type,parentSchema:schema19.properties.addons.properties.prune,data:data75};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data74.mirror !== undefined && func0.call(data74, "mirror")){
let data76 = data74.mirror;
if(typeof data76 === "string"){
if(func65(data76) < 1){
const err145 = {instancePath:instancePath+"/addons/mirror",schemaPath:"#/properties/addons/properties/mirror/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.mirror,data:data76};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(!pattern4.test(data76)){
const err146 = {instancePath:instancePath+"/addons/mirror",schemaPath:"#/properties/addons/properties/mirror/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties.mirror,data:data76};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
else {
const err147 = {instancePath:instancePath+"/addons/mirror",schemaPath:"#/properties/addons/properties/mirror/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.mirror.type,parentSchema:schema19.properties.addons.properties.mirror,data:data76};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
if(data74["metrics-server"] !== undefined && func0.call(data74, "metrics-server")){
let data77 = data74["metrics-server"];
if(data77 && typeof data77 == "object" && !Array.isArray(data77)){
for(const key24 of Object.keys(data77)){
if(!((((key24 === "version") || (key24 === "manifest")) || (key24 === "timeout")) || (key24 === "extraArgs"))){
const err148 = {instancePath:instancePath+"/addons/metrics-server",schemaPath:"#/properties/addons/properties/metrics-server/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},schema:false,parentSchema:schema19.properties.addons.properties["metrics-server"],data:data77};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
if(data77.version !== undefined && func0.call(data77, "version")){
let data78 = data77.version;
if(typeof data78 === "string"){
if(func65(data78) < 1){
const err149 = {instancePath:instancePath+"/addons/metrics-server/version",schemaPath:"#/properties/addons/properties/metrics-server/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.version,data:data78};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
if(!pattern19.test(data78)){
const err150 = {instancePath:instancePath+"/addons/metrics-server/version",schemaPath:"#/properties/addons/properties/metrics-server/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+$",parentSchema:schema19.properties.addons.properties["metrics-server"].properties.version,data:data78};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
else {
const err151 = {instancePath:instancePath+"/addons/metrics-server/version",schemaPath:"#/properties/addons/properties/metrics-server/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["metrics-server"].properties.version.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.version,data:data78};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
if(data77.manifest !== undefined && func0.call(data77, "manifest")){
let data79 = data77.manifest;
if(data79 && typeof data79 == "object" && !Array.isArray(data79)){
if((data79.sha256 === undefined) || (!(func0.call(data79, "sha256")))){
const err152 = {instancePath:instancePath+"/addons/metrics-server/manifest",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.addons.properties["metrics-server"].properties.manifest.required,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest,data:data79};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
for(const key25 of Object.keys(data79)){
if(!(((key25 === "url") || (key25 === "path")) || (key25 === "sha256"))){
const err153 = {instancePath:instancePath+"/addons/metrics-server/manifest",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key25},schema:false,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest,data:data79};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
if(data79.url !== undefined && func0.call(data79, "url")){
let data80 = data79.url;
if(typeof data80 === "string"){
if(func65(data80) < 1){
const err154 = {instancePath:instancePath+"/addons/metrics-server/manifest/url",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.url,data:data80};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
if(!pattern4.test(data80)){
const err155 = {instancePath:instancePath+"/addons/metrics-server/manifest/url",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.url,data:data80};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
else {
const err156 = {instancePath:instancePath+"/addons/metrics-server/manifest/url",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.url.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.url,data:data80};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
if(data79.path !== undefined && func0.call(data79, "path")){
let data81 = data79.path;
if(typeof data81 === "string"){
if(func65(data81) < 1){
const err157 = {instancePath:instancePath+"/addons/metrics-server/manifest/path",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.path,data:data81};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/addons/metrics-server/manifest/path",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.path.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.path,data:data81};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data79.sha256 !== undefined && func0.call(data79, "sha256")){
let data82 = data79.sha256;
if(typeof data82 === "string"){
if(func65(data82) < 1){
const err159 = {instancePath:instancePath+"/addons/metrics-server/manifest/sha256",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.sha256,data:data82};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(!pattern14.test(data82)){
const err160 = {instancePath:instancePath+"/addons/metrics-server/manifest/sha256",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.sha256,data:data82};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
else {
const err161 = {instancePath:instancePath+"/addons/metrics-server/manifest/sha256",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.sha256.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest.properties.sha256,data:data82};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
else {
const err162 = {instancePath:instancePath+"/addons/metrics-server/manifest",schemaPath:"#/properties/addons/properties/metrics-server/properties/manifest/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["metrics-server"].properties.manifest.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.manifest,data:data79};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
if(data77.timeout !== undefined && func0.call(data77, "timeout")){
let data83 = data77.timeout;
if(!(((typeof data83 == "number") && (!(data83 % 1) && !isNaN(data83))) && (isFinite(data83)))){
const err163 = {instancePath:instancePath+"/addons/metrics-server/timeout",schemaPath:"#/properties/addons/properties/metrics-server/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.addons.properties["metrics-server"].properties.timeout.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.timeout,data:data83};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
if((typeof data83 == "number") && (isFinite(data83))){
if(data83 > 7200 || isNaN(data83)){
const err164 = {instancePath:instancePath+"/addons/metrics-server/timeout",schemaPath:"#/properties/addons/properties/metrics-server/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 7200},schema:7200,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.timeout,data:data83};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
if(data83 < 0 || isNaN(data83)){
const err165 = {instancePath:instancePath+"/addons/metrics-server/timeout",schemaPath:"#/properties/addons/properties/metrics-server/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.timeout,data:data83};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
if(data77.extraArgs !== undefined && func0.call(data77, "extraArgs")){
let data84 = data77.extraArgs;
if(Array.isArray(data84)){
const len3 = data84.length;
for(let i3=0; i3<len3; i3++){
let data85 = data84[i3];
if(typeof data85 === "string"){
if(func65(data85) < 1){
const err166 = {instancePath:instancePath+"/addons/metrics-server/extraArgs/" + i3,schemaPath:"#/properties/addons/properties/metrics-server/properties/extraArgs/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.extraArgs.items,data:data85};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
else {
const err167 = {instancePath:instancePath+"/addons/metrics-server/extraArgs/" + i3,schemaPath:"#/properties/addons/properties/metrics-server/properties/extraArgs/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["metrics-server"].properties.extraArgs.items.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.extraArgs.items,data:data85};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
}
else {
const err168 = {instancePath:instancePath+"/addons/metrics-server/extraArgs",schemaPath:"#/properties/addons/properties/metrics-server/properties/extraArgs/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties["metrics-server"].properties.extraArgs.type,parentSchema:schema19.properties.addons.properties["metrics-server"].properties.extraArgs,data:data84};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
}
else {
const err169 = {instancePath:instancePath+"/addons/metrics-server",schemaPath:"#/properties/addons/properties/metrics-server/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["metrics-server"].type,parentSchema:schema19.properties.addons.properties["metrics-server"],data:data77};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data74.volcano !== undefined && func0.call(data74, "volcano")){
let data86 = data74.volcano;
if(data86 && typeof data86 == "object" && !Array.isArray(data86)){
for(const key26 of Object.keys(data86)){
if(!(((key26 === "version") || (key26 === "manifest")) || (key26 === "timeout"))){
const err170 = {instancePath:instancePath+"/addons/volcano",schemaPath:"#/properties/addons/properties/volcano/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key26},schema:false,parentSchema:schema19.properties.addons.properties.volcano,data:data86};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
if(data86.version !== undefined && func0.call(data86, "version")){
let data87 = data86.version;
if(typeof data87 === "string"){
if(func65(data87) < 1){
const err171 = {instancePath:instancePath+"/addons/volcano/version",schemaPath:"#/properties/addons/properties/volcano/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.volcano.properties.version,data:data87};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
if(!pattern19.test(data87)){
const err172 = {instancePath:instancePath+"/addons/volcano/version",schemaPath:"#/properties/addons/properties/volcano/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+$",parentSchema:schema19.properties.addons.properties.volcano.properties.version,data:data87};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
else {
const err173 = {instancePath:instancePath+"/addons/volcano/version",schemaPath:"#/properties/addons/properties/volcano/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.volcano.properties.version.type,parentSchema:schema19.properties.addons.properties.volcano.properties.version,data:data87};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
if(data86.manifest !== undefined && func0.call(data86, "manifest")){
let data88 = data86.manifest;
if(data88 && typeof data88 == "object" && !Array.isArray(data88)){
if((data88.sha256 === undefined) || (!(func0.call(data88, "sha256")))){
const err174 = {instancePath:instancePath+"/addons/volcano/manifest",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.addons.properties.volcano.properties.manifest.required,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest,data:data88};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
for(const key27 of Object.keys(data88)){
if(!(((key27 === "url") || (key27 === "path")) || (key27 === "sha256"))){
const err175 = {instancePath:instancePath+"/addons/volcano/manifest",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key27},schema:false,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest,data:data88};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
if(data88.url !== undefined && func0.call(data88, "url")){
let data89 = data88.url;
if(typeof data89 === "string"){
if(func65(data89) < 1){
const err176 = {instancePath:instancePath+"/addons/volcano/manifest/url",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.url,data:data89};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
if(!pattern4.test(data89)){
const err177 = {instancePath:instancePath+"/addons/volcano/manifest/url",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.url,data:data89};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
else {
const err178 = {instancePath:instancePath+"/addons/volcano/manifest/url",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.volcano.properties.manifest.properties.url.type,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.url,data:data89};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data88.path !== undefined && func0.call(data88, "path")){
let data90 = data88.path;
if(typeof data90 === "string"){
if(func65(data90) < 1){
const err179 = {instancePath:instancePath+"/addons/volcano/manifest/path",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.path,data:data90};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
else {
const err180 = {instancePath:instancePath+"/addons/volcano/manifest/path",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.volcano.properties.manifest.properties.path.type,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.path,data:data90};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
if(data88.sha256 !== undefined && func0.call(data88, "sha256")){
let data91 = data88.sha256;
if(typeof data91 === "string"){
if(func65(data91) < 1){
const err181 = {instancePath:instancePath+"/addons/volcano/manifest/sha256",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.sha256,data:data91};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
if(!pattern14.test(data91)){
const err182 = {instancePath:instancePath+"/addons/volcano/manifest/sha256",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.sha256,data:data91};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
else {
const err183 = {instancePath:instancePath+"/addons/volcano/manifest/sha256",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.volcano.properties.manifest.properties.sha256.type,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest.properties.sha256,data:data91};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
}
else {
const err184 = {instancePath:instancePath+"/addons/volcano/manifest",schemaPath:"#/properties/addons/properties/volcano/properties/manifest/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties.volcano.properties.manifest.type,parentSchema:schema19.properties.addons.properties.volcano.properties.manifest,data:data88};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
if(data86.timeout !== undefined && func0.call(data86, "timeout")){
let data92 = data86.timeout;
if(!(((typeof data92 == "number") && (!(data92 % 1) && !isNaN(data92))) && (isFinite(data92)))){
const err185 = {instancePath:instancePath+"/addons/volcano/timeout",schemaPath:"#/properties/addons/properties/volcano/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.addons.properties.volcano.properties.timeout.type,parentSchema:schema19.properties.addons.properties.volcano.properties.timeout,data:data92};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
if((typeof data92 == "number") && (isFinite(data92))){
if(data92 > 7200 || isNaN(data92)){
const err186 = {instancePath:instancePath+"/addons/volcano/timeout",schemaPath:"#/properties/addons/properties/volcano/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 7200},schema:7200,parentSchema:schema19.properties.addons.properties.volcano.properties.timeout,data:data92};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
if(data92 < 0 || isNaN(data92)){
const err187 = {instancePath:instancePath+"/addons/volcano/timeout",schemaPath:"#/properties/addons/properties/volcano/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema19.properties.addons.properties.volcano.properties.timeout,data:data92};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
}
}
else {
const err188 = {instancePath:instancePath+"/addons/volcano",schemaPath:"#/properties/addons/properties/volcano/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties.volcano.type,parentSchema:schema19.properties.addons.properties.volcano,data:data86};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
if(data74["scheduler-plugins"] !== undefined && func0.call(data74, "scheduler-plugins")){
let data93 = data74["scheduler-plugins"];
if(data93 && typeof data93 == "object" && !Array.isArray(data93)){
for(const key28 of Object.keys(data93)){
if(!(((((((key28 === "version") || (key28 === "manifest")) || (key28 === "timeout")) || (key28 === "imageRepository")) || (key28 === "schedulerName")) || (key28 === "plugins")) || (key28 === "pluginConfig"))){
const err189 = {instancePath:instancePath+"/addons/scheduler-plugins",schemaPath:"#/properties/addons/properties/scheduler-plugins/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key28},schema:false,parentSchema:schema19.properties.addons.properties["scheduler-plugins"],data:data93};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
if(data93.version !== undefined && func0.call(data93, "version")){
let data94 = data93.version;
if(typeof data94 === "string"){
if(func65(data94) < 1){
const err190 = {instancePath:instancePath+"/addons/scheduler-plugins/version",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.version,data:data94};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
if(!pattern19.test(data94)){
const err191 = {instancePath:instancePath+"/addons/scheduler-plugins/version",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+$",parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.version,data:data94};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
else {
const err192 = {instancePath:instancePath+"/addons/scheduler-plugins/version",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.version.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.version,data:data94};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
if(data93.manifest !== undefined && func0.call(data93, "manifest")){
let data95 = data93.manifest;
if(data95 && typeof data95 == "object" && !Array.isArray(data95)){
if((data95.sha256 === undefined) || (!(func0.call(data95, "sha256")))){
const err193 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.required,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest,data:data95};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
for(const key29 of Object.keys(data95)){
if(!(((key29 === "url") || (key29 === "path")) || (key29 === "sha256"))){
const err194 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key29},schema:false,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest,data:data95};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
if(data95.url !== undefined && func0.call(data95, "url")){
let data96 = data95.url;
if(typeof data96 === "string"){
if(func65(data96) < 1){
const err195 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/url",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.url,data:data96};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
if(!pattern4.test(data96)){
const err196 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/url",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.url,data:data96};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
else {
const err197 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/url",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.url.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.url,data:data96};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data95.path !== undefined && func0.call(data95, "path")){
let data97 = data95.path;
if(typeof data97 === "string"){
if(func65(data97) < 1){
const err198 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/path",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.path,data:data97};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
}
else {
const err199 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/path",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.path.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.path,data:data97};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
if(data95.sha256 !== undefined && func0.call(data95, "sha256")){
let data98 = data95.sha256;
if(typeof data98 === "string"){
if(func65(data98) < 1){
const err200 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/sha256",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.sha256,data:data98};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
if(!pattern14.test(data98)){
const err201 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/sha256",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.sha256,data:data98};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
else {
const err202 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest/sha256",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.sha256.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.properties.sha256,data:data98};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
}
else {
const err203 = {instancePath:instancePath+"/addons/scheduler-plugins/manifest",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/manifest/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.manifest,data:data95};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
if(data93.timeout !== undefined && func0.call(data93, "timeout")){
let data99 = data93.timeout;
if(!(((typeof data99 == "number") && (!(data99 % 1) && !isNaN(data99))) && (isFinite(data99)))){
const err204 = {instancePath:instancePath+"/addons/scheduler-plugins/timeout",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.timeout.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.timeout,data:data99};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
if((typeof data99 == "number") && (isFinite(data99))){
if(data99 > 7200 || isNaN(data99)){
const err205 = {instancePath:instancePath+"/addons/scheduler-plugins/timeout",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 7200},schema:7200,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.timeout,data:data99};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
if(data99 < 0 || isNaN(data99)){
const err206 = {instancePath:instancePath+"/addons/scheduler-plugins/timeout",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.timeout,data:data99};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
}
if(data93.imageRepository !== undefined && func0.call(data93, "imageRepository")){
let data100 = data93.imageRepository;
if(typeof data100 === "string"){
if(func65(data100) < 1){
const err207 = {instancePath:instancePath+"/addons/scheduler-plugins/imageRepository",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/imageRepository/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.imageRepository,data:data100};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
if(!pattern37.test(data100)){
const err208 = {instancePath:instancePath+"/addons/scheduler-plugins/imageRepository",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/imageRepository/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+[^\\s/]$"},schema:"^[^\\s]+[^\\s/]$",parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.imageRepository,data:data100};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
else {
const err209 = {instancePath:instancePath+"/addons/scheduler-plugins/imageRepository",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/imageRepository/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.imageRepository.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.imageRepository,data:data100};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
}
if(data93.schedulerName !== undefined && func0.call(data93, "schedulerName")){
let data101 = data93.schedulerName;
if(typeof data101 === "string"){
if(func65(data101) < 1){
const err210 = {instancePath:instancePath+"/addons/scheduler-plugins/schedulerName",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/schedulerName/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.schedulerName,data:data101};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
if(!pattern38.test(data101)){
const err211 = {instancePath:instancePath+"/addons/scheduler-plugins/schedulerName",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/schedulerName/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$",parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.schedulerName,data:data101};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
else {
const err212 = {instancePath:instancePath+"/addons/scheduler-plugins/schedulerName",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/schedulerName/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.schedulerName.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.schedulerName,data:data101};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
if(data93.plugins !== undefined && func0.call(data93, "plugins")){
let data102 = data93.plugins;
if(Array.isArray(data102)){
const len4 = data102.length;
for(let i4=0; i4<len4; i4++){
let data103 = data102[i4];
if(typeof data103 === "string"){
if(func65(data103) < 1){
const err213 = {instancePath:instancePath+"/addons/scheduler-plugins/plugins/" + i4,schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/plugins/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.plugins.items,data:data103};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
else {
const err214 = {instancePath:instancePath+"/addons/scheduler-plugins/plugins/" + i4,schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/plugins/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.plugins.items.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.plugins.items,data:data103};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
}
else {
const err215 = {instancePath:instancePath+"/addons/scheduler-plugins/plugins",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/plugins/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.plugins.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.plugins,data:data102};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
}
if(data93.pluginConfig !== undefined && func0.call(data93, "pluginConfig")){
let data104 = data93.pluginConfig;
if(Array.isArray(data104)){
const len5 = data104.length;
for(let i5=0; i5<len5; i5++){
let data105 = data104[i5];
if(data105 && typeof data105 == "object" && !Array.isArray(data105)){
}
else {
const err216 = {instancePath:instancePath+"/addons/scheduler-plugins/pluginConfig/" + i5,schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/pluginConfig/items/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.pluginConfig.items.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.pluginConfig.items,data:data105};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
}
}
else {
const err217 = {instancePath:instancePath+"/addons/scheduler-plugins/pluginConfig",schemaPath:"#/properties/addons/properties/scheduler-plugins/properties/pluginConfig/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties["scheduler-plugins"].properties.pluginConfig.type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"].properties.pluginConfig,data:data104};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
}
else {
const err218 = {instancePath:instancePath+"/addons/scheduler-plugins",schemaPath:"#/properties/addons/properties/scheduler-plugins/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["scheduler-plugins"].type,parentSchema:schema19.properties.addons.properties["scheduler-plugins"],data:data93};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
}
if(data74["local-path-provisioner"] !== undefined && func0.call(data74, "local-path-provisioner")){
let data106 = data74["local-path-provisioner"];
if(data106 && typeof data106 == "object" && !Array.isArray(data106)){
for(const key30 of Object.keys(data106)){
if(!(((((key30 === "version") || (key30 === "manifest")) || (key30 === "timeout")) || (key30 === "path")) || (key30 === "isDefault"))){
const err219 = {instancePath:instancePath+"/addons/local-path-provisioner",schemaPath:"#/properties/addons/properties/local-path-provisioner/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key30},schema:false,parentSchema:schema19.properties.addons.properties["local-path-provisioner"],data:data106};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
if(data106.version !== undefined && func0.call(data106, "version")){
let data107 = data106.version;
if(typeof data107 === "string"){
if(func65(data107) < 1){
const err220 = {instancePath:instancePath+"/addons/local-path-provisioner/version",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.version,data:data107};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
if(!pattern19.test(data107)){
const err221 = {instancePath:instancePath+"/addons/local-path-provisioner/version",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+$",parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.version,data:data107};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
}
else {
const err222 = {instancePath:instancePath+"/addons/local-path-provisioner/version",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.version.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.version,data:data107};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
}
if(data106.manifest !== undefined && func0.call(data106, "manifest")){
let data108 = data106.manifest;
if(data108 && typeof data108 == "object" && !Array.isArray(data108)){
if((data108.sha256 === undefined) || (!(func0.call(data108, "sha256")))){
const err223 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.required,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest,data:data108};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
for(const key31 of Object.keys(data108)){
if(!(((key31 === "url") || (key31 === "path")) || (key31 === "sha256"))){
const err224 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key31},schema:false,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest,data:data108};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
if(data108.url !== undefined && func0.call(data108, "url")){
let data109 = data108.url;
if(typeof data109 === "string"){
if(func65(data109) < 1){
const err225 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/url",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.url,data:data109};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
if(!pattern4.test(data109)){
const err226 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/url",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.url,data:data109};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
else {
const err227 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/url",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.url.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.url,data:data109};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
}
if(data108.path !== undefined && func0.call(data108, "path")){
let data110 = data108.path;
if(typeof data110 === "string"){
if(func65(data110) < 1){
const err228 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/path",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.path,data:data110};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
}
else {
const err229 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/path",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.path.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.path,data:data110};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
}
if(data108.sha256 !== undefined && func0.call(data108, "sha256")){
let data111 = data108.sha256;
if(typeof data111 === "string"){
if(func65(data111) < 1){
const err230 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/sha256",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.sha256,data:data111};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
if(!pattern14.test(data111)){
const err231 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/sha256",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.sha256,data:data111};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
}
else {
const err232 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest/sha256",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.sha256.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.properties.sha256,data:data111};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
}
else {
const err233 = {instancePath:instancePath+"/addons/local-path-provisioner/manifest",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/manifest/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.manifest,data:data108};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
if(data106.timeout !== undefined && func0.call(data106, "timeout")){
let data112 = data106.timeout;
if(!(((typeof data112 == "number") && (!(data112 % 1) && !isNaN(data112))) && (isFinite(data112)))){
const err234 = {instancePath:instancePath+"/addons/local-path-provisioner/timeout",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.timeout.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.timeout,data:data112};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
if((typeof data112 == "number") && (isFinite(data112))){
if(data112 > 7200 || isNaN(data112)){
const err235 = {instancePath:instancePath+"/addons/local-path-provisioner/timeout",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 7200},schema:7200,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.timeout,data:data112};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
if(data112 < 0 || isNaN(data112)){
const err236 = {instancePath:instancePath+"/addons/local-path-provisioner/timeout",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.timeout,data:data112};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
}
if(data106.path !== undefined && func0.call(data106, "path")){
let data113 = data106.path;
if(typeof data113 === "string"){
if(func65(data113) < 1){
const err237 = {instancePath:instancePath+"/addons/local-path-provisioner/path",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.path,data:data113};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
if(!pattern42.test(data113)){
const err238 = {instancePath:instancePath+"/addons/local-path-provisioner/path",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/path/pattern",keyword:"pattern",params:{pattern: "^/.*$"},schema:"^/.*$",parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.path,data:data113};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
else {
const err239 = {instancePath:instancePath+"/addons/local-path-provisioner/path",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.path.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.path,data:data113};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
}
if(data106.isDefault !== undefined && func0.call(data106, "isDefault")){
let data114 = data106.isDefault;
if(typeof data114 !== "boolean"){
const err240 = {instancePath:instancePath+"/addons/local-path-provisioner/isDefault",schemaPath:"#/properties/addons/properties/local-path-provisioner/properties/isDefault/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.addons.properties["local-path-provisioner"].properties.isDefault.type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"].properties.isDefault,data:data114};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
}
else {
const err241 = {instancePath:instancePath+"/addons/local-path-provisioner",schemaPath:"#/properties/addons/properties/local-path-provisioner/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties["local-path-provisioner"].type,parentSchema:schema19.properties.addons.properties["local-path-provisioner"],data:data106};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
}
if(data74.manifests !== undefined && func0.call(data74, "manifests")){
let data115 = data74.manifests;
if(Array.isArray(data115)){
const len6 = data115.length;
for(let i6=0; i6<len6; i6++){
let data116 = data115[i6];
if(data116 && typeof data116 == "object" && !Array.isArray(data116)){
if((data116.name === undefined) || (!(func0.call(data116, "name")))){
const err242 = {instancePath:instancePath+"/addons/manifests/" + i6,schemaPath:"#/properties/addons/properties/manifests/items/required",keyword:"required",params:{missingProperty: "name"},schema:schema19.properties.addons.properties.manifests.items.required,parentSchema:schema19.properties.addons.properties.manifests.items,data:data116};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
for(const key32 of Object.keys(data116)){
if(!(((((((key32 === "name") || (key32 === "path")) || (key32 === "url")) || (key32 === "sha256")) || (key32 === "kustomize")) || (key32 === "after")) || (key32 === "timeout"))){
const err243 = {instancePath:instancePath+"/addons/manifests/" + i6,schemaPath:"#/properties/addons/properties/manifests/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key32},schema:false,parentSchema:schema19.properties.addons.properties.manifests.items,data:data116};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
}
if(data116.name !== undefined && func0.call(data116, "name")){
let data117 = data116.name;
if(typeof data117 === "string"){
if(func65(data117) < 1){
const err244 = {instancePath:instancePath+"/addons/manifests/" + i6+"/name",schemaPath:"#/properties/addons/properties/manifests/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.manifests.items.properties.name,data:data117};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
if(!pattern38.test(data117)){
const err245 = {instancePath:instancePath+"/addons/manifests/" + i6+"/name",schemaPath:"#/properties/addons/properties/manifests/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$",parentSchema:schema19.properties.addons.properties.manifests.items.properties.name,data:data117};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
}
else {
const err246 = {instancePath:instancePath+"/addons/manifests/" + i6+"/name",schemaPath:"#/properties/addons/properties/manifests/items/properties/name/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.manifests.items.properties.name.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.name,data:data117};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
if(data116.path !== undefined && func0.call(data116, "path")){
let data118 = data116.path;
if(typeof data118 === "string"){
if(func65(data118) < 1){
const err247 = {instancePath:instancePath+"/addons/manifests/" + i6+"/path",schemaPath:"#/properties/addons/properties/manifests/items/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.manifests.items.properties.path,data:data118};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
}
else {
const err248 = {instancePath:instancePath+"/addons/manifests/" + i6+"/path",schemaPath:"#/properties/addons/properties/manifests/items/properties/path/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.manifests.items.properties.path.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.path,data:data118};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
}
if(data116.url !== undefined && func0.call(data116, "url")){
let data119 = data116.url;
if(typeof data119 === "string"){
if(func65(data119) < 1){
const err249 = {instancePath:instancePath+"/addons/manifests/" + i6+"/url",schemaPath:"#/properties/addons/properties/manifests/items/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.manifests.items.properties.url,data:data119};
if(vErrors === null){
vErrors = [err249];
}
else {
vErrors.push(err249);
}
errors++;
}
if(!pattern4.test(data119)){
const err250 = {instancePath:instancePath+"/addons/manifests/" + i6+"/url",schemaPath:"#/properties/addons/properties/manifests/items/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties.manifests.items.properties.url,data:data119};
if(vErrors === null){
vErrors = [err250];
}
else {
vErrors.push(err250);
}
errors++;
}
}
else {
const err251 = {instancePath:instancePath+"/addons/manifests/" + i6+"/url",schemaPath:"#/properties/addons/properties/manifests/items/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.manifests.items.properties.url.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.url,data:data119};
if(vErrors === null){
vErrors = [err251];
}
else {
vErrors.push(err251);
}
errors++;
}
}
if(data116.sha256 !== undefined && func0.call(data116, "sha256")){
let data120 = data116.sha256;
if(typeof data120 === "string"){
if(func65(data120) < 1){
const err252 = {instancePath:instancePath+"/addons/manifests/" + i6+"/sha256",schemaPath:"#/properties/addons/properties/manifests/items/properties/sha256/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.manifests.items.properties.sha256,data:data120};
if(vErrors === null){
vErrors = [err252];
}
else {
vErrors.push(err252);
}
errors++;
}
if(!pattern14.test(data120)){
const err253 = {instancePath:instancePath+"/addons/manifests/" + i6+"/sha256",schemaPath:"#/properties/addons/properties/manifests/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f]{64}$"},schema:"^[0-9A-Fa-f]{64}$",parentSchema:schema19.properties.addons.properties.manifests.items.properties.sha256,data:data120};
if(vErrors === null){
vErrors = [err253];
}
else {
vErrors.push(err253);
}
errors++;
}
}
else {
const err254 = {instancePath:instancePath+"/addons/manifests/" + i6+"/sha256",schemaPath:"#/properties/addons/properties/manifests/items/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.manifests.items.properties.sha256.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.sha256,data:data120};
if(vErrors === null){
vErrors = [err254];
}
else {
vErrors.push(err254);
}
errors++;
}
}
if(data116.kustomize !== undefined && func0.call(data116, "kustomize")){
let data121 = data116.kustomize;
if(typeof data121 === "string"){
if(func65(data121) < 1){
const err255 = {instancePath:instancePath+"/addons/manifests/" + i6+"/kustomize",schemaPath:"#/properties/addons/properties/manifests/items/properties/kustomize/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.manifests.items.properties.kustomize,data:data121};
if(vErrors === null){
vErrors = [err255];
}
else {
vErrors.push(err255);
}
errors++;
}
}
else {
const err256 = {instancePath:instancePath+"/addons/manifests/" + i6+"/kustomize",schemaPath:"#/properties/addons/properties/manifests/items/properties/kustomize/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.manifests.items.properties.kustomize.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.kustomize,data:data121};
if(vErrors === null){
vErrors = [err256];
}
else {
vErrors.push(err256);
}
errors++;
}
}
if(data116.after !== undefined && func0.call(data116, "after")){
let data122 = data116.after;
if(Array.isArray(data122)){
const len7 = data122.length;
for(let i7=0; i7<len7; i7++){
let data123 = data122[i7];
if(typeof data123 === "string"){
if(func65(data123) < 1){
const err257 = {instancePath:instancePath+"/addons/manifests/" + i6+"/after/" + i7,schemaPath:"#/properties/addons/properties/manifests/items/properties/after/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.manifests.items.properties.after.items,data:data123};
if(vErrors === null){
vErrors = [err257];
}
else {
vErrors.push(err257);
}
errors++;
}
}
else {
const err258 = {instancePath:instancePath+"/addons/manifests/" + i6+"/after/" + i7,schemaPath:"#/properties/addons/properties/manifests/items/properties/after/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.manifests.items.properties.after.items.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.after.items,data:data123};
if(vErrors === null){
vErrors = [err258];
}
else {
vErrors.push(err258);
}
errors++;
}
}
}
else {
const err259 = {instancePath:instancePath+"/addons/manifests/" + i6+"/after",schemaPath:"#/properties/addons/properties/manifests/items/properties/after/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties.manifests.items.properties.after.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.after,data:data122};
if(vErrors === null){
vErrors = [err259];
}
else {
vErrors.push(err259);
}
errors++;
}
}
if(data116.timeout !== undefined && func0.call(data116, "timeout")){
let data124 = data116.timeout;
if(!(((typeof data124 == "number") && (!(data124 % 1) && !isNaN(data124))) && (isFinite(data124)))){
const err260 = {instancePath:instancePath+"/addons/manifests/" + i6+"/timeout",schemaPath:"#/properties/addons/properties/manifests/items/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.addons.properties.manifests.items.properties.timeout.type,parentSchema:schema19.properties.addons.properties.manifests.items.properties.timeout,data:data124};
if(vErrors === null){
vErrors = [err260];
}
else {
vErrors.push(err260);
}
errors++;
}
if((typeof data124 == "number") && (isFinite(data124))){
if(data124 > 7200 || isNaN(data124)){
const err261 = {instancePath:instancePath+"/addons/manifests/" + i6+"/timeout",schemaPath:"#/properties/addons/properties/manifests/items/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 7200},schema:7200,parentSchema:schema19.properties.addons.properties.manifests.items.properties.timeout,data:data124};
if(vErrors === null){
vErrors = [err261];
}
else {
vErrors.push(err261);
}
errors++;
}
if(data124 < 0 || isNaN(data124)){
const err262 = {instancePath:instancePath+"/addons/manifests/" + i6+"/timeout",schemaPath:"#/properties/addons/properties/manifests/items/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema19.properties.addons.properties.manifests.items.properties.timeout,data:data124};
if(vErrors === null){
vErrors = [err262];
}
else {
vErrors.push(err262);
}
errors++;
}
}
}
}
else {
const err263 = {instancePath:instancePath+"/addons/manifests/" + i6,schemaPath:"#/properties/addons/properties/manifests/items/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties.manifests.items.type,parentSchema:schema19.properties.addons.properties.manifests.items,data:data116};
if(vErrors === null){
vErrors = [err263];
}
else {
vErrors.push(err263);
}
errors++;
}
}
}
else {
const err264 = {instancePath:instancePath+"/addons/manifests",schemaPath:"#/properties/addons/properties/manifests/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties.manifests.type,parentSchema:schema19.properties.addons.properties.manifests,data:data115};
if(vErrors === null){
vErrors = [err264];
}
else {
vErrors.push(err264);
}
errors++;
}
}
if(data74.charts !== undefined && func0.call(data74, "charts")){
let data125 = data74.charts;
if(Array.isArray(data125)){
const len8 = data125.length;
for(let i8=0; i8<len8; i8++){
let data126 = data125[i8];
if(data126 && typeof data126 == "object" && !Array.isArray(data126)){
if((data126.name === undefined) || (!(func0.call(data126, "name")))){
const err265 = {instancePath:instancePath+"/addons/charts/" + i8,schemaPath:"#/properties/addons/properties/charts/items/required",keyword:"required",params:{missingProperty: "name"},schema:schema19.properties.addons.properties.charts.items.required,parentSchema:schema19.properties.addons.properties.charts.items,data:data126};
if(vErrors === null){
vErrors = [err265];
}
else {
vErrors.push(err265);
}
errors++;
}
if((data126.chart === undefined) || (!(func0.call(data126, "chart")))){
const err266 = {instancePath:instancePath+"/addons/charts/" + i8,schemaPath:"#/properties/addons/properties/charts/items/required",keyword:"required",params:{missingProperty: "chart"},schema:schema19.properties.addons.properties.charts.items.required,parentSchema:schema19.properties.addons.properties.charts.items,data:data126};
if(vErrors === null){
vErrors = [err266];
}
else {
vErrors.push(err266);
}
errors++;
}
for(const key33 of Object.keys(data126)){
if(!(func0.call(schema19.properties.addons.properties.charts.items.properties, key33))){
const err267 = {instancePath:instancePath+"/addons/charts/" + i8,schemaPath:"#/properties/addons/properties/charts/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key33},schema:false,parentSchema:schema19.properties.addons.properties.charts.items,data:data126};
if(vErrors === null){
vErrors = [err267];
}
else {
vErrors.push(err267);
}
errors++;
}
}
if(data126.name !== undefined && func0.call(data126, "name")){
let data127 = data126.name;
if(typeof data127 === "string"){
if(func65(data127) < 1){
const err268 = {instancePath:instancePath+"/addons/charts/" + i8+"/name",schemaPath:"#/properties/addons/properties/charts/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.charts.items.properties.name,data:data127};
if(vErrors === null){
vErrors = [err268];
}
else {
vErrors.push(err268);
}
errors++;
}
if(!pattern38.test(data127)){
const err269 = {instancePath:instancePath+"/addons/charts/" + i8+"/name",schemaPath:"#/properties/addons/properties/charts/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$",parentSchema:schema19.properties.addons.properties.charts.items.properties.name,data:data127};
if(vErrors === null){
vErrors = [err269];
}
else {
vErrors.push(err269);
}
errors++;
}
}
else {
const err270 = {instancePath:instancePath+"/addons/charts/" + i8+"/name",schemaPath:"#/properties/addons/properties/charts/items/properties/name/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.charts.items.properties.name.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.name,data:data127};
if(vErrors === null){
vErrors = [err270];
}
else {
vErrors.push(err270);
}
errors++;
}
}
if(data126.chart !== undefined && func0.call(data126, "chart")){
let data128 = data126.chart;
if(typeof data128 === "string"){
if(func65(data128) < 1){
const err271 = {instancePath:instancePath+"/addons/charts/" + i8+"/chart",schemaPath:"#/properties/addons/properties/charts/items/properties/chart/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.charts.items.properties.chart,data:data128};
if(vErrors === null){
vErrors = [err271];
}
else {
vErrors.push(err271);
}
errors++;
}
}
else {
const err272 = {instancePath:instancePath+"/addons/charts/" + i8+"/chart",schemaPath:"#/properties/addons/properties/charts/items/properties/chart/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.charts.items.properties.chart.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.chart,data:data128};
if(vErrors === null){
vErrors = [err272];
}
else {
vErrors.push(err272);
}
errors++;
}
}
if(data126.repository !== undefined && func0.call(data126, "repository")){
let data129 = data126.repository;
if(typeof data129 === "string"){
if(func65(data129) < 1){
const err273 = {instancePath:instancePath+"/addons/charts/" + i8+"/repository",schemaPath:"#/properties/addons/properties/charts/items/properties/repository/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.charts.items.properties.repository,data:data129};
if(vErrors === null){
vErrors = [err273];
}
else {
vErrors.push(err273);
}
errors++;
}
if(!pattern4.test(data129)){
const err274 = {instancePath:instancePath+"/addons/charts/" + i8+"/repository",schemaPath:"#/properties/addons/properties/charts/items/properties/repository/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.addons.properties.charts.items.properties.repository,data:data129};
if(vErrors === null){
vErrors = [err274];
}
else {
vErrors.push(err274);
}
errors++;
}
}
else {
const err275 = {instancePath:instancePath+"/addons/charts/" + i8+"/repository",schemaPath:"#/properties/addons/properties/charts/items/properties/repository/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.charts.items.properties.repository.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.repository,data:data129};
if(vErrors === null){
vErrors = [err275];
}
else {
vErrors.push(err275);
}
errors++;
}
}
if(data126.version !== undefined && func0.call(data126, "version")){
let data130 = data126.version;
if(typeof data130 === "string"){
if(func65(data130) < 1){
const err276 = {instancePath:instancePath+"/addons/charts/" + i8+"/version",schemaPath:"#/properties/addons/properties/charts/items/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.charts.items.properties.version,data:data130};
if(vErrors === null){
vErrors = [err276];
}
else {
vErrors.push(err276);
}
errors++;
}
}
else {
const err277 = {instancePath:instancePath+"/addons/charts/" + i8+"/version",schemaPath:"#/properties/addons/properties/charts/items/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.charts.items.properties.version.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.version,data:data130};
if(vErrors === null){
vErrors = [err277];
}
else {
vErrors.push(err277);
}
errors++;
}
}
if(data126.namespace !== undefined && func0.call(data126, "namespace")){
let data131 = data126.namespace;
if(typeof data131 === "string"){
if(func65(data131) < 1){
const err278 = {instancePath:instancePath+"/addons/charts/" + i8+"/namespace",schemaPath:"#/properties/addons/properties/charts/items/properties/namespace/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.charts.items.properties.namespace,data:data131};
if(vErrors === null){
vErrors = [err278];
}
else {
vErrors.push(err278);
}
errors++;
}
if(!pattern48.test(data131)){
const err279 = {instancePath:instancePath+"/addons/charts/" + i8+"/namespace",schemaPath:"#/properties/addons/properties/charts/items/properties/namespace/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",parentSchema:schema19.properties.addons.properties.charts.items.properties.namespace,data:data131};
if(vErrors === null){
vErrors = [err279];
}
else {
vErrors.push(err279);
}
errors++;
}
}
else {
const err280 = {instancePath:instancePath+"/addons/charts/" + i8+"/namespace",schemaPath:"#/properties/addons/properties/charts/items/properties/namespace/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.charts.items.properties.namespace.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.namespace,data:data131};
if(vErrors === null){
vErrors = [err280];
}
else {
vErrors.push(err280);
}
errors++;
}
}
if(data126.after !== undefined && func0.call(data126, "after")){
let data132 = data126.after;
if(Array.isArray(data132)){
const len9 = data132.length;
for(let i9=0; i9<len9; i9++){
let data133 = data132[i9];
if(typeof data133 === "string"){
if(func65(data133) < 1){
const err281 = {instancePath:instancePath+"/addons/charts/" + i8+"/after/" + i9,schemaPath:"#/properties/addons/properties/charts/items/properties/after/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.addons.properties.charts.items.properties.after.items,data:data133};
if(vErrors === null){
vErrors = [err281];
}
else {
vErrors.push(err281);
}
errors++;
}
}
else {
const err282 = {instancePath:instancePath+"/addons/charts/" + i8+"/after/" + i9,schemaPath:"#/properties/addons/properties/charts/items/properties/after/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.addons.properties.charts.items.properties.after.items.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.after.items,data:data133};
if(vErrors === null){
vErrors = [err282];
}
else {
vErrors.push(err282);
}
errors++;
}
}
}
else {
const err283 = {instancePath:instancePath+"/addons/charts/" + i8+"/after",schemaPath:"#/properties/addons/properties/charts/items/properties/after/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties.charts.items.properties.after.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.after,data:data132};
if(vErrors === null){
vErrors = [err283];
}
else {
vErrors.push(err283);
}
errors++;
}
}
if(data126.timeout !== undefined && func0.call(data126, "timeout")){
let data134 = data126.timeout;
if(!(((typeof data134 == "number") && (!(data134 % 1) && !isNaN(data134))) && (isFinite(data134)))){
const err284 = {instancePath:instancePath+"/addons/charts/" + i8+"/timeout",schemaPath:"#/properties/addons/properties/charts/items/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.addons.properties.charts.items.properties.timeout.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.timeout,data:data134};
if(vErrors === null){
vErrors = [err284];
}
else {
vErrors.push(err284);
}
errors++;
}
if((typeof data134 == "number") && (isFinite(data134))){
if(data134 > 7200 || isNaN(data134)){
const err285 = {instancePath:instancePath+"/addons/charts/" + i8+"/timeout",schemaPath:"#/properties/addons/properties/charts/items/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 7200},schema:7200,parentSchema:schema19.properties.addons.properties.charts.items.properties.timeout,data:data134};
if(vErrors === null){
vErrors = [err285];
}
else {
vErrors.push(err285);
}
errors++;
}
if(data134 < 0 || isNaN(data134)){
const err286 = {instancePath:instancePath+"/addons/charts/" + i8+"/timeout",schemaPath:"#/properties/addons/properties/charts/items/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema19.properties.addons.properties.charts.items.properties.timeout,data:data134};
if(vErrors === null){
vErrors = [err286];
}
else {
vErrors.push(err286);
}
errors++;
}
}
}
if(data126.values !== undefined && func0.call(data126, "values")){
let data135 = data126.values;
if(data135 && typeof data135 == "object" && !Array.isArray(data135)){
}
else {
const err287 = {instancePath:instancePath+"/addons/charts/" + i8+"/values",schemaPath:"#/properties/addons/properties/charts/items/properties/values/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties.charts.items.properties.values.type,parentSchema:schema19.properties.addons.properties.charts.items.properties.values,data:data135};
if(vErrors === null){
vErrors = [err287];
}
else {
vErrors.push(err287);
}
errors++;
}
}
if(data126.runsOn !== undefined && func0.call(data126, "runsOn")){
let data136 = data126.runsOn;
if(!((data136 === "controller") || (data136 === "control-plane"))){
const err288 = {instancePath:instancePath+"/addons/charts/" + i8+"/runsOn",schemaPath:"#/properties/addons/properties/charts/items/properties/runsOn/enum",keyword:"enum",params:{allowedValues: schema19.properties.addons.properties.charts.items.properties.runsOn.enum},schema:schema19.properties.addons.properties.charts.items.properties.runsOn.enum,parentSchema:schema19.properties.addons.properties.charts.items.properties.runsOn,data:data136};
if(vErrors === null){
vErrors = [err288];
}
else {
vErrors.push(err288);
}
errors++;
}
}
}
else {
const err289 = {instancePath:instancePath+"/addons/charts/" + i8,schemaPath:"#/properties/addons/properties/charts/items/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.properties.charts.items.type,parentSchema:schema19.properties.addons.properties.charts.items,data:data126};
if(vErrors === null){
vErrors = [err289];
}
else {
vErrors.push(err289);
}
errors++;
}
}
}
else {
const err290 = {instancePath:instancePath+"/addons/charts",schemaPath:"#/properties/addons/properties/charts/type",keyword:"type",params:{type: "array"},schema:schema19.properties.addons.properties.charts.type,parentSchema:schema19.properties.addons.properties.charts,data:data125};
if(vErrors === null){
vErrors = [err290];
}
else {
vErrors.push(err290);
}
errors++;
}
}
}
else {
const err291 = {instancePath:instancePath+"/addons",schemaPath:"#/properties/addons/type",keyword:"type",params:{type: "object"},schema:schema19.properties.addons.type,parentSchema:schema19.properties.addons,data:data74};
if(vErrors === null){
vErrors = [err291];
}
else {
vErrors.push(err291);
}
errors++;
}
}
if(data.verify !== undefined && func0.call(data, "verify")){
let data137 = data.verify;
if(data137 && typeof data137 == "object" && !Array.isArray(data137)){
for(const key34 of Object.keys(data137)){
if(!((key34 === "image") || (key34 === "timeout"))){
const err292 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key34},schema:false,parentSchema:schema19.properties.verify,data:data137};
if(vErrors === null){
vErrors = [err292];
}
else {
vErrors.push(err292);
}
errors++;
}
}
if(data137.image !== undefined && func0.call(data137, "image")){
let data138 = data137.image;
if(typeof data138 === "string"){
if(func65(data138) < 1){
const err293 = {instancePath:instancePath+"/verify/image",schemaPath:"#/properties/verify/properties/image/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.verify.properties.image,data:data138};
if(vErrors === null){
vErrors = [err293];
}
else {
vErrors.push(err293);
}
errors++;
}
if(!pattern49.test(data138)){
const err294 = {instancePath:instancePath+"/verify/image",schemaPath:"#/properties/verify/properties/image/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},schema:"^[^\\s]+$",parentSchema:schema19.properties.verify.properties.image,data:data138};
if(vErrors === null){
vErrors = [err294];
}
else {
vErrors.push(err294);
}
errors++;
}
}
else {
const err295 = {instancePath:instancePath+"/verify/image",schemaPath:"#/properties/verify/properties/image/type",keyword:"type",params:{type: "string"},schema:schema19.properties.verify.properties.image.type,parentSchema:schema19.properties.verify.properties.image,data:data138};
if(vErrors === null){
vErrors = [err295];
}
else {
vErrors.push(err295);
}
errors++;
}
}
if(data137.timeout !== undefined && func0.call(data137, "timeout")){
let data139 = data137.timeout;
if(!(((typeof data139 == "number") && (!(data139 % 1) && !isNaN(data139))) && (isFinite(data139)))){
const err296 = {instancePath:instancePath+"/verify/timeout",schemaPath:"#/properties/verify/properties/timeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.verify.properties.timeout.type,parentSchema:schema19.properties.verify.properties.timeout,data:data139};
if(vErrors === null){
vErrors = [err296];
}
else {
vErrors.push(err296);
}
errors++;
}
if((typeof data139 == "number") && (isFinite(data139))){
if(data139 > 3600 || isNaN(data139)){
const err297 = {instancePath:instancePath+"/verify/timeout",schemaPath:"#/properties/verify/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},schema:3600,parentSchema:schema19.properties.verify.properties.timeout,data:data139};
if(vErrors === null){
vErrors = [err297];
}
else {
vErrors.push(err297);
}
errors++;
}
if(data139 < 5 || isNaN(data139)){
const err298 = {instancePath:instancePath+"/verify/timeout",schemaPath:"#/properties/verify/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 5},schema:5,parentSchema:schema19.properties.verify.properties.timeout,data:data139};
if(vErrors === null){
vErrors = [err298];
}
else {
vErrors.push(err298);
}
errors++;
}
}
}
}
else {
const err299 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/type",keyword:"type",params:{type: "object"},schema:schema19.properties.verify.type,parentSchema:schema19.properties.verify,data:data137};
if(vErrors === null){
vErrors = [err299];
}
else {
vErrors.push(err299);
}
errors++;
}
}
if(data.gpu !== undefined && func0.call(data, "gpu")){
let data140 = data.gpu;
if(data140 && typeof data140 == "object" && !Array.isArray(data140)){
for(const key35 of Object.keys(data140)){
if(!((((((((key35 === "driver") || (key35 === "toolkit")) || (key35 === "mode")) || (key35 === "defaultRuntime")) || (key35 === "devicePlugin")) || (key35 === "sharing")) || (key35 === "hami")) || (key35 === "vectorAdd"))){
const err300 = {instancePath:instancePath+"/gpu",schemaPath:"#/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key35},schema:false,parentSchema:schema19.properties.gpu,data:data140};
if(vErrors === null){
vErrors = [err300];
}
else {
vErrors.push(err300);
}
errors++;
}
}
if(data140.driver !== undefined && func0.call(data140, "driver")){
let data141 = data140.driver;
if(data141 && typeof data141 == "object" && !Array.isArray(data141)){
if((data141.package === undefined) || (!(func0.call(data141, "package")))){
const err301 = {instancePath:instancePath+"/gpu/driver",schemaPath:"#/properties/gpu/properties/driver/required",keyword:"required",params:{missingProperty: "package"},schema:schema19.properties.gpu.properties.driver.required,parentSchema:schema19.properties.gpu.properties.driver,data:data141};
if(vErrors === null){
vErrors = [err301];
}
else {
vErrors.push(err301);
}
errors++;
}
for(const key36 of Object.keys(data141)){
if(!(key36 === "package")){
const err302 = {instancePath:instancePath+"/gpu/driver",schemaPath:"#/properties/gpu/properties/driver/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key36},schema:false,parentSchema:schema19.properties.gpu.properties.driver,data:data141};
if(vErrors === null){
vErrors = [err302];
}
else {
vErrors.push(err302);
}
errors++;
}
}
if(data141.package !== undefined && func0.call(data141, "package")){
let data142 = data141.package;
if(typeof data142 === "string"){
if(func65(data142) < 1){
const err303 = {instancePath:instancePath+"/gpu/driver/package",schemaPath:"#/properties/gpu/properties/driver/properties/package/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.driver.properties.package,data:data142};
if(vErrors === null){
vErrors = [err303];
}
else {
vErrors.push(err303);
}
errors++;
}
if(!pattern50.test(data142)){
const err304 = {instancePath:instancePath+"/gpu/driver/package",schemaPath:"#/properties/gpu/properties/driver/properties/package/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9+.-]+$"},schema:"^[a-z0-9][a-z0-9+.-]+$",parentSchema:schema19.properties.gpu.properties.driver.properties.package,data:data142};
if(vErrors === null){
vErrors = [err304];
}
else {
vErrors.push(err304);
}
errors++;
}
}
else {
const err305 = {instancePath:instancePath+"/gpu/driver/package",schemaPath:"#/properties/gpu/properties/driver/properties/package/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.driver.properties.package.type,parentSchema:schema19.properties.gpu.properties.driver.properties.package,data:data142};
if(vErrors === null){
vErrors = [err305];
}
else {
vErrors.push(err305);
}
errors++;
}
}
}
else {
const err306 = {instancePath:instancePath+"/gpu/driver",schemaPath:"#/properties/gpu/properties/driver/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.driver.type,parentSchema:schema19.properties.gpu.properties.driver,data:data141};
if(vErrors === null){
vErrors = [err306];
}
else {
vErrors.push(err306);
}
errors++;
}
}
if(data140.toolkit !== undefined && func0.call(data140, "toolkit")){
let data143 = data140.toolkit;
if(data143 && typeof data143 == "object" && !Array.isArray(data143)){
for(const key37 of Object.keys(data143)){
if(!((key37 === "version") || (key37 === "repository"))){
const err307 = {instancePath:instancePath+"/gpu/toolkit",schemaPath:"#/properties/gpu/properties/toolkit/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key37},schema:false,parentSchema:schema19.properties.gpu.properties.toolkit,data:data143};
if(vErrors === null){
vErrors = [err307];
}
else {
vErrors.push(err307);
}
errors++;
}
}
if(data143.version !== undefined && func0.call(data143, "version")){
let data144 = data143.version;
if(typeof data144 === "string"){
if(func65(data144) < 1){
const err308 = {instancePath:instancePath+"/gpu/toolkit/version",schemaPath:"#/properties/gpu/properties/toolkit/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.toolkit.properties.version,data:data144};
if(vErrors === null){
vErrors = [err308];
}
else {
vErrors.push(err308);
}
errors++;
}
if(!pattern51.test(data144)){
const err309 = {instancePath:instancePath+"/gpu/toolkit/version",schemaPath:"#/properties/gpu/properties/toolkit/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$",parentSchema:schema19.properties.gpu.properties.toolkit.properties.version,data:data144};
if(vErrors === null){
vErrors = [err309];
}
else {
vErrors.push(err309);
}
errors++;
}
}
else {
const err310 = {instancePath:instancePath+"/gpu/toolkit/version",schemaPath:"#/properties/gpu/properties/toolkit/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.toolkit.properties.version.type,parentSchema:schema19.properties.gpu.properties.toolkit.properties.version,data:data144};
if(vErrors === null){
vErrors = [err310];
}
else {
vErrors.push(err310);
}
errors++;
}
}
if(data143.repository !== undefined && func0.call(data143, "repository")){
let data145 = data143.repository;
if(data145 && typeof data145 == "object" && !Array.isArray(data145)){
for(const key38 of Object.keys(data145)){
if(!(((key38 === "url") || (key38 === "keyUrl")) || (key38 === "fingerprint"))){
const err311 = {instancePath:instancePath+"/gpu/toolkit/repository",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key38},schema:false,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository,data:data145};
if(vErrors === null){
vErrors = [err311];
}
else {
vErrors.push(err311);
}
errors++;
}
}
if(data145.url !== undefined && func0.call(data145, "url")){
let data146 = data145.url;
if(typeof data146 === "string"){
if(func65(data146) < 1){
const err312 = {instancePath:instancePath+"/gpu/toolkit/repository/url",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.url,data:data146};
if(vErrors === null){
vErrors = [err312];
}
else {
vErrors.push(err312);
}
errors++;
}
if(!pattern4.test(data146)){
const err313 = {instancePath:instancePath+"/gpu/toolkit/repository/url",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/url/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.url,data:data146};
if(vErrors === null){
vErrors = [err313];
}
else {
vErrors.push(err313);
}
errors++;
}
}
else {
const err314 = {instancePath:instancePath+"/gpu/toolkit/repository/url",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/url/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.url.type,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.url,data:data146};
if(vErrors === null){
vErrors = [err314];
}
else {
vErrors.push(err314);
}
errors++;
}
}
if(data145.keyUrl !== undefined && func0.call(data145, "keyUrl")){
let data147 = data145.keyUrl;
if(typeof data147 === "string"){
if(func65(data147) < 1){
const err315 = {instancePath:instancePath+"/gpu/toolkit/repository/keyUrl",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/keyUrl/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.keyUrl,data:data147};
if(vErrors === null){
vErrors = [err315];
}
else {
vErrors.push(err315);
}
errors++;
}
if(!pattern4.test(data147)){
const err316 = {instancePath:instancePath+"/gpu/toolkit/repository/keyUrl",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/keyUrl/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.keyUrl,data:data147};
if(vErrors === null){
vErrors = [err316];
}
else {
vErrors.push(err316);
}
errors++;
}
}
else {
const err317 = {instancePath:instancePath+"/gpu/toolkit/repository/keyUrl",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/keyUrl/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.keyUrl.type,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.keyUrl,data:data147};
if(vErrors === null){
vErrors = [err317];
}
else {
vErrors.push(err317);
}
errors++;
}
}
if(data145.fingerprint !== undefined && func0.call(data145, "fingerprint")){
let data148 = data145.fingerprint;
if(typeof data148 === "string"){
if(func65(data148) < 1){
const err318 = {instancePath:instancePath+"/gpu/toolkit/repository/fingerprint",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/fingerprint/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.fingerprint,data:data148};
if(vErrors === null){
vErrors = [err318];
}
else {
vErrors.push(err318);
}
errors++;
}
if(!pattern6.test(data148)){
const err319 = {instancePath:instancePath+"/gpu/toolkit/repository/fingerprint",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/fingerprint/pattern",keyword:"pattern",params:{pattern: "^([0-9A-Fa-f]{4} *){10}$"},schema:"^([0-9A-Fa-f]{4} *){10}$",parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.fingerprint,data:data148};
if(vErrors === null){
vErrors = [err319];
}
else {
vErrors.push(err319);
}
errors++;
}
}
else {
const err320 = {instancePath:instancePath+"/gpu/toolkit/repository/fingerprint",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/properties/fingerprint/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.fingerprint.type,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository.properties.fingerprint,data:data148};
if(vErrors === null){
vErrors = [err320];
}
else {
vErrors.push(err320);
}
errors++;
}
}
}
else {
const err321 = {instancePath:instancePath+"/gpu/toolkit/repository",schemaPath:"#/properties/gpu/properties/toolkit/properties/repository/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.toolkit.properties.repository.type,parentSchema:schema19.properties.gpu.properties.toolkit.properties.repository,data:data145};
if(vErrors === null){
vErrors = [err321];
}
else {
vErrors.push(err321);
}
errors++;
}
}
}
else {
const err322 = {instancePath:instancePath+"/gpu/toolkit",schemaPath:"#/properties/gpu/properties/toolkit/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.toolkit.type,parentSchema:schema19.properties.gpu.properties.toolkit,data:data143};
if(vErrors === null){
vErrors = [err322];
}
else {
vErrors.push(err322);
}
errors++;
}
}
if(data140.mode !== undefined && func0.call(data140, "mode")){
let data149 = data140.mode;
if(!(((data149 === "auto") || (data149 === "legacy")) || (data149 === "cdi"))){
const err323 = {instancePath:instancePath+"/gpu/mode",schemaPath:"#/properties/gpu/properties/mode/enum",keyword:"enum",params:{allowedValues: schema19.properties.gpu.properties.mode.enum},schema:schema19.properties.gpu.properties.mode.enum,parentSchema:schema19.properties.gpu.properties.mode,data:data149};
if(vErrors === null){
vErrors = [err323];
}
else {
vErrors.push(err323);
}
errors++;
}
}
if(data140.defaultRuntime !== undefined && func0.call(data140, "defaultRuntime")){
let data150 = data140.defaultRuntime;
if(typeof data150 !== "boolean"){
const err324 = {instancePath:instancePath+"/gpu/defaultRuntime",schemaPath:"#/properties/gpu/properties/defaultRuntime/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.gpu.properties.defaultRuntime.type,parentSchema:schema19.properties.gpu.properties.defaultRuntime,data:data150};
if(vErrors === null){
vErrors = [err324];
}
else {
vErrors.push(err324);
}
errors++;
}
}
if(data140.devicePlugin !== undefined && func0.call(data140, "devicePlugin")){
let data151 = data140.devicePlugin;
if(data151 && typeof data151 == "object" && !Array.isArray(data151)){
for(const key39 of Object.keys(data151)){
if(!(((((key39 === "type") || (key39 === "version")) || (key39 === "image")) || (key39 === "migStrategy")) || (key39 === "featureDiscovery"))){
const err325 = {instancePath:instancePath+"/gpu/devicePlugin",schemaPath:"#/properties/gpu/properties/devicePlugin/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key39},schema:false,parentSchema:schema19.properties.gpu.properties.devicePlugin,data:data151};
if(vErrors === null){
vErrors = [err325];
}
else {
vErrors.push(err325);
}
errors++;
}
}
if(data151.type !== undefined && func0.call(data151, "type")){
let data152 = data151.type;
if(!(((data152 === "nvidia") || (data152 === "hami")) || (data152 === "none"))){
const err326 = {instancePath:instancePath+"/gpu/devicePlugin/type",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/type/enum",keyword:"enum",params:{allowedValues: schema19.properties.gpu.properties.devicePlugin.properties.type.enum},schema:schema19.properties.gpu.properties.devicePlugin.properties.type.enum,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.type,data:data152};
if(vErrors === null){
vErrors = [err326];
}
else {
vErrors.push(err326);
}
errors++;
}
}
if(data151.version !== undefined && func0.call(data151, "version")){
let data153 = data151.version;
if(typeof data153 === "string"){
if(func65(data153) < 1){
const err327 = {instancePath:instancePath+"/gpu/devicePlugin/version",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.version,data:data153};
if(vErrors === null){
vErrors = [err327];
}
else {
vErrors.push(err327);
}
errors++;
}
if(!pattern51.test(data153)){
const err328 = {instancePath:instancePath+"/gpu/devicePlugin/version",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/version/pattern",keyword:"pattern",params:{pattern: "^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$"},schema:"^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$",parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.version,data:data153};
if(vErrors === null){
vErrors = [err328];
}
else {
vErrors.push(err328);
}
errors++;
}
}
else {
const err329 = {instancePath:instancePath+"/gpu/devicePlugin/version",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/version/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.devicePlugin.properties.version.type,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.version,data:data153};
if(vErrors === null){
vErrors = [err329];
}
else {
vErrors.push(err329);
}
errors++;
}
}
if(data151.image !== undefined && func0.call(data151, "image")){
let data154 = data151.image;
if(typeof data154 === "string"){
if(func65(data154) < 1){
const err330 = {instancePath:instancePath+"/gpu/devicePlugin/image",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/image/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.image,data:data154};
if(vErrors === null){
vErrors = [err330];
}
else {
vErrors.push(err330);
}
errors++;
}
if(!pattern56.test(data154)){
const err331 = {instancePath:instancePath+"/gpu/devicePlugin/image",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/image/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$"},schema:"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$",parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.image,data:data154};
if(vErrors === null){
vErrors = [err331];
}
else {
vErrors.push(err331);
}
errors++;
}
}
else {
const err332 = {instancePath:instancePath+"/gpu/devicePlugin/image",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/image/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.devicePlugin.properties.image.type,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.image,data:data154};
if(vErrors === null){
vErrors = [err332];
}
else {
vErrors.push(err332);
}
errors++;
}
}
if(data151.migStrategy !== undefined && func0.call(data151, "migStrategy")){
let data155 = data151.migStrategy;
if(!(((data155 === "none") || (data155 === "single")) || (data155 === "mixed"))){
const err333 = {instancePath:instancePath+"/gpu/devicePlugin/migStrategy",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/migStrategy/enum",keyword:"enum",params:{allowedValues: schema19.properties.gpu.properties.devicePlugin.properties.migStrategy.enum},schema:schema19.properties.gpu.properties.devicePlugin.properties.migStrategy.enum,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.migStrategy,data:data155};
if(vErrors === null){
vErrors = [err333];
}
else {
vErrors.push(err333);
}
errors++;
}
}
if(data151.featureDiscovery !== undefined && func0.call(data151, "featureDiscovery")){
let data156 = data151.featureDiscovery;
if(typeof data156 !== "boolean"){
const err334 = {instancePath:instancePath+"/gpu/devicePlugin/featureDiscovery",schemaPath:"#/properties/gpu/properties/devicePlugin/properties/featureDiscovery/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.gpu.properties.devicePlugin.properties.featureDiscovery.type,parentSchema:schema19.properties.gpu.properties.devicePlugin.properties.featureDiscovery,data:data156};
if(vErrors === null){
vErrors = [err334];
}
else {
vErrors.push(err334);
}
errors++;
}
}
}
else {
const err335 = {instancePath:instancePath+"/gpu/devicePlugin",schemaPath:"#/properties/gpu/properties/devicePlugin/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.devicePlugin.type,parentSchema:schema19.properties.gpu.properties.devicePlugin,data:data151};
if(vErrors === null){
vErrors = [err335];
}
else {
vErrors.push(err335);
}
errors++;
}
}
if(data140.sharing !== undefined && func0.call(data140, "sharing")){
let data157 = data140.sharing;
if(data157 && typeof data157 == "object" && !Array.isArray(data157)){
for(const key40 of Object.keys(data157)){
if(!((key40 === "timeSlicing") || (key40 === "mps"))){
const err336 = {instancePath:instancePath+"/gpu/sharing",schemaPath:"#/properties/gpu/properties/sharing/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key40},schema:false,parentSchema:schema19.properties.gpu.properties.sharing,data:data157};
if(vErrors === null){
vErrors = [err336];
}
else {
vErrors.push(err336);
}
errors++;
}
}
if(data157.timeSlicing !== undefined && func0.call(data157, "timeSlicing")){
let data158 = data157.timeSlicing;
if(data158 && typeof data158 == "object" && !Array.isArray(data158)){
if((data158.replicas === undefined) || (!(func0.call(data158, "replicas")))){
const err337 = {instancePath:instancePath+"/gpu/sharing/timeSlicing",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/required",keyword:"required",params:{missingProperty: "replicas"},schema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.required,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing,data:data158};
if(vErrors === null){
vErrors = [err337];
}
else {
vErrors.push(err337);
}
errors++;
}
for(const key41 of Object.keys(data158)){
if(!(((key41 === "replicas") || (key41 === "renameByDefault")) || (key41 === "failRequestsGreaterThanOne"))){
const err338 = {instancePath:instancePath+"/gpu/sharing/timeSlicing",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key41},schema:false,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing,data:data158};
if(vErrors === null){
vErrors = [err338];
}
else {
vErrors.push(err338);
}
errors++;
}
}
if(data158.replicas !== undefined && func0.call(data158, "replicas")){
let data159 = data158.replicas;
if(!(((typeof data159 == "number") && (!(data159 % 1) && !isNaN(data159))) && (isFinite(data159)))){
const err339 = {instancePath:instancePath+"/gpu/sharing/timeSlicing/replicas",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/properties/replicas/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.replicas.type,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.replicas,data:data159};
if(vErrors === null){
vErrors = [err339];
}
else {
vErrors.push(err339);
}
errors++;
}
if((typeof data159 == "number") && (isFinite(data159))){
if(data159 > 100 || isNaN(data159)){
const err340 = {instancePath:instancePath+"/gpu/sharing/timeSlicing/replicas",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/properties/replicas/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.replicas,data:data159};
if(vErrors === null){
vErrors = [err340];
}
else {
vErrors.push(err340);
}
errors++;
}
if(data159 < 2 || isNaN(data159)){
const err341 = {instancePath:instancePath+"/gpu/sharing/timeSlicing/replicas",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/properties/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 2},schema:2,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.replicas,data:data159};
if(vErrors === null){
vErrors = [err341];
}
else {
vErrors.push(err341);
}
errors++;
}
}
}
if(data158.renameByDefault !== undefined && func0.call(data158, "renameByDefault")){
let data160 = data158.renameByDefault;
if(typeof data160 !== "boolean"){
const err342 = {instancePath:instancePath+"/gpu/sharing/timeSlicing/renameByDefault",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/properties/renameByDefault/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.renameByDefault.type,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.renameByDefault,data:data160};
if(vErrors === null){
vErrors = [err342];
}
else {
vErrors.push(err342);
}
errors++;
}
}
if(data158.failRequestsGreaterThanOne !== undefined && func0.call(data158, "failRequestsGreaterThanOne")){
let data161 = data158.failRequestsGreaterThanOne;
if(typeof data161 !== "boolean"){
const err343 = {instancePath:instancePath+"/gpu/sharing/timeSlicing/failRequestsGreaterThanOne",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/properties/failRequestsGreaterThanOne/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.failRequestsGreaterThanOne.type,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.properties.failRequestsGreaterThanOne,data:data161};
if(vErrors === null){
vErrors = [err343];
}
else {
vErrors.push(err343);
}
errors++;
}
}
}
else {
const err344 = {instancePath:instancePath+"/gpu/sharing/timeSlicing",schemaPath:"#/properties/gpu/properties/sharing/properties/timeSlicing/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.sharing.properties.timeSlicing.type,parentSchema:schema19.properties.gpu.properties.sharing.properties.timeSlicing,data:data158};
if(vErrors === null){
vErrors = [err344];
}
else {
vErrors.push(err344);
}
errors++;
}
}
if(data157.mps !== undefined && func0.call(data157, "mps")){
let data162 = data157.mps;
if(data162 && typeof data162 == "object" && !Array.isArray(data162)){
if((data162.replicas === undefined) || (!(func0.call(data162, "replicas")))){
const err345 = {instancePath:instancePath+"/gpu/sharing/mps",schemaPath:"#/properties/gpu/properties/sharing/properties/mps/required",keyword:"required",params:{missingProperty: "replicas"},schema:schema19.properties.gpu.properties.sharing.properties.mps.required,parentSchema:schema19.properties.gpu.properties.sharing.properties.mps,data:data162};
if(vErrors === null){
vErrors = [err345];
}
else {
vErrors.push(err345);
}
errors++;
}
for(const key42 of Object.keys(data162)){
if(!(key42 === "replicas")){
const err346 = {instancePath:instancePath+"/gpu/sharing/mps",schemaPath:"#/properties/gpu/properties/sharing/properties/mps/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key42},schema:false,parentSchema:schema19.properties.gpu.properties.sharing.properties.mps,data:data162};
if(vErrors === null){
vErrors = [err346];
}
else {
vErrors.push(err346);
}
errors++;
}
}
if(data162.replicas !== undefined && func0.call(data162, "replicas")){
let data163 = data162.replicas;
if(!(((typeof data163 == "number") && (!(data163 % 1) && !isNaN(data163))) && (isFinite(data163)))){
const err347 = {instancePath:instancePath+"/gpu/sharing/mps/replicas",schemaPath:"#/properties/gpu/properties/sharing/properties/mps/properties/replicas/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.gpu.properties.sharing.properties.mps.properties.replicas.type,parentSchema:schema19.properties.gpu.properties.sharing.properties.mps.properties.replicas,data:data163};
if(vErrors === null){
vErrors = [err347];
}
else {
vErrors.push(err347);
}
errors++;
}
if((typeof data163 == "number") && (isFinite(data163))){
if(data163 > 100 || isNaN(data163)){
const err348 = {instancePath:instancePath+"/gpu/sharing/mps/replicas",schemaPath:"#/properties/gpu/properties/sharing/properties/mps/properties/replicas/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema19.properties.gpu.properties.sharing.properties.mps.properties.replicas,data:data163};
if(vErrors === null){
vErrors = [err348];
}
else {
vErrors.push(err348);
}
errors++;
}
if(data163 < 2 || isNaN(data163)){
const err349 = {instancePath:instancePath+"/gpu/sharing/mps/replicas",schemaPath:"#/properties/gpu/properties/sharing/properties/mps/properties/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 2},schema:2,parentSchema:schema19.properties.gpu.properties.sharing.properties.mps.properties.replicas,data:data163};
if(vErrors === null){
vErrors = [err349];
}
else {
vErrors.push(err349);
}
errors++;
}
}
}
}
else {
const err350 = {instancePath:instancePath+"/gpu/sharing/mps",schemaPath:"#/properties/gpu/properties/sharing/properties/mps/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.sharing.properties.mps.type,parentSchema:schema19.properties.gpu.properties.sharing.properties.mps,data:data162};
if(vErrors === null){
vErrors = [err350];
}
else {
vErrors.push(err350);
}
errors++;
}
}
}
else {
const err351 = {instancePath:instancePath+"/gpu/sharing",schemaPath:"#/properties/gpu/properties/sharing/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.sharing.type,parentSchema:schema19.properties.gpu.properties.sharing,data:data157};
if(vErrors === null){
vErrors = [err351];
}
else {
vErrors.push(err351);
}
errors++;
}
}
if(data140.hami !== undefined && func0.call(data140, "hami")){
let data164 = data140.hami;
if(data164 && typeof data164 == "object" && !Array.isArray(data164)){
for(const key43 of Object.keys(data164)){
if(!(((((key43 === "splitCount") || (key43 === "memoryScaling")) || (key43 === "coreScaling")) || (key43 === "repository")) || (key43 === "runsOn"))){
const err352 = {instancePath:instancePath+"/gpu/hami",schemaPath:"#/properties/gpu/properties/hami/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key43},schema:false,parentSchema:schema19.properties.gpu.properties.hami,data:data164};
if(vErrors === null){
vErrors = [err352];
}
else {
vErrors.push(err352);
}
errors++;
}
}
if(data164.splitCount !== undefined && func0.call(data164, "splitCount")){
let data165 = data164.splitCount;
if(!(((typeof data165 == "number") && (!(data165 % 1) && !isNaN(data165))) && (isFinite(data165)))){
const err353 = {instancePath:instancePath+"/gpu/hami/splitCount",schemaPath:"#/properties/gpu/properties/hami/properties/splitCount/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.gpu.properties.hami.properties.splitCount.type,parentSchema:schema19.properties.gpu.properties.hami.properties.splitCount,data:data165};
if(vErrors === null){
vErrors = [err353];
}
else {
vErrors.push(err353);
}
errors++;
}
if((typeof data165 == "number") && (isFinite(data165))){
if(data165 > 100 || isNaN(data165)){
const err354 = {instancePath:instancePath+"/gpu/hami/splitCount",schemaPath:"#/properties/gpu/properties/hami/properties/splitCount/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema19.properties.gpu.properties.hami.properties.splitCount,data:data165};
if(vErrors === null){
vErrors = [err354];
}
else {
vErrors.push(err354);
}
errors++;
}
if(data165 < 1 || isNaN(data165)){
const err355 = {instancePath:instancePath+"/gpu/hami/splitCount",schemaPath:"#/properties/gpu/properties/hami/properties/splitCount/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.hami.properties.splitCount,data:data165};
if(vErrors === null){
vErrors = [err355];
}
else {
vErrors.push(err355);
}
errors++;
}
}
}
if(data164.memoryScaling !== undefined && func0.call(data164, "memoryScaling")){
let data166 = data164.memoryScaling;
if((typeof data166 == "number") && (isFinite(data166))){
if(data166 > 100 || isNaN(data166)){
const err356 = {instancePath:instancePath+"/gpu/hami/memoryScaling",schemaPath:"#/properties/gpu/properties/hami/properties/memoryScaling/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema19.properties.gpu.properties.hami.properties.memoryScaling,data:data166};
if(vErrors === null){
vErrors = [err356];
}
else {
vErrors.push(err356);
}
errors++;
}
if(data166 < 0.1 || isNaN(data166)){
const err357 = {instancePath:instancePath+"/gpu/hami/memoryScaling",schemaPath:"#/properties/gpu/properties/hami/properties/memoryScaling/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.1},schema:0.1,parentSchema:schema19.properties.gpu.properties.hami.properties.memoryScaling,data:data166};
if(vErrors === null){
vErrors = [err357];
}
else {
vErrors.push(err357);
}
errors++;
}
}
else {
const err358 = {instancePath:instancePath+"/gpu/hami/memoryScaling",schemaPath:"#/properties/gpu/properties/hami/properties/memoryScaling/type",keyword:"type",params:{type: "number"},schema:schema19.properties.gpu.properties.hami.properties.memoryScaling.type,parentSchema:schema19.properties.gpu.properties.hami.properties.memoryScaling,data:data166};
if(vErrors === null){
vErrors = [err358];
}
else {
vErrors.push(err358);
}
errors++;
}
}
if(data164.coreScaling !== undefined && func0.call(data164, "coreScaling")){
let data167 = data164.coreScaling;
if((typeof data167 == "number") && (isFinite(data167))){
if(data167 > 100 || isNaN(data167)){
const err359 = {instancePath:instancePath+"/gpu/hami/coreScaling",schemaPath:"#/properties/gpu/properties/hami/properties/coreScaling/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema19.properties.gpu.properties.hami.properties.coreScaling,data:data167};
if(vErrors === null){
vErrors = [err359];
}
else {
vErrors.push(err359);
}
errors++;
}
if(data167 < 0.1 || isNaN(data167)){
const err360 = {instancePath:instancePath+"/gpu/hami/coreScaling",schemaPath:"#/properties/gpu/properties/hami/properties/coreScaling/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.1},schema:0.1,parentSchema:schema19.properties.gpu.properties.hami.properties.coreScaling,data:data167};
if(vErrors === null){
vErrors = [err360];
}
else {
vErrors.push(err360);
}
errors++;
}
}
else {
const err361 = {instancePath:instancePath+"/gpu/hami/coreScaling",schemaPath:"#/properties/gpu/properties/hami/properties/coreScaling/type",keyword:"type",params:{type: "number"},schema:schema19.properties.gpu.properties.hami.properties.coreScaling.type,parentSchema:schema19.properties.gpu.properties.hami.properties.coreScaling,data:data167};
if(vErrors === null){
vErrors = [err361];
}
else {
vErrors.push(err361);
}
errors++;
}
}
if(data164.repository !== undefined && func0.call(data164, "repository")){
let data168 = data164.repository;
if(typeof data168 === "string"){
if(func65(data168) < 1){
const err362 = {instancePath:instancePath+"/gpu/hami/repository",schemaPath:"#/properties/gpu/properties/hami/properties/repository/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.hami.properties.repository,data:data168};
if(vErrors === null){
vErrors = [err362];
}
else {
vErrors.push(err362);
}
errors++;
}
if(!pattern4.test(data168)){
const err363 = {instancePath:instancePath+"/gpu/hami/repository",schemaPath:"#/properties/gpu/properties/hami/properties/repository/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s/]+[^\\s]*$"},schema:"^https?://[^\\s/]+[^\\s]*$",parentSchema:schema19.properties.gpu.properties.hami.properties.repository,data:data168};
if(vErrors === null){
vErrors = [err363];
}
else {
vErrors.push(err363);
}
errors++;
}
}
else {
const err364 = {instancePath:instancePath+"/gpu/hami/repository",schemaPath:"#/properties/gpu/properties/hami/properties/repository/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.hami.properties.repository.type,parentSchema:schema19.properties.gpu.properties.hami.properties.repository,data:data168};
if(vErrors === null){
vErrors = [err364];
}
else {
vErrors.push(err364);
}
errors++;
}
}
if(data164.runsOn !== undefined && func0.call(data164, "runsOn")){
let data169 = data164.runsOn;
if(!((data169 === "controller") || (data169 === "control-plane"))){
const err365 = {instancePath:instancePath+"/gpu/hami/runsOn",schemaPath:"#/properties/gpu/properties/hami/properties/runsOn/enum",keyword:"enum",params:{allowedValues: schema19.properties.gpu.properties.hami.properties.runsOn.enum},schema:schema19.properties.gpu.properties.hami.properties.runsOn.enum,parentSchema:schema19.properties.gpu.properties.hami.properties.runsOn,data:data169};
if(vErrors === null){
vErrors = [err365];
}
else {
vErrors.push(err365);
}
errors++;
}
}
}
else {
const err366 = {instancePath:instancePath+"/gpu/hami",schemaPath:"#/properties/gpu/properties/hami/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.properties.hami.type,parentSchema:schema19.properties.gpu.properties.hami,data:data164};
if(vErrors === null){
vErrors = [err366];
}
else {
vErrors.push(err366);
}
errors++;
}
}
if(data140.vectorAdd !== undefined && func0.call(data140, "vectorAdd")){
let data170 = data140.vectorAdd;
if(typeof data170 === "string"){
if(func65(data170) < 1){
const err367 = {instancePath:instancePath+"/gpu/vectorAdd",schemaPath:"#/properties/gpu/properties/vectorAdd/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.gpu.properties.vectorAdd,data:data170};
if(vErrors === null){
vErrors = [err367];
}
else {
vErrors.push(err367);
}
errors++;
}
}
else {
const err368 = {instancePath:instancePath+"/gpu/vectorAdd",schemaPath:"#/properties/gpu/properties/vectorAdd/type",keyword:"type",params:{type: "string"},schema:schema19.properties.gpu.properties.vectorAdd.type,parentSchema:schema19.properties.gpu.properties.vectorAdd,data:data170};
if(vErrors === null){
vErrors = [err368];
}
else {
vErrors.push(err368);
}
errors++;
}
}
}
else {
const err369 = {instancePath:instancePath+"/gpu",schemaPath:"#/properties/gpu/type",keyword:"type",params:{type: "object"},schema:schema19.properties.gpu.type,parentSchema:schema19.properties.gpu,data:data140};
if(vErrors === null){
vErrors = [err369];
}
else {
vErrors.push(err369);
}
errors++;
}
}
if(data.ssh !== undefined && func0.call(data, "ssh")){
let data171 = data.ssh;
if(data171 && typeof data171 == "object" && !Array.isArray(data171)){
for(const key44 of Object.keys(data171)){
if(!(((key44 === "knownHosts") || (key44 === "hostKeys")) || (key44 === "connectTimeout"))){
const err370 = {instancePath:instancePath+"/ssh",schemaPath:"#/properties/ssh/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key44},schema:false,parentSchema:schema19.properties.ssh,data:data171};
if(vErrors === null){
vErrors = [err370];
}
else {
vErrors.push(err370);
}
errors++;
}
}
if(data171.knownHosts !== undefined && func0.call(data171, "knownHosts")){
let data172 = data171.knownHosts;
if(typeof data172 === "string"){
if(func65(data172) < 1){
const err371 = {instancePath:instancePath+"/ssh/knownHosts",schemaPath:"#/properties/ssh/properties/knownHosts/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.ssh.properties.knownHosts,data:data172};
if(vErrors === null){
vErrors = [err371];
}
else {
vErrors.push(err371);
}
errors++;
}
}
else {
const err372 = {instancePath:instancePath+"/ssh/knownHosts",schemaPath:"#/properties/ssh/properties/knownHosts/type",keyword:"type",params:{type: "string"},schema:schema19.properties.ssh.properties.knownHosts.type,parentSchema:schema19.properties.ssh.properties.knownHosts,data:data172};
if(vErrors === null){
vErrors = [err372];
}
else {
vErrors.push(err372);
}
errors++;
}
}
if(data171.hostKeys !== undefined && func0.call(data171, "hostKeys")){
let data173 = data171.hostKeys;
if(!((data173 === "strict") || (data173 === "accept-new"))){
const err373 = {instancePath:instancePath+"/ssh/hostKeys",schemaPath:"#/properties/ssh/properties/hostKeys/enum",keyword:"enum",params:{allowedValues: schema19.properties.ssh.properties.hostKeys.enum},schema:schema19.properties.ssh.properties.hostKeys.enum,parentSchema:schema19.properties.ssh.properties.hostKeys,data:data173};
if(vErrors === null){
vErrors = [err373];
}
else {
vErrors.push(err373);
}
errors++;
}
}
if(data171.connectTimeout !== undefined && func0.call(data171, "connectTimeout")){
let data174 = data171.connectTimeout;
if(!(((typeof data174 == "number") && (!(data174 % 1) && !isNaN(data174))) && (isFinite(data174)))){
const err374 = {instancePath:instancePath+"/ssh/connectTimeout",schemaPath:"#/properties/ssh/properties/connectTimeout/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.ssh.properties.connectTimeout.type,parentSchema:schema19.properties.ssh.properties.connectTimeout,data:data174};
if(vErrors === null){
vErrors = [err374];
}
else {
vErrors.push(err374);
}
errors++;
}
if((typeof data174 == "number") && (isFinite(data174))){
if(data174 > 600 || isNaN(data174)){
const err375 = {instancePath:instancePath+"/ssh/connectTimeout",schemaPath:"#/properties/ssh/properties/connectTimeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 600},schema:600,parentSchema:schema19.properties.ssh.properties.connectTimeout,data:data174};
if(vErrors === null){
vErrors = [err375];
}
else {
vErrors.push(err375);
}
errors++;
}
if(data174 < 1 || isNaN(data174)){
const err376 = {instancePath:instancePath+"/ssh/connectTimeout",schemaPath:"#/properties/ssh/properties/connectTimeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema19.properties.ssh.properties.connectTimeout,data:data174};
if(vErrors === null){
vErrors = [err376];
}
else {
vErrors.push(err376);
}
errors++;
}
}
}
}
else {
const err377 = {instancePath:instancePath+"/ssh",schemaPath:"#/properties/ssh/type",keyword:"type",params:{type: "object"},schema:schema19.properties.ssh.type,parentSchema:schema19.properties.ssh,data:data171};
if(vErrors === null){
vErrors = [err377];
}
else {
vErrors.push(err377);
}
errors++;
}
}
if(data.ignoreChecks !== undefined && func0.call(data, "ignoreChecks")){
let data175 = data.ignoreChecks;
if(Array.isArray(data175)){
const len10 = data175.length;
for(let i10=0; i10<len10; i10++){
let data176 = data175[i10];
if(typeof data176 === "string"){
if(func65(data176) < 1){
const err378 = {instancePath:instancePath+"/ignoreChecks/" + i10,schemaPath:"#/properties/ignoreChecks/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.ignoreChecks.items,data:data176};
if(vErrors === null){
vErrors = [err378];
}
else {
vErrors.push(err378);
}
errors++;
}
}
else {
const err379 = {instancePath:instancePath+"/ignoreChecks/" + i10,schemaPath:"#/properties/ignoreChecks/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.ignoreChecks.items.type,parentSchema:schema19.properties.ignoreChecks.items,data:data176};
if(vErrors === null){
vErrors = [err379];
}
else {
vErrors.push(err379);
}
errors++;
}
}
}
else {
const err380 = {instancePath:instancePath+"/ignoreChecks",schemaPath:"#/properties/ignoreChecks/type",keyword:"type",params:{type: "array"},schema:schema19.properties.ignoreChecks.type,parentSchema:schema19.properties.ignoreChecks,data:data175};
if(vErrors === null){
vErrors = [err380];
}
else {
vErrors.push(err380);
}
errors++;
}
}
if(data.defaults !== undefined && func0.call(data, "defaults")){
if(!(validate63(data.defaults, {instancePath:instancePath+"/defaults",parentData:data,parentDataProperty:"defaults",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
errors = vErrors.length;
}
}
if(data.groups !== undefined && func0.call(data, "groups")){
let data178 = data.groups;
if(data178 && typeof data178 == "object" && !Array.isArray(data178)){
for(const key45 of Object.keys(data178)){
if(!(validate63(data178[key45], {instancePath:instancePath+"/groups/" + key45.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data178,parentDataProperty:key45,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
errors = vErrors.length;
}
}
}
else {
const err381 = {instancePath:instancePath+"/groups",schemaPath:"#/properties/groups/type",keyword:"type",params:{type: "object"},schema:schema19.properties.groups.type,parentSchema:schema19.properties.groups,data:data178};
if(vErrors === null){
vErrors = [err381];
}
else {
vErrors.push(err381);
}
errors++;
}
}
if(data.hosts !== undefined && func0.call(data, "hosts")){
let data180 = data.hosts;
if(Array.isArray(data180)){
if(data180.length < 1){
const err382 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts,data:data180};
if(vErrors === null){
vErrors = [err382];
}
else {
vErrors.push(err382);
}
errors++;
}
const len11 = data180.length;
for(let i11=0; i11<len11; i11++){
let data181 = data180[i11];
if(data181 && typeof data181 == "object" && !Array.isArray(data181)){
if((data181.name === undefined) || (!(func0.call(data181, "name")))){
const err383 = {instancePath:instancePath+"/hosts/" + i11,schemaPath:"#/properties/hosts/items/required",keyword:"required",params:{missingProperty: "name"},schema:schema19.properties.hosts.items.required,parentSchema:schema19.properties.hosts.items,data:data181};
if(vErrors === null){
vErrors = [err383];
}
else {
vErrors.push(err383);
}
errors++;
}
for(const key46 of Object.keys(data181)){
if(!(func0.call(schema19.properties.hosts.items.properties, key46))){
const err384 = {instancePath:instancePath+"/hosts/" + i11,schemaPath:"#/properties/hosts/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key46},schema:false,parentSchema:schema19.properties.hosts.items,data:data181};
if(vErrors === null){
vErrors = [err384];
}
else {
vErrors.push(err384);
}
errors++;
}
}
if(data181.name !== undefined && func0.call(data181, "name")){
let data182 = data181.name;
if(typeof data182 === "string"){
if(func65(data182) < 1){
const err385 = {instancePath:instancePath+"/hosts/" + i11+"/name",schemaPath:"#/properties/hosts/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.name,data:data182};
if(vErrors === null){
vErrors = [err385];
}
else {
vErrors.push(err385);
}
errors++;
}
}
else {
const err386 = {instancePath:instancePath+"/hosts/" + i11+"/name",schemaPath:"#/properties/hosts/items/properties/name/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.name.type,parentSchema:schema19.properties.hosts.items.properties.name,data:data182};
if(vErrors === null){
vErrors = [err386];
}
else {
vErrors.push(err386);
}
errors++;
}
}
if(data181.address !== undefined && func0.call(data181, "address")){
let data183 = data181.address;
if(typeof data183 === "string"){
if(func65(data183) < 1){
const err387 = {instancePath:instancePath+"/hosts/" + i11+"/address",schemaPath:"#/properties/hosts/items/properties/address/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.address,data:data183};
if(vErrors === null){
vErrors = [err387];
}
else {
vErrors.push(err387);
}
errors++;
}
}
else {
const err388 = {instancePath:instancePath+"/hosts/" + i11+"/address",schemaPath:"#/properties/hosts/items/properties/address/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.address.type,parentSchema:schema19.properties.hosts.items.properties.address,data:data183};
if(vErrors === null){
vErrors = [err388];
}
else {
vErrors.push(err388);
}
errors++;
}
}
if(data181.group !== undefined && func0.call(data181, "group")){
let data184 = data181.group;
if(typeof data184 === "string"){
if(func65(data184) < 1){
const err389 = {instancePath:instancePath+"/hosts/" + i11+"/group",schemaPath:"#/properties/hosts/items/properties/group/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.group,data:data184};
if(vErrors === null){
vErrors = [err389];
}
else {
vErrors.push(err389);
}
errors++;
}
}
else {
const err390 = {instancePath:instancePath+"/hosts/" + i11+"/group",schemaPath:"#/properties/hosts/items/properties/group/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.group.type,parentSchema:schema19.properties.hosts.items.properties.group,data:data184};
if(vErrors === null){
vErrors = [err390];
}
else {
vErrors.push(err390);
}
errors++;
}
}
if(data181.nodeIp !== undefined && func0.call(data181, "nodeIp")){
let data185 = data181.nodeIp;
if(typeof data185 === "string"){
if(func65(data185) < 1){
const err391 = {instancePath:instancePath+"/hosts/" + i11+"/nodeIp",schemaPath:"#/properties/hosts/items/properties/nodeIp/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.nodeIp,data:data185};
if(vErrors === null){
vErrors = [err391];
}
else {
vErrors.push(err391);
}
errors++;
}
}
else {
const err392 = {instancePath:instancePath+"/hosts/" + i11+"/nodeIp",schemaPath:"#/properties/hosts/items/properties/nodeIp/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.nodeIp.type,parentSchema:schema19.properties.hosts.items.properties.nodeIp,data:data185};
if(vErrors === null){
vErrors = [err392];
}
else {
vErrors.push(err392);
}
errors++;
}
}
if(data181.role !== undefined && func0.call(data181, "role")){
let data186 = data181.role;
if(!((data186 === "control-plane") || (data186 === "worker"))){
const err393 = {instancePath:instancePath+"/hosts/" + i11+"/role",schemaPath:"#/properties/hosts/items/properties/role/enum",keyword:"enum",params:{allowedValues: schema19.properties.hosts.items.properties.role.enum},schema:schema19.properties.hosts.items.properties.role.enum,parentSchema:schema19.properties.hosts.items.properties.role,data:data186};
if(vErrors === null){
vErrors = [err393];
}
else {
vErrors.push(err393);
}
errors++;
}
}
if(data181.user !== undefined && func0.call(data181, "user")){
let data187 = data181.user;
if(typeof data187 === "string"){
if(func65(data187) < 1){
const err394 = {instancePath:instancePath+"/hosts/" + i11+"/user",schemaPath:"#/properties/hosts/items/properties/user/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.user,data:data187};
if(vErrors === null){
vErrors = [err394];
}
else {
vErrors.push(err394);
}
errors++;
}
if(!pattern58.test(data187)){
const err395 = {instancePath:instancePath+"/hosts/" + i11+"/user",schemaPath:"#/properties/hosts/items/properties/user/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$"},schema:"^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$",parentSchema:schema19.properties.hosts.items.properties.user,data:data187};
if(vErrors === null){
vErrors = [err395];
}
else {
vErrors.push(err395);
}
errors++;
}
}
else {
const err396 = {instancePath:instancePath+"/hosts/" + i11+"/user",schemaPath:"#/properties/hosts/items/properties/user/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.user.type,parentSchema:schema19.properties.hosts.items.properties.user,data:data187};
if(vErrors === null){
vErrors = [err396];
}
else {
vErrors.push(err396);
}
errors++;
}
}
if(data181.port !== undefined && func0.call(data181, "port")){
let data188 = data181.port;
if(!(((typeof data188 == "number") && (!(data188 % 1) && !isNaN(data188))) && (isFinite(data188)))){
const err397 = {instancePath:instancePath+"/hosts/" + i11+"/port",schemaPath:"#/properties/hosts/items/properties/port/type",keyword:"type",params:{type: "integer"},schema:schema19.properties.hosts.items.properties.port.type,parentSchema:schema19.properties.hosts.items.properties.port,data:data188};
if(vErrors === null){
vErrors = [err397];
}
else {
vErrors.push(err397);
}
errors++;
}
if((typeof data188 == "number") && (isFinite(data188))){
if(data188 > 65535 || isNaN(data188)){
const err398 = {instancePath:instancePath+"/hosts/" + i11+"/port",schemaPath:"#/properties/hosts/items/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema19.properties.hosts.items.properties.port,data:data188};
if(vErrors === null){
vErrors = [err398];
}
else {
vErrors.push(err398);
}
errors++;
}
if(data188 < 1 || isNaN(data188)){
const err399 = {instancePath:instancePath+"/hosts/" + i11+"/port",schemaPath:"#/properties/hosts/items/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.port,data:data188};
if(vErrors === null){
vErrors = [err399];
}
else {
vErrors.push(err399);
}
errors++;
}
}
}
if(data181.identityFile !== undefined && func0.call(data181, "identityFile")){
let data189 = data181.identityFile;
if(typeof data189 === "string"){
if(func65(data189) < 1){
const err400 = {instancePath:instancePath+"/hosts/" + i11+"/identityFile",schemaPath:"#/properties/hosts/items/properties/identityFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.identityFile,data:data189};
if(vErrors === null){
vErrors = [err400];
}
else {
vErrors.push(err400);
}
errors++;
}
}
else {
const err401 = {instancePath:instancePath+"/hosts/" + i11+"/identityFile",schemaPath:"#/properties/hosts/items/properties/identityFile/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.identityFile.type,parentSchema:schema19.properties.hosts.items.properties.identityFile,data:data189};
if(vErrors === null){
vErrors = [err401];
}
else {
vErrors.push(err401);
}
errors++;
}
}
if(data181.password !== undefined && func0.call(data181, "password")){
if(!(validate60(data181.password, {instancePath:instancePath+"/hosts/" + i11+"/password",parentData:data181,parentDataProperty:"password",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data181.passphrase !== undefined && func0.call(data181, "passphrase")){
if(!(validate60(data181.passphrase, {instancePath:instancePath+"/hosts/" + i11+"/passphrase",parentData:data181,parentDataProperty:"passphrase",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data181.become !== undefined && func0.call(data181, "become")){
let data192 = data181.become;
if(typeof data192 !== "boolean"){
const err402 = {instancePath:instancePath+"/hosts/" + i11+"/become",schemaPath:"#/properties/hosts/items/properties/become/type",keyword:"type",params:{type: "boolean"},schema:schema19.properties.hosts.items.properties.become.type,parentSchema:schema19.properties.hosts.items.properties.become,data:data192};
if(vErrors === null){
vErrors = [err402];
}
else {
vErrors.push(err402);
}
errors++;
}
}
if(data181.becomePassword !== undefined && func0.call(data181, "becomePassword")){
if(!(validate60(data181.becomePassword, {instancePath:instancePath+"/hosts/" + i11+"/becomePassword",parentData:data181,parentDataProperty:"becomePassword",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
errors = vErrors.length;
}
}
if(data181.labels !== undefined && func0.call(data181, "labels")){
let data194 = data181.labels;
if(data194 && typeof data194 == "object" && !Array.isArray(data194)){
for(const key47 of Object.keys(data194)){
let data195 = data194[key47];
if(typeof data195 !== "string"){
const err403 = {instancePath:instancePath+"/hosts/" + i11+"/labels/" + key47.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/hosts/items/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.labels.additionalProperties.type,parentSchema:schema19.properties.hosts.items.properties.labels.additionalProperties,data:data195};
if(vErrors === null){
vErrors = [err403];
}
else {
vErrors.push(err403);
}
errors++;
}
}
}
else {
const err404 = {instancePath:instancePath+"/hosts/" + i11+"/labels",schemaPath:"#/properties/hosts/items/properties/labels/type",keyword:"type",params:{type: "object"},schema:schema19.properties.hosts.items.properties.labels.type,parentSchema:schema19.properties.hosts.items.properties.labels,data:data194};
if(vErrors === null){
vErrors = [err404];
}
else {
vErrors.push(err404);
}
errors++;
}
}
if(data181.taints !== undefined && func0.call(data181, "taints")){
let data196 = data181.taints;
if(Array.isArray(data196)){
const len12 = data196.length;
for(let i12=0; i12<len12; i12++){
let data197 = data196[i12];
const _errs617 = errors;
let valid74 = false;
const _errs618 = errors;
if(typeof data197 !== "string"){
const err405 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12,schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/0/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[0].type,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[0],data:data197};
if(vErrors === null){
vErrors = [err405];
}
else {
vErrors.push(err405);
}
errors++;
}
var _valid0 = _errs618 === errors;
valid74 = valid74 || _valid0;
const _errs620 = errors;
if(data197 && typeof data197 == "object" && !Array.isArray(data197)){
if((data197.key === undefined) || (!(func0.call(data197, "key")))){
const err406 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12,schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/required",keyword:"required",params:{missingProperty: "key"},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].required,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1],data:data197};
if(vErrors === null){
vErrors = [err406];
}
else {
vErrors.push(err406);
}
errors++;
}
if((data197.effect === undefined) || (!(func0.call(data197, "effect")))){
const err407 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12,schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/required",keyword:"required",params:{missingProperty: "effect"},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].required,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1],data:data197};
if(vErrors === null){
vErrors = [err407];
}
else {
vErrors.push(err407);
}
errors++;
}
for(const key48 of Object.keys(data197)){
if(!(((key48 === "key") || (key48 === "value")) || (key48 === "effect"))){
const err408 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12,schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key48},schema:false,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1],data:data197};
if(vErrors === null){
vErrors = [err408];
}
else {
vErrors.push(err408);
}
errors++;
}
}
if(data197.key !== undefined && func0.call(data197, "key")){
let data198 = data197.key;
if(typeof data198 !== "string"){
const err409 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12+"/key",schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/properties/key/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.key.type,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.key,data:data198};
if(vErrors === null){
vErrors = [err409];
}
else {
vErrors.push(err409);
}
errors++;
}
}
if(data197.value !== undefined && func0.call(data197, "value")){
let data199 = data197.value;
if(typeof data199 !== "string"){
const err410 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12+"/value",schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/properties/value/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.value.type,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.value,data:data199};
if(vErrors === null){
vErrors = [err410];
}
else {
vErrors.push(err410);
}
errors++;
}
}
if(data197.effect !== undefined && func0.call(data197, "effect")){
let data200 = data197.effect;
if(!(((data200 === "NoSchedule") || (data200 === "PreferNoSchedule")) || (data200 === "NoExecute"))){
const err411 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12+"/effect",schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/properties/effect/enum",keyword:"enum",params:{allowedValues: schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.effect.enum},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.effect.enum,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].properties.effect,data:data200};
if(vErrors === null){
vErrors = [err411];
}
else {
vErrors.push(err411);
}
errors++;
}
}
}
else {
const err412 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12,schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf/1/type",keyword:"type",params:{type: "object"},schema:schema19.properties.hosts.items.properties.taints.items.anyOf[1].type,parentSchema:schema19.properties.hosts.items.properties.taints.items.anyOf[1],data:data197};
if(vErrors === null){
vErrors = [err412];
}
else {
vErrors.push(err412);
}
errors++;
}
var _valid0 = _errs620 === errors;
valid74 = valid74 || _valid0;
if(!valid74){
const err413 = {instancePath:instancePath+"/hosts/" + i11+"/taints/" + i12,schemaPath:"#/properties/hosts/items/properties/taints/items/anyOf",keyword:"anyOf",params:{},schema:schema19.properties.hosts.items.properties.taints.items.anyOf,parentSchema:schema19.properties.hosts.items.properties.taints.items,data:data197};
if(vErrors === null){
vErrors = [err413];
}
else {
vErrors.push(err413);
}
errors++;
}
else {
errors = _errs617;
if(vErrors !== null){
if(_errs617){
vErrors.length = _errs617;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err414 = {instancePath:instancePath+"/hosts/" + i11+"/taints",schemaPath:"#/properties/hosts/items/properties/taints/type",keyword:"type",params:{type: "array"},schema:schema19.properties.hosts.items.properties.taints.type,parentSchema:schema19.properties.hosts.items.properties.taints,data:data196};
if(vErrors === null){
vErrors = [err414];
}
else {
vErrors.push(err414);
}
errors++;
}
}
if(data181.gpu !== undefined && func0.call(data181, "gpu")){
let data201 = data181.gpu;
if(!(((data201 === true) || (data201 === false)) || (data201 === "auto"))){
const err415 = {instancePath:instancePath+"/hosts/" + i11+"/gpu",schemaPath:"#/properties/hosts/items/properties/gpu/enum",keyword:"enum",params:{allowedValues: schema19.properties.hosts.items.properties.gpu.enum},schema:schema19.properties.hosts.items.properties.gpu.enum,parentSchema:schema19.properties.hosts.items.properties.gpu,data:data201};
if(vErrors === null){
vErrors = [err415];
}
else {
vErrors.push(err415);
}
errors++;
}
}
if(data181.runtime !== undefined && func0.call(data181, "runtime")){
if(!(validate53(data181.runtime, {instancePath:instancePath+"/hosts/" + i11+"/runtime",parentData:data181,parentDataProperty:"runtime",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data181.kubelet !== undefined && func0.call(data181, "kubelet")){
let data203 = data181.kubelet;
if(data203 && typeof data203 == "object" && !Array.isArray(data203)){
}
else {
const err416 = {instancePath:instancePath+"/hosts/" + i11+"/kubelet",schemaPath:"#/properties/hosts/items/properties/kubelet/type",keyword:"type",params:{type: "object"},schema:schema19.properties.hosts.items.properties.kubelet.type,parentSchema:schema19.properties.hosts.items.properties.kubelet,data:data203};
if(vErrors === null){
vErrors = [err416];
}
else {
vErrors.push(err416);
}
errors++;
}
}
if(data181.packages !== undefined && func0.call(data181, "packages")){
let data204 = data181.packages;
if(Array.isArray(data204)){
const len13 = data204.length;
for(let i13=0; i13<len13; i13++){
let data205 = data204[i13];
if(typeof data205 === "string"){
if(func65(data205) < 1){
const err417 = {instancePath:instancePath+"/hosts/" + i11+"/packages/" + i13,schemaPath:"#/properties/hosts/items/properties/packages/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19.properties.hosts.items.properties.packages.items,data:data205};
if(vErrors === null){
vErrors = [err417];
}
else {
vErrors.push(err417);
}
errors++;
}
}
else {
const err418 = {instancePath:instancePath+"/hosts/" + i11+"/packages/" + i13,schemaPath:"#/properties/hosts/items/properties/packages/items/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.packages.items.type,parentSchema:schema19.properties.hosts.items.properties.packages.items,data:data205};
if(vErrors === null){
vErrors = [err418];
}
else {
vErrors.push(err418);
}
errors++;
}
}
}
else {
const err419 = {instancePath:instancePath+"/hosts/" + i11+"/packages",schemaPath:"#/properties/hosts/items/properties/packages/type",keyword:"type",params:{type: "array"},schema:schema19.properties.hosts.items.properties.packages.type,parentSchema:schema19.properties.hosts.items.properties.packages,data:data204};
if(vErrors === null){
vErrors = [err419];
}
else {
vErrors.push(err419);
}
errors++;
}
}
if(data181.kubeletExtraArgs !== undefined && func0.call(data181, "kubeletExtraArgs")){
let data206 = data181.kubeletExtraArgs;
if(data206 && typeof data206 == "object" && !Array.isArray(data206)){
for(const key49 of Object.keys(data206)){
let data207 = data206[key49];
if(typeof data207 !== "string"){
const err420 = {instancePath:instancePath+"/hosts/" + i11+"/kubeletExtraArgs/" + key49.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/hosts/items/properties/kubeletExtraArgs/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema19.properties.hosts.items.properties.kubeletExtraArgs.additionalProperties.type,parentSchema:schema19.properties.hosts.items.properties.kubeletExtraArgs.additionalProperties,data:data207};
if(vErrors === null){
vErrors = [err420];
}
else {
vErrors.push(err420);
}
errors++;
}
}
}
else {
const err421 = {instancePath:instancePath+"/hosts/" + i11+"/kubeletExtraArgs",schemaPath:"#/properties/hosts/items/properties/kubeletExtraArgs/type",keyword:"type",params:{type: "object"},schema:schema19.properties.hosts.items.properties.kubeletExtraArgs.type,parentSchema:schema19.properties.hosts.items.properties.kubeletExtraArgs,data:data206};
if(vErrors === null){
vErrors = [err421];
}
else {
vErrors.push(err421);
}
errors++;
}
}
}
else {
const err422 = {instancePath:instancePath+"/hosts/" + i11,schemaPath:"#/properties/hosts/items/type",keyword:"type",params:{type: "object"},schema:schema19.properties.hosts.items.type,parentSchema:schema19.properties.hosts.items,data:data181};
if(vErrors === null){
vErrors = [err422];
}
else {
vErrors.push(err422);
}
errors++;
}
}
}
else {
const err423 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/type",keyword:"type",params:{type: "array"},schema:schema19.properties.hosts.type,parentSchema:schema19.properties.hosts,data:data180};
if(vErrors === null){
vErrors = [err423];
}
else {
vErrors.push(err423);
}
errors++;
}
}
}
else {
const err424 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema19.type,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err424];
}
else {
vErrors.push(err424);
}
errors++;
}
validate52.errors = vErrors;
return errors === 0;
}
validate52.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

