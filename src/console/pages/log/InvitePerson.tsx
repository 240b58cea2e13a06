/**
 * Invites the person of a line into its organization: everything the line knows is filled in, and can be changed before anything is sent. The mail
 * goes to the address; a link is shown to nobody here.
 */
import { Alert, Anchor, Button, Modal, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import type { LogLine } from '../../lines/answers';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { useOperator } from '../../session/operator';
import { readChoices } from './invite-choices';

export interface InvitePersonProps {
  readonly organizationId: string;
  readonly address: string;
  readonly line: LogLine;
}

interface Form {
  readonly email: string;
  readonly clientId: string | null;
  readonly connectionId: string | null;
  readonly roles: readonly string[];
}

function useInvite(organizationId: string) {
  const { name, email } = useOperator();
  return useMutation({
    mutationFn: ({ email: invitee, clientId, connectionId, roles }: Form) =>
      api.POST('/organizations/{id}/invitations', {
        params: { path: { id: organizationId } },
        body: {
          inviter: { name: name || email },
          invitee: { email: invitee.trim() },
          client_id: clientId ?? '',
          ...(connectionId !== null && { connection_id: connectionId }),
          ...(roles.length > 0 && { roles: [...roles] }),
        },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['organizations'] }),
  });
}

interface FieldsProps {
  readonly organizationId: string;
  readonly form: Form;
  readonly onChange: (changes: Partial<Form>) => void;
}

function Fields({ organizationId, form, onChange }: FieldsProps) {
  const { data, error } = useQuery({
    queryKey: ['log', 'invite', organizationId],
    queryFn: () => readChoices(organizationId),
  });
  if (error) return <FailureNote error={error} />;
  // Until the names are there, the ids of the line stand for themselves.
  const clients = data?.clients ?? [];
  const connections = data?.connections ?? [];
  const known = connections.some(({ value }) => value === form.connectionId) ? form.connectionId : null;
  return (
    <>
      <TextInput
        label="Address"
        type="email"
        required
        value={form.email}
        onChange={(event) => onChange({ email: event.currentTarget.value })}
        data-autofocus
      />
      <Select
        label="Application that they come to"
        required
        searchable
        data={clients}
        value={form.clientId}
        onChange={(clientId) => onChange({ clientId })}
      />
      <Select
        label="How they sign in"
        placeholder="Any way that is switched on for them"
        clearable
        data={connections}
        value={known}
        onChange={(connectionId) => onChange({ connectionId })}
      />
      <MultiSelect
        label="Roles"
        placeholder={form.roles.length === 0 ? 'None' : ''}
        searchable
        data={data?.roles ?? []}
        value={[...form.roles]}
        onChange={(roles) => onChange({ roles })}
      />
    </>
  );
}

function Sent({ address, organizationId }: { readonly address: string; readonly organizationId: string }) {
  return (
    <Alert color="teal" variant="light" title="Invited" role="status">
      <Text size="sm">The mail is on its way to {address}. They are in as soon as they accept it and sign in.</Text>
      <Anchor component={Link} to={`/organizations/${organizationId}`} size="sm">
        Open the organization
      </Anchor>
    </Alert>
  );
}

export function InvitePerson({ organizationId, address, line }: InvitePersonProps) {
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState<Form>({
    email: address,
    clientId: line.client_id ?? null,
    connectionId: line.connection_id ?? null,
    roles: [],
  });
  const invite = useInvite(organizationId);
  const where = line.organization_name ?? organizationId;
  const send = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate(form, { onSuccess: () => setOpen(false) });
  };
  if (invite.isSuccess && !open) return <Sent address={form.email} organizationId={organizationId} />;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Invite {address}</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Invite to ${where}`}>
        <form onSubmit={send}>
          <Stack>
            <Fields
              organizationId={organizationId}
              form={form}
              onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
            />
            <Text size="sm" c="dimmed">
              One mail is sent. They become a member when they accept it; until then nothing changes.
            </Text>
            {invite.error && <FailureNote error={invite.error} />}
            <DialogEnd onLeave={() => setOpen(false)}>
              <Button type="submit" loading={invite.isPending} disabled={form.clientId === null}>
                Send the invitation
              </Button>
            </DialogEnd>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
