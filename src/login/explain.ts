/**
 * Answers "what would happen if this person signed in now?", at any application that may use organizations. Runs the
 * pipeline's own list of steps (steps.ts) on an assumed proof and stops before the commit. Writes nothing: it gets only
 * the reading ports.
 */

import { findForeignClaim } from '../domain/companies/foreign-company.js';
import { destinationOf, subjectClaimOf } from '../domain/companies/idp-destination.js';
import { type ExternalIdentity, isSubject, isUsable } from '../domain/people/account.js';
import { type Email, parseEmail } from '../domain/people/email.js';
import { isAddressVouched } from '../domain/people/vouched-address.js';
import {
  type Connection,
  fingerprintOf,
  isEnterprise,
  type OrganizationConnection,
  type Strategy,
} from '../domain/tenant.js';
import { dialectOf } from '../facts/strategies.js';
import type { TraceLine } from '../ports/ledger.js';
import type { CandidateQuery, Candidates, LoginReads, LoginTarget } from '../ports/login-store.js';
import { checkTarget } from './1-identify.js';
import type { Prover } from './2-authenticate.js';
import { ANY_APPLICATION, forAnyApplication, NOWHERE } from './any-application.js';
import { explainFactor } from './explain-factor.js';
import type { FactorNeed } from './factor-stages.js';
import { findChosen, findDatabases, findHomeRealm } from './home-realm.js';
import { isRefusal, isStop, type Refusal, refuse } from './refusals.js';
import type { Admitted, Attempt } from './stages.js';
import { findAdmission, type Ground, type Steps } from './steps.js';
import { newTrace, type Remedy, type Trace } from './trace.js';

export interface ExplainQuestion {
  readonly organizationId: string;
  readonly connectionId?: string;
  /** The person's address. If only an address is given, the IdP is assumed to vouch for it. */
  readonly email?: string;
  /** Claims as the IdP would send them. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export type Explanation =
  | {
      readonly outcome: 'admitted' | 'refused' | 'proof_required';
      readonly rule: string;
      readonly userId?: string;
      readonly trace: readonly TraceLine[];
      /** Why the person would be asked for a second factor; absent when they would not, and for a refusal. */
      readonly factorRequired?: FactorNeed['reason'];
      /** For a refusal: how the operator can let the person in. */
      readonly remedy?: Remedy;
      /** The connection of the question or the address; undefined when the login fails before one is chosen. */
      readonly connectionId?: string;
    }
  | { readonly error: 'connection_required' | 'unknown_connection' | 'invalid_email' };

/** Subject of a person known only by address: a value that no IdP can send. */
const UNKNOWN_SUBJECT = '\u0000unknown';

/** Issuer when neither the connection nor the question names one (the connection has only a discovery address). */
const ANY_ISSUER = '';

function chooseConnection(
  target: LoginTarget,
  question: ExplainQuestion,
  email: Email | undefined,
): OrganizationConnection | Refusal | Extract<Explanation, { error: string }> {
  if (question.connectionId !== undefined) {
    const named = target.connections.find((item) => item.connection.id === question.connectionId);
    return named ?? { error: 'unknown_connection' };
  }
  const chosen = findChosen(target, undefined);
  if (chosen !== undefined) return chosen;
  const home = email && findHomeRealm(target, email);
  return home ?? findDatabases(target, undefined)[0] ?? { error: 'connection_required' };
}

/** Returns the claims of an IdP that vouches for the address; Entra ID vouches by `xms_edov`. */
function assumeClaims(strategy: Strategy, email: string | undefined): Readonly<Record<string, unknown>> {
  return dialectOf(strategy) === 'entra' ? { email, xms_edov: true } : { email, email_verified: true };
}

