/** Sends an invitation to one address and returns the API's answer. */
import type { Answer } from '../api/answers';
import { api } from '../api/client';

/** The choices for an invitation; the same ones may be used for several addresses. */
export interface InvitationTerms {
  readonly client: string | null;
  readonly connection: string | null;
  readonly roles: readonly string[];
}

/** The member who already has the invited address, and the connection with which they sign in. */
export type ExistingMember = NonNullable<Answer<'/organizations/{id}/invitations', 'post'>['existing_member']>;

export interface NewInvitation extends InvitationTerms {
  readonly client: string;
  /** Name of the inviting person. The invitation's mail shows it. */
  readonly inviter: string;
  readonly email: string;
}

/**
 * Sends an invitation. Returns the member who already has the address; undefined if there is none. Rejects with
 * ApiFailure.
 */
export async function sendInvitation(
  organizationId: string,
  { inviter, email, client, connection, roles }: NewInvitation,
): Promise<ExistingMember | undefined> {
  const { data } = await api.POST('/organizations/{id}/invitations', {
    params: { path: { id: organizationId } },
    body: {
      inviter: { name: inviter },
      invitee: { email },
      client_id: client,
      ...(connection !== null && { connection_id: connection }),
      ...(roles.length > 0 && { roles: [...roles] }),
    },
  });
  return data?.existing_member;
}
