/**
 * Unpacks a logout message from the browser: a redirect, whose signature is in the address, or a post (SAML bindings,
 * sections 3.4 and 3.5). Reads each parameter once and in one spelling, so that the signed text is the text that is
 * read. Verifies nothing.
 */
import { inflateRawSync } from 'node:zlib';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { LogoutInput } from '../../ports/single-logout.js';
import { fail, isFailure } from '../oidc/failure.js';
import { parseBase64, parseXml, type XmlDocument } from './xml.js';

/** Maximum number of bytes of XML; the longest message of the tests has 6,000. */
export const MAX_LOGOUT_BYTES = 64 * 1024;
/** Maximum number of characters of RelayState. SAML bindings (section 3.4.3) allow 80 bytes; some IdPs send more. */
const MAX_RELAY_STATE = 1024;
const NAMES = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'] as const;
const DEFLATE = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE';

type Name = (typeof NAMES)[number];

/** A signature in the address, and the text that it covers. */
export interface DetachedSignature {
  readonly text: string;
  readonly algorithm: string;
  readonly value: Buffer;
}

export interface Carried {
  readonly ok: true;
  readonly kind: 'request' | 'response';
  readonly document: XmlDocument;
  readonly relayState: string | undefined;
  /** `enclosed` for a post, whose signature is in the document. */
  readonly signature: DetachedSignature | 'enclosed';
}

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);

const isName = (name: string): name is Name => NAMES.some((one) => one === name);

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the SAML parameters of a query, not decoded. Attack: a second spelling or a second value (`SAML%52equest`, two
 * of a name). One reader uses the first and another the last, so the signature would cover the one that is not read.
 */
function readRaw(query: string): Partial<Record<Name, string>> | ConnectorFailure {
  const found: Partial<Record<Name, string>> = {};
  if (!/^[\x21-\x7e]*$/.test(query)) return wrong('parameters', 'the address has characters that must be escaped');
  for (const pair of query.split('&')) {
    const [raw = '', ...rest] = pair.split('=');
    const name = decode(raw.replaceAll('+', ' ')) ?? '';
    if (!isName(name)) continue;
    if (raw !== name) return wrong('parameters', `${name} is written in another way than SAML has it`);
    if (found[name] !== undefined) return wrong('parameters', `${name} is there twice`);
    found[name] = rest.join('=');
  }
  return found;
}

function toKind(request: unknown, response: unknown): 'request' | 'response' | ConnectorFailure {
  if ((request === undefined) === (response === undefined))
    return wrong('parameters', 'the message must be either SAMLRequest or SAMLResponse');
  return request === undefined ? 'response' : 'request';
}

function toDocument(bytes: Buffer): XmlDocument | ConnectorFailure {
  if (bytes.length > MAX_LOGOUT_BYTES) return wrong('size', 'the message is too big');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return wrong('xml', 'the message is not UTF-8');
  }
  const document = parseXml(text);
  return document.ok ? document : wrong(document.check, document.detail);
}

/** Attack: a small address that unpacks to a huge document. */
function inflate(packed: Buffer): Buffer | ConnectorFailure {
  try {
    return inflateRawSync(packed, { maxOutputLength: MAX_LOGOUT_BYTES });
  } catch (error) {
    const isBig = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isBig ? wrong('size', 'the message is too big') : wrong('base64', 'the message is not deflated');
  }
}

/** Attack: a signature is removed from the address, or its method is not named. */
function readDetached(raw: Partial<Record<Name, string>>, message: Name): DetachedSignature | ConnectorFailure {
  const { SigAlg, Signature, RelayState } = raw;
  const algorithm = decode(SigAlg ?? '') ?? '';
  const value = parseBase64(decode(Signature ?? '') ?? '');
  if (SigAlg === undefined || Signature === undefined || value === undefined)
    return wrong('signature', 'the message is not signed: SigAlg and Signature belong to the address');
  // Joins the parts in the order of SAML bindings, section 3.4.4.1, whatever their order in the address.
  const parts = [`${message}=${raw[message]}`, RelayState !== undefined && `RelayState=${RelayState}`];
  return { text: [...parts.filter(Boolean), `SigAlg=${SigAlg}`].join('&'), algorithm, value };
}

function readRelayState(given: string | undefined): { relayState: string | undefined } | ConnectorFailure {
  if (given === undefined || given === '') return { relayState: undefined };
  return given.length > MAX_RELAY_STATE
    ? wrong('relay_state', `RelayState is longer than ${MAX_RELAY_STATE} characters`)
    : { relayState: given };
}

function readRedirect(query: string): Carried | ConnectorFailure {
  const raw = readRaw(query);
  if (isFailure(raw)) return raw;
  const kind = toKind(raw.SAMLRequest, raw.SAMLResponse);
  if (isFailure(kind)) return kind;
  const message = kind === 'request' ? 'SAMLRequest' : 'SAMLResponse';
  if (raw.SAMLEncoding !== undefined && decode(raw.SAMLEncoding) !== DEFLATE)
    return wrong('parameters', 'SAMLEncoding is not DEFLATE');
  const signature = readDetached(raw, message);
  if (isFailure(signature)) return signature;
  const packed = parseBase64(decode(raw[message] ?? '') ?? '');
  if (packed === undefined) return wrong('base64', `${message} is not base64`);
  const bytes = inflate(packed);
  if (isFailure(bytes)) return bytes;
  const document = toDocument(bytes);
  const state = readRelayState(decode((raw.RelayState ?? '').replaceAll('+', ' ')));
  if (isFailure(document)) return document;
  if (isFailure(state)) return state;
  return { ok: true, kind, document, signature, ...state };
}

function readPost(parameters: Readonly<Record<string, string>>): Carried | ConnectorFailure {
  const { SAMLRequest, SAMLResponse, RelayState } = parameters;
  const kind = toKind(SAMLRequest, SAMLResponse);
  if (isFailure(kind)) return kind;
  const text = (SAMLRequest ?? SAMLResponse) as string;
  const bytes = text.length > MAX_LOGOUT_BYTES * 1.5 ? Buffer.alloc(MAX_LOGOUT_BYTES + 1) : parseBase64(text);
  if (bytes === undefined) return wrong('base64', 'the message is not base64');
  const document = toDocument(bytes);
  const state = readRelayState(RelayState);
  if (isFailure(document)) return document;
  if (isFailure(state)) return state;
  return { ok: true, kind, document, signature: 'enclosed', ...state };
}

/** Reads the message, unpacked and strictly parsed, with its signature if that is outside the document. */
export function readCarried(input: LogoutInput): Carried | ConnectorFailure {
  return input.method === 'GET' ? readRedirect(input.query) : readPost(input.parameters);
}
