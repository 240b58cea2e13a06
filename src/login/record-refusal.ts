/**
 * Writes the one log line that a refusal leaves behind, with stage, rule, evidence and the reference number that the
 * person saw. The line has the data that an administrator needs to find and invite the person. Never writes a secret.
 */
import { hasPrompt } from '../domain/authorization-request.js';
import { parseEmail } from '../domain/people/email.js';
import { type Entropy, newLogId, newReference } from '../kernel/ids.js';
import type { Ledger, LogEntry, Stage } from '../ports/ledger.js';
import type { LoginOutcome } from './outcome.js';
import { invitationDetails } from './plan-log.js';
import type { Refusal } from './refusals.js';
import type { ActionExecution, Attempt, Identified } from './stages.js';
import type { Trace } from './trace.js';

export interface RefusedLogin {
  readonly attempt: Attempt;
  readonly identified: Identified | undefined;
  readonly refusal: Refusal;
  readonly trace: Trace;
  /** All executions of tenant code in this login. If absent, the executions before this attempt are logged. */
  readonly executions?: readonly ActionExecution[];
}

/**
 * Returns Auth0's type code of the log line: `fs` failed sign-up, `fu` unknown user, `fp` wrong password, `fi` failed
 * invitation, `mfar` missing factors, `fsa` failed silent login, `f` any other.
 */
function logType(login: RefusedLogin): string {
  if (login.refusal.code === 'authenticate.wrong_password') {
    if (login.attempt.credential.kind === 'sign_up') return 'fs';
    return login.trace.subject.userId === undefined ? 'fu' : 'fp';
  }
  if (login.refusal.code === 'admit.invitation_mismatch') return 'fi';
  if (login.refusal.code === 'act.factors') return 'mfar';
  return hasPrompt(login.attempt.request, 'none') ? 'fsa' : 'f';
}

function connectionIdOf(attempt: Attempt): string | undefined {
  const { credential } = attempt;
  if (credential.kind === 'identity') return credential.identity.connectionId;
  if (credential.kind === 'session') return credential.session.connectionId;
  return 'connectionId' in credential ? credential.connectionId : undefined;
}

function userIdOf({ credential }: Attempt): string | undefined {
  if (credential.kind === 'session') return credential.session.userId;
  return credential.kind === 'known' ? credential.userId : undefined;
}

/** True when the person had proved their identity, in this login or by their session. */
function hasProof({ attempt: { credential }, refusal: { code } }: RefusedLogin): boolean {
  if (credential.kind === 'identity' || credential.kind === 'known' || credential.kind === 'session') return true;
  return credential.kind !== 'none' && !/^(identify|authenticate)\./.test(code);
}

const describeForLog = ({ logged, description }: Refusal): string => logged ?? description;

/** Makes the refusing rule the trace's last line. A refusal decided outside the steps gets a line with its code. */
function conclude({ code, detail }: Refusal, trace: Trace): void {
  if (trace.lines.at(-1)?.answer === 'refuse') return;
  const [stage, rule] = code.split('.') as [Stage, string];
  trace.add(stage, rule, 'refuse', { detail });
}

/**
 * Logs a refusal of a request that belongs to no login: the application is unknown, or the browser does not hold the
 * login that it names. Returns the reference number. Throws the ledger's errors.
 */
export async function logRefusedRequest(
  refused: { at: Date; ip: string; userAgent: string; clientId?: string; refusal: Refusal; trace: Trace },
  deps: { ledger: Ledger; entropy: Entropy },
): Promise<string> {
  const { at, ip, userAgent, clientId, refusal, trace } = refused;
  conclude(refusal, trace);
  const { userId, organizationId, email } = trace.subject;
  const reference = newReference(deps.entropy);
  await deps.ledger.append({
    logId: newLogId(deps.entropy, at),
    date: at,
    type: 'f',
    description: describeForLog(refusal),
    ip,
    userAgent,
    ...(clientId !== undefined && { clientId }),
    ...(userId !== undefined && { userId }),
    ...(organizationId !== undefined && { organizationId }),
    details: {
      code: refusal.code,
      detail: refusal.detail,
      reference,
      ...(email !== undefined && { email }),
      trace: trace.lines,
    },
  });
  return reference;
}

/** Logs a refusal and returns it. Throws the ledger's errors: a refusal that cannot be logged is a fault. */
export async function logRefusal(
  login: RefusedLogin,
  deps: { ledger: Ledger; entropy: Entropy },
): Promise<LoginOutcome & { kind: 'refused' }> {
  const { attempt, identified, refusal, trace } = login;
  const executions = login.executions ?? attempt.executionsSoFar ?? [];
  conclude(refusal, trace);
  const reference = newReference(deps.entropy);
  const { subject } = trace;
  const connectionId = connectionIdOf(attempt) ?? subject.connectionId;
  const userId = userIdOf(attempt) ?? subject.userId;
  const organizationId = identified?.organization?.id ?? subject.organizationId;
  const email = subject.email ?? parseEmail(attempt.typed);
  const invitation = identified?.invitation ?? subject.invitation;
  const entry: LogEntry = {
    logId: newLogId(deps.entropy, attempt.at),
    date: attempt.at,
    type: logType(login),
    description: describeForLog(refusal),
    clientId: attempt.request.clientId,
    ip: attempt.ip,
    userAgent: attempt.userAgent,
    ...(organizationId !== undefined && { organizationId }),
    ...(connectionId !== undefined && { connectionId }),
    ...(userId !== undefined && { userId }),
    hasProof: hasProof(login),
    details: {
      code: refusal.code,
      detail: refusal.detail,
      reference,
      transaction: attempt.transactionId,
      // With address and invitation an administrator can invite the person again.
      ...(email !== undefined && { email }),
      ...(invitation && { invitation: invitationDetails(invitation) }),
      ...(subject.remedy && { remedy: subject.remedy }),
      trace: trace.lines,
      ...(executions.length > 0 && { actions: executions }),
    },
  };
  await deps.ledger.append(entry);
  return { kind: 'refused', refusal, reference, identified, trace };
}
