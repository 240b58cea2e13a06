/**
 * Makes a person with an account a member. Looks the address up first, and offers an invitation if no account has the
 * address.
 */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
import { callPerson } from './answers';
import { InviteLink } from './InviteLink';
import { findAccounts, organizationKey } from './queries';

type Account = Awaited<ReturnType<typeof findAccounts>>[number];

interface FoundProps {
  readonly id: string;
  readonly accounts: readonly Account[];
  readonly address: string;
  onAdded(): void;
}

function Found({ id, accounts, address, onAdded }: FoundProps) {
  const adding = useMutation({
    mutationFn: (userId: string) =>
      api.POST('/organizations/{id}/members', { params: { path: { id } }, body: { members: [userId] } }),
    onSuccess: async () => {
      onAdded();
      await queryClient.invalidateQueries({ queryKey: [...organizationKey(id), 'people'] });
    },
  });
  if (accounts.length === 0)
    return (
      <Text role="status">
        No account has this address yet.{' '}
        <InviteLink id={id} email={address}>
          Invite {address}
        </InviteLink>{' '}
        instead.
      </Text>
    );
  return (
    <Stack gap="xs">
      {accounts.map((account) => (
        <Group key={account.user_id} justify="space-between" wrap="nowrap">
          <div>
            <Text dir="auto">{callPerson(account)}</Text>
            <Text c="dimmed" size="sm" style={{ overflowWrap: 'anywhere' }}>
              {account.user_id}
            </Text>
          </div>
          <Button onClick={() => adding.mutate(account.user_id)} loading={adding.isPending} style={{ flex: 'none' }}>
            Add member
          </Button>
        </Group>
      ))}
      {adding.error && <FailureNote error={adding.error} />}
    </Stack>
  );
}

function Form({ id, onAdded }: { readonly id: string; readonly onAdded: () => void }) {
  const [address, setAddress] = useState('');
  const looking = useMutation({ mutationFn: () => findAccounts(address.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    looking.mutate();
  };
  return (
    <Stack>
      <Text size="sm">
        Adds a person who already has an account. They become a member at once and are not notified. At their first
        sign-in through the company, they may have to verify that the account is theirs.
      </Text>
      <Refusals error={looking.error}>
        <form onSubmit={submit}>
          <Group align="end" wrap="nowrap">
            <TextInput
              fills="email"
              label="Email address"
              type="email"
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
              required
              data-autofocus
              style={{ flex: 1 }}
            />
            <Button type="submit" variant="default" loading={looking.isPending}>
              Find account
            </Button>
          </Group>
        </form>
      </Refusals>
      {looking.error && <FailureNote error={looking.error} />}
      {looking.data && <Found id={id} accounts={looking.data} address={address.trim()} onAdded={onAdded} />}
    </Stack>
  );
}

export function AddMember({ id }: { readonly id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Add member
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Add member">
        <Form id={id} onAdded={() => setOpen(false)} />
      </Modal>
    </>
  );
}
