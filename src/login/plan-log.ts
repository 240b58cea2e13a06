/** Builds the log lines of a commit. They hold no secret and no token. */
import type { Invitation } from '../domain/people/account.js';
import { type Entropy, newLogId } from '../kernel/ids.js';
import type { LogEntry } from '../ports/ledger.js';
import type { KeptFactor } from './factor-stages.js';
import type { Admitted, Agreed, Attempt } from './stages.js';

interface LogGround {
  readonly attempt: Attempt;
  readonly admitted: Admitted;
  readonly userId: string;
  readonly entropy: Entropy;
}

/** Builds a log line with this login's person, network and application. */
export function logLine(
  { attempt, admitted, userId, entropy }: LogGround,
  type: string,
  details: Record<string, unknown>,
): LogEntry {
  const { organization, client, enablement } = admitted;
  return {
    logId: newLogId(entropy, attempt.at),
    date: attempt.at,
    type,
    clientId: client.clientId,
    userId,
    connectionId: enablement.connection.id,
    ip: attempt.ip,
    userAgent: attempt.userAgent,
    ...(organization && { organizationId: organization.id }),
    details,
  };
}

/** Returns an invitation for a log line (Auth0's `si` and `fi`), without its ticket. */
export function invitationDetails(invitation: Invitation): Readonly<Record<string, unknown>> {
  const { id, clientId, expiresAt, inviteeEmail, inviterName, roles, organizationId } = invitation;
  return {
    id,
    client_id: clientId,
    expires_at: expiresAt,
    invitee: { email: inviteeEmail },
    inviter: { name: inviterName, organization_id: organizationId },
    roles,
  };
}

/** Builds the log line about a second factor that the person passed or set up, with Auth0's types. */
function logFactor(ground: LogGround, factor: KeptFactor): LogEntry[] {
  if (factor.kind === undefined) return [];
  const details = { authenticator: { id: factor.id, type: factor.kind }, remember_browser: factor.remembers === true };
  if (factor.enrolled) return [logLine(ground, 'gd_enrollment_complete', details)];
  return [logLine(ground, factor.kind === 'recovery-code' ? 'gd_recovery_succeed' : 'gd_auth_succeed', details)];
}

/** Builds the log lines about second factors, and the warning (Auth0's `w`) about those that an Action asked for in vain. */
export function logFactors(
  ground: LogGround,
  { factors = [], ignoredFactors = [], offered }: Pick<Agreed, 'factors' | 'ignoredFactors' | 'offered'>,
): LogEntry[] {
  const lines = factors.flatMap((factor) => logFactor(ground, factor));
  const made = offered?.enrolled;
  const passkey = made && { authenticator: { id: made.id, type: 'passkey' }, remember_browser: false };
  if (passkey) lines.push(logLine(ground, 'gd_enrollment_complete', passkey));
  if (ignoredFactors.length > 0)
    lines.push({
      ...logLine(ground, 'w', { ignored_factors: ignoredFactors }),
      description: `An Action asked for factors that are not enabled or not enrolled: ${ignoredFactors.join(', ')}`,
    });
  return lines;
}

/** Builds the log lines about a new membership and an accepted invitation. */
export function logMembership(ground: LogGround): LogEntry[] {
  const { admission } = ground.admitted;
  const lines: LogEntry[] = [];
  if (admission.createMembership) {
    const reason = { invited: 'invitation', auto: 'auto_membership', action: 'action' }[admission.createMembership];
    lines.push(logLine(ground, 'organization_member_added', { reason }));
  }
  if (admission.invitation) {
    lines.push(logLine(ground, 'si', { invitation: invitationDetails(admission.invitation) }));
  }
  return lines;
}
