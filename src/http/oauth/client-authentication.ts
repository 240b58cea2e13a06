/**
 * Client authentication: a client id, and for confidential clients a proof. The proof is a secret in the body or as
 * HTTP Basic, or an assertion signed by the client's key (client-assertion.ts). As on Auth0, a client may send its
 * secret in either place, but must not use another kind of proof than the registered one. The answer never tells
 * whether the id or the secret was wrong.
 */

import { secretsEqual } from '../../kernel/ids.js';
import type { TokenClient } from '../../ports/token-store.js';
import { type ClientAssertion, checkAssertion, parseClientAssertion } from './client-assertion.js';
import type { OAuthDependencies } from './dependencies.js';
import type { Parameters } from './parameters.js';
import { invalidRequest, missingParameter, OAuthRefusal, tooManySecrets, unauthorized } from './refusals.js';

export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string | undefined;
  readonly assertion?: ClientAssertion | undefined;
  /**
   * True for credentials in the `Authorization` header. The answer to a failed attempt then names the scheme (RFC 6749
   * section 5.2).
   */
  readonly byHeader: boolean;
}

/**
 * Compared with the sent secret if the client is unknown or has none, so that the answer takes as long as for a wrong
 * secret.
 */
const NOTHING = 'no secret of this length is ever given to a client';

/** Decodes the id or the secret of a Basic value, which are form-urlencoded (RFC 6749 section 2.3.1). */
function decodeBasicPart(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parseBasic(value: string): { clientId: string; secret: string } | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  const text = Buffer.from(value, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const clientId = decodeBasicPart(text.slice(0, colon));
  const secret = decodeBasicPart(text.slice(colon + 1));
  if (clientId === undefined || secret === undefined || clientId.includes('\0')) return undefined;
  return { clientId, secret };
}

const sentTwice = () => invalidRequest('Client credentials were sent in more than one way');

/**
 * Parses the credentials of a request. Refuses an unreadable Basic header (401), a secret in both places, two different
 * client ids (RFC 6749 section 2.3: one method per request), and a missing client id. Ignores schemes other than Basic.
 */
export function parseClientCredentials(
  authorization: string | undefined,
  parameters: Parameters,
): ClientCredentials | OAuthRefusal {
  const [scheme = '', ...rest] = (authorization ?? '').trim().split(' ');
  const clientId = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  const assertion = parseClientAssertion(parameters);
  if (assertion !== undefined) {
    // Accepts only one method per request (RFC 6749 section 2.3). Otherwise a proxy in front may check one method, and
    // this server the other.
    if (secret !== undefined || scheme.toLowerCase() === 'basic') return sentTwice();
    if (assertion instanceof OAuthRefusal) return assertion;
    return { clientId: assertion.clientId, secret: undefined, assertion, byHeader: false };
  }
  if (scheme.toLowerCase() !== 'basic') {
    if (clientId === undefined) return missingParameter('client_id');
    return { clientId, secret, byHeader: false };
  }
  const parsed = parseBasic(rest.join(' ').trim());
  if (parsed === undefined) return unauthorized('client.basic_unreadable');
  if (secret !== undefined || (clientId !== undefined && clientId !== parsed.clientId)) return sentTwice();
  return { clientId: parsed.clientId, secret: parsed.secret === '' ? undefined : parsed.secret, byHeader: true };
}

/**
 * Refuses an unknown client, a method other than the registered one, a confidential client without its secret, and a
 * public client with a secret. A public client's secret proves nothing, so an application that relies on it is
 * configured wrongly. Compares in constant time.
 */
function checkClient(client: TokenClient | undefined, credentials: ClientCredentials): OAuthRefusal | undefined {
  const fits = secretsEqual(credentials.secret ?? '', client?.secret ?? NOTHING);
  if (client === undefined) return unauthorized('client.unknown');
  // Attack (downgrade): an application that changed to a key still has its old secret, which must no longer
  // authenticate it.
  const hasKey = client.tokenEndpointAuthMethod === 'private_key_jwt';
  if (hasKey !== (credentials.assertion !== undefined)) return unauthorized('client.wrong_method');
  if (hasKey) return undefined;
  if (client.tokenEndpointAuthMethod === 'none')
    return credentials.secret === undefined ? undefined : unauthorized('client.public_with_secret');
  if (credentials.secret === undefined || client.secret === undefined) return unauthorized('client.no_secret');
  return fits ? undefined : unauthorized('client.wrong_secret');
}

/**
 * Authenticates the client by {@link checkClient}, and checks its assertion if it has a key. `use` is `again` when the
 * same request is checked a second time. After too many wrong secrets the right one is refused too; otherwise guessing
 * could go on (docs/adr/0032). The limit also counts for applications that do not exist, so that the answer does not
 * tell which exist. Throws {@link Fault} when the database failed.
 */
export async function authenticateClient(
  deps: Pick<OAuthDependencies, 'secretGuesses' | 'clock' | 'store' | 'origin'>,
  client: TokenClient | undefined,
  { credentials, ip }: { readonly credentials: ClientCredentials; readonly ip: string },
  use: 'once' | 'again' = 'once',
): Promise<OAuthRefusal | undefined> {
  const refusal = checkClient(client, credentials);
  if (client !== undefined && refusal === undefined && credentials.assertion !== undefined)
    return checkAssertion(deps, client, credentials.assertion, use);
  const { clientId, secret } = credentials;
  const isPublic = client?.tokenEndpointAuthMethod === 'none';
  if (secret === undefined || isPublic) return refusal;
  const passed = await deps.secretGuesses.check({
    clientId,
    exists: client !== undefined,
    secret,
    ip,
    fits: refusal === undefined,
  });
  return passed === undefined ? refusal : tooManySecrets(passed, deps.clock.now());
}
