/**
 * Invitations as Auth0 treats them in two cases (docs/auth0-double.md). For a person who is already a member, Auth0's
 * answer is not established. A failed attempt to accept consumes the invitation.
 */
import { parseEmail } from '../domain/people/email.js';
import { badBody } from '../management/api/errors.js';
import type { Call } from '../management/api/operation.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { Ledger } from '../ports/ledger.js';
import type { DoubleFacts } from './facts.js';

/**
 * Refuses to invite a member, if `facts` say so. With a connection in the request, only a member with an identity at
 * that connection counts.
 */
export async function checkInvitedMember(
  { body, directory, params }: Call,
  key: string,
  facts: DoubleFacts,
): Promise<void> {
  if (key !== 'post /organizations/{id}/invitations' || facts.member_invited !== 'refused') return;
  const { invitee, connection_id: connectionId } = body as {
    readonly invitee: { readonly email: string };
    readonly connection_id?: string;
  };
  const email = parseEmail(invitee.email);
  if (email === undefined) return;
  for (const user of await directory.users.listByEmail(email)) {
    const signsInThere =
      connectionId === undefined || user.identities.some((identity) => identity.connectionId === connectionId);
    if (signsInThere && (await directory.members.find(params.id ?? '', user.userId)) !== undefined)
      throw badBody('The invited user is already a member of the organization.');
  }
}

/**
 * Wraps the login log: after the line of a failed attempt to accept (`fi`), the invitation is deleted, if `facts` say
 * so.
 */
export function consumingLedger(ledger: Ledger, directory: DirectoryStore, facts: DoubleFacts): Ledger {
  if (facts.failed_acceptance !== 'consumes') return ledger;
  return {
    async append(entry) {
      await ledger.append(entry);
      const invitation = entry.details.invitation as { readonly id?: unknown } | undefined;
      if (entry.type !== 'fi' || entry.organizationId === undefined || typeof invitation?.id !== 'string') return;
      await directory.invitations.delete(entry.organizationId, invitation.id);
    },
  };
}
