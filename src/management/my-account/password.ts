/**
 * Changes the password of a person who is signed in: by the old password on the page of the account, or by a fresh
 * sign-in at the My Account API. Only replaces a password that there is, so it opens no way in for an account without
 * one. Stores the hash, the line, the mail and the end of all other access in one transaction, or nothing.
 */
import { mailBrandOf } from '../../domain/look/brand.js';
import { findPasswordFault, type PasswordFault } from '../../domain/passwords/password-policy.js';
import { isUsable, type PasswordCredential } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import { newLogId, newSecret, secretsEqual } from '../../kernel/ids.js';
import { openToken, sealToken } from '../../kernel/seal.js';
import { digestCredential } from '../../login/2-authenticate.js';
import { countAttempt, forgiveAttempts, type KnownDevice } from '../../login/attempt-limits.js';
import { passwordChangeJob } from '../../login/tenant-code/after-commit.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { Directory } from '../../ports/directory.js';
import { toAttemptRules } from '../attack-protection/fields.js';
import { type Asker, change, type OwnDeps, type OwnRefusal } from './changes.js';
import { findBarrier, findPerson, type Person } from './person.js';

/** `limited`: too many wrong old passwords. `weak`: the new password breaks the connection's policy, by `fault`. */
export type PasswordRefusal = OwnRefusal | 'limited' | 'weak';

export type PasswordResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: PasswordRefusal; readonly fault?: PasswordFault };

/** The old password as a person types it, and the browser that they use. */
export interface OldPassword {
  readonly password: string;
  readonly device: KnownDevice | undefined;
}

/** The stored password that a change replaces, and its database connection. */
export interface OwnPassword {
  readonly credential: PasswordCredential;
  readonly connection: ConnectionRecord;
}

/** Finds the person's password; undefined when there is none to replace. */
export async function findOwnPassword(deps: OwnDeps, { user, passwordAt }: Person): Promise<OwnPassword | undefined> {
  const email = parseEmail(user.email);
  const found = email && (await deps.reads.findPasswordAccount({ connectionIds: passwordAt, email }));
  // Attack: an address that another account has at one of these connections.
  if (found?.account.userId !== user.userId || !isUsable(found.credential)) return undefined;
  const connection = await deps.directory.connections.find(found.credential.connectionId);
  return connection && { credential: found.credential, connection };
}

async function findFault(deps: OwnDeps, person: Person, { connection }: OwnPassword, password: string) {
  const { friendlyName } = await deps.directory.tenant.getSettings();
  const names = [...person.organizations.flatMap(({ name, displayName }) => [name, displayName]), friendlyName];
  return findPasswordFault(password, { email: parseEmail(person.user.email), names, options: connection.options });
}

/** Appends the line about a change of the password, or about a wrong old one. */
async function log(
  { entropy }: OwnDeps,
  { userId, clientId, from }: Asker,
  ledger: Directory['ledger'],
  at: Date,
  type: 'scp' | 'fcp',
  connectionId: string,
): Promise<void> {
  await ledger.append({
    ...{ logId: newLogId(entropy, at), date: at, type, userId, connectionId, ip: from.ip },
    description: type === 'scp' ? 'The password was changed by its owner' : 'The old password was wrong',
    ...(clientId !== '' && { clientId }),
    ...(from.userAgent !== undefined && { userAgent: from.userAgent.slice(0, 512) }),
    details: {},
  });
}

/**
 * Checks the old password, with the limits and the counters of sign-ins. Attack: somebody at an unlocked computer guesses
 * at the password here instead. A wrong one leaves a line; the limit bounds their number.
 */
async function checkOld(
  deps: OwnDeps,
  asker: Asker,
  { user }: Person,
  { credential }: OwnPassword,
  old: OldPassword,
): Promise<'limited' | 'wrong' | undefined> {
  const at = deps.clock.now();
  const rules = toAttemptRules(await deps.directory.tenant.getProtection());
  const tried = { email: user.email ?? '', ip: asker.from.ip, userId: user.userId, device: old.device, rules };
  const counted = await countAttempt(deps.attempts, 'password', tried, at);
  if (!counted.allowed) return 'limited';
  if (await deps.passwords.verify(credential, old.password)) {
    await forgiveAttempts(deps.attempts, counted);
    return undefined;
  }
  await log(deps, asker, deps.directory.ledger, at, 'fcp', credential.connectionId);
  return 'wrong';
}

