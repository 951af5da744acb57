import { expect } from 'vitest';

interface Settling<T> {
  /** In milliseconds. */
  readonly timeout: number;
  /** Default: any answer will do. */
  readonly isWanted?: (answer: T) => boolean;
}

/** What a question is answered with once two looks, two seconds apart, have the same answer, and the wanted one. */
export async function settled<T extends string | readonly string[]>(
  ask: () => Promise<T>,
  { timeout, isWanted = () => true }: Settling<T>,
): Promise<T> {
  let last = await ask();
  const isSettled = async (): Promise<boolean> => {
    const before = last;
    last = await ask();
    return before.toString() === last.toString() && isWanted(last);
  };
  await expect.poll(isSettled, { timeout, interval: 2000 }).toBe(true);
  return last;
}
