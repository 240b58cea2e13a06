/**
 * Creates an account with a password in a database connection. It says that people of a company need no such account.
 */
import { Alert, Anchor, Button, Group, Stack, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { NativeSelect, Refusals, TextInput } from '../../parts/inputs';
import { Page } from '../../parts/Page';
import { drawSecret } from '../../random';
import type { User } from './answers';

/**
 * Returns a password that nobody knows, as the person sets their own by a link. Has every kind of character that a
 * policy may require.
 */
const newPassword = () => `${drawSecret()}aA7!`;

const useDatabases = () =>
  useQuery({
    queryKey: ['connections', 'databases'],
    queryFn: async () => {
      const query = { strategy: ['auth0'] as const, fields: 'id,name', take: 50 };
      const { data } = await api.GET('/connections', { params: { query: query } });
      return data.connections;
    },
  });

interface Typed {
  readonly email: string;
  readonly name: string;
  readonly connection: string;
  readonly mail: boolean;
}

async function create({ email, name, connection, mail }: Typed): Promise<User> {
  const { data } = await api.POST('/users', {
    body: {
      connection,
      email: email.trim(),
      password: newPassword(),
      ...(name.trim() !== '' && { name: name.trim() }),
      verify_email: mail,
    },
  });
  return data;
}

function useCreate() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: create,
    onSuccess: async (user) => {
      void queryClient.invalidateQueries({ queryKey: ['people', 'list'] });
      await navigate({ to: `/people/${encodeURIComponent(user.user_id)}` });
    },
  });
}

export function NewPerson() {
  const databases = useDatabases();
  const [typed, setTyped] = useState<Typed>({ email: '', name: '', connection: '', mail: true });
  const set = (changes: Partial<Typed>) => setTyped((now) => ({ ...now, ...changes }));
  const request = useCreate();
  const connection = typed.connection || databases.data?.[0]?.name;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (connection !== undefined) request.mutate({ ...typed, connection });
  };
  return (
    <Page title="Create person" crumbs={[{ to: '/people', name: 'People' }]}>
      <Alert variant="light" title="Consider an invitation instead">
        An{' '}
        <Anchor component={Link} to="/organizations">
          invitation
        </Anchor>{' '}
        makes the person a member, verifies their email address, and lets them choose a password. People who sign in
        through their company need no account in advance.
      </Alert>
      <Refusals error={request.error}>
        <form onSubmit={send}>
          <Stack maw={520}>
            <TextInput
              fills="email"
              label="Email address"
              type="email"
              required
              value={typed.email}
              onChange={(event) => set({ email: event.currentTarget.value })}
              autoComplete="off"
            />
            <TextInput
              fills="name"
              label="Name"
              value={typed.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              autoComplete="off"
              dir="auto"
            />
            <NativeSelect
              fills="connection"
              label="Connection"
              data={(databases.data ?? []).map(({ name }) => name)}
              value={connection ?? ''}
              onChange={(event) => set({ connection: event.currentTarget.value })}
            />
            <Switch
              label="Send an email to verify the address"
              checked={typed.mail}
              onChange={(event) => set({ mail: event.currentTarget.checked })}
            />
            {databases.data?.length === 0 && (
              <Alert color="gray" variant="light">
                There is no connection with passwords yet. Create a database connection first.
              </Alert>
            )}
            {(request.error ?? databases.error) && <FailureNote error={request.error ?? databases.error} />}
            <Group>
              <Button type="submit" loading={request.isPending} disabled={connection === undefined}>
                Create person
              </Button>
              <Button component={Link} to="/people" variant="default">
                Cancel
              </Button>
            </Group>
            <span>
              The initial password is random and unknown to everybody. Create a password link on the person’s page, so
              that they can set their own.
            </span>
          </Stack>
        </form>
      </Refusals>
    </Page>
  );
}
