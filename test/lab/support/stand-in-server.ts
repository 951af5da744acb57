import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { freePort } from '../../../scripts/lab/free-port.ts';

const python = join(import.meta.dirname, '../../../scripts/lab/stand-ins/python');

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether this machine has what the stand-ins are made of. */
export const canRun = spawnSync('sh', ['-c', 'command -v python3 openssl dpkg-deb']).status === 0;

/** The stand-ins' kubeadm, kubectl and API server on this machine, without a host. */
export class StandInServer implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'slipway-stand-ins-test-'));
  readonly admin = join(this.directory, 'conf/admin.conf');
  port = 0;
  readonly #superAdmin = join(this.directory, 'conf/super-admin.conf');
  readonly #options = join(this.directory, 'options.json');
  /** Compiled Python goes here, not beside the sources. */
  readonly #cache = ['-X', `pycache_prefix=${join(this.directory, 'cache')}`];
  readonly #env = {
    PATH: process.env['PATH'],
    HOME: this.directory,
    SLIPWAY_STAND_IN_OPTIONS: this.#options,
    SLIPWAY_STAND_IN_VERSION: '1.34.9',
  };
  #server: ChildProcess | undefined;

  /** Makes the certificates and kubeconfigs of a control plane, and starts its API server. */
  async init(): Promise<void> {
    writeFileSync(this.#options, '{"timeScale": 0}');
    mkdirSync(join(this.directory, 'conf'));
    this.port = await freePort();
    const config = join(this.directory, 'init.yaml');
    writeFileSync(config, initConfiguration(join(this.directory, 'pki'), this.port));
    this.kubeadm(['init', 'phase', 'certs', 'all', `--config=${config}`]);
    const where = [`--config=${config}`, `--kubeconfig-dir=${join(this.directory, 'conf')}`];
    for (const name of ['admin', 'super-admin']) {
      this.kubeadm(['init', 'phase', 'kubeconfig', ...where, name]);
    }
    await this.start();
  }

  runPython(code: string, argv: readonly string[], input = '', version = '1.34.9'): Done {
    const program = `import sys; sys.path.insert(0, ${JSON.stringify(python)})\n${code}`;
    const env = { ...this.#env, SLIPWAY_STAND_IN_VERSION: version };
    const options = { input, encoding: 'utf8', env, maxBuffer: 1 << 26 } as const;
    const args = ['-IS', ...this.#cache, '-c', program, ...argv];
    const { status, stdout, stderr } = spawnSync('python3', args, options);
    return { code: status, stdout, stderr };
  }

  readonly kubeadm = (argv: readonly string[], version?: string): Done =>
    this.runPython('from standin.kubeadm.main import main; main()', argv, '', version);

  readonly kubectl = (argv: readonly string[], input?: string, config = this.admin): Done =>
    this.runPython(
      'from standin.kubectl.main import main; main()',
      [`--kubeconfig=${config}`, ...argv],
      input,
    );

  /** Its super-admin gives its admin all rights, as `kubeadm init` does. */
  bindAdmin(): Done {
    return this.kubectl(['create', '-f', '-'], adminBinding, this.#superAdmin);
  }

  async start(): Promise<void> {
    const code =
      'import sys; sys.path.insert(0, sys.argv.pop(1))\nfrom standin.api.control_plane import main; main(sys.argv[1:])';
    const where = `--pki ${join(this.directory, 'pki')} --directory ${join(this.directory, 'etcd')} --port ${this.port}`;
    const argv = `${where} --pod-subnet 10.244.0.0/16`.split(' ');
    const args = ['-IS', ...this.#cache, '-c', code, python, ...argv];
    this.#server = spawn('python3', args, { env: this.#env, stdio: 'pipe' });
    const lines = createInterface({ input: this.#server.stdout ?? process.stdin });
    for await (const line of lines) if (line.startsWith('listening')) return;
    throw new Error('the API server ended');
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => this.#server?.once('exit', resolve));
    this.#server?.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server !== undefined) await this.stop('SIGKILL');
    rmSync(this.directory, { recursive: true });
  }
}

/** A ClusterConfiguration with more in it. */
export function cluster(fields: string): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: v1.34.9\n${fields}\n`;
}

const initConfiguration = (pki: string, port: number): string => `${cluster(`certificatesDir: ${pki}`)}---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: 127.0.0.1, bindPort: ${port}}
nodeRegistration: {name: n1, criSocket: "unix:///run/containerd/containerd.sock"}
`;

export const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;

const rbac = 'rbac.authorization.k8s.io';
const adminBinding = JSON.stringify({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'kubeadm:cluster-admins' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: rbac, kind: 'Group', name: 'kubeadm:cluster-admins' }],
});
