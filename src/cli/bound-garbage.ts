import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of both its halves. With twice as much nothing was faster; left alone, Node lets it grow to eight times this. */
const ENOUGH_BYTES = 16 * 1024 * 1024;

/**
 * Stops the part of memory that holds fresh garbage from growing further once it is large enough for any run.
 *
 * Left alone it grows as long as there is room: 1,000 hosts then take half as much memory again, for nothing. The
 * limit itself can only be set when Node is started, so growth is stopped when it is reached.
 *
 * @see https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib (24.21)
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags (24.21)
 */
export function boundGarbage(): void {
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (young !== undefined && young.space_size < ENOUGH_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}
