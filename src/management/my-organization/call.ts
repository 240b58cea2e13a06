/**
 * One call of the My Organization API: the operations of the Management API, seen through the organization of the token
 * (ADR 0099). A write reaches operations below `/organizations/{id}` alone, and this file fills in `{id}`: no request
 * names an organization.
 */
import type { AttemptCounters } from '../../ports/attempts.js';
import type { Directory, DirectoryStore, PageRequest } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { ManagementError, notFound } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import type { Invocation, InvokeWrites } from '../api/run-write.js';
import { findMember, type Member } from './member.js';

export interface MyOrganizationDeps {
  readonly origin: string;
  readonly directory: DirectoryStore;
  readonly invokeWrites: InvokeWrites;
  readonly attempts: Pick<AttemptCounters, 'count'>;
  readonly clock: ManagementDeps['clock'];
}

/** Checks of a write, in its transaction. They get the member as of now and throw {@link ManagementError}. */
export interface Rules {
  before?(directory: Directory, member: Member): Promise<void>;
  after?(directory: Directory, member: Member): Promise<void>;
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

/** Throws when the member lost a right since the request arrived. */
function checkStays(scopes: readonly string[], member: Member | undefined): asserts member is Member {
  if (member !== undefined && scopes.every((scope) => member.scopes.has(scope))) return;
  throw forbidden('Your rights in this organization were taken or changed while this request was on its way.');
}

/**
 * Runs operations of the Management API for the member, in one transaction with their log lines: all or none. Returns
 * the bodies of their answers. Throws {@link ManagementError}.
 */
export async function write(
  { deps, member, organizationId, scopes, from, url }: OrganizationCall,
  invocations: readonly Invocation[],
  rules: Rules = {},
): Promise<readonly unknown[]> {
  const inside = invocations.map((invocation) => {
    // Attack: an operation on something that several organizations share.
    if (!ORGANIZATION.test(invocation.key)) throw new TypeError(`${invocation.key} is not of one organization`);
    return { ...invocation, params: { ...invocation.params, id: organizationId } };
  });
  const { token, email, name, scopes: held } = member;
  const caller = {
    ...{ clientId: token.clientId, subject: token.userId, scopes: held },
    ...{ person: { email, name }, memberOf: organizationId },
  };
  return deps.invokeWrites(from, caller, url, inside, async (directory, work) => {
    const now = await findMember(deps.origin, directory, token, 'write');
    checkStays(scopes, now);
    await rules.before?.(directory, now);
    const result = await work();
    await rules.after?.(directory, now);
    return result;
  });
}
