import { createHash } from 'node:crypto';

const SUM_BYTES = 32;
const PAGE_BYTES = 512;

/** What a file is, once all of it has been seen. */
export interface SnapshotSeal {
  /** Of the whole file, in lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Whether it ends with the sum of all before it, as `etcdctl snapshot save` writes it. */
  readonly isIntact: boolean;
}

/**
 * Reads a snapshot piece by piece: a database, and after it the sha256 of the database.
 *
 * @see https://github.com/etcd-io/etcd/blob/v3.6.5/etcdutl/snapshot/v3_snapshot.go (hasChecksum)
 */
export class SnapshotDigest {
  readonly #whole = createHash('sha256');
  readonly #database = createHash('sha256');
  #tail = Buffer.alloc(0);
  #sizeBytes = 0;

  update(piece: Buffer): void {
    this.#whole.update(piece);
    this.#sizeBytes += piece.length;
    const all = Buffer.concat([this.#tail, piece]);
    const end = Math.max(all.length - SUM_BYTES, 0);
    this.#database.update(all.subarray(0, end));
    this.#tail = all.subarray(end);
  }

  seal(): SnapshotSeal {
    const isIntact = this.#sizeBytes % PAGE_BYTES === SUM_BYTES && this.#database.digest().equals(this.#tail);
    return { sha256: this.#whole.digest('hex'), sizeBytes: this.#sizeBytes, isIntact };
  }
}
