/**
 * Reads when the certificates in a connection's options expire (X.509, RFC 5280 section 4.1). Skips texts that are no
 * certificate. Only for display: checks no signature.
 */

type Options = Readonly<Record<string, unknown>>;

/** Tags of ASN.1 elements (X.690). */
const SEQUENCE = 0x30;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const LONG_FORM = 0x80;
/**
 * Two-digit years of a UTCTime from 50 on are 1950 to 1999; smaller ones are 2000 to 2049 (RFC 5280 section 4.1.2.5.1).
 */
const PIVOT = 50;

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Reads the ASN.1 element that begins at byte `at`. Throws a RangeError if the bytes end before its length. */
function readElement(bytes: Uint8Array, at: number): Element {
  const byte = (place: number) => {
    const value = bytes[place];
    if (value === undefined) throw new RangeError('the certificate ends too early');
    return value;
  };
  const first = byte(at + 1);
  if (first < LONG_FORM) return { tag: byte(at), start: at + 2, end: at + 2 + first };
  const size = first - LONG_FORM;
  let length = 0;
  for (let place = 0; place < size; place += 1) length = length * 256 + byte(at + 2 + place);
  return { tag: byte(at), start: at + 2 + size, end: at + 2 + size + length };
}

function childrenOf(bytes: Uint8Array, { start, end }: Element): readonly Element[] {
  const children: Element[] = [];
  for (let at = start; at < end; ) {
    const child = readElement(bytes, at);
    children.push(child);
    at = child.end;
  }
  return children;
}

function toDate(tag: number, text: string): Date | undefined {
  const century = Number(text.slice(0, 2)) < PIVOT ? '20' : '19';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(tag === UTC_TIME ? `${century}${text}` : text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00'] = match;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Returns when a certificate expires; undefined if it cannot be read. `base64` is the certificate's DER in base64. */
function readEnd(base64: string): Date | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
    const [body] = childrenOf(bytes, readElement(bytes, 0));
    if (body?.tag !== SEQUENCE) return undefined;
    const fields = childrenOf(bytes, body);
    // The fields are: version (optional), serial number, algorithm, issuer, validity.
    const validity = fields[fields[0]?.tag === VERSION ? 4 : 3];
    const end = validity && childrenOf(bytes, validity)[1];
    return end && toDate(end.tag, new TextDecoder().decode(bytes.subarray(end.start, end.end)));
  } catch {
    return undefined;
  }
}

const IN_XML = /<(?:[\w-]+:)?X509Certificate>([^<]+)</g;
const PEM_BEGIN = '-----BEGIN CERTIFICATE-----';
const PEM_END = '-----END CERTIFICATE-----';

/** Returns the base64 of the first certificate in a PEM text. */
function findInPem(text: string): string | undefined {
  const [, afterBegin] = text.split(PEM_BEGIN, 2);
  return afterBegin?.includes(PEM_END) ? afterBegin.split(PEM_END, 1)[0] : undefined;
}

/** Accepts PEM, base64 of PEM (Auth0's `signingCert`), or base64 of DER. */
function toBase64(text: string): string {
  const base64 = findInPem(text);
  if (base64 !== undefined) return base64;
  try {
    return findInPem(atob(text.replace(/\s/g, ''))) ?? text;
  } catch {
    return text;
  }
}

/**
 * Returns when the certificates in the options expire, the earliest first. Certificates in metadata that the options
 * name only by address are not included.
 */
export function findCertificateEnds(options: Options = {}): readonly Date[] {
  const { metadataXml, signingCert, signingCerts, cert } = options;
  const inXml = typeof metadataXml === 'string' ? [...metadataXml.matchAll(IN_XML)].map(([, text = '']) => text) : [];
  const given = [signingCert, cert, ...(Array.isArray(signingCerts) ? signingCerts : [])];
  const texts = [...inXml, ...given.filter((one): one is string => typeof one === 'string').map(toBase64)];
  const ends = texts.map(readEnd).filter((end) => end !== undefined);
  return [...new Map(ends.map((end) => [end.getTime(), end])).values()].sort((a, b) => a.getTime() - b.getTime());
}
