import type { Json } from '#core/json.ts';
import { type Change, change, deferred, none, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { unknown } from '#core/unknown.ts';
import { daemonHealth } from '#facts/daemon-health.ts';
import { journalOf } from '#facts/diagnosis.ts';

interface AskedDaemon {
  /** With suffix. */
  readonly unit: string;
  /** Where it listens; null: nowhere. */
  readonly port: number | null;
  /** In which it is started. */
  readonly phase: string;
}

/** A daemon that was started does what it is there for; one that does not is restarted. */
export const daemonAnswers = ({ unit, port, phase }: AskedDaemon): Resource =>
  resource({
    address: `answers:${unit}`,
    facts: { health: daemonHealth(unit, port) },
    restartOn: [`unit:${unit}`],
    settle: { timeoutMs: 30_000, diagnosis: journalOf(unit) },
    diff: ({ health }, { changed, host }) => {
      const well = none(`${unit} ${port === null ? 'runs' : `listens on port ${port}`}`);
      const restarted = (from: Json): Change =>
        change(
          [{ what: unit, from, to: port === null ? 'running' : `listening on port ${port}` }],
          [
            {
              do: 'run',
              summary: `restart ${unit}`,
              script: command('systemctl', 'restart', unit),
              timeoutMs: 180_000,
            },
          ],
          [unit],
        );
      if (changed.length > 0) {
        const otherwise = restarted(unknown(`${unit} is started`));
        return deferred({ host, phase }, `${unit}, which is started there`, { ...well, otherwise });
      }
      return health.state === 'answers' ? well : restarted(health.why);
    },
  });
