/**
 * Invites and removes operators, and resets their second factors, for the commands of this server. It runs operations of the Management API with their
 * log lines, so a command can do nothing that a script cannot. Checks no rights: everybody who can run the command has
 * access to the database anyway.
 */
import type { OperatorRole, Operators } from '../../domain/operator-role.js';
import type { ManagementDeps } from '../api/deps.js';
import { ManagementError } from '../api/errors.js';
import type { Operation } from '../api/operation.js';
import { invitationOperations } from '../organizations/invitations.js';
import { memberOperations } from '../organizations/members.js';
import { getOperation, runByCommand } from '../run-by-command.js';
import { authenticationMethodOperations } from '../users/authentication-methods.js';

type Deps = Pick<ManagementDeps, 'directory' | 'ticketBox' | 'entropy' | 'strategies' | 'origin'>;

/** Subject of the log lines that this command writes. */
const SUBJECT = 'command|operator';

const run = (deps: Deps, operation: Operation, { organizationId }: Operators, body: unknown, now: Date) =>
  runByCommand(deps, operation, { subject: SUBJECT, params: { id: organizationId }, body, now });

/**
 * The inviter that the invitation's page shows: the command line, since anybody with access to the machine may have run
 * it.
 */
const inviterOf = (origin: string): string => `The command line of ${new URL(origin).host}`;

/**
 * Creates an invitation to the operators' organization. It can be used once, within seven days. Sends no mail: the
 * caller delivers the link.
 */
export async function createInvitationOf(
  deps: Deps,
  operators: Operators,
  { email, role }: { readonly email: string; readonly role: OperatorRole },
  now: Date,
): Promise<{ url: string; expiresAt: Date }> {
  const body = {
    inviter: { name: inviterOf(deps.origin) },
    invitee: { email },
    client_id: operators.clientId,
    roles: [operators.roleIds[role]],
    send_invitation_email: false,
  };
  const made = await run(deps, getOperation(invitationOperations(deps), 'post'), operators, body, now);
  return { url: String(made.invitation_url), expiresAt: new Date(String(made.expires_at)) };
}

/** Removes an operator's membership. Returns `last` instead when nobody else is an owner who can sign in. */
export async function removeOperator(
  deps: Deps,
  operators: Operators,
  userId: string,
  now: Date,
): Promise<'removed' | 'unknown' | 'last'> {
  if ((await deps.directory.members.find(operators.organizationId, userId)) === undefined) return 'unknown';
  try {
    await run(deps, getOperation(memberOperations(), 'delete'), operators, { members: [userId] }, now);
    return 'removed';
  } catch (error) {
    if (error instanceof ManagementError && error.errorCode === 'last_owner') return 'last';
    throw error;
  }
}

/** Removes all second factors and passkeys of an operator; the owner of the account gets a mail. */
export async function resetOperatorFactors(
  deps: Deps,
  operators: Operators,
  userId: string,
  now: Date,
): Promise<boolean> {
  if ((await deps.directory.members.find(operators.organizationId, userId)) === undefined) return false;
  const operation = getOperation(authenticationMethodOperations(deps), 'delete', '/authentication-methods');
  await runByCommand(deps, operation, { subject: SUBJECT, params: { id: userId }, body: undefined, now });
  return true;
}
