/**
 * Parses the parameters of /authorize. Unknown parameters decide nothing (Actions may read a few of them). Repeated
 * ones are refused (RFC 6749 section 3.1: "MUST NOT be included more than once"; attack: parameter pollution). Sends no
 * answer: returns the request, or the error for the caller to send.
 */
import {
  type AuthorizationRequest,
  PROMPTS,
  type Prompt,
  type ResponseMode,
} from '../../domain/authorization-request.js';
import type { Client } from '../../domain/tenant.js';
import type { Refusal } from '../../login/refusals.js';
import { MalformedForm } from '../form.js';
import { findMessageTarget } from './web-message.js';

/** An error code of OAuth with its description (RFC 6749 section 4.1.2.1). */
export interface ProtocolError {
  readonly error: string;
  readonly description: string;
  /** The error's code in the table of refusals (facts/refusals), if it has one. */
  readonly refusal?: Refusal;
}

type Parameters = Readonly<Record<string, string>>;

const KNOWN = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'audience',
  'organization',
  'invitation',
  'connection',
  'login_hint',
  'screen_hint',
  'prompt',
  'max_age',
  'id_token_hint',
  'request',
  'request_uri',
] as const;

/**
 * Longest value of each parameter, in bytes of UTF-8; docs/compatibility/sign-in.md lists them. A name or an address
 * may be as long as in the Management API. All parameters together fit into the data that a login may keep
 * (MAX_CONTENT_BYTES in browser/unfinished.ts).
 */
export const PARAMETER_LIMITS: Readonly<Partial<Record<(typeof KNOWN)[number], number>>> = {
  state: 4_096,
  nonce: 4_096,
  redirect_uri: 2_048,
  scope: 1_000,
  audience: 600,
  login_hint: 320,
  id_token_hint: 8_192,
};
export const OTHER_PARAMETERS_LIMIT = 300;

export interface CollectedParameters {
  /** The known parameters whose value is one text of an allowed length. */
  readonly parameters: Parameters;
  readonly extra: Parameters;
  /** The first error in a parameter; with an error no login begins. */
  readonly wrong: ProtocolError | undefined;
  /**
   * True when `client_id` or `redirect_uri` is wrong. They decide where the answer goes, so the error must not be sent
   * to any redirect address (open redirect).
   */
  readonly isLost: boolean;
}

/**
 * Returns an error text for a wrong value. Control characters are refused: no parameter needs them, and they would get
 * into headers and logs.
 */
function findFlaw(name: (typeof KNOWN)[number], value: unknown): string | undefined {
  if (typeof value !== 'string') return `parameter ${name} must not be repeated`;
  const limit = PARAMETER_LIMITS[name] ?? OTHER_PARAMETERS_LIMIT;
  if (Buffer.byteLength(value) > limit) return `parameter ${name} is longer than ${limit} bytes`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u001f\u007f\ufffd]/.test(value)
    ? `parameter ${name} has characters that are not allowed`
    : undefined;
}

/**
 * Returns the known parameters as single strings, and the error of the first one that is repeated, too long or not
 * text. Never throws.
 */
export function collectParameters(raw: unknown): CollectedParameters {
  const parameters: Record<string, string> = {};
  const flaws = new Map<string, string>();
  // An unreadable form has no reliable values, and an answer needs a reliable redirect address.
  if (raw instanceof MalformedForm) {
    const wrong = { error: 'invalid_request', description: raw.message };
    return { parameters, extra: {}, wrong, isLost: true };
  }
  const source = (raw ?? {}) as Readonly<Record<string, unknown>>;
  for (const name of KNOWN) {
    const value = source[name];
    if (value === undefined || value === '') continue;
    const flaw = findFlaw(name, value);
    if (flaw !== undefined) flaws.set(name, flaw);
    else parameters[name] = String(value);
  }
  const [description] = flaws.values();
  return {
    parameters,
    extra: collectExtra(source),
    wrong: description === undefined ? undefined : { error: 'invalid_request', description },
    isLost: flaws.has('client_id') || flaws.has('redirect_uri'),
  };
}

