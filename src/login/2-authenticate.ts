/**
 * Step 2: is the proof valid and complete? The only step that may use the network, through a connector. Finds the
 * proved identity, never the account it belongs to. Wrong passwords, unknown addresses and accounts without a password
 * get the same answer in the same time. Attack: account enumeration by text or by time.
 */

import type { PasswordCredential } from '../domain/people/account.js';
import { fingerprintOf, type OrganizationConnection } from '../domain/tenant.js';
import { assertNever } from '../kernel/assert.js';
import { hashSecret, secretsEqual } from '../kernel/ids.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { PasswordConnector, RedirectConnector } from '../ports/connector.js';
import type { FactorChecks } from '../ports/factor-checks.js';
import type { LoginReads } from '../ports/login-store.js';
import { countAttempt, evidenceOfLimit, forgiveAttempts } from './attempt-limits.js';
import { refuseConnectorFailure } from './connector-failure.js';
import { findDatabases, isSignUpOpen } from './home-realm.js';
import { checkOwnProof } from './own-proof.js';
import { isStillThere, provePasskey } from './passkey.js';
import { lastsFor, type Refusal, refuse } from './refusals.js';
import { checkSignInTime } from './sign-in-time.js';
import type { Attempt, Authenticated, Credential, Identified, Proof, ProofAgain } from './stages.js';
import type { Trace } from './trace.js';

export interface AuthenticateDeps {
  readonly reads: LoginReads;
  readonly attempts: AttemptCounters;
  readonly passwords: PasswordConnector;
  readonly factorChecks: FactorChecks;
  /** Returns the connector of a strategy; undefined when this server does not support it. */
  readonly redirectConnector: (strategy: string) => RedirectConnector | undefined;
}

function enabled(identified: Identified, connectionId: string): OrganizationConnection | undefined {
  return identified.connections.find((enablement) => enablement.connection.id === connectionId);
}

function databasesOf({ request, database }: Attempt, identified: Identified): readonly OrganizationConnection[] {
  return findDatabases(identified, request.connection ?? database);
}

/** An attempt whose credential is of this kind. */
type AttemptBy<Kind extends Credential['kind']> = Attempt & { credential: Extract<Credential, { kind: Kind }> };

async function proveExternal(
  attempt: AttemptBy<'identity' | 'callback'>,
  identified: Identified,
  deps: AuthenticateDeps,
  trace: Trace,
): Promise<Proof | Refusal> {
  const { credential } = attempt;
  if (credential.kind === 'identity') {
    trace.about({ email: credential.identity.email });
    trace.add('authenticate', 'protocol_proof', 'pass', {
      subject: credential.identity.subject,
      own_proof: credential.ownProof?.by ?? null,
    });
    return { kind: 'identity', identity: credential.identity, ownProof: credential.ownProof };
  }
  const connection = enabled(identified, credential.connectionId)?.connection;
  const connector = connection && deps.redirectConnector(connection.strategy);
  if (!connection || !connector) return refuse('identify.connection_not_enabled', 'no connector for this strategy');
  const answer = await connector.finish(connection, credential.remembered, credential.redirectUri, credential.input);
  if (!answer.ok) return refuseConnectorFailure(answer, trace);
  trace.about({ email: answer.identity.email });
  trace.add('authenticate', 'protocol_proof', 'pass', {
    issuer: answer.identity.issuer,
    subject: answer.identity.subject,
    email: answer.identity.email ?? null,
    email_verified: answer.identity.emailVerified,
  });
  const tooOld = checkSignInTime(attempt.request, answer.identity, credential.sentAt, trace);
  if (tooOld) return tooOld;
  return { kind: 'identity', identity: answer.identity, ownProof: undefined };
}

async function provePassword(
  attempt: AttemptBy<'password'>,
  identified: Identified,
  deps: AuthenticateDeps,
  trace: Trace,
): Promise<Proof | Refusal> {
  const { credential } = attempt;
  const { email } = credential;
  const connectionIds = databasesOf(attempt, identified).map((item) => item.connection.id);
  const found = await deps.reads.findPasswordAccount({ connectionIds, email });
  const userId = found?.account.userId;
  trace.about({ email, userId, connectionId: found?.credential.connectionId ?? connectionIds[0] });
  const tried = { email, ip: attempt.ip, userId, device: attempt.device, rules: identified.tenant.attemptRules };
  const counted = await countAttempt(deps.attempts, 'password', tried, attempt.at);
  if (!counted.allowed) {
    const evidence = evidenceOfLimit(counted.passed);
    trace.add('authenticate', 'attempt_limit', 'refuse', evidence);
    const refusal = refuse('authenticate.too_many_attempts', JSON.stringify(evidence));
    const isNetwork = counted.passed.limit === 'from_network';
    return { ...refusal, ...(isNetwork && { limit: 'passwords' }), ...lastsFor(counted.passed) };
  }
  // A password is verified even when there is no account, so that both answers take the same time.
  if (!(await deps.passwords.verify(found?.credential, credential.password)) || !found) {
    trace.add('authenticate', 'password', 'refuse', { known_address: found !== undefined, email });
    return refuse(
      'authenticate.wrong_password',
      found ? 'the password does not fit' : 'no password account with this address at the enabled connections',
    );
  }
  // Only failures count, so a success is subtracted: a whole office signs in each morning from one network address.
  await forgiveAttempts(deps.attempts, counted);
  const rehash = deps.passwords.needsRehash(found.credential.hash)
    ? await deps.passwords.hash(credential.password)
    : undefined;
  trace.add('authenticate', 'password', 'pass', { user_id: found.account.userId });
  return {
    kind: 'account',
    userId: found.account.userId,
    by: 'password',
    authenticatedAt: attempt.at,
    credential: found.credential,
    rehash,
  };
}

