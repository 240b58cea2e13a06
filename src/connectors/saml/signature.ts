/**
 * Verifies the signature of one element and returns the exact bytes that it covers; callers read these bytes only.
 * Accepts one form of signature: one reference, to the element around the signature; two transforms; a short list of
 * algorithms; the connection's own certificates. xml-crypto canonicalizes; its verifier is not used, because its XPath
 * search takes half a second for 4,000 elements.
 */
import { timingSafeEqual } from 'node:crypto';
import { ExclusiveCanonicalization } from 'xml-crypto';
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import {
  digestOf,
  findSigner,
  fingerprintOf,
  isDigestAlgorithm,
  isSignatureAlgorithm,
  type PinnedCertificate,
} from './signing-keys.js';
import { attributeOf, childrenOf, DSIG, elementsOf, findOnly, isNamed, parseBase64, parseXml, textOf } from './xml.js';

const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const MAX_PREFIX_LIST = 500;
/** An ASCII XML name without a colon: it holds no quote that could break out of an XPath query. */
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;

export interface SignatureRules {
  readonly pinned: readonly PinnedCertificate[];
  readonly allowSha1: boolean;
  readonly now: Date;
  readonly clockSkewMs: number;
}

interface SignatureParts {
  readonly algorithm: string;
  readonly value: Buffer;
  readonly keyInfo: Element | undefined;
}

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);

/** Returns the names of the child elements; `?` for those outside XML Signature. */
function namesOf(element: Element): string {
  return childrenOf(element)
    .map((child) => (child.namespaceURI === DSIG ? child.localName : '?'))
    .join(' ');
}

