import { brokenBytes } from './broken-bytes.ts';
import { fuzzedHosts } from './fuzzed-hosts.ts';
import { HOST_FILES } from './host-files.ts';
import { fuzzedInventory } from './inventory-texts.ts';
import { type Found, judgeHostFile } from './judge-host-file.ts';
import { judgeInventory } from './judge-inventory.ts';
import { judgeReadFile } from './judge-read-file.ts';
import { random } from './random.ts';
import { READ_FILES } from './read-files.ts';
import { runValues } from './run-values.ts';

/** A case of one kind, by its number. */
export interface Case {
  readonly bytes: Buffer;
  /** What is wrong with slipway. */
  readonly faults: readonly string[];
  /** What slipway made of it. */
  readonly isAccepted: boolean;
}

export type Judge = (seed: number, index: number) => Promise<Case>;

export const KINDS = ['inventories', ...Object.keys(HOST_FILES), ...Object.keys(READ_FILES)];

const FOUND: readonly Found[] = ['link', 'directory', 'pipe', 'absent', ...Array<Found>(8).fill('file')];

function drawn(seed: number, index: number, texts: readonly string[]) {
  const numbers = random(seed, index);
  const found = numbers.pick(FOUND);
  return { found, bytes: brokenBytes(numbers.pick(texts), numbers) };
}

/** What makes and judges cases of a kind; inventories are written into a directory. */
export async function judgeOf(kind: string, directory: string): Promise<Judge> {
  if (kind === 'inventories') {
    return async (seed, index) => {
      const bytes = fuzzedInventory(random(seed, index));
      const { isAccepted, faults, plan } = await judgeInventory(bytes, directory);
      return { bytes, isAccepted, faults: [...faults, ...(plan === undefined ? [] : runValues(plan))] };
    };
  }
  const hosts = await fuzzedHosts();
  const read = READ_FILES[kind];
  if (read !== undefined) {
    const asked = kind === 'crio-drop-in' ? hosts.crio : hosts.containerd;
    return async (seed, index) => {
      const { found, bytes } = drawn(seed, index, read.texts);
      const faults = judgeReadFile(asked, read, { found, bytes }, directory);
      return { bytes, faults, isAccepted: true };
    };
  }
  const file = HOST_FILES[kind];
  if (file === undefined) throw new TypeError(`no kind of cases is called ${kind}: ${KINDS.join(', ')}`);
  return async (seed, index) => {
    const { found, bytes } = drawn(seed, index, file.texts);
    const faults = judgeHostFile(kind === 'daemon' ? hosts.docker : hosts.containerd, file, found, bytes);
    return { bytes, faults, isAccepted: true };
  };
}
