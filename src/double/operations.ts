/**
 * The Management API as a tenant of Auth0's answers: this server's additions are refused with the words for a property or path that does not
 * exist and are not shown, and Auth0's limits apply. Wraps the operations of `src/management`; has no route and no storage of its own.
 */
import { badBody, ManagementError, notFound } from '../management/api/errors.js';
import { type Call, keyOf, type Operation, type Reply } from '../management/api/operation.js';
import { checkAgainstAuth0, isAuth0Operation } from '../management/api/validation.js';
import { asBuilt, checkBuilt } from './actions.js';
import { mapReply, withoutAdditions } from './answers.js';
import type { DoubleFacts } from './facts.js';
import { checkInvitedMember } from './invitations.js';
import { checkUserCreation } from './users.js';

/** Auth0 semantics, section 3.3: POST and DELETE of members take at most ten. */
const MAX_MEMBERS = 10;
/** Section 3.3, entity limits. */
const MAX_CONNECTIONS = 10;
/** Section 9: lists that are paged by offset end here. */
const CEILING = 1_000;
const CEILING_KEYS: ReadonlySet<string> = new Set([
  'get /users',
  'get /organizations',
  'get /organizations/{id}/members',
  'get /organizations/{id}/invitations',
]);
/** A trigger that is an addition. */
const ADDED_TRIGGER = 'organization-admission';

/** Throws Auth0's refusal, or lets the call pass. */
type Check = (call: Call, key: string, facts: DoubleFacts) => void | Promise<void>;

function checkMembers({ body }: Call, key: string): void {
  if (!/^(post|delete) \/organizations\/\{id\}\/members$/.test(key)) return;
  const { length } = (body as { readonly members: readonly string[] }).members;
  if (length > MAX_MEMBERS)
    throw badBody(
      `Payload validation error: 'Array is too long (${length}), maximum ${MAX_MEMBERS}' on property members.`,
    );
}

/** Both texts were reported by users of Auth0's SDKs; `docs/auth0-double.md` has their addresses. */
function checkCeiling({ paging: { request } }: Call, key: string): void {
  const { limit, offset } = request;
  if (!CEILING_KEYS.has(key) || offset === undefined || offset + limit <= CEILING) return;
  const message =
    key === 'get /users'
      ? 'You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation'
      : `Requesting page ${offset / limit} exceeds the allowed maximum of ${CEILING} records. To fetch results beyond ${CEILING}, use the checkpoint pagination method.`;
  throw new ManagementError(400, message, 'invalid_paging');
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
  (call, key) => checkAgainstAuth0(key, call.body),
  checkTrigger,
  checkMembers,
  checkCeiling,
  checkConnections,
  checkInvitedMember,
  checkUserCreation,
  checkBuilt,
];

/**
 * Linking names a user that exists (section 5); an identity that does not exist yet is an addition. Without `connection_id` the operation
 * knows existing users alone, so the connection's name is put into the id and the property is left out.
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
  const { check_discovery: _ours, ...query } = call.query;
  return { ...call, query };
}

function decorated(operation: Operation, facts: DoubleFacts): Operation {
  const key = keyOf(operation);
  // Auth0 stores a connection without asking its provider.
  const { prepare: _asksProvider, ...rest } = operation;
  return {
    ...rest,
    async run(given): Promise<Reply> {
      const call = withoutOwnQuery(given);
      for (const check of CHECKS) await check(call, key, facts);
      const asked = key === 'post /users/{id}/identities' ? await withExistingIdentity(call) : call;
      const reply = withoutAdditions(key, await operation.run(asked));
      return key.includes(' /actions/actions') ? mapReply(reply, (item) => asBuilt(item, call.now, facts)) : reply;
    },
  };
}

/** The operations that Auth0 has, as it answers them. Operations that are this server's own are left out: their paths are 404. */
export function auth0Operations(operations: readonly Operation[], facts: DoubleFacts): readonly Operation[] {
  return operations
    .filter((operation) => isAuth0Operation(keyOf(operation)))
    .map((operation) => decorated(operation, facts));
}