async function toNotice({ entropy, origin }: OwnDeps, { from }: Asker, directory: Directory, person: Person, at: Date) {
  const to = parseEmail(person.user.email);
  const brand = mailBrandOf({ tenant: await directory.tenant.getSettings() }, origin);
  const wish = from.language === undefined ? {} : { acceptLanguage: from.language };
  const model = { brand, ip: from.ip, at: at.toISOString(), wish };
  return to && { id: newSecret(entropy), to, template: 'password_changed' as const, model };
}

/** Stores the new password under the lock of the account. */
function store(
  deps: OwnDeps,
  asker: Asker,
  { credential, connection }: OwnPassword,
  hash: string,
  isProved: boolean,
): Promise<PasswordResult> {
  return change<object>(
    deps,
    asker,
    async (person, directory, at) => {
      const { userId } = asker;
      const change = { connectionId: connection.id, from: credential.hash, to: hash, at };
      // Attack: with the old password, somebody undoes the reset by which its owner has just replaced it.
      if (!(await directory.users.replacePassword(userId, change))) return { ok: false, why: 'changed' };
      await directory.users.endSessions(userId, at, 'password-changed', asker.sessionId);
      await log(deps, asker, directory.ledger, at, 'scp', connection.id);
      const notice = await toNotice(deps, asker, directory, person, at);
      if (notice) await directory.outbox.enqueue(notice, at);
      const { ip, userAgent, language } = asker.from;
      const request = { ip, userAgent, language, method: 'POST' };
      const about = { user: person.user, connection, organizationId: undefined, at, request };
      await directory.jobs.enqueue(passwordChangeJob(about, deps.origin, deps.entropy), at);
      return { ok: true };
    },
    // The old password proves as much as a fresh sign-in with it; a factor it does not replace.
    isProved ? ['sign_in'] : [],
  );
}

/**
 * Replaces the person's password, and ends all access except this session. `old`: the page asks for it; without it, a
 * sign-in of the last quarter of an hour is needed. Either way, a person with factors must have passed one recently. The
 * new password keeps the voucher of the old one.
 */
export async function changeOwnPassword(
  deps: OwnDeps,
  asker: Asker,
  { fresh, old }: { readonly fresh: string; readonly old?: OldPassword },
): Promise<PasswordResult> {
  const no = (why: PasswordRefusal, fault?: PasswordFault) => ({ ok: false, why, ...(fault && { fault }) }) as const;
  const at = deps.clock.now();
  const person = await findPerson(deps.directory, asker, at);
  if (person === undefined) return no('nobody');
  const barrier = findBarrier(person, at);
  if (barrier && !(barrier === 'sign_in' && old)) return no(barrier);
  const own = await findOwnPassword(deps, person);
  if (own === undefined) return no('kind');
  const fault = await findFault(deps, person, own, fresh);
  if (fault) return no('weak', fault);
  const wrong = old && (await checkOld(deps, asker, person, own, old));
  if (wrong) return no(wrong);
  return store(deps, asker, own, await deps.passwords.hash(fresh), old !== undefined);
}

const CONTEXT = 'own-password';
const OPEN_MS = 10 * 60_000;

/** Starts a change without the old password, for the My Account API. Writes nothing. */
export async function startPasswordChange(
  deps: OwnDeps,
  { userId, sessionId = '' }: Asker,
  person: Person,
): Promise<
  { readonly ok: true; readonly sealed: string; readonly own: OwnPassword } | { readonly ok: false; why: OwnRefusal }
> {
  const at = deps.clock.now();
  const barrier = findBarrier(person, at);
  if (barrier) return { ok: false, why: barrier };
  const own = await findOwnPassword(deps, person);
  if (own === undefined) return { ok: false, why: 'kind' };
  const fields = { u: userId, s: sessionId, e: String(at.getTime() + OPEN_MS), h: digestCredential(own.credential) };
  return { ok: true, own, sealed: sealToken(deps.ticketBox, fields, CONTEXT) };
}

/** Finishes a change of {@link startPasswordChange} in the same session, within ten minutes, once. */
export async function finishPasswordChange(
  deps: OwnDeps,
  asker: Asker,
  sealed: string,
  fresh: string,
): Promise<PasswordResult> {
  const at = deps.clock.now();
  const fields = openToken(deps.ticketBox, sealed, CONTEXT);
  const person = await findPerson(deps.directory, asker, at);
  const own = person && (await findOwnPassword(deps, person));
  // Attack: the started change of another person or session, or one from before the password was replaced.
  const isTheirs = fields?.u === asker.userId && fields.s === asker.sessionId && Number(fields.e) > at.getTime();
  if (!isTheirs || own === undefined || !secretsEqual(digestCredential(own.credential), fields.h ?? ''))
    return { ok: false, why: 'changed' };
  return changeOwnPassword(deps, asker, { fresh });
}
