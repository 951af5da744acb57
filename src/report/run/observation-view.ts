import type { RunEvent } from '#core/event.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { counted, truncate } from '#report/text/text-layout.ts';

/** The first look at the hosts: what is fetched for it, who has answered, and who is waited for. */
export class ObservationProgress {
  readonly #waiting = new Set<string>();
  /** What is wrong with the last try, by location. */
  readonly #fetching = new Map<string, string | undefined>();
  /** Hosts that hung up and are tried again. */
  readonly #again = new Set<string>();
  #answered = 0;
  #unreachable = 0;

  on(event: RunEvent): void {
    if (event.event === 'fetching') this.#fetching.set(event.location, undefined);
    if (event.event === 'fetch-retried') this.#fetching.set(event.location, event.why);
    if (event.event === 'fetched') this.#fetching.delete(event.location);
    if (event.event === 'connecting') this.#waiting.add(event.host);
    if (event.event === 'connect-retried') this.#again.add(event.host);
    if (event.event === 'connected') this.#again.delete(event.host);
    if (event.event === 'observed' && this.#leave(event.host)) this.#answered += 1;
    if (event.event === 'unreachable' && this.#leave(event.host)) this.#unreachable += 1;
  }

  /** One line: with few hosts left, those are named. */
  title(columns: number): string {
    const [fetching] = this.#fetching;
    if (fetching !== undefined) return truncate(this.#fetchTitle(...fetching), columns - 4);
    const waiting = [...this.#waiting];
    const parts = [
      `${this.#answered} answered`,
      ...(this.#unreachable > 0 ? [`${this.#unreachable} unreachable`] : []),
      ...(this.#again.size > 0 ? [`${this.#again.size} hung up and tried again`] : []),
      ...(waiting.length > 0 ? [`waiting for ${waitedFor(waiting)}`] : []),
    ];
    return truncate(`Looking at the hosts: ${parts.join(', ')}`, columns - 4);
  }

  #fetchTitle(location: string, why: string | undefined): string {
    const others = this.#fetching.size > 1 ? ` and ${counted(this.#fetching.size - 1, 'other file')}` : '';
    return `Fetching ${location}${others}${why === undefined ? '' : `, again after ${why}`}`;
  }

  #leave(host: string): boolean {
    this.#again.delete(host);
    return this.#waiting.delete(host);
  }
}

const waitedFor = (hosts: readonly string[]): string =>
  hosts.length <= 5 ? formatHosts(hosts) : counted(hosts.length, 'host');
