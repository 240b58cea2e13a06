/**
 * Verifies a SAML 2.0 response, in a fixed order: size, encoding, strict XML, form, signature, decryption, conditions.
 * Every returned value was read from bytes whose signature a pinned certificate verified; the received document is only
 * checked for its form. Stores nothing and knows no login: the caller ensures that an assertion is used once. Never
 * throws on any answer of an IdP.
 */
import { createPrivateKey } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail, isFailure } from '../oidc/failure.js';
import { readAssertion } from './conditions.js';
import { decryptAssertion, findUnspoken } from './decrypt.js';
import type { ExpectedResponse, VerifiedAssertion } from './expected.js';
import { checkAssertionRoot, checkIds, checkSignaturePlaces, findAssertion, isResponse } from './shape.js';
import { type SignatureRules, verifySignature } from './signature.js';
import { parseCertificates } from './signing-keys.js';
import {
  ASSERTION,
  attributeOf,
  findChildren,
  findOnly,
  isNamed,
  PROTOCOL,
  parseBase64,
  parseXml,
  textOf,
  type XmlDocument,
} from './xml.js';

export type { ExpectedResponse, VerifiedAssertion } from './expected.js';

/** Longest response, in bytes of XML. */
export const MAX_RESPONSE_BYTES = 256 * 1024;
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
/** Statuses of an IdP that has a problem itself, as opposed to one that refuses the person. */
const IN_TROUBLE = /:status:(?:Responder|RequestUnsupported|VersionMismatch)$/;

export type ResponseAnswer = { readonly ok: true; readonly assertion: VerifiedAssertion } | ConnectorFailure;

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);

function parseStrict(text: string): XmlDocument | ConnectorFailure {
  const document = parseXml(text);
  return document.ok ? document : wrong(document.check, document.detail);
}

/** Decodes base64. Accepts one spelling for each message, so that nothing can be hidden in another. */
function decode(encoded: string): string | ConnectorFailure {
  if (encoded.length > MAX_RESPONSE_BYTES * 1.5) return wrong('size', 'the response is too big');
  const bytes = parseBase64(encoded);
  if (bytes === undefined) return wrong('base64', 'the response is not base64');
  if (bytes.length > MAX_RESPONSE_BYTES) return wrong('size', 'the response is too big');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return wrong('xml', 'the response is not UTF-8');
  }
}

/** Checks for the IdP's own refusal. It has no assertion and usually no signature, and signs nobody in. */
function checkStatus(response: Element): ConnectorFailure | undefined {
  const status = findOnly(response, PROTOCOL, 'Status');
  const code = status && findOnly(status, PROTOCOL, 'StatusCode');
  const value = code && attributeOf(code, 'Value');
  if (status === undefined || code === undefined || value === undefined)
    return wrong('status', 'the response has no status');
  if (value === SUCCESS) return undefined;
  const inner = findOnly(code, PROTOCOL, 'StatusCode');
  const reason = (inner && attributeOf(inner, 'Value')) ?? value;
  const message = textOf(findOnly(status, PROTOCOL, 'StatusMessage')) ?? 'no message';
  const isTrouble = IN_TROUBLE.test(value) && (inner === undefined || IN_TROUBLE.test(reason));
  return fail(isTrouble ? 'unreachable' : 'denied', 'saml.status', `${reason}: ${message}`);
}

/**
 * True for our own address of another connection: the identity provider did nothing wrong, so the person gets another
 * message.
 */
function isOfOtherConnection(destination: string, acsUrl: string): boolean {
  const [path] = acsUrl.split('=', 1);
  return destination.startsWith(`${path}=`) && /^[A-Za-z0-9-]{1,128}$/.test(destination.slice((path?.length ?? 0) + 1));
}

/** Checks the response's own attributes. A wrong one is a refusal even where only the assertion is signed. */
function checkResponse(response: Element, expected: ExpectedResponse): ConnectorFailure | undefined {
  if (attributeOf(response, 'Version') !== '2.0') return wrong('version', 'the response is not of SAML 2.0');
  const own = findChildren(response, ASSERTION, 'Issuer');
  if (own.some((issuer) => textOf(issuer) !== expected.idpEntityId) || own.length > 1)
    return wrong('issuer', `the response is not from ${expected.idpEntityId}`);
  const destination = attributeOf(response, 'Destination');
  if (destination !== undefined && destination !== expected.acsUrl)
    return wrong(
      isOfOtherConnection(destination, expected.acsUrl) ? 'other_connection' : 'destination',
      `the response is for ${destination}, not for ${expected.acsUrl}`,
    );
  const answered = attributeOf(response, 'InResponseTo');
  if (answered !== expected.requestId)
    return wrong('in_response_to', 'the response does not answer the request of this login');
  return undefined;
}