/**
 * Parameters that Actions do not get as `extra`: those that this server itself knows, and `auth0Client`, an SDK's long
 * description of itself.
 */
const NOT_EXTRA: ReadonlySet<string> = new Set([...KNOWN, 'auth0Client', '__proto__']);
/** A known parameter that `extra` has as well, for connections that pass it on to their identity provider. */
const ALSO_EXTRA = 'id_token_hint';
/** Limits on the parameters that an application passes to its own Actions. All of them have to fit into one cookie. */
const EXTRA = { most: 10, nameCharacters: 60, characters: 800 };

/**
 * Collects the parameters that this server does not know; Actions read them in `event.request.query`, as on Auth0.
 * Leaves out those that are too long or too many for a login's cookie.
 */
function collectExtra(source: Readonly<Record<string, unknown>>): Parameters {
  const extra: Record<string, string> = {};
  let left = EXTRA.characters;
  for (const [name, value] of Object.entries(source)) {
    if (NOT_EXTRA.has(name) && name !== ALSO_EXTRA) continue;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (typeof value !== 'string' || /[\u0000-\u001f\u007f\ufffd]/.test(value)) continue;
    left -= name.length + value.length;
    if (!/^[\w.:-]+$/.test(name) || name.length > EXTRA.nameCharacters || left < 0) continue;
    if (Object.keys(extra).length < EXTRA.most) extra[name] = value;
  }
  return extra;
}

/**
 * Returns the redirect URI to answer to. It must be exactly one of the client's (RFC 9700 section 2.1; attack: open
 * redirect, stolen codes). Returns undefined for any other.
 */
export function findRedirectUri(client: Client, parameters: Parameters): string | undefined {
  const asked = parameters.redirect_uri;
  if (asked === undefined) return client.callbacks.length === 1 ? client.callbacks[0] : undefined;
  return client.callbacks.includes(asked) ? asked : undefined;
}

const RESPONSE_MODES: readonly string[] = ['query', 'fragment', 'form_post', 'web_message'];

/** Parses the words of `prompt` (OpenID Connect Core section 3.1.2.1). Several are allowed, but `none` only alone. */
function parsePrompt(text: string | undefined): readonly Prompt[] | ProtocolError {
  const words = [...new Set((text ?? '').split(' ').filter((word) => word !== ''))];
  const prompts = words.filter((word): word is Prompt => PROMPTS.some((prompt) => prompt === word));
  const unknown = words.find((word) => !PROMPTS.some((prompt) => prompt === word));
  if (unknown !== undefined) return { error: 'invalid_request', description: `Unsupported prompt: ${unknown}` };
  if (prompts.includes('none') && prompts.length > 1)
    return { error: 'invalid_request', description: 'prompt none must not be combined with others' };
  return prompts;
}

function checkPkce(client: Client, parameters: Parameters): ProtocolError | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = parameters;
  if (challenge === undefined) {
    // Attack: without PKCE anybody who intercepts a public client's code can redeem it (RFC 9700 section 2.1.1).
    if (client.tokenEndpointAuthMethod === 'none')
      return { error: 'invalid_request', description: 'Missing required parameter: code_challenge' };
    return method === undefined
      ? undefined
      : { error: 'invalid_request', description: 'Missing required parameter: code_challenge' };
  }
  // With the method `plain`, everybody who reads this request knows the verifier.
  if (method !== 'S256') return { error: 'invalid_request', description: 'code_challenge_method must be S256' };
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return { error: 'invalid_request', description: 'code_challenge must be 43 characters of base64url' };
  return undefined;
}