async function proveSignUp(
  attempt: AttemptBy<'sign_up'>,
  identified: Identified,
  deps: AuthenticateDeps,
  trace: Trace,
): Promise<Proof | Refusal> {
  const { credential } = attempt;
  const [database] = databasesOf(attempt, identified);
  trace.about({ email: credential.email, connectionId: database?.connection.id });
  const invited = identified.invitation?.inviteeEmail === credential.email;
  const carrier = invited ? attempt.request.invitationCarrier : undefined;
  // Attack (pre-hijacking): without a mailed code or sealed link, anybody opens an account under another's address.
  // The invitation's ticket alone is not enough: its sender may have seen it (docs/linking-rule.md, part 9).
  const addressProved = credential.addressProved || carrier === 'mail';
  const mayOpen = addressProved || carrier !== undefined;
  if (!database || !mayOpen || !(invited || isSignUpOpen(identified, database))) {
    trace.add('authenticate', 'sign_up', 'refuse', {
      invited,
      address_proved: addressProved,
      sign_up_enabled: isSignUpOpen(identified, database),
    });
    return refuse('authenticate.sign_up_not_allowed', 'neither an invitation for this address nor an open sign-up');
  }
  const found = await deps.reads.findPasswordAccount({
    connectionIds: [database.connection.id],
    email: credential.email,
  });
  if (found !== undefined) {
    trace.about({ userId: found.account.userId });
    trace.add('authenticate', 'sign_up', 'refuse', { exists: true });
    return refuse('authenticate.wrong_password', 'an account with this address exists: it is not opened twice');
  }
  trace.add('authenticate', 'sign_up', 'pass', {
    email: credential.email,
    by: carrier === undefined ? 'code' : 'invitation',
    ...(carrier && { carrier }),
  });
  const passwordHash = await deps.passwords.hash(credential.password);
  return {
    kind: 'sign_up',
    email: credential.email,
    passwordHash,
    name: credential.name,
    addressProved,
  };
}

/** Returns a digest of a stored password for the sealed cookie of a login. It does not reveal the hash. */
export function digestCredential({ connectionId, hash }: PasswordCredential): string {
  return hashSecret(`${connectionId}.${hash}`).toString('base64url');
}

/**
 * Accepts a proof from an earlier request of this login, unless the password was replaced or the passkey deleted since. Attack: somebody who
 * knew the old password replays an older sealed login after a reset.
 */
async function proveKnown(
  known: AttemptBy<'known'>['credential'],
  deps: AuthenticateDeps,
  trace: Trace,
): Promise<Proof | Refusal> {
  const { userId, connectionId, authenticatedAt, credentialDigest, subject, idpSession, said, passkey } = known;
  const stored = credentialDigest === undefined ? undefined : await deps.reads.findCredential({ userId, connectionId });
  if (credentialDigest !== undefined && (!stored || !secretsEqual(digestCredential(stored), credentialDigest))) {
    trace.add('authenticate', 'password', 'refuse', { user_id: userId, earlier: true, changed: true });
    return refuse('authenticate.session_not_usable', 'the password was changed since it was typed');
  }
  if (passkey && !(await isStillThere(passkey, connectionId, deps))) {
    trace.add('authenticate', 'passkey', 'refuse', { user_id: userId, earlier: true, deleted: true });
    return refuse('authenticate.session_not_usable', 'the passkey was deleted since it was used');
  }
  const by = passkey ? 'passkey' : 'password';
  trace.add('authenticate', by, 'pass', { user_id: userId, earlier: true });
  return {
    kind: 'account',
    userId,
    by: 'known',
    authenticatedAt: new Date(authenticatedAt),
    subject,
    idpSession,
    said,
    credential: stored,
    ...(passkey && { passkey }),
    ...(known.passedFactor && { passedFactor: true as const }),
    rehash: undefined,
  };
}

export interface Prover {
  /** Returns the credential. If the person was asked for a proof (own-proof.ts), checks it and adds it. */
  readonly checkAnswer: (attempt: Attempt, trace: Trace) => Promise<Credential | ProofAgain | Refusal>;
  /** Verifies the credential. Called only after its connection was found enabled for this login. */
  readonly prove: (attempt: Attempt, identified: Identified, trace: Trace) => Promise<Proof | Refusal>;
}

