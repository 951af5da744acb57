import { describe, expect, it } from 'vitest';

import { snaps, upgradesUnderPods } from '#checks/preflight/upkeep.ts';
import { automaticUpgrades } from '#facts/automatic-upgrades.ts';
import { surroundings } from '#facts/surroundings.ts';

import { askHere, parseText } from '../facts/ask.ts';

const about = { host: 'w1', changed: [] };

function judgedSnaps(...names: readonly string[]) {
  const [around] = parseText(names.map((name) => `snap ${name}\n`).join(''), [surroundings()]);
  return snaps.diff({ around } as never, about);
}

describe('snaps', () => {
  it('with daemons of their own are refused by name', () => {
    expect(judgedSnaps('docker', 'microk8s', 'docker', 'kubectl')).toMatchObject({
      answer: 'refused',
      check: 'Snap',
      why: expect.stringContaining('there are the snaps docker, microk8s, with daemons'),
      hint: expect.stringContaining('snap remove docker microk8s'),
    });
  });

  it('of kubectl are spoken of, and none is no word', () => {
    expect(judgedSnaps('kubectl')).toMatchObject({
      answer: 'none',
      notes: [expect.stringContaining('snap remove kubectl')],
    });
    expect(judgedSnaps()).toEqual({ answer: 'none', why: 'no snap of Docker or Kubernetes is there' });
  });
});

const movedOf = (output: string) => parseText(output, [automaticUpgrades()])[0];

/** As apt 2.6 and dpkg of Ubuntu 24.04 print it, with a kubelet's neighbours. */
const APT = `by unattended-upgrades
apt APT::Periodic::Update-Package-Lists "1";
apt APT::Periodic::Unattended-Upgrade "1";
apt Unattended-Upgrade::Allowed-Origins:: "\${distro_id}:\${distro_codename}-security";
deb ii  containerd
deb hi  libnvidia-container1
deb ii  libnvidia-compute-570
deb rc  docker.io
deb ii  docker-ce
`;

describe('what upgrades packages by itself', () => {
  it('takes what is installed and not held, of origins that it knows', () => {
    expect(movedOf(APT)).toEqual({
      by: 'unattended-upgrades',
      packages: ['containerd', 'libnvidia-compute-570'],
    });
    const every = APT.replace(
      'security";',
      'security";\napt Unattended-Upgrade::Origins-Pattern:: "origin=*";',
    );
    expect(movedOf(every)?.packages).toContain('docker-ce');
  });

  it('takes nothing that it is told to keep, and nothing where it is off', () => {
    const kept = ['containerd', '(lib)?nvidia-', '['].map(
      (one) => `apt Unattended-Upgrade::Package-Blacklist:: "${one}";\n`,
    );
    expect(movedOf(APT + kept.join(''))?.packages).toEqual([]);
    for (const off of ['APT::Periodic::Enable "0"', 'APT::Periodic::Unattended-Upgrade "0"'])
      expect(movedOf(`${APT}apt ${off};\n`)).toEqual({ by: null, packages: [] });
    expect(movedOf(APT.replace(/apt APT::Periodic::Un.*\n/, ''))).toEqual({ by: null, packages: [] });
    expect(movedOf('')).toEqual({ by: null, packages: [] });
  });

  it('is the same with dnf, whose locks and exclusions count', () => {
    const dnf = 'by dnf-automatic\nrpm containerd.io\nrpm docker-ce\nrpm nvidia-driver-libs\nrpm runc\n';
    expect(movedOf(dnf)?.packages).toEqual(['containerd.io', 'docker-ce', 'nvidia-driver-libs', 'runc']);
    const kept = `${dnf}without kernel* nvidia-*, foo\nlock docker-ce-3:28.1.1-1.el9.*\nlock name = "runc"\nlock containerd.io-extras-1\n`;
    expect(movedOf(kept)).toEqual({ by: 'dnf-automatic', packages: ['containerd.io'] });
  });

  it('can be asked of a machine', () => {
    expect(askHere([automaticUpgrades()])).toEqual([{ by: null, packages: [] }]);
  });

  it('is named in each plan, and refuses nothing', () => {
    const outcome = upgradesUnderPods.diff({ upgrades: movedOf(APT) } as never, about);
    expect(outcome).toMatchObject({
      answer: 'none',
      notes: [
        expect.stringMatching(
          /^unattended-upgrades may upgrade containerd, libnvidia-compute-570 under running pods.*Package-Blacklist/,
        ),
      ],
    });
    const calm = upgradesUnderPods.diff({ upgrades: { by: 'dnf-automatic', packages: [] } } as never, about);
    expect(calm).toEqual({ answer: 'none', why: 'dnf-automatic leaves alone what pods depend on' });
  });
});