function checkRequest(client: Client, parameters: Parameters): ProtocolError | undefined {
  if (parameters.request !== undefined)
    return { error: 'request_not_supported', description: 'request objects are not supported' };
  if (parameters.request_uri !== undefined)
    return { error: 'request_uri_not_supported', description: 'request_uri is not supported' };
  if (parameters.response_type === undefined)
    return { error: 'invalid_request', description: 'Missing required parameter: response_type' };
  if (parameters.response_type !== 'code')
    return {
      error: 'unsupported_response_type',
      description: `Unsupported response type: ${parameters.response_type}`,
    };
  if (!client.grantTypes.includes('authorization_code')) {
    return { error: 'unauthorized_client', description: "Grant type 'authorization_code' not allowed for the client." };
  }
  const mode = parameters.response_mode;
  if (mode !== undefined && !RESPONSE_MODES.includes(mode))
    return { error: 'invalid_request', description: `Unsupported response mode: ${mode}` };
  if (parameters.max_age !== undefined && !/^\d{1,9}$/.test(parameters.max_age))
    return { error: 'invalid_request', description: 'max_age must be a number of seconds' };
  return checkPkce(client, parameters);
}

/**
 * Where and how to send the answer. It is known before the rest of the request is checked, so that errors can be sent.
 */
export interface AnswerAddress {
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
  readonly withoutIss?: true;
}

/**
 * Returns where and how to send the answer. An unusable response mode becomes `query`, so that the error about it
 * arrives.
 */
export function toAnswerAddress(client: Client, redirectUri: string, parameters: Parameters): AnswerAddress {
  const mode = parameters.response_mode;
  const there = mode !== undefined && RESPONSE_MODES.includes(mode);
  const refused = mode === 'web_message' && findMessageTarget(client, redirectUri) === undefined;
  const responseMode = there && !refused ? (mode as ResponseMode) : 'query';
  const { withoutIss } = client;
  return { redirectUri, responseMode, state: parameters.state, ...(withoutIss && { withoutIss }) };
}

/**
 * Refuses web_message if the client does not list the origin of the redirect URI. Attack: any site gets a code in a
 * message.
 */
function checkWebMessage(
  { responseMode, redirectUri }: AnswerAddress,
  parameters: Parameters,
): ProtocolError | undefined {
  if (parameters.response_mode !== 'web_message' || responseMode === 'web_message') return undefined;
  const description = `response_mode web_message needs the origin of ${redirectUri} among the web_origins of the client`;
  return { error: 'invalid_request', description };
}

/** Checks the rest of the request. The descriptions of errors go to the application. */
export function parseAuthorizationRequest(
  client: Client,
  address: AnswerAddress,
  parameters: Parameters,
  extra: Parameters,
): AuthorizationRequest | ProtocolError {
  const wrong = checkRequest(client, parameters) ?? checkWebMessage(address, parameters);
  if (wrong) return wrong;
  const prompt = parsePrompt(parameters.prompt);
  if ('error' in prompt) return prompt;
  const optional = (name: string, key: string): Record<string, string> => {
    const value = parameters[name];
    return value === undefined ? {} : { [key]: value };
  };
  return {
    clientId: client.clientId,
    redirectUri: address.redirectUri,
    ...(parameters.redirect_uri === undefined && { redirectUriImplied: true as const }),
    responseMode: address.responseMode,
    ...(address.withoutIss && { withoutIss: address.withoutIss }),
    scope: [...new Set((parameters.scope ?? '').split(/ +/).filter((item) => item !== ''))].join(' '),
    ...optional('state', 'state'),
    ...optional('nonce', 'nonce'),
    ...optional('code_challenge', 'codeChallenge'),
    ...optional('audience', 'audience'),
    ...optional('organization', 'organization'),
    ...optional('invitation', 'invitation'),
    ...optional('connection', 'connection'),
    ...optional('login_hint', 'loginHint'),
    ...(parameters.screen_hint === 'signup' && { screenHint: 'signup' as const }),
    ...(prompt.length > 0 && { prompt }),
    ...(parameters.max_age !== undefined && { maxAge: Number(parameters.max_age) }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}
