/**
 * The actions of one invitation: replace it by a new one and send that, revoke it, copy its link. Says what a copied
 * link proves before it is copied.
 */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { Deed } from '../../parts/Deed';
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
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Link
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Link of the invitation for ${email}`}>
        <Stack>
          <Text>
            This link is not the one in the mail, and proves nothing: whoever opens it must first type a code that is
            mailed to {email}. Hand it over where the mail did not arrive and the mailbox works.
          </Text>
          <CopyText text={url} name="the link" />
        </Stack>
      </Modal>
    </>
  );
}

export interface InvitationDeedsProps {
  readonly organization: Organization;
  readonly invitation: Invitation;
}

export function InvitationDeeds({ organization, invitation }: InvitationDeedsProps) {
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
        <Deed
          size="xs"
          verb="Send again"
          question={`Send the invitation to ${email} again?`}
          effect={`${email} gets a new mail with a new link, good for seven days. The link in the mail of before ends.`}
          run={() => sendAgain(id, invitation)}
          changes={changes}
        />
      )}
      {invitation.invitation_url !== undefined && <CopyLink url={invitation.invitation_url} email={email} />}
      {mayWithdraw && (
        <Deed
          size="xs"
          verb="Withdraw"
          question={`Withdraw the invitation of ${email}?`}
          effect={`The link ends, in the mail and elsewhere. ${email} is told nothing; nobody loses a seat.`}
          danger
          run={() => withdraw(id, invitation.id)}
          changes={changes}
        />
      )}
    </Group>
  );
}
