/** One value in the bytes of DER, which certificates and requests for them are written in. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** Object identifiers, in the bytes of DER. */
const COMMON_NAME = '550403';
const ORGANIZATION = '55040a';
const SUBJECT_ALT_NAME = '551d11';

/** Tags of DER. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** The elements that follow one another. @see https://www.itu.int/rec/T-REC-X.690 */
export function elements(bytes: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const tag = bytes.readUInt8(offset);
    const short = bytes.readUInt8(offset + 1);
    const lengthBytes = short < 0x80 ? 0 : short - 0x80;
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(offset + 2, lengthBytes);
    const start = offset + 2 + lengthBytes;
    if (start + length > bytes.length) throw new RangeError('an element that is cut off');
    found.push({ tag, content: bytes.subarray(start, start + length) });
    offset = start + length;
  }
  return found;
}

/** An object identifier and what stands last beside it: of an extension, whether it is critical stands between. */
export function pairOf({ content }: Element): { readonly key: string; readonly value: Element } {
  const parts = elements(content);
  const [key, value] = [parts[0], parts.at(-1)];
  if (key === undefined || value === undefined || parts.length < 2) throw new RangeError('not a pair');
  return { key: key.content.toString('hex'), value };
}

/** @throws {RangeError} where there is no such element. */
export const contentOf = (element: Element | undefined): Buffer => {
  if (element === undefined) throw new RangeError('neither a certificate nor a request for one');
  return element.content;
};

export type DistinguishedName = {
  readonly commonName: string;
  readonly organizations: readonly string[];
};

export function distinguishedName(name: Element | undefined): DistinguishedName {
  const attributes = elements(contentOf(name)).flatMap((set) => elements(set.content).map(pairOf));
  const valuesOf = (oid: string): readonly string[] =>
    attributes.flatMap(({ key, value }) => (key === oid ? [value.content.toString('utf8')] : []));
  return { commonName: valuesOf(COMMON_NAME).join(' '), organizations: valuesOf(ORGANIZATION) };
}

export type AlternativeNames = {
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  /** How many names of other kinds: of mail or as URIs. */
  readonly others: number;
};

/** The names in a list of extensions. */
export function alternativeNames(extensions: readonly Element[]): AlternativeNames {
  const names = extensions
    .map(pairOf)
    .filter(({ key }) => key === SUBJECT_ALT_NAME)
    .flatMap(({ value }) => elements(value.content))
    .flatMap(({ content }) => elements(content));
  return {
    dnsNames: names.flatMap(({ tag, content }) => (tag === DNS_NAME ? [content.toString('latin1')] : [])),
    addresses: names.flatMap(({ tag, content }) => (tag === IP_ADDRESS ? [addressOf(content)] : [])),
    others: names.filter(({ tag }) => tag !== DNS_NAME && tag !== IP_ADDRESS).length,
  };
}

/** Of IPv6 in full: `fd00:0:0:0:0:0:0:1`. */
function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2));
  return groups.map((group) => group.toString(16)).join(':');
}
