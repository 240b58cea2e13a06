/**
 * A passkey as the proof of an account, without a typed address (WebAuthn section 7.2). Part of step 2. Unknown credentials,
 * wrong answers and accounts of other databases get the same refusal. Attack: account enumeration.
 */
import { passkeysOf } from '../domain/factors/passkeys.js';
import { hashSecret } from '../kernel/ids.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { FactorChecks } from '../ports/factor-checks.js';
import type { LoginReads, StoredPasskey } from '../ports/login-store.js';
import { countAttempt, evidenceOfLimit, forgiveAttempts } from './attempt-limits.js';
import type { KeptFactor } from './factor-stages.js';
import { findDatabases } from './home-realm.js';
import { lastsFor, type Refusal, refuse } from './refusals.js';
import type { Attempt, Credential, Identified, Proof } from './stages.js';
import type { Trace } from './trace.js';

export interface PasskeyDeps {
  readonly reads: Pick<LoginReads, 'findPasskey' | 'findFactors'>;
  readonly attempts: AttemptCounters;
  readonly factorChecks: FactorChecks;
}

type Given = Extract<Credential, { readonly kind: 'passkey' }>;

/** Returns the ids of the database connections of this login that accept passkeys. */
export function passkeyDatabases(
  identified: Pick<Identified, 'connections' | 'invitation'>,
  { request, database }: Pick<Attempt, 'request' | 'database'>,
): readonly string[] {
  return findDatabases(identified, request.connection ?? database)
    .filter(({ connection }) => passkeysOf(connection) !== undefined)
    .map(({ connection }) => connection.id);
}

/** Returns the passkey as a passed factor, or why the answer is not accepted. */
async function check(
  { response, challenge }: Given,
  stored: StoredPasskey | undefined,
  at: Date,
  { factorChecks }: PasskeyDeps,
): Promise<KeptFactor | string> {
  if (stored?.factor.credential === undefined) return 'the credential is not known';
  if (stored.connectionId === undefined) return 'the account signs in by no database of this login that has passkeys';
  const answer = { response, challenge, mustVerify: true };
  const verdict = await factorChecks.assert(answer, stored.factor.credential, { isDiscovered: true });
  if (!verdict.ok) return verdict.detail;
  const { userId, revision, factor } = stored;
  const { signCount, backedUp, isElsewhere } = verdict;
  const passed = { userId, revision, kind: 'passkey', id: factor.id, at: at.getTime(), signCount, backedUp } as const;
  return isElsewhere ? { ...passed, isElsewhere } : passed;
}

/**
 * Proves the account of a passkey. The challenge is that of this browser's login. Attack: an answer that was made for
 * another login, or in another browser. Throws if a try cannot be counted.
 */
export async function provePasskey(
  attempt: Attempt & { readonly credential: Given },
  identified: Identified,
  deps: PasskeyDeps,
  trace: Trace,
): Promise<Proof | Refusal> {
  const { credential: given, ip, device, at } = attempt;
  const named = deps.factorChecks.credentialIdOf(given.response) ?? '';
  const subject = `passkey:${hashSecret(named).toString('base64url')}`;
  const counted = await countAttempt(deps.attempts, 'factor', { email: subject, ip, device }, at);
  if (!counted.allowed) {
    const evidence = evidenceOfLimit(counted.passed);
    trace.add('authenticate', 'attempt_limit', 'refuse', evidence);
    return { ...refuse('authenticate.too_many_attempts', JSON.stringify(evidence)), ...lastsFor(counted.passed) };
  }
  const connectionIds = passkeyDatabases(identified, attempt);
  const found = named === '' ? undefined : await deps.reads.findPasskey({ credentialId: named, connectionIds });
  trace.about({ userId: found?.userId, connectionId: found?.connectionId ?? connectionIds[0] });
  const passed = await check(given, found, at, deps);
  if (typeof passed === 'string') {
    trace.add('authenticate', 'passkey', 'refuse', { known_credential: found !== undefined, detail: passed });
    return refuse('authenticate.passkey_failed', passed);
  }
  await forgiveAttempts(deps.attempts, counted);
  trace.add('authenticate', 'passkey', 'pass', { user_id: passed.userId, factor: passed.id });
  return {
    kind: 'account',
    userId: passed.userId,
    by: 'passkey',
    authenticatedAt: at,
    credential: undefined,
    passkey: passed,
    databaseId: found?.connectionId,
    rehash: undefined,
  };
}

/**
 * True when the passkey that proved the account earlier in this login still exists. Attack: somebody stole a device, its
 * owner deletes the passkey, and the thief replays an older sealed login.
 */
export async function isStillThere(
  { userId, id }: KeptFactor,
  connectionId: string,
  { reads }: Pick<PasskeyDeps, 'reads'>,
): Promise<boolean> {
  const { factors } = await reads.findFactors({ userId, connectionId });
  return factors.some((factor) => factor.id === id && factor.kind === 'passkey');
}
