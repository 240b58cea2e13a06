/** Signs elements of the corpus's documents, in every right and wrong way. SignedInfo is text here, so that any of it can be wrong. */
import { constants, createHash, createHmac, type KeyObject, sign as signBytes } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import {
  C14nCanonicalization,
  C14nCanonicalizationWithComments,
  ExclusiveCanonicalization,
  ExclusiveCanonicalizationWithComments,
  findAncestorNs,
} from 'xml-crypto';

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const ENVELOPED = `${DSIG}enveloped-signature`;
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

const CANONICALIZATIONS: Readonly<Record<string, new () => ExclusiveCanonicalization | C14nCanonicalization>> = {
  [EXCLUSIVE]: ExclusiveCanonicalization,
  [`${EXCLUSIVE}WithComments`]: ExclusiveCanonicalizationWithComments,
  [INCLUSIVE]: C14nCanonicalization,
  [`${INCLUSIVE}#WithComments`]: C14nCanonicalizationWithComments,
};

const DIGESTS: Readonly<Record<string, string>> = {
  [`${DSIG}sha1`]: 'sha1',
  [SHA256]: 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
  'http://www.w3.org/2001/04/xmldsig-more#md5': 'md5',
};

export interface SignOptions {
  /** ID of the element that is signed. */
  readonly id: string;
  /** A text is a secret for HMAC. */
  readonly key?: KeyObject | string;
  readonly algorithm?: string;
  readonly digest?: string;
  readonly canonicalization?: string;
  readonly transforms?: readonly string[];
  /** The value of the attribute URI, unless it is the element's own. */
  readonly uri?: string;
  /** Changes the references, of which `own` is the right one. */
  readonly references?: (own: string, digest: string) => string;
  /** Changes SignedInfo before it is signed. */
  readonly signedInfo?: (xml: string) => string;
  readonly keyInfo?: string;
  /** Inside Signature, in front of SignedInfo and behind everything. */
  readonly before?: string;
  readonly behind?: string;
}

/** The element with this ID, which the document must have exactly once. */
function elementOf(xml: string, id: string) {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const found = Array.from(document.getElementsByTagName('*')).filter((element) => element.getAttribute('ID') === id);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} elements have the ID ${id}`);
  return { document, element: found[0] };
}

/** The canonical bytes of the element with this ID. */
export function canonicalOf(xml: string, id: string, algorithm: string = EXCLUSIVE): string {
  const { document, element } = elementOf(xml, id);
  const Canonicalization = CANONICALIZATIONS[algorithm] ?? ExclusiveCanonicalization;
  const ancestorNamespaces = findAncestorNs(document, `//*[@ID='${id}']`);
  return new Canonicalization().process(element as never, { ancestorNamespaces } as never);
}

export function digestOf(canonical: string, algorithm: string = SHA256): string {
  return createHash((Object.hasOwn(DIGESTS, algorithm) && DIGESTS[algorithm]) || 'sha256')
    .update(canonical)
    .digest('base64');
}

function signText(text: string, algorithm: string, key: KeyObject | string): string {
  const hash = /md5|sha1|sha256|sha384|sha512/.exec(algorithm.split('#')[1] ?? '')?.[0] ?? 'sha256';
  if (typeof key === 'string') return createHmac(hash, key).update(text).digest('base64');
  if (key.asymmetricKeyType === 'ec')
    return signBytes(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
  if (!algorithm.includes('MGF1')) return signBytes(hash, Buffer.from(text), key).toString('base64');
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return signBytes(hash, Buffer.from(text), { key, ...padding }).toString('base64');
}

/** One Reference in its canonical form. */
export function reference(uri: string, digest: string, options: Partial<SignOptions> = {}): string {
  const transforms = (options.transforms ?? [ENVELOPED, EXCLUSIVE])
    .map((name) => `<ds:Transform Algorithm="${name}"></ds:Transform>`)
    .join('');
  const method = `<ds:DigestMethod Algorithm="${options.digest ?? SHA256}"></ds:DigestMethod>`;
  return `<ds:Reference URI="${uri}"><ds:Transforms>${transforms}</ds:Transforms>${method}<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
}

function signedInfoOf(references: string, options: SignOptions): string {
  const canonicalization = `<ds:CanonicalizationMethod Algorithm="${options.canonicalization ?? EXCLUSIVE}"></ds:CanonicalizationMethod>`;
  const method = `<ds:SignatureMethod Algorithm="${options.algorithm ?? RSA_SHA256}"></ds:SignatureMethod>`;
  return `<ds:SignedInfo>${canonicalization}${method}${references}</ds:SignedInfo>`;
}

/** Behind the element's Issuer, or as its first child. */
function put(xml: string, id: string, signature: string): string {
  const start = xml.indexOf(`ID="${id}"`);
  const afterTag = xml.indexOf('>', start) + 1;
  const hasIssuer = xml.startsWith('<saml:Issuer', afterTag);
  const position = hasIssuer ? xml.indexOf('</saml:Issuer>', start) + '</saml:Issuer>'.length : afterTag;
  return xml.slice(0, position) + signature + xml.slice(position);
}

/** `xml` with a signature of its element `options.id`. */
export function signElement(xml: string, key: KeyObject, options: SignOptions): string {
  const transform = options.transforms?.find((name) => CANONICALIZATIONS[name] !== undefined);
  const onlyEnveloped = options.transforms !== undefined && transform === undefined;
  const canonical = canonicalOf(xml, options.id, transform ?? (onlyEnveloped ? INCLUSIVE : EXCLUSIVE));
  const digest = digestOf(canonical, options.digest);
  const own = reference(options.uri ?? `#${options.id}`, digest, options);
  const references = options.references?.(own, digest) ?? own;
  const info = (options.signedInfo ?? String)(signedInfoOf(references, options));
  const inner = `${options.before ?? ''}${info}<ds:SignatureValue>@@VALUE@@</ds:SignatureValue>${options.keyInfo ?? ''}${options.behind ?? ''}`;
  const signature = `<ds:Signature xmlns:ds="${DSIG}" ID="@@SIGNATURE@@">${inner}</ds:Signature>`;
  const whole = put(xml, options.id, signature);
  const text = canonicalInfo(whole, options.canonicalization);
  const value = signText(text, options.algorithm ?? RSA_SHA256, options.key ?? key);
  return whole.replace(' ID="@@SIGNATURE@@"', '').replace('@@VALUE@@', value);
}

/** Canonical bytes of the SignedInfo that belongs to the signature just placed. */
function canonicalInfo(xml: string, algorithm = EXCLUSIVE): string {
  const { document, element } = elementOf(xml, '@@SIGNATURE@@');
  const info = Array.from(element.childNodes).find(
    (node) => (node as { localName?: string }).localName === 'SignedInfo',
  );
  if (info === undefined) throw new Error('the signature has no SignedInfo');
  const Canonicalization = CANONICALIZATIONS[algorithm] ?? ExclusiveCanonicalization;
  const path = `//*[@ID='@@SIGNATURE@@']/*[local-name()='SignedInfo']`;
  const ancestorNamespaces = findAncestorNs(document, path);
  return new Canonicalization().process(info as never, { ancestorNamespaces } as never);
}

/** The first signature of `xml`, and `xml` without it. */
export function takeSignature(xml: string): { readonly signature: string; readonly bare: string } {
  const signature = /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)?.[0];
  if (signature === undefined) throw new Error('nothing is signed');
  return { signature, bare: xml.replace(signature, '') };
}

/** `xml` with `signature` behind its first Issuer. */
export function putSignature(xml: string, signature: string): string {
  return xml.replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`);
}
