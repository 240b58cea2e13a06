/**
 * Stops callers from becoming an operator, or locking one out, with a right meant for something else. Only callers with
 * every scope, as an owner has, may change the accounts of operators, their organization, the connections that sign
 * them in and the applications that may get their tokens (ADR 0062). So nobody can give themselves more rights than
 * they have (ADR 0027). Knows paths and bodies, no resource; writes nothing.
 */
import type { Operators } from '../../domain/operator-role.js';
import type { NamedThings } from '../../ports/directory/operators.js';
import { managementAudience } from './audience.js';
import type { Caller, ManagementDeps } from './deps.js';
import { ManagementError, notSupported } from './errors.js';
import { type Call, keyOf, type Operation, type Wire } from './operation.js';
import { POWERS } from './scopes.js';

interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Read operations whose answers give rights: an invitation's link gives its holder the roles that the invitation names.
 */
const READS_THAT_GIVE: ReadonlySet<string> = new Set([
  'get /organizations/{id}/invitations',
  'get /organizations/{id}/invitations/{invitation_id}',
]);

/**
 * True for operations on mail settings. Mails contain the links by which operators sign in and choose passwords. A mail
 * server, or a template with a remote picture, could reveal all of them.
 */
const isOfMails = ({ path }: Operation) => path.startsWith('/emails/') || path.startsWith('/email-templates');

const texts = (...values: readonly unknown[]) => values.filter((value) => typeof value === 'string');

/** Returns the value of property `key` of each item of `list`, a list in a request's body. */
function eachOf(list: unknown, key: string): readonly unknown[] {
  const items = Array.isArray(list) ? (list as readonly unknown[]) : [];
  return items.map((item) => (typeof item === 'object' && item !== null ? (item as Wire)[key] : undefined));
}

function namedThings({ path }: Operation, { params, body: sent }: Asked): NamedThings {
  const body = (typeof sent === 'object' && sent !== null ? sent : {}) as Wire;
  const idUnder = (start: string) => (path.startsWith(start) ? params.id : undefined);
  return {
    organizationIds: texts(
      idUnder('/organizations/{id}'),
      body.organization_id,
      ...eachOf(body.enabled_organizations, 'organization_id'),
    ),
    userIds: texts(
      idUnder('/users/{id}'),
      params.user_id,
      body.user_id,
      body.absorb_user_id,
      ...eachOf(body.identities, 'user_id'),
    ),
    connectionIds: texts(
      idUnder('/connections/{id}'),
      params.connection_id,
      params.connectionId,
      body.connection_id,
      ...eachOf(body.enabled_connections, 'connection_id'),
    ),
    // The name of the connection in which a new account is created.
    connectionNames: texts(body.connection),
    clientIds: texts(idUnder('/clients/{id}'), params.client_id),
  };
}

/**
 * Rows of the operators that nobody may change or delete, by endpoint. The scopes of their roles are in
 * management/operators/role-scopes.ts.
 */
const KEPT: Readonly<Record<string, (operators: Operators) => readonly string[]>> = {
  'delete /organizations/{id}': ({ organizationId }) => [organizationId],
  'delete /connections/{id}': ({ connectionId }) => [connectionId],
  'delete /clients/{id}': ({ clientId }) => [clientId],
  'patch /client-grants/{id}': ({ clientId }) => [clientId],
  'delete /client-grants/{id}': ({ clientId }) => [clientId],
  // Attack: a member of a customer gives such a role, which an operator marked as assignable by organizations.
  'patch /roles/{id}': ({ roleIds }) => Object.values(roleIds),
  'delete /roles/{id}': ({ roleIds }) => Object.values(roleIds),
  'post /roles/{id}/permissions': ({ roleIds }) => Object.values(roleIds),
  'delete /roles/{id}/permissions': ({ roleIds }) => Object.values(roleIds),
};

async function isKept({ directory }: ManagementDeps, key: string, id: string): Promise<boolean> {
  const kept = KEPT[key];
  const operators = kept && (await directory.operators.find());
  if (operators === undefined) return false;
  const grant = key.endsWith('/client-grants/{id}') ? await directory.access.findGrant(id) : undefined;
  return kept?.(operators).includes(grant?.clientId ?? id) === true;
}

async function checkKept(deps: ManagementDeps, operation: Operation, id: string | undefined): Promise<void> {
  if (id === undefined || !(await isKept(deps, keyOf(operation), id))) return;
  throw notSupported(
    'It belongs to the operators of this tenant, who could not sign in without it: it stays as it is.',
  );
}

function refuse(lacking: readonly string[]): ManagementError {
  return new ManagementError(
    403,
    `This gives or takes power over the tenant: only an owner changes it, or a client with every scope. Your token lacks ${lacking.slice(0, 10).join(', ')}.`,
    'insufficient_scope',
  );
}

/** A scope without effect gives no power. So clients that were created before it was registered do not need it. */
const lackingOf = ({ scopes }: Caller) => POWERS.filter((scope) => !scopes.has(scope));

/** Throws 403 for a caller who lacks a scope. For writes that create rights over the whole tenant. */
export function checkEveryScope({ caller }: Pick<Call, 'caller'>): void {
  const lacking = lackingOf(caller);
  if (lacking.length > 0) throw refuse(lacking);
}

/**
 * Throws 403 when one of these accounts is an operator's and the caller lacks a scope. For operations whose request
 * names accounts in places that {@link checkOperators} does not know. Attacks: a client that may change users merges an
 * operator's account into another one; or it repeatedly lifts the limits of login attempts and guesses an owner's
 * password.
 */
export async function checkAccounts(
  deps: Pick<ManagementDeps, 'origin'>,
  { caller, directory }: Pick<Call, 'caller' | 'directory'>,
  userIds: readonly string[],
): Promise<void> {
  const lacking = lackingOf(caller);
  if (lacking.length === 0 || userIds.length === 0) return;
  const things = { organizationIds: [], userIds, connectionIds: [], connectionNames: [], clientIds: [] };
  if (await directory.operators.concerns(things, managementAudience(deps.origin))) throw refuse(lacking);
}

/**
 * Throws 403 when a caller who lacks a scope would change a source of rights over the tenant. Throws 400 for a change
 * that nobody may make.
 */
export async function checkOperators(
  deps: ManagementDeps,
  operation: Operation,
  caller: Caller,
  asked: Asked,
): Promise<void> {
  const writes = operation.method !== 'get' && operation.readsOnly !== true;
  if (!writes && !READS_THAT_GIVE.has(keyOf(operation))) return;
  const lacking = lackingOf(caller);
  if (lacking.length > 0) {
    const { operators } = deps.directory;
    const concerns = isOfMails(operation)
      ? await operators.hasPeople()
      : await operators.concerns(namedThings(operation, asked), managementAudience(deps.origin));
    if (concerns) throw refuse(lacking);
  }
  await checkKept(deps, operation, asked.params.id);
}
