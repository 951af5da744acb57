import {
  type AlternativeNames,
  alternativeNames,
  contentOf,
  type DistinguishedName,
  distinguishedName,
  elements,
  pairOf,
} from './der.ts';

/** What a PKCS#10 request asks for. */
export type CertificateRequest = DistinguishedName & AlternativeNames;

/** An object identifier, in the bytes of DER. */
const EXTENSION_REQUEST = '2a864886f70d01090e';

/**
 * Reads a request in PEM.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2986
 * @throws {RangeError} where it is none.
 */
export function readCertificateRequest(pem: string): CertificateRequest {
  const base64 = /-----BEGIN CERTIFICATE REQUEST-----([^-]*)-----END/.exec(pem)?.[1] ?? '';
  const [request] = elements(Buffer.from(base64, 'base64'));
  const [info] = elements(contentOf(request));
  const [, subject, , attributes] = elements(contentOf(info));
  const extensions = elements(attributes?.content ?? Buffer.alloc(0))
    .map(pairOf)
    .filter(({ key }) => key === EXTENSION_REQUEST)
    .flatMap(({ value }) => elements(value.content))
    .flatMap(({ content }) => elements(content));
  return { ...distinguishedName(subject), ...alternativeNames(extensions) };
}