function assumeIdentity({ connection }: OrganizationConnection, question: ExplainQuestion): ExternalIdentity {
  const claims = question.claims ?? assumeClaims(connection.strategy, question.email);
  const issuer = claims.iss ?? destinationOf(connection).issuer;
  const subject = claims[subjectClaimOf(connection)];
  return {
    connectionId: connection.id,
    issuer: typeof issuer === 'string' ? issuer : ANY_ISSUER,
    subject: typeof subject === 'string' && subject !== '' ? subject : UNKNOWN_SUBJECT,
    email: typeof claims.email === 'string' ? claims.email : undefined,
    emailVerified: isAddressVouched(connection.strategy, issuer, claims),
    profile: {},
    claims,
  };
}

/**
 * Finds the person by address, if the question names no subject or issuer: when an account with the address is bound at
 * this connection, the question is about it. If it is bound under a former issuer, the answer is the refusal that its
 * owner would get. A subject in the question is looked up as in any login.
 */
function recogniseBound(candidates: Candidates, { issuer, subject }: CandidateQuery): Candidates {
  if (candidates.bound) return candidates;
  const isUnknown = subject === UNKNOWN_SUBJECT;
  const held = candidates.byEmail.filter((item) => item.boundSubject !== undefined);
  const known = held.find(
    (item) => (isUnknown || item.boundSubject === subject) && (issuer === ANY_ISSUER || item.boundIssuer === issuer),
  );
  if (known) return { ...candidates, bound: known };
  if (!isUnknown) return candidates;
  // If the question has no subject, assumes that the person is the one for whom the membership is reserved.
  const byEmail = candidates.byEmail.map((item) => ({ ...item, awaitedSubject: undefined }));
  return { ...candidates, byEmail, formerIssuer: held[0]?.boundIssuer };
}

/** If the question names no issuer, takes that of an account which is already bound, and looks the person up again. */
async function recogniseIssuer(
  candidates: Candidates,
  query: CandidateQuery,
  reads: Pick<LoginReads, 'findCandidates'>,
): Promise<Candidates> {
  if (query.issuer !== ANY_ISSUER) return candidates;
  const named = candidates.formerIssuer ?? candidates.byEmail.find((item) => item.boundIssuer)?.boundIssuer;
  if (named === undefined) return candidates;
  const again = await reads.findCandidates({ ...query, issuer: named });
  return {
    ...again,
    byEmail: again.byEmail.map((item) => ({ ...item, boundIssuer: item.boundIssuer && query.issuer })),
  };
}

/** Returns the store's reads, with the given target. A person without a known subject is found by address. */
function assumedReads(reads: LoginReads, target: LoginTarget): Steps['reads'] {
  return {
    findTarget: () => Promise.resolve(target),
    findAccount: (query) => reads.findAccount(query),
    async findCandidates(query) {
      const asked = { ...query, subject: query.subject.replace('\u0000', '') };
      const candidates = await reads.findCandidates(asked);
      return recogniseBound(await recogniseIssuer(candidates, asked, reads), query);
    },
  };
}

/** Finds the ID token check that these claims would fail, by the name that a login's trace gives it. */
function findWrongClaim(connection: Connection, claims: Readonly<Record<string, unknown>>) {
  if (claims.sub !== undefined && !isSubject(claims.sub)) return { check: 'id_token.sub' };
  const foreign = findForeignClaim(connection, claims);
  return foreign && { check: `id_token.${foreign.claim}`, detail: foreign.detail };
}

