/**
 * Makes a person with an account a member. Looks the address up first, and offers an invitation if no account has the
 * address.
 */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
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

const FIELDS: FieldsOf<{ readonly email: string }> = {
  email: { kind: 'text', label: 'Email address', type: 'email', required: true, style: { flex: 1 }, ...FIRST },
};

function Form({ id, onAdded }: { readonly id: string; readonly onAdded: () => void }) {
  const look = useMake({ fields: FIELDS, run: ({ email }) => findAccounts(email.trim()) });
  return (
    <Stack>
      <Text size="sm">
        Adds a person who already has an account. They become a member at once and are not notified. At their first
        sign-in through the company, they may have to verify that the account is theirs.
      </Text>
      <MakeForm make={look} verb="Find account" isInline />
      {look.made && <Found id={id} accounts={look.made} address={look.values.email.trim()} onAdded={onAdded} />}
    </Stack>
  );
}

export function AddMember({ id }: { readonly id: string }) {
  return (
    <MakeDialog verb="Add member" variant="default">
      {(close) => <Form id={id} onAdded={close} />}
    </MakeDialog>
  );
}
