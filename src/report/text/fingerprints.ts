import { sha256Of } from '#core/sha256.ts';

/** Base64 in one piece that is longer than any name or digest. */
const WALL = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{160,}={0,2}(?![A-Za-z0-9+/=])/g;

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([\s\S]*?)-----END \1-----/g;

/**
 * The text with a fingerprint in place of each key and certificate, as nobody reads base64. Of a certificate it is the
 * one that openssl shows.
 *
 * @see https://docs.openssl.org/3.0/man1/openssl-x509/ (-fingerprint -sha256)
 */
export const withFingerprints = (text: string): string =>
  text
    .replaceAll(PEM, (_, label: string, body: string) => {
      // An armoured key of OpenPGP has headers above its body, and a checksum below.
      const base64 = body.replace(/^[\s\S]*?\n\r?\n/, '').replaceAll(/^=.{4}$|\s/gm, '');
      return `(${label.toLowerCase()}, sha256 ${fingerprint(base64)})`;
    })
    .replaceAll(WALL, (base64) => `(base64, sha256 ${fingerprint(base64)})`);

const fingerprint = (base64: string): string =>
  (sha256Of(Buffer.from(base64, 'base64')).toUpperCase().match(/../g) ?? []).join(':');
