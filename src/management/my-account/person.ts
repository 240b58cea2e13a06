/**
 * The person whose account a session or a token opens, and the rule of who may change how an account signs in. Reads
 * only. A session that has ended, or one of another person, never permits a change (fail closed).
 */
import { isCompanyOfMany, type WayIn } from '../../domain/factors/company-session.js';
import {
  countsAlone,
  FRESH_MS,
  isIndependent,
  OPERATOR_FACTORS,
  settingOf,
  type TenantFactors,
  toTenantFactors,
} from '../../domain/factors/factor.js';
import { isLastRequired } from '../../domain/factors/last-factor.js';
import { parseEmail } from '../../domain/people/email.js';
import { TICKET_KINDS, type TicketKind } from '../../domain/ticket.js';
import type { FactorRecord } from '../../ports/directory/factors.js';
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import type { SessionRecord } from '../../ports/directory/sessions.js';
import type { UserRecord } from '../../ports/directory/users.js';
import type { Directory } from '../../ports/directory.js';

/** Most organizations that are read for one person. */
const MOST_ORGANIZATIONS = 100;

/** A person, with everything that decides about changes of their account. */
export interface Person {
  readonly user: UserRecord;
  /** The session of the request; undefined when it has ended, or the token has none. */
  readonly session: SessionRecord | undefined;
  /** The confirmed factors. */
  readonly factors: readonly FactorRecord[];
  /** Version of the factors. */
  readonly revision: number;
  /** The factors that count for the person somewhere: those of the tenant, for operators with theirs. */
  readonly rules: TenantFactors;
  readonly tenantRules: TenantFactors;
  /** Id of the operators' organization. */
  readonly operatorsId: string | undefined;
  readonly organizations: readonly OrganizationRecord[];
  /** How the account can be signed in to now. */
  readonly ways: readonly WayIn[];
  /** Ids of the database connections where the account has a password, also one that was ended. */
  readonly passwordAt: readonly string[];
}

/** Why a change is refused: see {@link findBarrier}. */
export type Barrier = 'no_session' | 'company' | 'factor' | 'sign_in';

interface Named {
  readonly userId: string;
  readonly sessionId: string | undefined;
}

/**
 * Finds the person; undefined when the account does not exist or is blocked. `isLocked`: locks the account until the
 * transaction is over.
 */
export async function findPerson(
  directory: Directory,
  { userId, sessionId }: Named,
  at: Date,
  isLocked = false,
): Promise<Person | undefined> {
  const user = await (isLocked ? directory.users.findForUpdate(userId) : directory.users.find(userId));
  if (user === undefined || user.blocked) return undefined;
  const session = sessionId === undefined ? undefined : await directory.sessions.find(sessionId, at);
  const { items } = await directory.members.listOrganizationsOf(userId, { limit: MOST_ORGANIZATIONS });
  return {
    user,
    // Attack: the id of another person's session in a token or a form.
    session: session?.userId === userId ? session : undefined,
    factors: (await directory.factors.list(userId)).filter(({ confirmedAt }) => confirmedAt !== undefined),
    revision: await directory.factors.getRevision(userId),
    ...(await readRules(directory, items)),
    organizations: items.filter(({ blocked }) => !blocked),
    ways: await directory.users.listWaysIn(userId),
    passwordAt: await directory.users.listPasswordConnections(userId),
  };
}

/** Reads which factors count for the person. */
async function readRules(
  directory: Directory,
  organizations: readonly OrganizationRecord[],
): Promise<Pick<Person, 'rules' | 'tenantRules' | 'operatorsId'>> {
  const tenantRules = toTenantFactors(await directory.tenant.getGuardian());
  const operatorsId = (await directory.operators.find())?.organizationId;
  const isOperator = organizations.some(({ id }) => id === operatorsId);
  const accepts = [...new Set([...tenantRules.accepts, ...(isOperator ? OPERATOR_FACTORS : [])])];
  return { rules: { ...tenantRules, accepts }, tenantRules, operatorsId };
}

/** True when the person may not remove this factor: see {@link isLastRequired}. */
export const isLastOwn = ({ factors, tenantRules, operatorsId, organizations }: Person, id: string): boolean =>
  isLastRequired(
    factors,
    id,
    tenantRules,
    organizations.map(({ mfa, mfaFactors, ...rest }) => ({ mfa, mfaFactors, isOfOperators: rest.id === operatorsId })),
  );

/** When the person passed one of the account's own factors in this session; undefined if they did not. */
function passedAt({ session, factors }: Person): number | undefined {
  const passed = session?.methods.find(({ name }) => name === 'mfa');
  // Attack: a session that passed a factor which was reset since. Only a kind that the account still has counts; the
  // company's word (`federated`) never does. Nor does a code by mail: the mailbox may have set the password, too.
  if (passed === undefined || passed.type === 'email' || !factors.some(({ kind }) => kind === passed.type))
    return undefined;
  return Date.parse(passed.timestamp);
}

