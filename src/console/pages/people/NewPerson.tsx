/**
 * Creates an account with a password in a database connection. It says that people of a company need no such account.
 */
import { Alert, Anchor, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { MakeForm } from '../../parts/MakeDialog';
import { Page } from '../../parts/Page';
import { useMake } from '../../parts/use-make';
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

const fieldsOf = (databases: readonly { readonly name: string }[]): FieldsOf<Typed> => ({
  email: { kind: 'text', label: 'Email address', type: 'email', required: true, autoComplete: 'off' },
  name: { kind: 'text', label: 'Name', autoComplete: 'off', dir: 'auto' },
  connection: { kind: 'native', label: 'Connection', data: databases.map(({ name }) => name) },
  mail: { kind: 'switch', label: 'Send an email to verify the address', at: 'verify_email', start: true },
});

export function NewPerson() {
  const { data: databases = [], error, isSuccess } = useDatabases();
  const navigate = useNavigate();
  const first = databases[0]?.name ?? '';
  const make = useMake({
    fields: fieldsOf(databases),
    run: (typed) => create({ ...typed, connection: typed.connection || first }),
    async onMade(user) {
      void queryClient.invalidateQueries({ queryKey: ['people', 'list'] });
      await navigate({ to: `/people/${encodeURIComponent(user.user_id)}` });
    },
  });
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
      <MakeForm
        make={make}
        verb="Create person"
        isBarred={first === ''}
        error={error}
        maw={520}
        beside={
          <Button component={Link} to="/people" variant="default">
            Cancel
          </Button>
        }
      >
        <Fields form={make} />
        {isSuccess && first === '' && (
          <Alert color="gray" variant="light">
            There is no connection with passwords yet. Create a database connection first.
          </Alert>
        )}
      </MakeForm>
      <Text maw={520}>
        The initial password is random and unknown to everybody. Create a password link on the person’s page, so that
        they can set their own.
      </Text>
    </Page>
  );
}
