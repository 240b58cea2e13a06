/**
 * Reads the expiry of the certificates in a connection's options (X.509, RFC 5280 section 4.1). For display only; no
 * signature is checked. Other text has no expiry.
 */

type Options = Readonly<Record<string, unknown>>;

/** Tags of ASN.1 values (X.690). */
const SEQUENCE = 0x30;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const LONG_FORM = 0x80;
/** First year of UTCTime's last century: 50 to 99 mean 1950 to 1999. */
const PIVOT = 50;

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Reads the element at `at`. Throws a RangeError beyond the end. */
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

/** Returns when a certificate expires; `base64` is its DER. */
function readEnd(base64: string): Date | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
    const [body] = childrenOf(bytes, readElement(bytes, 0));
    if (body?.tag !== SEQUENCE) return undefined;
    const fields = childrenOf(bytes, body);
    // Fields: version (optional), serial number, algorithm, issuer, validity.
    const validity = fields[fields[0]?.tag === VERSION ? 4 : 3];
    const end = validity && childrenOf(bytes, validity)[1];
    return end && toDate(end.tag, new TextDecoder().decode(bytes.subarray(end.start, end.end)));
  } catch {
    return undefined;
  }
}

const IN_XML = /<(?:[\w-]+:)?X509Certificate>([^<]+)</g;
const IN_PEM = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/;

/** Accepts PEM, base64 of PEM (Auth0's `signingCert`), or base64 of DER. */
function toBase64(text: string): string {
  const pem = IN_PEM.exec(text);
  if (pem?.[1] !== undefined) return pem[1];
  try {
    return IN_PEM.exec(atob(text.replace(/\s/g, '')))?.[1] ?? text;
  } catch {
    return text;
  }
}

/**
 * Returns the expiry of every certificate in the options, the earliest first. Certificates in metadata at an address
 * are not included.
 */
export function findCertificateEnds(options: Options = {}): readonly Date[] {
  const { metadataXml, signingCert, signingCerts, cert } = options;
  const inXml = typeof metadataXml === 'string' ? [...metadataXml.matchAll(IN_XML)].map(([, text = '']) => text) : [];
  const given = [signingCert, cert, ...(Array.isArray(signingCerts) ? signingCerts : [])];
  const texts = [...inXml, ...given.filter((one): one is string => typeof one === 'string').map(toBase64)];
  const ends = texts.map(readEnd).filter((end) => end !== undefined);
  return [...new Map(ends.map((end) => [end.getTime(), end])).values()].sort((a, b) => a.getTime() - b.getTime());
}
