/** Reads the expiry from the text of an X.509 certificate. Checks nothing else. Pure. */

/** The two ways to write a time in a certificate: its DER tag, and its length in bytes (RFC 5280 section 4.1.2.5). */
const TIMES: readonly (readonly [tag: number, length: number])[] = [
  [0x17, 13],
  [0x18, 15],
];

function timeAt(bytes: string, at: number): string | undefined {
  const [tag, length] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1)];
  if (!TIMES.some(([known, size]) => tag === known && length === size)) return undefined;
  const text = bytes.slice(at + 2, at + 2 + length);
  return /^\d+Z$/.test(text) ? text : undefined;
}

/** Parses `YYMMDDHHMMSSZ` (years 1950 to 2049) or `YYYYMMDDHHMMSSZ`. */
function toDate(text: string): Date {
  const short = text.length === 13;
  const year = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text.slice(0, 2)}` : text.slice(0, 4);
  const [month, day, hour, minute, second] = text.slice(short ? 2 : 4).match(/\d\d/g) ?? [];
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/**
 * Returns when a certificate expires, from PEM or bare base64; undefined if the text is no certificate. Only searches
 * the bytes: the first two times that follow each other are the start and the end of the validity.
 */
export function readCertificateEnd(text: string): Date | undefined {
  let bytes: string;
  try {
    bytes = atob(text.replace(/-----[^-]+-----/g, '').replace(/\s/g, ''));
  } catch {
    return undefined;
  }
  for (let at = 0; at < bytes.length; at += 1) {
    const begin = timeAt(bytes, at);
    const end = begin && timeAt(bytes, at + 2 + begin.length);
    if (end) return toDate(end);
  }
  return undefined;
}