const isFresh = (time: number | undefined, at: Date): boolean =>
  time !== undefined && time <= at.getTime() && at.getTime() - time <= FRESH_MS;

/**
 * Returns why this session may not change how the account signs in; undefined when it may.
 * - `company`: the session is a company's, and the account has another identity or a password. Attack: an administrator
 *   of the company signs in as one of their people, and takes over the rest of the account (linking rule, part 8).
 * - `factor`: the account has factors, and none was passed in the last quarter of an hour. Attack: somebody at an
 *   unlocked computer, or with a stolen password, adds a factor of their own.
 * - `sign_in`: it has none, and the sign-in is older than that (NIST SP 800-63B section 6.1.2.1).
 */
export function findBarrier(person: Person, at: Date): Barrier | undefined {
  const { session, ways, factors } = person;
  if (session === undefined) return 'no_session';
  const isElsewhere = ways.some(({ connectionId }) => connectionId !== session.connectionId);
  if (isCompanyOfMany(session.strategy, isElsewhere)) return 'company';
  if (factors.some(countsAlone)) return isFresh(passedAt(person), at) ? undefined : 'factor';
  return isFresh(session.authenticatedAt.getTime(), at) ? undefined : 'sign_in';
}

/**
 * Returns the factors that this session may see. Attack: the administrator of a company signs in as one of their people,
 * and reads their private address.
 */
export function seenFactors(person: Person, at: Date): readonly FactorRecord[] {
  const isCompany = findBarrier(person, at) === 'company';
  return person.factors.filter(({ kind }) => !(isCompany && kind === 'email'));
}

/** A ticket for a second factor, as it was opened (docs/linking-rule.md, part 11). */
export interface OpenedTicket {
  readonly ticketHash: Buffer;
  /** The account's address as it was parsed then; empty for none. */
  readonly email: string;
  readonly kind: TicketKind | undefined;
  /** Version of the account's factors for which it was made. */
  readonly revision: number;
}

/**
 * Returns why a ticket does not let the person set up a factor; undefined when it does.
 * - `changed`: the factors or the address changed since. Attacks: the ticket of before a reset; the former owner of an
 *   address, who still reads its mails.
 * - The others as of {@link findBarrier}, for an account that has a factor. Attack: who reads the mailbox, and only that,
 *   adds a factor of their own beside the owner's.
 */
export function findTicketBarrier(
  person: Person,
  { email, revision }: OpenedTicket,
  at: Date,
): Barrier | 'changed' | undefined {
  if (person.revision !== revision || (parseEmail(person.user.email) ?? '') !== email) return 'changed';
  return person.factors.some(countsAlone) ? findBarrier(person, at) : undefined;
}

/** Kinds that a person sets up themselves, in the order of the pages. */
export type OwnKind = 'otp' | 'passkey' | 'webauthn-roaming';

/** Returns the kinds that the person may set up: those that the tenant accepts, and one application at most. */
export function enrollableKinds({ rules, factors }: Person): readonly OwnKind[] {
  const kinds: readonly OwnKind[] = ['passkey', 'otp', 'webauthn-roaming'];
  return kinds.filter(
    (kind) =>
      rules.accepts.includes(settingOf(kind)) && !(kind === 'otp' && factors.some((factor) => factor.kind === 'otp')),
  );
}

/**
 * Returns the kinds that the person may set up with a ticket: none that signs a person in. `kind`: the only one that the
 * ticket permits.
 */
export function ticketKinds(person: Person, kind: TicketKind | undefined): readonly TicketKind[] {
  const own = enrollableKinds(person);
  return TICKET_KINDS.filter((one) => own.includes(one) && (kind === undefined || one === kind));
}

/** Returns the person's app with this id if a new one may take its place: the tenant still accepts apps. */
export function findReplaced({ rules, factors }: Person, id: string): FactorRecord | undefined {
  return rules.accepts.includes('otp')
    ? factors.find((factor) => factor.id === id && factor.kind === 'otp')
    : undefined;
}

/**
 * True when the person may add an address for codes by mail: the tenant accepts them, and there is a factor that counts
 * alone. Attack: the mailbox is the only factor.
 */
export const mayHaveAddress = ({ rules, factors }: Person): boolean =>
  rules.accepts.includes('email') &&
  factors.some(({ kind }) => isIndependent(kind) && rules.accepts.includes(settingOf(kind)));

/** True when the person may have a recovery code: the tenant accepts them, and there is a factor that it can replace. */
export const mayHaveRecoveryCode = ({ rules, factors }: Person): boolean =>
  rules.accepts.includes('recovery-code') && factors.some(countsAlone);
