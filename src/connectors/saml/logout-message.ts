/**
 * Verifies a LogoutRequest or a LogoutResponse of an identity provider, in a fixed order: form, signature, conditions
 * (SAML core, section 3.7; single logout profile, SAML profiles section 4.4). An unsigned message is refused in both
 * directions. Every returned value was read from signed bytes. Revokes no session, and never throws on any message.
 */
import { setImmediate } from 'node:timers/promises';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { LogoutFinish, LogoutInput, LogoutRequest } from '../../ports/single-logout.js';
import { fail, isFailure } from '../oidc/failure.js';
import { parseInstant } from './conditions.js';
import { type Carried, readCarried } from './logout-carried.js';
import { checkIds } from './shape.js';
import { checkValidity, type SignatureRules, verifySignature } from './signature.js';
import { findSigner, isSignatureAlgorithm, parseCertificates } from './signing-keys.js';
import {
  ASSERTION,
  attributeOf,
  childrenOf,
  DSIG,
  elementsOf,
  findChildren,
  findOnly,
  isNamed,
  PROTOCOL,
  parseXml,
  textOf,
} from './xml.js';

export interface ExpectedLogout {
  readonly idpEntityId: string;
  /** The IdP's certificates in PEM. */
  readonly certificates: readonly string[];
  /** This server's address for logout messages; Destination must equal it. */
  readonly logoutUrl: string;
  readonly allowSha1: boolean;
  /** Tolerated difference between the clocks, in milliseconds. */
  readonly clockSkewMs: number;
  readonly now: Date;
}

/** Maximum age of a message, in milliseconds: a browser brings it at once. */
const MAX_AGE_MS = 5 * 60_000;
/** Maximum number of sessions that one request may name. */
const MAX_INDEXES = 32;
const MAX_NAME = 512;
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const PARTIAL = 'urn:oasis:names:tc:SAML:2.0:status:PartialLogout';
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;
const ROOTS = { request: 'LogoutRequest', response: 'LogoutResponse' } as const;
/** The child elements of each message, and how many of each are allowed. */
const PARTS: Readonly<Record<Carried['kind'], Readonly<Record<string, number>>>> = {
  request: { Issuer: 1, Signature: 1, Extensions: 1, NameID: 1, EncryptedID: 1, BaseID: 1, SessionIndex: MAX_INDEXES },
  response: { Issuer: 1, Signature: 1, Extensions: 1, Status: 1 },
};
const NAMESPACES: Readonly<Record<string, string>> = {
  Issuer: ASSERTION,
  NameID: ASSERTION,
  EncryptedID: ASSERTION,
  BaseID: ASSERTION,
  Signature: DSIG,
};

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);

/**
 * Checks that there is one message with each part in its one place. Attack: signature wrapping, in which a second
 * message, name or signature is hidden where only one of two readers looks.
 */
function checkForm(root: Element, kind: Carried['kind']): ConnectorFailure | undefined {
  if (!isNamed(root, PROTOCOL, ROOTS[kind])) return wrong('xml', `this is no ${ROOTS[kind]}`);
  const messages = [...elementsOf(root)].filter((one) => /^logout(?:request|response)$/i.test(one.localName));
  if (messages.length !== 1) return wrong('one_message', 'there is a message inside the message');
  const counts = new Map<string, number>();
  for (const child of childrenOf(root)) {
    const name = child.localName;
    const most = Object.hasOwn(PARTS[kind], name) ? PARTS[kind][name] : undefined;
    if (most === undefined || child.namespaceURI !== (NAMESPACES[name] ?? PROTOCOL))
      return wrong('one_message', `the message has an element ${name} that does not belong there`);
    const count = (counts.get(name) ?? 0) + 1;
    if (count > most) return wrong(name === 'NameID' ? 'name_id' : 'one_message', `the message has too many ${name}`);
    counts.set(name, count);
  }
  return checkIds(root);
}

/** Verifies a redirect: the signature covers the address, and the document has none (bindings, section 3.4.4.1). */
function verifyDetached({ document, signature }: Carried, rules: SignatureRules): Element | ConnectorFailure {
  if (signature === 'enclosed') return wrong('signature', 'the message is not signed');
  if (findChildren(document.root, DSIG, 'Signature').length > 0)
    return wrong('signature', 'a message by a redirect has its signature in the address, and no other');
  const { algorithm, text, value } = signature;
  if (!isSignatureAlgorithm(algorithm, rules.allowSha1))
    return wrong('algorithm', `the signature method ${algorithm} is not accepted`);
  const signer = findSigner(rules.pinned, algorithm, text, value);
  if (signer === undefined)
    return wrong(
      'certificate',
      'no certificate of this connection made the signature: the message was changed, or the IdP signs with another key',
    );
  return checkValidity(signer, rules) ?? document.root;
}

/** Verifies a post, and reads the message again from the signed bytes. */
function verifyEnclosed({ document, kind }: Carried, rules: SignatureRules): Element | ConnectorFailure {
  const result = verifySignature(document.root, rules);
  if (result === undefined) return wrong('signature', 'the message is not signed');
  if (isFailure(result)) return result;
  const signed = parseXml(result.verified);
  if (!signed.ok) return wrong(signed.check, signed.detail);
  return checkForm(signed.root, kind) ?? signed.root;
}

