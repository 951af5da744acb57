import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { parse } from 'yaml';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { type Ended, Packed } from '../package/support.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();
const hasVagrant = spawnSync('vagrant', ['--version']).status === 0;

describe.skipIf(reason !== undefined)(
  `the first minutes of a stranger${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let packed: Packed;
    beforeAll(async () => {
      packed = await Packed.make();
      cluster = await LabCluster.start([{ name: 'cp1' }]);
    });
    afterAll(async () => {
      await cluster?.[Symbol.asyncDispose]();
      await packed?.remove();
    });

    /** An empty folder with the package, and how programs are run there, in the network of the hosts. */
    async function stranger(context: TestContext) {
      const project = await packed.project(context);
      const home = join(project, 'home');
      await mkdir(join(home, '.ssh'), { recursive: true });
      await rm(join(project, 'inventory.yaml'));
      const inThere = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Ended => {
        const [program = '', ...args] = cluster.lab.inNetwork(argv);
        const { status, stdout, stderr } = spawnSync(program, args, {
          cwd: project,
          encoding: 'utf8',
          env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
        });
        return { status, stdout, stderr };
      };
      const slipway = (...args: readonly string[]): Ended =>
        inThere([process.execPath, join(project, 'node_modules/.bin/slipway'), ...args]);
      return { project, inThere, slipway };
    }

    it('with the package alone get from no inventory to a plan, by what slipway says', async (context) => {
      const { inThere, slipway } = await stranger(context);
      const lost = slipway('doctor');
      expect(lost.stderr).toContain('slipway init');

      const [host] = cluster.lab.hosts;
      const flags = [
        `--control-planes=cp1=${host?.address}`,
        `--identity-file=${cluster.lab.identityFile}`,
        // The lab may be on cgroup v1, which Kubernetes refuses since 1.35.
        '--kubernetes=1.34.11',
      ];
      expect(slipway('init', ...flags)).toMatchObject({ status: 0 });

      const unknown = slipway('doctor');
      expect(unknown.status, unknown.stderr).toBe(1);
      const [, command = ''] = /then add it with "(.*?)"/.exec(unknown.stdout.replaceAll(/\s+/g, ' ')) ?? [];
      expect(command, unknown.stdout).toContain('ssh-keyscan');
      expect(inThere(['sh', '-c', command]).status).toBe(0);

      const known = slipway('doctor');
      expect(known.stdout, known.stderr).toMatch(/^ok +cp1 +Debian/m);
      expect(known).toMatchObject({ status: 0 });
      const plan = slipway('plan', '--only', 'preflight,swap,kernel,host');
      expect(plan.stdout, plan.stderr).toMatch(/^Plan: \d+ to change/m);
    });

    // A real Vagrant, whose provider is a stand-in: virtual machines do not run everywhere.
    it.skipIf(!hasVagrant)(
      'with the machines of a Vagrant get to the same, by its own words',
      async (context) => {
        const { project, inThere, slipway } = await stranger(context);
        const [host] = cluster.lab.hosts;
        await cp(
          fileURLToPath(new URL('support/Vagrantfile.stand-in', import.meta.url)),
          join(project, 'Vagrantfile'),
        );
        const vagrant = (...args: readonly string[]): Ended =>
          inThere(['vagrant', ...args], {
            STAND_IN_MACHINES: `cp1=${host?.address}`,
            STAND_IN_KEY: cluster.lab.identityFile,
          });
        expect(vagrant('up', '--provider=standin')).toMatchObject({ status: 0 });
        const said = [vagrant('ssh-config', 'cp1'), vagrant('ssh', 'cp1', '-c', 'hostname -I')];
        expect(said.map(({ status, stderr }) => [status, stderr])).toEqual([
          [0, ''],
          [0, ''],
        ]);
        await writeFile(join(project, 'machines.txt'), said.map(({ stdout }) => stdout).join(''));
        expect(slipway('import', 'vagrant', 'machines.txt', '--out', 'inventory.yaml')).toMatchObject({
          status: 0,
        });
        const inventory = parse(await readFile(join(project, 'inventory.yaml'), 'utf8')) as unknown;
        expect(inventory).toMatchObject({
          defaults: { user: 'debian' },
          hosts: [{ name: 'cp1', role: 'control-plane', address: host?.address }],
        });
        inThere(['sh', '-c', `ssh-keyscan ${host?.address} >>home/.ssh/known_hosts`]);
        const plan = slipway('plan', '--only', 'preflight,swap,kernel,host');
        expect(plan.stdout, plan.stderr).toMatch(/cp1\n +preflight/);
      },
    );
  },
);