/** Assumes the proof that the person could give; refuses when no proof could be valid. */
function assumedProver(question: ExplainQuestion, connection: Connection, reads: LoginReads): Prover {
  const prove: Prover['prove'] = async ({ at, credential, request }, identified, trace) => {
    if (credential.kind === 'identity') {
      const wrong = question.claims && findWrongClaim(connection, question.claims);
      if (wrong !== undefined) {
        trace.add('authenticate', 'protocol_proof', 'refuse', wrong);
        return refuse('authenticate.idp_invalid', wrong.check);
      }
      trace.add('authenticate', 'protocol_proof', 'pass', { assumed: true });
      return { kind: 'identity', identity: credential.identity, ownProof: undefined };
    }
    const connectionIds = findDatabases(identified, request.connection).map((item) => item.connection.id);
    const email = credential.kind === 'password' ? credential.email : undefined;
    const found = email && (await reads.findPasswordAccount({ connectionIds, email }));
    if (!found || !isUsable(found.credential)) {
      const evidence = { known_address: found !== undefined, ...(found && { password_ended: true }) };
      trace.add('authenticate', 'password', 'refuse', evidence);
      return refuse('authenticate.wrong_password', 'no password fits');
    }
    trace.add('authenticate', 'protocol_proof', 'pass', { assumed: true });
    const { userId } = found.account;
    const { credential: stored } = found;
    return { kind: 'account', userId, by: 'password', authenticatedAt: at, credential: stored, rehash: undefined };
  };
  return { checkAnswer: ({ credential }) => Promise.resolve(credential), prove };
}

function assumeCredential(
  enablement: OrganizationConnection,
  question: ExplainQuestion,
  email: Email | undefined,
): Attempt['credential'] {
  if (isEnterprise(enablement.connection.strategy)) {
    const fingerprint = fingerprintOf(enablement.connection, enablement);
    return { kind: 'identity', identity: assumeIdentity(enablement, question), fingerprint, ownProof: undefined };
  }
  return email === undefined ? { kind: 'none' } : { kind: 'password', email, password: '' };
}

/** A decision of the steps, except `again` (a wrong proof was typed): an explanation has no person to type one. */
type Decision = Exclude<Ground<Admitted>['answer'], { readonly kind: 'again' }>;

function toExplanation(
  decision: Decision,
  trace: Trace,
  factorRequired?: FactorNeed['reason'],
): Exclude<Explanation, { error: string }> {
  if (!isStop(decision)) {
    const { account, admission } = decision;
    const userId = account.kind === 'existing' ? account.candidate.account.userId : undefined;
    return {
      outcome: 'admitted',
      rule: admission.rule,
      ...(userId !== undefined && { userId }),
      ...(factorRequired && { factorRequired }),
      trace: trace.lines,
    };
  }
  if (decision.kind === 'ask') {
    return {
      outcome: 'proof_required',
      rule: decision.rule,
      ...(decision.userId !== undefined && { userId: decision.userId }),
      trace: trace.lines,
    };
  }
  const rule = decision.code.slice(decision.code.indexOf('.') + 1);
  const { remedy } = trace.subject;
  return { outcome: 'refused', rule, trace: trace.lines, ...(remedy && { remedy }) };
}

/**
 * Adds trace lines where a login would run tenant code. The code does not run here, because its outside effects would
 * be real.
 */
function tellOfActions(target: Pick<LoginTarget, 'tenant' | 'organization'>, decision: Decision, trace: Trace): void {
  const { bound } = target.tenant.actions;
  if (!isStop(decision) && bound.includes('post-login')) trace.add('act', 'post-login', 'pass', { run: false });
  const stranger = isRefusal(decision) && decision.code === 'admit.not_a_member';
  if (stranger && bound.includes('organization-admission') && target.organization?.isOfOperators !== true)
    trace.add('act', 'organization-admission', 'pass', { run: false });
}

/** Explains the decision of the steps with what comes after them. */
async function explainRest(
  decision: Decision,
  attempt: Attempt,
  world: { readonly reads: Pick<LoginReads, 'findFactors'>; readonly trace: Trace },
): Promise<Exclude<Explanation, { error: string }>> {
  const factor = isStop(decision) ? undefined : await explainFactor(decision, attempt, world);
  return typeof factor === 'object' ? toExplanation(factor, world.trace) : toExplanation(decision, world.trace, factor);
}