/** True when exclusive canonicalization has a list of prefixes at most. */
function hasOnlyPrefixes(element: Element): boolean {
  const children = childrenOf(element);
  const [list] = children;
  if (list === undefined) return true;
  const prefixes = attributeOf(list, 'PrefixList') ?? '';
  return (
    children.length === 1 &&
    isNamed(list, EXCLUSIVE, 'InclusiveNamespaces') &&
    childrenOf(list).length === 0 &&
    prefixes.length <= MAX_PREFIX_LIST &&
    /^[A-Za-z0-9_.# -]*$/.test(prefixes)
  );
}

/**
 * Attack: transforms change the signed bytes into something other than the element (filters, style sheets, other
 * canonicalizations).
 */
function checkTransforms(transforms: Element): ConnectorFailure | undefined {
  const list = childrenOf(transforms);
  const names = list.map((one) => attributeOf(one, 'Algorithm'));
  const [enveloped, exclusive] = list;
  const usual = names.length === 2 && names[0] === ENVELOPED && names[1] === EXCLUSIVE;
  if (!usual || enveloped === undefined || exclusive === undefined || namesOf(transforms) !== 'Transform Transform')
    return wrong(
      'transform',
      `the transforms must be enveloped-signature and exclusive canonicalization, in this order`,
    );
  if (childrenOf(enveloped).length > 0 || !hasOnlyPrefixes(exclusive))
    return wrong('transform', 'a transform has parameters that are not read here');
  return undefined;
}

/** Attack: signature wrapping, a signature over another element than the one around it, or over several. */
function checkReference(reference: Element, id: string, rules: SignatureRules): ConnectorFailure | undefined {
  if (attributeOf(reference, 'URI') !== `#${id}`)
    return wrong('reference', 'the signature is about another element than the one that it is in');
  if (namesOf(reference) !== 'Transforms DigestMethod DigestValue')
    return wrong('reference', 'the reference has not the parts Transforms, DigestMethod, DigestValue');
  const [transforms, method, value] = childrenOf(reference) as [Element, Element, Element];
  const transform = checkTransforms(transforms);
  if (transform) return transform;
  const algorithm = attributeOf(method, 'Algorithm') ?? '';
  if (!isDigestAlgorithm(algorithm, rules.allowSha1) || childrenOf(method).length > 0)
    return wrong('algorithm', `the digest method ${algorithm} is not accepted`);
  if (parseBase64(textOf(value) ?? '') === undefined) return wrong('reference', 'the digest value is not base64');
  return undefined;
}

function checkSignedInfo(info: Element, id: string, rules: SignatureRules): string | ConnectorFailure {
  const names = namesOf(info);
  if (names !== 'CanonicalizationMethod SignatureMethod Reference')
    return wrong('reference', `the signature must have exactly one reference; it has the parts ${names}`);
  const [canonicalization, method, reference] = childrenOf(info) as [Element, Element, Element];
  if (attributeOf(canonicalization, 'Algorithm') !== EXCLUSIVE || !hasOnlyPrefixes(canonicalization))
    return wrong('transform', 'the signature must use exclusive canonicalization without comments');
  const algorithm = attributeOf(method, 'Algorithm') ?? '';
  // Refuses children such as HMACOutputLength. Attack: a signature of one byte (CVE-2009-0217).
  if (!isSignatureAlgorithm(algorithm, rules.allowSha1) || childrenOf(method).length > 0)
    return wrong('algorithm', `the signature method ${algorithm} is not accepted`);
  return checkReference(reference, id, rules) ?? algorithm;
}

function readSignature(signature: Element, id: string, rules: SignatureRules): SignatureParts | ConnectorFailure {
  const names = namesOf(signature);
  if (names !== 'SignedInfo SignatureValue KeyInfo' && names !== 'SignedInfo SignatureValue')
    return wrong('signature', `the signature has the parts ${names}`);
  const [info, value, keyInfo] = childrenOf(signature) as [Element, Element, Element | undefined];
  const algorithm = checkSignedInfo(info, id, rules);
  if (typeof algorithm !== 'string') return algorithm;
  const bytes = parseBase64(textOf(value) ?? '');
  if (bytes === undefined) return wrong('signature', 'the signature value is not base64');
  return { algorithm, value: bytes, keyInfo };
}

/**
 * Describes the signer for the log: the enclosed certificate tells the administrator what to look for. It never
 * verifies anything.
 */
function describeSigner(keyInfo: Element | undefined, { pinned }: SignatureRules): ConnectorFailure {
  const enclosed = [...(keyInfo === undefined ? [] : elementsOf(keyInfo))].find((one) =>
    isNamed(one, DSIG, 'X509Certificate'),
  );
  const bytes = parseBase64(textOf(enclosed) ?? '');
  const known = pinned.map(({ certificate }) => fingerprintOf(certificate.raw));
  const list = known.length === 0 ? 'none' : known.join(', ');
  if (bytes !== undefined && known.includes(fingerprintOf(bytes)))
    return wrong('signature', 'the signature does not fit the message, which was changed after it was signed');
  const signer =
    bytes === undefined ? 'an unknown key' : `a key that calls itself the certificate ${fingerprintOf(bytes)}`;
  return wrong(
    'certificate',
    // Attack: a forger encloses a certificate too, so administrators must not trust this text alone.
    `${signer} signed this; take it over only if the IdP's administrator says that it is theirs (SHA-256 of those in the connection: ${list})`,
  );
}

/** Checks that a certificate is neither expired nor not yet valid. Attack: a stolen old key. */
export function checkValidity({ certificate }: PinnedCertificate, rules: SignatureRules): ConnectorFailure | undefined {
  const now = rules.now.getTime();
  const name = fingerprintOf(certificate.raw);
  if (now > Date.parse(certificate.validTo))
    return wrong(
      'certificate_expired',
      `the certificate ${name} expired on ${certificate.validTo}; renew it at the IdP`,
    );
  if (now + rules.clockSkewMs < Date.parse(certificate.validFrom))
    return wrong('certificate', `the certificate ${name} is not valid before ${certificate.validFrom}`);
  return undefined;
}

/**
 * Returns the namespace prefixes to keep although no name uses them, from the element that asks for exclusive
 * canonicalization.
 */
function prefixesOf(exclusive: Element): string[] {
  const [list] = childrenOf(exclusive);
  return (list === undefined ? '' : (attributeOf(list, 'PrefixList') ?? ''))
    .split(' ')
    .filter((prefix) => prefix !== '');
}

/** Returns the namespace declarations around an element, the nearest of each prefix. */
function namespacesAround(element: Element): { prefix: string; namespaceURI: string }[] {
  const found = new Map<string, string>();
  for (let at = element.parentNode; at !== null && at.nodeType === 1; at = at.parentNode) {
    for (const { name, value } of Array.from((at as Element).attributes)) {
      const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : undefined;
      if (prefix !== undefined && !found.has(prefix)) found.set(prefix, value);
    }
  }
  return [...found].map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
}

/** Canonicalizes `element` without its child `leftOut` (exclusive, without comments; W3C, 2002). */
function canonicalize(element: Element, exclusive: Element, leftOut?: Element): string {
  const around = namespacesAround(element);
  const position = leftOut === undefined ? -1 : Array.from(element.childNodes).indexOf(leftOut);
  const copy = element.cloneNode(true) as Element;
  const dropped = position < 0 ? undefined : copy.childNodes[position];
  if (dropped !== undefined) copy.removeChild(dropped);
  return new ExclusiveCanonicalization().process(copy, {
    inclusiveNamespacesPrefixList: prefixesOf(exclusive),
    ancestorNamespaces: around,
  });
}

/** Reads the reference's digest from the verified bytes of SignedInfo, whose form is checked again. */
function readDigest(signedInfo: string, id: string, rules: SignatureRules) {
  const document = parseXml(signedInfo);
  if (!document.ok) return wrong('signature', 'the signed information is not well-formed');
  const algorithm = checkSignedInfo(document.root, id, rules);
  if (typeof algorithm !== 'string') return algorithm;
  const [, , reference] = childrenOf(document.root) as [Element, Element, Element];
  const [transforms, method, value] = childrenOf(reference) as [Element, Element, Element];
  const [, exclusive] = childrenOf(transforms) as [Element, Element];
  return {
    exclusive,
    method: attributeOf(method, 'Algorithm') ?? '',
    digest: parseBase64(textOf(value) ?? '') ?? Buffer.alloc(0),
  };
}

/**
 * Verifies the signature that is a child of `element`: first that a pinned key signed SignedInfo, then that the digest
 * in those bytes is the element's. @returns the canonical signed bytes, which begin with `element`; undefined where it
 * has no signature
 */
export function verifySignature(
  element: Element,
  rules: SignatureRules,
): { readonly verified: string } | ConnectorFailure | undefined {
  const signature = findOnly(element, DSIG, 'Signature');
  if (signature === undefined) return undefined;
  const id = attributeOf(element, 'ID') ?? '';
  if (!ID.test(id)) return wrong('reference', 'the signed element has no usable ID');
  const parts = readSignature(signature, id, rules);
  if ('ok' in parts) return parts;
  const [info] = childrenOf(signature) as [Element];
  const [canonicalization] = childrenOf(info) as [Element];
  const signedInfo = canonicalize(info, canonicalization);
  const signer = findSigner(rules.pinned, parts.algorithm, signedInfo, parts.value);
  if (signer === undefined) return describeSigner(parts.keyInfo, rules);
  const reference = readDigest(signedInfo, id, rules);
  if ('ok' in reference) return reference;
  const verified = canonicalize(element, reference.exclusive, signature);
  const digest = digestOf(reference.method, verified);
  if (digest.length !== reference.digest.length || !timingSafeEqual(digest, reference.digest))
    return wrong('signature', 'the message was changed after it was signed');
  return checkValidity(signer, rules) ?? { verified };
}
