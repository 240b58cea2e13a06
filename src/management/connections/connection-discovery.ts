/**
 * Queries the identity provider when a connection is written, so that a wrong address is found before the first person
 * signs in. An answer that contradicts the options is refused. If no answer comes, that is reported and the connection
 * is stored: deployments write connections to providers that do not run yet (ADR 0028). Runs before the transaction,
 * never in it. A connection of a member (My Organization API) is stored only if its provider answers.
 */
import { destinationOf } from '../../domain/companies/idp-destination.js';
import type { Connection } from '../../domain/tenant.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, type ManagementError } from '../api/errors.js';
import type { Call, Wire } from '../api/operation.js';
import { replyOf, wordOf } from '../api/wire.js';
import { mendingOf } from '../self-service/mending.js';

/** The query parameter that turns this check off (`check_discovery=false`). */
const CHECK_DISCOVERY = 'check_discovery';

const DISCOVERY_STATUS = wordOf('ok', 'unreachable', 'incomplete', 'wrong', 'unchecked');

/** Schema of the provider's metadata that the check found. */
const DISCOVERY_FACTS = {
  issuer: 'string',
  authorization_endpoint: 'string',
  token_endpoint: 'string',
  jwks_uri: 'string',
  // For SAML: its addresses, and when the last of its certificates expires.
  signInEndpoint: 'string',
  signOutEndpoint: 'string',
  certificate_expires: 'string',
  signing_keys: 'integer',
  check: 'string',
  message: 'string',
} as const;

/** Schema of the check's result, in the answer to a write. */
export const DISCOVERY_REPLY = replyOf({ status: DISCOVERY_STATUS }, DISCOVERY_FACTS);

/** Schema of the answer to a check of an existing connection. */
export const EXAMINED_REPLY = replyOf(
  { status: DISCOVERY_STATUS },
  { ...DISCOVERY_FACTS, has_client_secret: 'boolean' },
);

/**
 * Returns the error for a member. It ends with the address as Auth0's components look for it. Leaves out how an
 * unreachable address failed. Attack: a member learns which servers a private network has.
 */
function unreadable(connection: Connection, failure: ConnectorFailure): ManagementError {
  if (failure.check === 'connection.options') return badBody(`options: ${failure.detail}.`);
  const { discoveryUrl, metadataUrl, authorizationEndpoint } = destinationOf(connection);
  const address = discoveryUrl ?? metadataUrl ?? authorizationEndpoint ?? connection.strategy;
  const words = failure.reason === 'invalid' ? mendingOf(failure) : 'The provider cannot be reached from the internet.';
  return badBody(`${words} discovery failure: ${address}`);
}

/**
 * Queries the provider and returns the result, for the answer and the log line. `status` is `ok` with the provider's
 * own metadata; `unreachable`, or `incomplete` (options are missing), with the reason; or `unchecked`. Undefined for
 * strategies without a provider. Throws 400 when the answer contradicts the options, or does not come from an identity
 * provider.
 */
export async function discover(
  deps: Pick<ManagementDeps, 'examine'>,
  call: Pick<Call, 'query' | 'caller'>,
  connection: Connection,
): Promise<Wire | undefined> {
  if (call.query[CHECK_DISCOVERY] === false) return { status: 'unchecked' };
  const finding = await deps.examine(connection);
  if (finding === undefined) return undefined;
  if (finding.ok)
    return { status: 'ok', issuer: finding.issuer, ...finding.endpoints, signing_keys: finding.signingKeys };
  if (call.caller.memberOf !== undefined) throw unreadable(connection, finding);
  const { reason, check, detail } = finding;
  if (check === 'connection.options') return { status: 'incomplete', check, message: detail };
  if (reason !== 'invalid') return { status: 'unreachable', check, message: detail };
  throw badBody(
    `Nobody could sign in over this connection: its identity provider does not answer as the options say (${check}: ${detail}). ` +
      `Correct the addresses in options, or what the provider answers. To store it as it is, add ${CHECK_DISCOVERY}=false to the query.`,
  );
}
