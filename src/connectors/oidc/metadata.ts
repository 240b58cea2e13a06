/**
 * Reads the metadata of an identity provider, its issuer and endpoints, from the connection's options or by discovery
 * (OpenID Connect Discovery 1.0). Caches nothing; accepts no metadata of another issuer.
 */
import { isWithinBounds } from '../../kernel/json-bounds.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { findOutboundError } from '../outbound/error.js';
import { fail, isFailure, toNetworkFailure, toStatusFailure } from './failure.js';
import { MAX_URL, type OidcSettings } from './settings.js';

export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string | undefined;
  readonly jwks_uri: string;
  /** True when the IdP declares that it always sends `iss` (RFC 9207). */
  readonly sendsIss: boolean;
}

/** The fetch of one connection, with limits, checked addresses and its breaker. Rejects with an OutboundError. */
export type ConnectionFetch = (url: string, init?: object) => Promise<Response>;

type Document = Readonly<Record<string, unknown>>;
const NAMES = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
/** Limits of a discovery document or key list; real ones have a depth of 3 and some hundred values. */
const DOCUMENT_BOUNDS = { depth: 10, values: 10_000 } as const;

/** Fetches JSON; failures are named `<step>.http`, `<step>.json`, `<step>.timeout` … */
export async function fetchJson(
  fetch: ConnectionFetch,
  url: string,
  step: string,
): Promise<Document | ConnectorFailure> {
  let text: string;
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    if (response.status !== 200) return toStatusFailure(step, response.status);
    text = await response.text();
  } catch (error) {
    const outbound = findOutboundError(error);
    if (outbound) return toNetworkFailure(step, outbound);
    return fail('invalid', `${step}.http`, `no usable answer (${error instanceof Error ? error.name : 'unknown'})`);
  }
  try {
    const document: unknown = JSON.parse(text);
    if (!isWithinBounds(document, DOCUMENT_BOUNDS))
      return fail('invalid', `${step}.size`, 'the answer nests too deeply, or has too many values');
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document as Document;
  } catch {
    // Falls through to the failure below, which does not repeat the text because the IdP wrote it.
  }
  return fail('invalid', `${step}.json`, 'the answer is not a JSON object');
}

/** Returns the issuer that a document names. Its length is checked before other code reads it. */
function findIssuer({ issuer }: Document): string | ConnectorFailure {
  if (typeof issuer !== 'string' || issuer === '') return fail('invalid', 'discovery.issuer', 'issuer is missing');
  if (issuer.length <= MAX_URL) return issuer;
  return fail('invalid', 'discovery.issuer', `issuer has more than ${MAX_URL} characters`);
}

/**
 * Attack: an IdP, or somebody at its address, speaks for another one. The document's issuer must be the expected one
 * (OIDC Discovery 4.3).
 */
function checkIssuer({ dialect }: OidcSettings, issuer: string): ConnectorFailure | undefined {
  if (dialect.isDocumentIssuer(issuer)) return undefined;
  return fail('invalid', 'discovery.issuer', `expected ${dialect.documentIssuer}, the document says ${issuer}`);
}

function parseEndpoint(name: string, value: unknown, issuer: string): string | ConnectorFailure {
  const text = typeof value === 'string' && value.length <= MAX_URL ? value : '';
  if (!URL.canParse(text)) return fail('invalid', `discovery.${name}`, `${name} is missing or not an address`);
  const { protocol } = new URL(text);
  // Attack: `javascript:` or `data:` as the browser's destination, or a downgrade to http.
  if (protocol === 'https:' || (protocol === 'http:' && issuer.startsWith('http:'))) return text;
  return fail('invalid', `discovery.${name}`, `${name} must be an https address, it is ${protocol}`);
}

/**
 * Checks each part of `document`: the discovery document, in which the connection's options have replaced their parts.
 */
function parseMetadata(settings: OidcSettings, document: Document): ProviderMetadata | ConnectorFailure {
  const { issuer } = document;
  if (typeof issuer !== 'string' || !URL.canParse(issuer) || !/^https?:/.test(issuer)) {
    return fail('invalid', 'discovery.issuer', 'issuer is missing or not an address');
  }
  const endpoints: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (const name of NAMES) {
    if (name === 'token_endpoint' && settings.flow === 'form_post') continue;
    const endpoint = parseEndpoint(name, document[name], issuer);
    if (typeof endpoint !== 'string') return endpoint;
    endpoints[name] = endpoint;
  }
  return {
    issuer,
    authorization_endpoint: endpoints.authorization_endpoint ?? '',
    token_endpoint: endpoints.token_endpoint,
    jwks_uri: endpoints.jwks_uri ?? '',
    sendsIss: document.authorization_response_iss_parameter_supported === true,
  };
}

/** Renames the options' addresses to their names in a discovery document. */
function toDocument({ destination }: OidcSettings): Document {
  const { issuer, authorizationEndpoint, tokenEndpoint, jwksUri } = destination;
  const names = {
    issuer,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    jwks_uri: jwksUri,
  };
  return Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));
}

function isComplete({ destination, flow }: OidcSettings): boolean {
  const hasTokens = destination.tokenEndpoint !== undefined || flow === 'form_post';
  return Boolean(destination.issuer && destination.authorizationEndpoint && destination.jwksUri && hasTokens);
}

/** Returns the metadata of a connection's IdP. Uses the network only when the options are incomplete. */
export async function findMetadata(
  settings: OidcSettings,
  fetch: ConnectionFetch,
): Promise<ProviderMetadata | ConnectorFailure> {
  const given = toDocument(settings);
  if (isComplete(settings)) return parseMetadata(settings, given);
  const document = await fetchJson(fetch, settings.destination.discoveryUrl, 'discovery');
  if (isFailure(document)) return document;
  const issuer = findIssuer(document);
  if (isFailure(issuer)) return issuer;
  const refused = checkIssuer(settings, issuer);
  if (refused) return refused;
  // Keeps the issuer as the document spells it: ID tokens are compared with it character by character.
  return parseMetadata(settings, { ...document, ...given, issuer });
}
