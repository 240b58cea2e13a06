/**
 * Invites the person of a line to its organization: known values are filled in, and can be changed before sending. The
 * invitation is mailed; no link is shown here.
 */
import { Alert, Anchor, Button, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { queryClient } from '../../api/query';
import { type ExistingMember, type InvitationTerms, sendInvitation } from '../../invite/send';
import { MemberAlready, TermsFields, useChosenApplication } from '../../invite/TermsFields';
import type { LogLine } from '../../lines/answers';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
import { useOperator } from '../../session/operator';

export interface InvitePersonProps {
  readonly organizationId: string;
  readonly address: string;
  readonly line: LogLine;
}

interface Form extends InvitationTerms {
  readonly email: string;
}

function useInvite(organizationId: string) {
  const { name, email } = useOperator();
  return useMutation({
    mutationFn: ({ email: invitee, client, ...terms }: Form) =>
      sendInvitation(organizationId, { ...terms, client: client ?? '', inviter: name || email, email: invitee.trim() }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['organizations'] }),
  });
}

interface SentProps {
  readonly address: string;
  readonly organizationId: string;
  readonly member: ExistingMember | undefined;
}

function Sent({ address, organizationId, member }: SentProps) {
  if (member !== undefined) return <MemberAlready email={address} member={member} />;
  return (
    <Alert color="teal" variant="light" title="Invitation sent" role="status">
      <Text size="sm">The invitation was sent to {address}. They become a member when they accept it and sign in.</Text>
      <Anchor component={Link} to={`/organizations/${organizationId}`} size="sm">
        Open organization
      </Anchor>
    </Alert>
  );
}

export function InvitePerson({ organizationId, address, line }: InvitePersonProps) {
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState<Form>({
    email: address,
    client: line.client_id ?? null,
    connection: line.connection_id ?? null,
    roles: [],
  });
  const set = (changes: Partial<Form>) => setForm((before) => ({ ...before, ...changes }));
  const invite = useInvite(organizationId);
  const client = useChosenApplication(form);
  const where = line.organization_name ?? organizationId;
  const send = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ ...form, client }, { onSuccess: () => setOpen(false) });
  };
  if (invite.isSuccess && !open)
    return <Sent address={form.email} organizationId={organizationId} member={invite.data} />;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Invite {address}</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Invite to ${where}`}>
        <Refusals error={invite.error}>
          <form onSubmit={send}>
            <Stack>
              <TextInput
                fills="invitee.email"
                label="Email address"
                type="email"
                required
                value={form.email}
                onChange={(event) => set({ email: event.currentTarget.value })}
                data-autofocus
              />
              <TermsFields organizationId={organizationId} terms={form} set={set} />
              <Text size="sm" c="dimmed">
                The person gets one email. They become a member when they accept the invitation.
              </Text>
              {invite.error && <FailureNote error={invite.error} />}
              <DialogEnd onLeave={() => setOpen(false)}>
                <Button type="submit" loading={invite.isPending} disabled={client === null}>
                  Send invitation
                </Button>
              </DialogEnd>
            </Stack>
          </form>
        </Refusals>
      </Modal>
    </>
  );
}
