import { ansible, kubespray } from './ansible.ts';
import type { Importer } from './imported.ts';
import { k0sctl } from './k0sctl.ts';
import { kubekey } from './kubekey.ts';
import type { Source } from './sources.ts';
import { sshConfig } from './ssh-config.ts';
import { terraform } from './terraform.ts';
import { libvirt, multipass, vagrant } from './virtual-machines.ts';

export const IMPORTERS: Readonly<Record<Source, Importer>> = {
  vagrant,
  multipass,
  libvirt,
  terraform,
  ansible,
  kubespray,
  k0sctl,
  kubekey,
  'ssh-config': sshConfig,
};
