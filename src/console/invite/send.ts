/** Sends one invitation and returns the API's answer. */
import type { Answer } from '../api/answers';
import { api } from '../api/client';

/** Everything about an invitation except the address. */
export interface InvitationTerms {
  readonly client: string | null;
  readonly connection: string | null;
  readonly roles: readonly string[];
}

/** The member to whom the address already belongs, and the connection at which they sign in. */
export type ExistingMember = NonNullable<Answer<'/organizations/{id}/invitations', 'post'>['existing_member']>;

export interface NewInvitation extends InvitationTerms {
  readonly client: string;
  /** Name of the inviting person, which the mail shows. */
  readonly inviter: string;
  readonly email: string;
}

/** Sends an invitation; undefined where no member has the address. Rejects with ApiFailure. */
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
