import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

export type NetworkManagerAnswer = {
  readonly isRunning: boolean;
  /** Whether it has read its settings since the file was written. */
  readonly isRead: boolean;
};

/** @param path of a file of its settings. */
export const networkManager = (path: string): Fact<NetworkManagerAnswer> => fact(family, path);

const family: Family<string, NetworkManagerAnswer> = {
  name: 'network-manager',
  /**
   * A unit that reads its settings again is `reloading` for a moment, and that changes when it came to its state.
   *
   * @see https://www.freedesktop.org/software/systemd/man/252/org.freedesktop.systemd1.html (StateChangeTimestamp)
   */
  script: ([path = '']) =>
    sh`[ "$(systemctl is-active NetworkManager.service 2>/dev/null)" = active ] || exit 0
echo running
written=$(stat -c %Y ${path} 2>/dev/null) || exit 0
changed=$(LC_ALL=C systemctl show --value -p StateChangeTimestamp NetworkManager.service)
[ "$(date -d "$changed" +%s 2>/dev/null || echo 0)" -lt "$written" ] || echo read
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const answer = { isRunning: rows.includes('running'), isRead: rows.includes('read') };
    return questions.map(() => answer);
  },
  bare: () => ({ isRunning: false, isRead: false }),
};