function toAttempt(
  question: ExplainQuestion,
  at: Date,
  connection: string | undefined,
  credential: Attempt['credential'],
): Attempt {
  const { clientId } = ANY_APPLICATION;
  const request = { clientId, redirectUri: NOWHERE, responseMode: 'query', scope: '' } as const;
  return {
    at,
    ip: '',
    userAgent: '',
    transactionId: '',
    request: connection === undefined ? request : { ...request, connection },
    organizationId: question.organizationId,
    credential,
    replaces: undefined,
  };
}

/** Explains one person's login. `at` decides what is expired. For administrators only: the answer names accounts. */
export async function explain(question: ExplainQuestion, at: Date, reads: LoginReads): Promise<Explanation> {
  const found = await reads.findEnablements(question.organizationId);
  if (found === undefined) return { error: 'unknown_connection' };
  const email = parseEmail(question.email ?? question.claims?.email);
  if (question.email !== undefined && email === undefined) return { error: 'invalid_email' };
  const target = forAnyApplication(found);
  const trace = newTrace();
  const enablement = chooseConnection(target, question, email);
  if (!('connection' in enablement)) {
    const no = checkTarget(target, toAttempt(question, at, undefined, { kind: 'none' }), trace);
    if (isRefusal(no)) return toExplanation(no, trace);
    return 'error' in enablement ? enablement : toExplanation(enablement, trace);
  }
  const named = question.connectionId === undefined ? undefined : enablement.connection.name;
  const attempt = toAttempt(question, at, named, assumeCredential(enablement, question, email));
  const { resolved, answer } = await findAdmission({
    attempt,
    prover: assumedProver(question, enablement.connection, reads),
    reads: assumedReads(reads, target),
    trace,
  });
  if (isStop(answer) && answer.kind === 'again') throw new TypeError('a question brings no proof that could be wrong');
  if (resolved) tellOfActions(found, answer, trace);
  return { ...(await explainRest(answer, attempt, { reads, trace })), connectionId: enablement.connection.id };
}

/** A question about a verified identity of a connection that the organization has not enabled yet. */
export interface TrialQuestion {
  readonly organizationId: string;
  readonly identity: ExternalIdentity;
  /** The connection's settings in the organization as they would be after enabling it. */
  readonly assumed: OrganizationConnection;
}

/**
 * Explains the answer that this identity would get if the connection were enabled as assumed; undefined for an unknown
 * organization. Writes nothing.
 */
export async function explainTrial(
  { organizationId, identity, assumed }: TrialQuestion,
  at: Date,
  reads: LoginReads,
): Promise<Exclude<Explanation, { error: string }> | undefined> {
  const found = await reads.findEnablements(organizationId);
  if (found === undefined) return undefined;
  const connections = [...found.connections.filter((item) => item.connection.id !== assumed.connection.id), assumed];
  const target = forAnyApplication({ ...found, connections });
  const trace = newTrace();
  const fingerprint = fingerprintOf(assumed.connection, assumed);
  const credential = { kind: 'identity', identity, fingerprint, ownProof: undefined } as const;
  const attempt = toAttempt({ organizationId }, at, assumed.connection.name, credential);
  const { resolved, answer } = await findAdmission({
    attempt,
    prover: proverOfIdentity(identity),
    reads: {
      findTarget: () => Promise.resolve(target),
      findAccount: (query) => reads.findAccount(query),
      findCandidates: (query) => reads.findCandidates(query),
    },
    trace,
  });
  if (isStop(answer) && answer.kind === 'again') throw new TypeError("a trial brings no proof of the person's own");
  if (resolved) tellOfActions(found, answer, trace);
  return explainRest(answer, attempt, { reads, trace });
}

function proverOfIdentity(identity: ExternalIdentity): Prover {
  return {
    checkAnswer: ({ credential }) => Promise.resolve(credential),
    prove: (_attempt, _identified, trace) => {
      trace.add('authenticate', 'protocol_proof', 'pass', { issuer: identity.issuer, subject: identity.subject });
      return Promise.resolve({ kind: 'identity', identity, ownProof: undefined });
    },
  };
}
