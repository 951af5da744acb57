import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Lab } from '../../../scripts/lab/lab.ts';
import { standInImage } from '../../support/registry-stand-in.ts';
import type { LabCluster } from './lab-cluster.ts';

/** The version of Kubernetes whose images are served. */
export const KUBERNETES = '1.34.9';

/** What a cluster of it runs, by registry. */
export const IMAGES = {
  'registry.k8s.io': [
    'kube-apiserver:v1.34.9',
    'kube-controller-manager:v1.34.9',
    'kube-scheduler:v1.34.9',
    'kube-proxy:v1.34.9',
    'coredns/coredns:v1.12.1',
    'pause:3.10.1',
    'etcd:3.6.5-0',
  ],
  'docker.io': ['library/nginx:1.28-alpine'],
};

/** The lab's web server as the registry that all images come from. */
export function serveImages(lab: Lab, images: Readonly<Record<string, readonly string[]>> = IMAGES): void {
  for (const names of Object.values(images)) {
    for (const name of names) {
      const [path = '', tag = ''] = name.split(':');
      for (const [key, content] of standInImage(path, tag)) {
        const isDigest = key.startsWith('sha256:');
        const kinds = isDigest ? ['manifests', 'blobs'] : ['manifests'];
        for (const kind of kinds) lab.web.serve(`/v2/${path}/${kind}/${isDigest ? key : tag}`, content);
      }
    }
  }
}

/** Registries of an inventory for `bundle create`: all of them are the lab's web server. */
export const registriesOf = (
  lab: Lab,
  images: Readonly<Record<string, readonly string[]>> = IMAGES,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.keys(images).map((name) => [name, { mirrors: [{ url: lab.web.url }] }]));

/** The option --sources for releases of Debian's, as the lab's hosts have them. */
export async function aptSources(
  { lab, directory }: LabCluster,
  hosts: readonly { readonly name: string; readonly os: string }[],
): Promise<readonly string[]> {
  const words: string[] = [];
  for (const { name, os } of hosts) {
    const { stdout } = await lab.exec(name, 'cat /etc/apt/sources.list');
    const path = join(directory, `${name}.list`);
    writeFileSync(path, stdout);
    words.push('--sources', `${os}=${path}`);
  }
  return words;
}

/** What programs of this machine reach Debian's packages by, as the lab's hosts do. */
export const outside = (lab: Lab): Readonly<Record<string, string>> => ({
  http_proxy: `http://${lab.gateway}:3142`,
  no_proxy: lab.gateway,
});

/** Cuts hosts off from the lab's mirror and its web server. What they have in their lists was fetched before. */
export async function cutOff(lab: Lab, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) {
    await lab.exec(host, `for port in 3142 8080; do ip rule add ipproto tcp dport $port unreachable; done`);
    await lab.exec(host, `echo '{"timeScale": 0.25, "imagePull": "fails"}' >/etc/slipway-stand-in.json`);
    for (const port of [3142, 8080]) {
      const attempt = `timeout 5 bash -c '</dev/tcp/${lab.gateway}/${port}' 2>&1 || echo none`;
      const { stdout } = await lab.exec(host, attempt);
      if (!stdout.trimEnd().endsWith('none')) throw new Error(`${host} still reaches ${port}: ${stdout}`);
    }
  }
  lab.web.requests.length = 0;
}
