/**
 * The Management API as an Auth0 tenant answers it (docs/auth0-double.md). This server's additions are not shown, and
 * requests with them are refused as unknown properties or paths; Auth0's limits apply. Wraps the operations of
 * `src/management`; has no route and no storage of its own.
 */
import { badBody, type ManagementError, notFound } from '../management/api/errors.js';
import { type Call, keyOf, type Operation, type Reply } from '../management/api/operation.js';
import { AUTH0_DEFINITIONS, createSchemaCheck, listAuth0Operations } from '../management/api/validation.js';
import { WEBAUTHN_SETTINGS } from '../management/guardian/requests.js';
import { ORGANIZATION_CLIENTS } from '../management/organizations/client-requests.js';
import { asBuilt, checkBuilt } from './actions.js';
import { mapReply, withoutAdditions } from './answers.js';
import type { DoubleFacts } from './facts.js';
import { checkInvitedMember } from './invitations.js';
import { checkCeiling, withCursorAtEnd } from './paging.js';
import { checkUserCreation } from './users.js';

/** Auth0's limit: members in one POST or DELETE. */
const MAX_MEMBERS = 10;
/** Auth0's limit: connections of one organization. */
const MAX_CONNECTIONS = 10;
const ADDED_TRIGGER = 'organization-admission';

/** Refuses the properties and values that this server adds to Auth0's schemas. */
const checkAgainstAuth0 = createSchemaCheck(AUTH0_DEFINITIONS);
/** Auth0's operations: those of its document, and those that only its SDKs, or recordings, have so far. */
const AUTH0_KEYS: ReadonlySet<string> = new Set([
  ...listAuth0Operations().map(keyOf),
  ...Object.keys(ORGANIZATION_CLIENTS),
  ...Object.keys(WEBAUTHN_SETTINGS),
]);

/** Throws Auth0's error if it would refuse the call; otherwise does nothing. */
type Check = (call: Call, key: string, facts: DoubleFacts) => void | Promise<void>;

function checkMembers({ body }: Call, key: string): void {
  if (!/^(post|delete) \/organizations\/\{id\}\/members$/.test(key)) return;
  const { length } = (body as { readonly members: readonly string[] }).members;
  if (length > MAX_MEMBERS)
    throw badBody(
      `Payload validation error: 'Array is too long (${length}), maximum ${MAX_MEMBERS}' on property members.`,
    );
}

function tooManyConnections(): ManagementError {
  return badBody(`An organization can have at most ${MAX_CONNECTIONS} connections.`);
}

async function checkConnections({ body, directory, params }: Call, key: string): Promise<void> {
  if (key === 'post /organizations') {
    const { enabled_connections = [] } = body as { readonly enabled_connections?: readonly unknown[] };
    if (enabled_connections.length > MAX_CONNECTIONS) throw tooManyConnections();
  }
  if (!/^post \/organizations\/\{id\}\/(enabled_)?connections$/.test(key)) return;
  const found = await directory.organizations.listEnablements(params.id ?? '', {}, { limit: MAX_CONNECTIONS });
  if (found.items.length >= MAX_CONNECTIONS) throw tooManyConnections();
}

function checkTrigger({ params }: Call): void {
  if (params.triggerId === ADDED_TRIGGER) throw notFound('The trigger does not exist.');
}

const CHECKS: readonly Check[] = [
  (call, key) => checkAgainstAuth0(key, 'body', call.body),
  checkTrigger,
  checkMembers,
  checkCeiling,
  checkConnections,
  checkInvitedMember,
  checkUserCreation,
  checkBuilt,
];

/**
 * Requires that the user to link exists, as Auth0 does. This server also links an expected identity without a user, if
 * the request has `connection_id`. So `connection_id` is removed, and the connection's name becomes part of the user
 * id.
 */
async function withExistingIdentity(call: Call): Promise<Call> {
  const body = call.body as { provider?: string; user_id?: string | number; connection_id?: string };
  if (body.connection_id === undefined || body.user_id === undefined) return call;
  const connection = await call.directory.connections.find(body.connection_id);
  if (connection === undefined) return call;
  const { connection_id: _named, ...rest } = body;
  const text = String(body.user_id);
  const { strategy, name } = connection;
  const isWhole = text.startsWith(`${strategy}|`) || text.startsWith(`${name}|`);
  return { ...call, body: { ...rest, user_id: strategy === 'auth0' || isWhole ? text : `${name}|${text}` } };
}

function withoutOwnQuery(call: Call): Call {
  const { check_discovery: _discovery, options_revision: _revision, ...query } = call.query;
  return { ...call, query };
}

function decorated(operation: Operation, facts: DoubleFacts): Operation {
  const key = keyOf(operation);
  const { prepare, ...rest } = operation;
  return {
    ...rest,
    // Turns off the check of the identity provider: Auth0 stores a connection without contacting the provider.
    ...(prepare && { prepare: (call) => prepare({ ...call, query: { ...call.query, check_discovery: false } }) }),
    async run(given, prepared): Promise<Reply> {
      const call = withoutOwnQuery(given);
      for (const check of CHECKS) await check(call, key, facts);
      const asked = key === 'post /users/{id}/identities' ? await withExistingIdentity(call) : call;
      const reply = withCursorAtEnd(key, call, withoutAdditions(key, await operation.run(asked, prepared)), facts);
      return key.includes(' /actions/actions') ? mapReply(reply, (item) => asBuilt(item, call.now, facts)) : reply;
    },
  };
}

/** Returns Auth0's operations with its behaviour. Additions are left out, so their paths answer 404. */
export function auth0Operations(operations: readonly Operation[], facts: DoubleFacts): readonly Operation[] {
  return operations
    .filter((operation) => AUTH0_KEYS.has(keyOf(operation)))
    .map((operation) => decorated(operation, facts));
}
