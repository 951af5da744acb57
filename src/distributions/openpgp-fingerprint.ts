import { hexDigest } from '#core/sha256.ts';

/** A primary key in a file of public keys. */
export interface OpenPgpKey {
  /** 40 hexadecimal digits, upper case. */
  readonly fingerprint: string;
}

/**
 * Reads the primary keys out of a file, ASCII-armoured or not, as `gpg --show-keys` would.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9580.html for packets (4), the fingerprint (5.5.4) and armour (6)
 * @throws {Error} when it is not a file of public keys.
 */
export function readOpenPgpKeys(file: string | Buffer): readonly OpenPgpKey[] {
  const parts =
    typeof file === 'string' || file.includes(ARMOUR) ? blocks(file.toString()).map(unarmour) : [file];
  const keys = parts
    .flatMap(packets)
    .flatMap(({ tag, body }) => (tag === PUBLIC_KEY ? [{ fingerprint: fingerprintOf(body) }] : []));
  if (keys.length === 0) throw new Error('it holds no OpenPGP public key');
  return keys;
}

const PUBLIC_KEY = 6;

const ARMOUR = '-----BEGIN PGP';

const BLOCK = /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g;

const blocks = (text: string): readonly string[] => [...text.matchAll(BLOCK)].map(([, body = '']) => body);

/** Headers, an empty line, base64, and often a checksum behind an equals sign. */
function unarmour(block: string): Buffer {
  const rows = block.split(/\r?\n/).map((row) => row.trim());
  const start = rows.indexOf('');
  if (start < 0) throw new Error('its armour has no empty line after the headers');
  const data = rows.slice(start).filter((row) => row !== '' && !/^=[A-Za-z0-9+/]{4}$/.test(row));
  const bytes = Buffer.from(data.join(''), 'base64');
  const checksum = rows.find((row) => /^=[A-Za-z0-9+/]{4}$/.test(row));
  if (checksum !== undefined && Buffer.from(checksum.slice(1), 'base64').readUIntBE(0, 3) !== crc24(bytes)) {
    throw new Error('its checksum does not match: the file is damaged');
  }
  return bytes;
}

function crc24(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864cfb;
    }
  }
  return crc;
}

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

function packets(bytes: Buffer): readonly Packet[] {
  const found: Packet[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const header = readHeader(bytes, offset);
    const end = header.start + header.length;
    if (end > bytes.length) throw new Error('it is cut off');
    found.push({ tag: header.tag, body: bytes.subarray(header.start, end) });
    offset = end;
  }
  return found;
}

interface Header {
  readonly tag: number;
  readonly start: number;
  readonly length: number;
}

function readHeader(bytes: Buffer, offset: number): Header {
  const first = bytes.readUInt8(offset);
  if ((first & 0x80) === 0) throw new Error('it is not made of OpenPGP packets');
  return (first & 0x40) === 0 ? readOldHeader(bytes, offset, first) : readNewHeader(bytes, offset, first);
}

function readOldHeader(bytes: Buffer, offset: number, first: number): Header {
  const tag = (first >> 2) & 0x0f;
  const sizeBytes = [1, 2, 4][first & 0x03];
  if (sizeBytes === undefined) return { tag, start: offset + 1, length: bytes.length - offset - 1 };
  return { tag, start: offset + 1 + sizeBytes, length: bytes.readUIntBE(offset + 1, sizeBytes) };
}

function readNewHeader(bytes: Buffer, offset: number, first: number): Header {
  const tag = first & 0x3f;
  const length = bytes.readUInt8(offset + 1);
  if (length < 192) return { tag, start: offset + 2, length };
  if (length < 224) {
    return { tag, start: offset + 3, length: ((length - 192) << 8) + bytes.readUInt8(offset + 2) + 192 };
  }
  if (length === 255) return { tag, start: offset + 6, length: bytes.readUInt32BE(offset + 2) };
  throw new Error('it has a packet of partial length, which no key has');
}

function fingerprintOf(body: Buffer): string {
  const version = body.readUInt8(0);
  if (version !== 4) throw new Error(`its key is of version ${version}; version 4 is supported`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return hexDigest('sha1', Buffer.concat([Buffer.from([0x99]), length, body])).toUpperCase();
}

/**
 * Says what is wrong with a file of keys that is to be the one with this fingerprint.
 *
 * Every key in it must be that one: whoever holds any of them can sign.
 */
export function findKeyFault(file: string | Buffer, fingerprint: string): string | undefined {
  const wanted = fingerprint.replaceAll(/\s/g, '').toUpperCase();
  try {
    const stranger = readOpenPgpKeys(file).find((key) => key.fingerprint !== wanted);
    return stranger === undefined ? undefined : `its key is ${stranger.fingerprint}, not ${wanted}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
