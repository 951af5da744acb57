import { type EditedHosts, editHosts, type HostsEntry, withHosts } from '#configuration/etc-hosts.ts';
import { none, type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { diffFile, edited, refuseUnreadable } from '#resources/files/diff-file.ts';

const HOSTS = '/etc/hosts' as const;

/**
 * What cloud-init makes /etc/hosts of when a machine boots, where it is set to do so.
 *
 * @see https://cloudinit.readthedocs.io/en/23.1/reference/modules.html#update-etc-hosts (manage_etc_hosts)
 */
const TEMPLATES = (['debian', 'redhat'] as const).map(
  (family) => `/etc/cloud/templates/hosts.${family}.tmpl` as const,
);

/** Where such names stand. */
export const HOSTS_FILES = [...TEMPLATES, HOSTS] as const;

/** A name that stands for one address on this host, and after a reboot too. */
export const hostsEntries = ({ name, address }: HostsEntry): readonly Resource[] =>
  hostsFiles((text) => editHosts(text, name, address));

/** The names of all hosts, on this one. Where others have said something of a name before, that stays, and counts. */
export const hostsOfCluster = (hosts: readonly HostsEntry[]): readonly Resource[] =>
  hostsFiles((text) => ({ text: withHosts(text, hosts), others: [] }));

const hostsFiles = (edit: (text: string) => EditedHosts): readonly Resource[] => [
  ...TEMPLATES.map((path) => hostsFile(path, edit, { isOptional: true })),
  hostsFile(HOSTS, edit, { isOptional: false }),
];

const hostsFile = (
  path: string,
  edit: (text: string) => EditedHosts,
  { isOptional }: { readonly isOptional: boolean },
): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileContent(path) },
    diff: ({ found }, { planned }) => {
      if (isOptional && found.type === 'absent') return none(`there is no ${path}`);
      const unreadable = refuseUnreadable(found, path);
      if (unreadable !== undefined) return unreadable;
      // Names and the endpoint are written one after the other.
      const content = planned?.(path) ?? found.content ?? '';
      const { text, others } = edit(content);
      // A line of somebody else's goes: of the file that had it a copy stays.
      return diffFile(found.type === 'file' ? { ...found, content } : found, {
        ...edited(found, path, text),
        isOwn: () => others.length === 0,
      });
    },
  });
