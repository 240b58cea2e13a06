/**
 * "What would happen if this person came now?" Runs the pipeline's own rules (steps 3 and 4) on an assumed proof and stops before
 * the commit. Writes nothing: it is given only what reads.
 */
import { type ExternalIdentity, isSubject, isUsable } from '../domain/account.js';
import { type Email, emailDomain, parseEmail } from '../domain/email.js';
import { fingerprintOf, isEnterprise, type OrganizationConnection, type Tenant } from '../domain/tenant.js';
import type { TraceLine } from '../ports/ledger.js';
import type { Candidates, LoginReads } from '../ports/login-store.js';
import { resolve } from './3-resolve.js';
import { admit } from './4-admit.js';
import { resolveIdentity } from './linking-rules.js';
import { type Refusal, refuse } from './refusals.js';
import type { Admitted, Authenticated, Proof, ProofQuestion, Resolved } from './stages.js';
import { newTrace, type Trace } from './trace.js';

export interface ExplainQuestion {
  readonly organizationId: string;
  readonly connectionId?: string;
  /** An address alone: as if the IdP vouched for it. */
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
    }
  | { readonly error: 'connection_required' | 'unknown_connection' | 'invalid_email' };

/** Subject of a person of whom only the address is known: cannot be one that an IdP sent. */
const UNKNOWN_SUBJECT = '\u0000unknown';

function chooseConnection(
  connections: readonly OrganizationConnection[],
  question: ExplainQuestion,
  email: Email | undefined,
): OrganizationConnection | Explanation {
  if (question.connectionId !== undefined) {
    return connections.find((item) => item.connection.id === question.connectionId) ?? { error: 'unknown_connection' };
  }
  const enterprise = connections.filter((item) => isEnterprise(item.connection.strategy));
  const home = email && enterprise.find((item) => item.connection.domainAliases.includes(emailDomain(email)));
  const database = connections.find((item) => !isEnterprise(item.connection.strategy));
  const only = enterprise.length === 1 && connections.length === 1 ? enterprise[0] : undefined;
  return home ?? only ?? database ?? { error: 'connection_required' };
}

function assumeIdentity(enablement: OrganizationConnection, question: ExplainQuestion): ExternalIdentity {
  const claims = question.claims ?? { email: question.email, email_verified: true };
  const issuer = claims.iss ?? enablement.connection.options.issuer;
  return {
    connectionId: enablement.connection.id,
    issuer: typeof issuer === 'string' ? issuer : '',
    subject: typeof claims.sub === 'string' && claims.sub !== '' ? claims.sub : UNKNOWN_SUBJECT,
    email: typeof claims.email === 'string' ? claims.email : undefined,
    emailVerified: claims.email_verified === true,
    profile: {},
    claims,
  };
}

/** Without the IdP's issuer or subject at hand, somebody whose account is bound here already is that account. */
function recogniseBound(candidates: Candidates, identity: ExternalIdentity): Candidates {
  if (candidates.bound) return candidates;
  const known = candidates.byEmail.find(
    (item) =>
      item.boundSubject !== undefined &&
      (identity.subject === UNKNOWN_SUBJECT || item.boundSubject === identity.subject),
  );
  return known ? { ...candidates, bound: known } : candidates;
}

/** A proof as the person could give it, or why no proof of his can be whole. */
async function assumeProof(
  enablement: OrganizationConnection,
  question: ExplainQuestion,
  email: Email | undefined,
  reads: LoginReads,
  trace: Trace,
): Promise<Proof | Refusal> {
  if (isEnterprise(enablement.connection.strategy)) {
    const subject = question.claims?.sub;
    if (subject !== undefined && !isSubject(subject)) {
      trace.add('authenticate', 'protocol_proof', 'refuse', { check: 'id_token.sub' });
      return refuse('authenticate.idp_invalid', 'id_token.sub');
    }
    trace.add('authenticate', 'protocol_proof', 'pass', { assumed: true });
    return { kind: 'identity', identity: assumeIdentity(enablement, question), ownProof: undefined };
  }
  const found = email && (await reads.findPasswordAccount({ connectionIds: [enablement.connection.id], email }));
  if (!found || !isUsable(found.credential)) {
    const evidence = { known_address: found !== undefined, ...(found && { password_ended: true }) };
    trace.add('authenticate', 'password', 'refuse', evidence);
    return refuse('authenticate.wrong_password', 'no password fits');
  }
  trace.add('authenticate', 'protocol_proof', 'pass', { assumed: true });
  return {
    kind: 'account',
    userId: found.account.userId,
    by: 'password',
    authenticatedAt: new Date(0),
    credential: found.credential,
    rehash: undefined,
  };
}

