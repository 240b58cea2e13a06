/**
 * Buttons of one invitation: resend (creates a new one, then revokes this one), revoke, show the link. Tells the
 * operator beside the link that the person who opens it must enter a code from an email.
 */
import { Group, Stack, Text } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { CopyText } from '../../parts/CopyText';
import { MakeDialog } from '../../parts/MakeDialog';
import { usePowers } from '../../session/powers';
import type { Invitation, Organization } from './answers';
import { INVITATIONS } from './queries';

const withdraw = (id: string, invitationId: string) =>
  api.DELETE('/organizations/{id}/invitations/{invitation_id}', {
    params: { path: { id, invitation_id: invitationId } },
  });

/** Creates the new one first: if that is refused, the old one is still valid. */
async function sendAgain(id: string, invitation: Invitation): Promise<void> {
  const { inviter, invitee, client_id, connection_id, roles } = invitation;
  await api.POST('/organizations/{id}/invitations', {
    params: { path: { id } },
    body: {
      inviter: { name: inviter.name },
      invitee: { email: invitee.email },
      client_id,
      ...(connection_id !== undefined && { connection_id }),
      ...(roles !== undefined && { roles: [...roles] }),
    },
  });
  await withdraw(id, invitation.id);
}

function CopyLink({ url, email }: { readonly url: string; readonly email: string }) {
  return (
    <MakeDialog verb="Show link" title={`Invitation link for ${email}`} size="xs" variant="default">
      {() => (
        <Stack>
          <Text>
            This link differs from the one in the email. Anybody who opens it must first enter a code that is emailed to{' '}
            {email}. Use it if the invitation email did not arrive.
          </Text>
          <CopyText text={url} name="the link" />
        </Stack>
      )}
    </MakeDialog>
  );
}

export interface InvitationButtonsProps {
  readonly organization: Organization;
  readonly invitation: Invitation;
}

export function InvitationButtons({ organization, invitation }: InvitationButtonsProps) {
  const may = usePowers();
  const { id } = organization;
  const { email } = invitation.invitee;
  const changes = [INVITATIONS];
  const mayWithdraw = may('delete:organization_invitations');
  // The new one has the same roles.
  const maySend =
    may('create:organization_invitations') &&
    ((invitation.roles ?? []).length === 0 || may('create:organization_member_roles'));
  return (
    <Group gap={6}>
      {maySend && mayWithdraw && (
        <ConfirmButton
          size="xs"
          verb="Resend"
          question={`Resend the invitation to ${email}?`}
          effect={`${email} gets a new email with a new link, valid for seven days. The link in the previous email stops working.`}
          run={() => sendAgain(id, invitation)}
          changes={changes}
        />
      )}
      {invitation.invitation_url !== undefined && <CopyLink url={invitation.invitation_url} email={email} />}
      {mayWithdraw && (
        <ConfirmButton
          size="xs"
          verb="Revoke"
          question={`Revoke the invitation of ${email}?`}
          effect={`The invitation’s links stop working. ${email} is not notified. Memberships do not change.`}
          danger
          run={() => withdraw(id, invitation.id)}
          changes={changes}
        />
      )}
    </Group>
  );
}