async function prove(
  attempt: Attempt,
  identified: Identified,
  deps: AuthenticateDeps,
  trace: Trace,
): Promise<Proof | Refusal> {
  const { credential } = attempt;
  switch (credential.kind) {
    case 'callback':
    case 'identity':
      return proveExternal({ ...attempt, credential }, identified, deps, trace);
    case 'password':
      return provePassword({ ...attempt, credential }, identified, deps, trace);
    case 'passkey':
      return provePasskey({ ...attempt, credential }, identified, deps, trace);
    case 'sign_up':
      return proveSignUp({ ...attempt, credential }, identified, deps, trace);
    case 'known':
      return proveKnown(credential, deps, trace);
    case 'session':
      trace.add('authenticate', 'session', 'pass', {
        user_id: credential.session.userId,
        session_id: credential.session.sessionId,
      });
      return {
        kind: 'account',
        userId: credential.session.userId,
        by: 'session',
        authenticatedAt: credential.session.authenticatedAt,
        credential: undefined,
        rehash: undefined,
      };
    case 'none':
      return refuse('authenticate.session_not_usable', 'nothing was proved');
    default:
      return assertNever(credential);
  }
}

/** Returns the id of the connection that the credential came from. */
function connectionIdOf(attempt: Attempt, identified: Identified): string | undefined {
  const { credential } = attempt;
  switch (credential.kind) {
    case 'callback':
    case 'known':
      return credential.connectionId;
    case 'identity':
      return credential.identity.connectionId;
    case 'session':
      return credential.session.connectionId;
    default:
      return databasesOf(attempt, identified)[0]?.connection.id;
  }
}

/**
 * Checks that the connection is enabled for the organization and unchanged since the redirect: one that an operator
 * disabled while the person was at the IdP admits nobody (docs/linking-rule.md, part 2). Then `prover` verifies the
 * proof.
 */
export async function authenticate(
  brought: Attempt,
  identified: Identified,
  prover: Prover,
  trace: Trace,
): Promise<Authenticated | ProofAgain | Refusal> {
  const credential = await prover.checkAnswer(brought, trace);
  if (credential.kind === 'again' || credential.kind === 'refused') return credential;
  const attempt = { ...brought, credential };
  const connectionId = connectionIdOf(attempt, identified);
  const enablement = connectionId === undefined ? undefined : enabled(identified, connectionId);
  if (enablement === undefined) {
    trace.add('authenticate', 'connection_enabled', 'refuse', { connection_id: connectionId ?? null });
    // A session of a connection that is not enabled here is no error: the person is only asked to sign in.
    return attempt.credential.kind === 'session'
      ? refuse('authenticate.session_not_usable', 'the session came from a connection that is not enabled here')
      : refuse('identify.connection_not_enabled', connectionId ?? 'no database connection enabled');
  }
  const fingerprint = fingerprintOf(enablement.connection, enablement);
  // A proof from before the person chose the organization depends on no settings of it: compare the connection alone.
  const now = attempt.picker === 'after' ? fingerprintOf(enablement.connection, undefined) : fingerprint;
  const before = 'fingerprint' in attempt.credential ? attempt.credential.fingerprint : now;
  if (before !== now) {
    trace.add('authenticate', 'connection_unchanged', 'refuse', { connection: enablement.connection.name });
    return refuse('identify.connection_changed', `fingerprint ${before} became ${now}`);
  }
  trace.add('authenticate', 'connection_enabled', 'pass', {
    connection: enablement.connection.name,
    strategy: enablement.connection.strategy,
  });
  const proof = await prover.prove(attempt, identified, trace);
  if (proof.kind === 'refused') return proof;
  // Chooses the enabled database of the account that the password or passkey proved.
  const databaseId = proof.kind === 'account' ? (proof.credential?.connectionId ?? proof.databaseId) : undefined;
  const exact = databaseId === undefined ? undefined : enabled(identified, databaseId);
  const chosen = exact ?? enablement;
  return { ...identified, enablement: chosen, fingerprint: fingerprintOf(chosen.connection, chosen), proof };
}

/** Returns the prover of a real login: it asks connectors, compares stored passwords and counts tries. */
export function proverOf(deps: AuthenticateDeps): Prover {
  return {
    checkAnswer: (attempt, trace) => checkOwnProof(attempt, deps, trace),
    prove: (attempt, identified, trace) => prove(attempt, identified, deps, trace),
  };
}

/** Returns a prover that repeats a proof verified earlier in this request, so that nothing is verified twice. */
export function proverOfVerified(proof: Proof): Prover {
  return {
    checkAnswer: ({ credential }) => Promise.resolve(credential),
    prove: (_attempt, _identified, trace) => {
      if (proof.kind === 'identity')
        trace.add('authenticate', 'protocol_proof', 'pass', {
          subject: proof.identity.subject,
          own_proof: proof.ownProof?.by ?? null,
        });
      return Promise.resolve(proof);
    },
  };
}
