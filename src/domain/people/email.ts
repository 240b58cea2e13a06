/**
 * E-mail addresses, parsed strictly (docs/linking-rule.md, part 3). An address is a hint about a person, never an
 * identity. Never folds Unicode (Django CVE-2019-19844: a look-alike letter that folds to ASCII received another
 * person's reset mail). Gives dots and plus signs no special meaning.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

declare const emailBrand: unique symbol;
/** A strict address: ASCII letters in lower case, the domain as an A-label. Compared with `===`. */
export type Email = string & { readonly [emailBrand]: true };

/** The part before the `@`, unquoted (dot-atom, RFC 5321); letters outside ASCII are refused, not folded. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Parses a host name into lower-case A-labels, at least two; undefined for any other text. */
export function parseDomain(text: string): string | undefined {
  if (text.length > 255 || /[\s/@:[\]%]/.test(text)) return undefined;
  const host = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const ascii = domainToASCII(host);
  if (ascii === '' || ascii.length > 253) return undefined;
  // Refuses full-width and compatibility letters that map onto ASCII: only a canonical U-label may become an A-label.
  if (ascii !== host && domainToUnicode(ascii) !== host) return undefined;
  const labels = ascii.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : ascii;
}

/** Parses an address; undefined for any doubtful text: two `@`, quotes, comments, encoded words, spaces. */
export function parseEmail(text: unknown): Email | undefined {
  if (typeof text !== 'string' || text.length > 254) return undefined;
  const at = text.indexOf('@');
  if (at < 1 || at !== text.lastIndexOf('@') || at > 64) return undefined;
  // Only ASCII letters change here: toLowerCase would turn U+212A (Kelvin sign) into "k".
  const local = text.slice(0, at).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const domain = parseDomain(text.slice(at + 1));
  if (domain === undefined || !LOCAL_PART.test(local)) return undefined;
  const email = `${local}@${domain}`;
  // Checks the length again, because an A-label is longer than the typed domain: parsing the result must succeed too.
  return email.length > 254 ? undefined : (email as Email);
}

/**
 * Returns the domain of a strict address. Home realm discovery and domain proofs compare it whole, never by its ending.
 */
export function emailDomain(email: Email): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/** Returns an address as pages and applications show one of another mailbox: `d***@acme.example`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address.slice(0, at)][0] ?? ''}***${address.slice(at)}`;
}