/** Checks version, sender, receiver and age. Attack: messages of other IdPs, for other services, or old ones. */
function checkHeader(root: Element, expected: ExpectedLogout): Date | ConnectorFailure {
  const { idpEntityId, logoutUrl, now, clockSkewMs } = expected;
  if (attributeOf(root, 'Version') !== '2.0') return wrong('version', 'the message is not of SAML 2.0');
  if (!ID.test(attributeOf(root, 'ID') ?? '')) return wrong('reference', 'the message has no usable ID');
  const issuer = textOf(findOnly(root, ASSERTION, 'Issuer'));
  if (issuer !== idpEntityId) return wrong('issuer', `the message is from ${issuer}, not from ${idpEntityId}`);
  const destination = attributeOf(root, 'Destination');
  if (destination !== logoutUrl) return wrong('destination', `the message is for ${destination}, not for ${logoutUrl}`);
  const issued = parseInstant(attributeOf(root, 'IssueInstant'));
  const age = issued === undefined ? Number.NaN : now.getTime() - issued.getTime();
  if (issued === undefined || !(age >= -clockSkewMs))
    return wrong('not_before', 'the IssueInstant is no instant of the past; compare the clocks');
  if (age > MAX_AGE_MS + clockSkewMs)
    return wrong('not_on_or_after', `the message was issued at ${issued.toISOString()}; it counts for five minutes`);
  return issued;
}

/** Verifies a message; returns it with the time at which it was issued. */
async function verify(
  input: LogoutInput,
  kind: Carried['kind'],
  expected: ExpectedLogout,
): Promise<{ root: Element; issuedAt: Date; relayState: string | undefined } | ConnectorFailure> {
  const carried = readCarried(input);
  if (isFailure(carried)) return carried;
  if (carried.kind !== kind) return wrong('parameters', `a SAML${kind === 'request' ? 'Request' : 'Response'} is due`);
  const form = checkForm(carried.document.root, kind);
  if (form) return form;
  await setImmediate();
  const { allowSha1, now, clockSkewMs } = expected;
  const rules = { pinned: parseCertificates(expected.certificates), allowSha1, now, clockSkewMs };
  const root = input.method === 'GET' ? verifyDetached(carried, rules) : verifyEnclosed(carried, rules);
  if (isFailure(root)) return root;
  const issuedAt = checkHeader(root, expected);
  return isFailure(issuedAt) ? issuedAt : { root, issuedAt, relayState: carried.relayState };
}

function readIndexes(root: Element): readonly string[] | ConnectorFailure {
  const texts = findChildren(root, PROTOCOL, 'SessionIndex').map(textOf);
  const indexes = texts.filter((text) => text !== undefined && text !== '' && text.length <= MAX_NAME);
  // Dropping a SessionIndex would change which sessions the request means; without any index it means all of them.
  if (indexes.length !== texts.length) return wrong('session_index', 'a SessionIndex is not plain text');
  return indexes as string[];
}

/**
 * Returns the name of the person to sign out. An encrypted name is refused: our key is for assertions, and no IdP of
 * the guides encrypts it here.
 */
function readName(root: Element): string | ConnectorFailure {
  const name = textOf(findOnly(root, ASSERTION, 'NameID'));
  const others = [...findChildren(root, ASSERTION, 'EncryptedID'), ...findChildren(root, ASSERTION, 'BaseID')];
  if (name === undefined || name.trim() === '' || name.length > MAX_NAME || others.length > 0)
    return wrong('name_id', 'the request needs exactly one NameID, in plain text; have the IdP not encrypt it');
  return name;
}

/** A library failed on a strange document. The error's text may repeat the document, so only its name is logged. */
function unreadable(error: unknown): ConnectorFailure {
  return wrong('xml', `the message could not be read (${error instanceof Error ? error.name : 'unknown'})`);
}

/** Verifies an IdP's request to end sessions. */
export async function verifyLogoutRequest(
  input: LogoutInput,
  expected: ExpectedLogout,
): Promise<LogoutRequest | ConnectorFailure> {
  try {
    const message = await verify(input, 'request', expected);
    if (isFailure(message)) return message;
    const { root, issuedAt, relayState } = message;
    const ends = attributeOf(root, 'NotOnOrAfter');
    const end = parseInstant(ends)?.getTime() ?? 0;
    if (ends !== undefined && !(end > expected.now.getTime() - expected.clockSkewMs))
      return wrong('not_on_or_after', `the request ended at ${ends}`);
    const name = readName(root);
    if (isFailure(name)) return name;
    const indexes = readIndexes(root);
    if (isFailure(indexes)) return indexes;
    return { ok: true, id: attributeOf(root, 'ID') ?? '', name, indexes, issuedAt, relayState };
  } catch (error) {
    return unreadable(error);
  }
}

/** Reads from the status whether the IdP ended all of its sessions (`complete`). */
function readStatus(root: Element): LogoutFinish | ConnectorFailure {
  const status = findOnly(root, PROTOCOL, 'Status');
  const code = status && findOnly(status, PROTOCOL, 'StatusCode');
  const value = code && attributeOf(code, 'Value');
  if (code === undefined || value === undefined) return wrong('status', 'the response has no status');
  const inner = findOnly(code, PROTOCOL, 'StatusCode');
  return { ok: true, complete: value === SUCCESS && (inner && attributeOf(inner, 'Value')) !== PARTIAL };
}

/**
 * Verifies an IdP's answer to our request `requestId`. RelayState is not read: the browser's own cookie says where to
 * continue.
 */
export async function verifyLogoutResponse(
  input: LogoutInput,
  requestId: string,
  expected: ExpectedLogout,
): Promise<LogoutFinish | ConnectorFailure> {
  try {
    const message = await verify(input, 'response', expected);
    if (isFailure(message)) return message;
    if (attributeOf(message.root, 'InResponseTo') !== requestId)
      return wrong('in_response_to', 'the response does not answer the request of this browser');
    return readStatus(message.root);
  } catch (error) {
    return unreadable(error);
  }
}