async function decideAssumed(
  authenticated: Authenticated,
  at: Date,
  reads: LoginReads,
  trace: Trace,
): Promise<Admitted | ProofQuestion | Refusal> {
  let resolved: Resolved | ProofQuestion | Refusal;
  if (authenticated.proof.kind === 'identity') {
    const { identity } = authenticated.proof;
    const { connectionId, issuer, subject } = identity;
    const email = parseEmail(identity.email);
    const candidates = await reads.findCandidates({
      connectionId,
      issuer,
      subject: subject.replace('\u0000', ''),
      email,
      organizationId: authenticated.organization?.id,
    });
    resolved = resolveIdentity(authenticated, recogniseBound(candidates, identity), at, trace);
  } else {
    resolved = await resolve(authenticated, at, reads, trace);
  }
  return 'kind' in resolved ? resolved : admit(resolved, at, trace);
}

function toExplanation(decision: Admitted | ProofQuestion | Refusal, trace: Trace): Explanation {
  if (!('kind' in decision)) {
    const { account, admission } = decision;
    const userId = account.kind === 'existing' ? account.candidate.account.userId : undefined;
    return { outcome: 'admitted', rule: admission.rule, ...(userId !== undefined && { userId }), trace: trace.lines };
  }
  if (decision.kind === 'ask') {
    return {
      outcome: 'proof_required',
      rule: decision.rule,
      ...(decision.userId !== undefined && { userId: decision.userId }),
      trace: trace.lines,
    };
  }
  return { outcome: 'refused', rule: decision.code.slice(decision.code.indexOf('.') + 1), trace: trace.lines };
}

/**
 * The tenant's code is not run for a question: what it does to the world is real and immediate. Whoever reads the trace is told that it
 * would have had its say here.
 */
function tellOfActions(tenant: Tenant, decision: Admitted | ProofQuestion | Refusal, trace: Trace): void {
  const { bound } = tenant.actions;
  if (!('kind' in decision) && bound.includes('post-login')) trace.add('act', 'post-login', 'pass', { run: false });
  const stranger = 'kind' in decision && decision.kind === 'refused' && decision.code === 'admit.not_a_member';
  if (stranger && bound.includes('organization-admission'))
    trace.add('act', 'organization-admission', 'pass', { run: false });
}

/** Answers for one person and organization. `at` decides what is expired. For administrators: it names accounts. */
export async function explain(question: ExplainQuestion, at: Date, reads: LoginReads): Promise<Explanation> {
  const found = await reads.findEnablements(question.organizationId);
  if (found === undefined) return { error: 'unknown_connection' };
  const address = question.email ?? question.claims?.email;
  const email = parseEmail(address);
  if (question.email !== undefined && email === undefined) return { error: 'invalid_email' };
  const enablement = chooseConnection(found.connections, question, email);
  if (!('connection' in enablement)) return enablement;
  const trace = newTrace();
  trace.add('identify', 'target', found.organization.blocked ? 'refuse' : 'pass', {
    organization: found.organization.name,
  });
  if (found.organization.blocked) return { outcome: 'refused', rule: 'organization_blocked', trace: trace.lines };
  const { connection } = enablement;
  trace.add('authenticate', 'connection_enabled', 'pass', {
    connection: connection.name,
    strategy: connection.strategy,
  });
  const proof = await assumeProof(enablement, question, email, reads, trace);
  if (proof.kind === 'refused') return toExplanation(proof, trace);
  const base = {
    tenant: found.tenant,
    organization: found.organization,
    connections: found.connections,
    invitation: undefined,
  };
  const authenticated = { ...base, enablement, fingerprint: fingerprintOf(connection, enablement), proof } as const;
  // No rule after identification looks at the client, so an explanation needs none.
  const decision = await decideAssumed(authenticated as unknown as Authenticated, at, reads, trace);
  tellOfActions(found.tenant, decision, trace);
  return toExplanation(decision, trace);
}
