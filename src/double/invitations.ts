/**
 * Invitations as Auth0 treats them: one for a person who is a member already, and one that somebody failed to accept. Auth0 semantics,
 * section 4: the first is not established, the second uses the invitation up.
 */
import { parseEmail } from '../domain/people/email.js';
import { badBody } from '../management/api/errors.js';
import type { Call } from '../management/api/operation.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { Ledger } from '../ports/ledger.js';
import type { DoubleFacts } from './facts.js';

/** Refuses the invitation of a member, where the facts say so: one whose account the named connection, or any, would lead to. */
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

/** The log of logins; a failed acceptance (`fi`) that is written to it ends its invitation, where the facts say so. */
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