interface Trusted {
  readonly document: XmlDocument;
  /** True when the bytes of `document` were verified as part of the response. */
  readonly verified: boolean;
}

/** Checks the form of a response, as received or as verified. */
function checkForm(response: Element): Element | ConnectorFailure {
  const assertion = findAssertion(response);
  if (isFailure(assertion)) return assertion;
  return checkIds(response) ?? checkSignaturePlaces(response) ?? assertion;
}

/** Returns the verified response if it is signed, else the received one, whose values are not trusted. */
async function verifyOuter(came: XmlDocument, rules: SignatureRules): Promise<Trusted | ConnectorFailure> {
  const result = await pause(() => verifySignature(came.root, rules));
  if (result === undefined) return { document: came, verified: false };
  if (isFailure(result)) return result;
  const document = await pause(() => parseStrict(result.verified));
  if (isFailure(document)) return document;
  if (!isResponse(document.root)) return wrong('signature', 'the signed bytes are no response');
  if (attributeOf(document.root, 'Destination') === undefined)
    return wrong('destination', 'a signed response must name its destination');
  return { document, verified: true };
}

/** Decrypts an assertion. All failures look the same: see decrypt.ts. */
function openAssertion(encrypted: Element, expected: ExpectedResponse): XmlDocument | ConnectorFailure {
  const unspoken = findUnspoken(encrypted);
  if (unspoken !== undefined)
    return wrong('decryption', `the assertion is encrypted in a way that is not accepted: ${unspoken}`);
  const failed = wrong('decryption', 'none of the keys of this connection opens the encrypted assertion');
  const text = decryptAssertion(
    encrypted,
    expected.decryptionKeys.map((key) => createPrivateKey(key)),
  );
  const document = text === undefined ? undefined : parseStrict(text);
  if (document === undefined || isFailure(document)) return failed;
  return checkAssertionRoot(document.root) ? failed : document;
}

/** Returns the signed assertion as a document of its own, read from verified bytes. */
async function verifyInner(
  outer: Trusted,
  element: Element,
  rules: SignatureRules,
): Promise<Element | ConnectorFailure> {
  const result = await pause(() => verifySignature(element, rules));
  if (isFailure(result)) return result;
  if (result === undefined) {
    if (outer.verified) return element;
    return wrong('signature', 'neither the response nor the assertion is signed');
  }
  const signed = await pause(() => parseStrict(result.verified));
  if (isFailure(signed)) return signed;
  return checkAssertionRoot(signed.root) ?? signed.root;
}

async function verify(encoded: string, expected: ExpectedResponse): Promise<ResponseAnswer> {
  const text = decode(encoded);
  if (isFailure(text)) return text;
  const came = parseStrict(text);
  if (isFailure(came)) return came;
  if (!isResponse(came.root)) return wrong('xml', 'this is no SAML response');
  const refused = checkStatus(came.root) ?? (await pause(() => checkForm(came.root)));
  if (isFailure(refused)) return refused;
  const { allowSha1, now, clockSkewMs } = expected;
  const rules = { pinned: parseCertificates(expected.certificates), allowSha1, now, clockSkewMs };
  const outer = await verifyOuter(came, rules);
  if (isFailure(outer)) return outer;
  const { root } = outer.document;
  const found = await pause(() => checkForm(root));
  if (isFailure(found)) return found;
  const wrongResponse = checkStatus(root) ?? checkResponse(root, expected);
  if (wrongResponse) return wrongResponse;
  const isPlain = isNamed(found, ASSERTION, 'Assertion');
  const opened = isPlain ? outer.document : await pause(() => openAssertion(found, expected));
  if (isFailure(opened)) return opened;
  const inner = await verifyInner(outer, isPlain ? found : opened.root, rules);
  if (isFailure(inner)) return inner;
  const assertion = await pause(() => readAssertion(inner, expected));
  return isFailure(assertion) ? assertion : { ok: true, assertion };
}

/** Lets other requests run before `work`, so that one document does not block the process. */
async function pause<T>(work: () => T): Promise<T> {
  await setImmediate();
  return work();
}

/**
 * Verifies a posted `SAMLResponse`.
 * @param encoded base64
 * @returns the assertion, or the failed check as `saml.<check>`
 */
export async function verifyResponse(encoded: string, expected: ExpectedResponse): Promise<ResponseAnswer> {
  try {
    return await verify(encoded, expected);
  } catch (error) {
    // A library failed on a strange document. The error's text may repeat the document, so only its name is logged.
    return wrong('xml', `the response could not be read (${error instanceof Error ? error.name : 'unknown'})`);
  }
}
