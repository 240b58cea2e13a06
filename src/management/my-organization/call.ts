/**
 * One call of the My Organization API: the operations of the Management API, seen through the organization of the token
 * (ADR 0099). A write reaches operations below `/organizations/{id}`, and this file fills in `{id}`: no request names an
 * organization. It reaches a connection only if this file finds, in the same transaction, that the organization may
 * change it (ADR 0101).
 */
import type { AttemptCounters } from '../../ports/attempts.js';
import type { Directory, DirectoryStore, PageRequest } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { ManagementError, notFound } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import type { Invocation, InvokeWrites } from '../api/run-write.js';
import { findMember, type Member } from './member.js';
import { getDetachable, holdEditable } from './own-connection.js';

export interface MyOrganizationDeps {
  readonly origin: string;
  readonly directory: DirectoryStore;
  readonly invokeWrites: InvokeWrites;
  readonly attempts: Pick<AttemptCounters, 'count'>;
  readonly clock: ManagementDeps['clock'];
}

/** Checks of a write, in its transaction. They get the member as of now and throw {@link ManagementError}. */
export interface Rules {
  /** The operator's profile requires auto-membership of the new connection. */
  readonly membershipRequired?: boolean;
  before?(directory: Directory, member: Member): Promise<void>;
  /** `answers`: the bodies of the operations' answers. */
  after?(directory: Directory, member: Member, answers: readonly unknown[]): Promise<void>;
}

export interface OrganizationCall {
  readonly deps: MyOrganizationDeps;
  readonly member: Member;
  readonly organizationId: string;
  /** All scopes that the operation needs; the member has them. */
  readonly scopes: readonly string[];
  readonly params: Readonly<Record<string, string>>;
  readonly query: Wire;
  readonly body: unknown;
  readonly page: PageRequest;
  readonly from: { readonly ip: string; readonly userAgent: string };
  /** The address of the request, for the log. */
  readonly url: string;
}

/** Returns the body of the answer; undefined for 204. */
export type Run = (call: OrganizationCall) => Promise<unknown>;

export const forbidden = (message: string) => new ManagementError(403, message);
/** One answer for what does not exist, and for what belongs to somebody else. */
export const noOrganizationHere = () => notFound('The organization does not exist.');
/** The application is not prepared for this API. Auth0's words. */
export const notConfigured = () =>
  new ManagementError(409, 'Invalid or missing configuration, please contact tenant admin.', 'configuration');

const ORGANIZATION = /^[a-z]+ \/organizations\/\{id\}(\/|$)/;
/** How the organization uses a connection that it has. */
const ENABLEMENT = /^[a-z]+ \/organizations\/\{id\}\/(?:enabled_connections|connections)\/\{(\w+)\}/;
const CONNECTION = /^[a-z]+ \/connections\/\{id\}(\/|$)/;
const ENABLE = 'post /organizations/{id}/connections';
/** These give an organization a connection: {@link makeConnection} alone runs them. */
const ENABLING: readonly string[] = [ENABLE, 'post /organizations/{id}/enabled_connections'];

/** Throws when the member lost a right since the request arrived. */
function checkStays(scopes: readonly string[], member: Member | undefined): asserts member is Member {
  if (member !== undefined && scopes.every((scope) => member.scopes.has(scope))) return;
  throw forbidden('Your rights in this organization were taken or changed while this request was on its way.');
}

/**
 * Returns the invocation with the organization filled in. Throws for an operation that is neither of this organization
 * nor of a connection that {@link checkReach} checks. Attack: an operation on something that several organizations share.
 */
function toInside(organizationId: string, invocation: Invocation): Invocation {
  const { key, params } = invocation;
  if (CONNECTION.test(key)) return invocation;
  if (!ORGANIZATION.test(key)) throw new TypeError(`${key} is not of one organization`);
  return { ...invocation, params: { ...params, id: organizationId } };
}

/**
 * Throws unless the organization may change every connection that the invocations name. Runs in the transaction of the
 * write, so that no operation of this API can forget it. Attack: the administrators of one customer change, or take away,
 * where the people of another customer sign in.
 */
async function checkReach(call: OrganizationCall, directory: Directory, invocations: readonly Invocation[]) {
  for (const { key, params = {} } of invocations) {
    if (CONNECTION.test(key)) await holdEditable(call, directory, params.id ?? '');
    const parameter = ENABLEMENT.exec(key)?.[1];
    if (parameter !== undefined) await getDetachable(call, directory, params[parameter] ?? '');
  }
}

async function run(
  call: OrganizationCall,
  invocations: readonly Invocation[],
  rules: Rules,
): Promise<readonly unknown[]> {
  const { deps, member, organizationId, scopes, from, url } = call;
  const { token, email, name, scopes: held } = member;
  const caller = {
    ...{ clientId: token.clientId, subject: token.userId, scopes: held },
    ...{ person: { email, name }, memberOf: organizationId },
    ...(rules.membershipRequired && { membershipRequired: true }),
  };
  return deps.invokeWrites(from, caller, url, invocations, async (directory, work) => {
    const now = await findMember(deps.origin, directory, token, 'write');
    checkStays(scopes, now);
    await checkReach(call, directory, invocations);
    await rules.before?.(directory, now);
    const replies = await work();
    await rules.after?.(
      directory,
      now,
      replies.map(({ body }) => body),
    );
    return replies;
  });
}

/**
 * Runs operations of the Management API for the member, in one transaction with their log lines: all or none. Returns
 * the bodies of their answers. Throws {@link ManagementError}.
 */
export async function write(
  call: OrganizationCall,
  invocations: readonly Invocation[],
  rules: Rules = {},
): Promise<readonly unknown[]> {
  const inside = invocations.map((invocation) => toInside(call.organizationId, invocation));
  // Attack: an organization adds the connection of another one, whose people then enter it.
  const enabling = inside.find(({ key }) => ENABLING.includes(key));
  if (enabling !== undefined) throw new TypeError(`${enabling.key} is only for a connection made in the same write`);
  return run(call, inside, rules);
}

/**
 * Makes a connection of the organization, and enables it there, in one transaction. `connection`: the body of `POST
 * /connections`; `enablement`: the settings in the organization, without `connection_id`. Returns the connection's id.
 */
export async function makeConnection(
  call: OrganizationCall,
  connection: Wire,
  enablement: Wire,
  rules: Rules = {},
): Promise<string> {
  const idOf = ([made]: readonly unknown[]) => (made as { readonly id: string }).id;
  const params = { id: call.organizationId };
  const answers = await run(
    call,
    [
      // `memberOf` of the caller makes it the organization's own (connections.ts).
      { key: 'post /connections', body: connection },
      { key: ENABLE, params, bodyOf: (made) => ({ ...enablement, connection_id: idOf(made) }) },
    ],
    rules,
  );
  return idOf(answers);
}
