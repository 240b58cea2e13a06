/**
 * The person whose account a session or a token opens, and the rule of who may change how an account signs in. Reads
 * only. A session that has ended, or one of another person, never permits a change (fail closed).
 */
import {
  isIndependent,
  OPERATOR_FACTORS,
  settingOf,
  type TenantFactors,
  toTenantFactors,
} from '../../domain/factors/factor.js';
import { isEnterprise } from '../../domain/tenant.js';
import { FACTORS } from '../../facts/factors.js';
import type { FactorRecord } from '../../ports/directory/factors.js';
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import type { SessionRecord } from '../../ports/directory/sessions.js';
import type { UserRecord } from '../../ports/directory/users.js';
import type { Directory } from '../../ports/directory.js';

/** Time in milliseconds for which a proof permits changes: a quarter of an hour, as on Auth0. */
export const FRESH_MS = 15 * 60_000;

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
  readonly rules: TenantFactors;
  readonly organizations: readonly OrganizationRecord[];
  /** Ids of the database connections where the account has a password. */
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
    rules: await readRules(directory, items),
    organizations: items.filter(({ blocked }) => !blocked),
    passwordAt: await directory.users.listPasswordConnections(userId),
  };
}

/** Reads which factors count for the person. Operators have theirs besides those of the tenant. */
async function readRules(directory: Directory, organizations: readonly OrganizationRecord[]): Promise<TenantFactors> {
  const rules = toTenantFactors(await directory.tenant.getGuardian());
  const operators = await directory.operators.find();
  const isOperator = organizations.some(({ id }) => id === operators?.organizationId);
  return isOperator ? { ...rules, accepts: [...new Set([...rules.accepts, ...OPERATOR_FACTORS])] } : rules;
}

/** True for a factor that a person can sign in with: a recovery code and a code by mail only replace one. */
export const countsAlone = ({ kind }: Pick<FactorRecord, 'kind'>): boolean =>
  kind === 'passkey' || kind === 'webauthn-platform' || FACTORS[settingOf(kind)].isIndependent;

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
  const { session, user, factors, passwordAt } = person;
  if (session === undefined) return 'no_session';
  const isElsewhere = ({ connectionId, status }: UserRecord['identities'][number]) =>
    status === 'bound' && connectionId !== session.connectionId;
  if (isEnterprise(session.strategy) && (passwordAt.length > 0 || user.identities.some(isElsewhere))) return 'company';
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

/** True when removing `removed` would leave none that counts, and the tenant or an organization asks for one. */
export function isLastRequired({ factors, rules, organizations }: Person, removed: FactorRecord): boolean {
  if (!countsAlone(removed) || factors.some((factor) => factor.id !== removed.id && countsAlone(factor))) return false;
  return rules.isRequired || organizations.some(({ mfa }) => mfa !== 'none');
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
 * True when the person may add an address for codes by mail: the tenant accepts them, and there is a factor that counts
 * alone. Attack: the mailbox is the only factor.
 */
export const mayHaveAddress = ({ rules, factors }: Person): boolean =>
  rules.accepts.includes('email') &&
  factors.some(({ kind }) => isIndependent(kind) && rules.accepts.includes(settingOf(kind)));

/** True when the person may have a recovery code: the tenant accepts them, and there is a factor that it can replace. */
export const mayHaveRecoveryCode = ({ rules, factors }: Person): boolean =>
  rules.accepts.includes('recovery-code') && factors.some(countsAlone);
