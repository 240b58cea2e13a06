/**
 * The page that searches people by address, name, domain or id. Shows one page of results at a time and never their
 * total, since counting a million people is slow.
 */
import { Anchor, Badge, Button, Code, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { usePowers } from '../../session/powers';
import { nameOf, type User } from './answers';
import { usePeople } from './queries';

const route = getRouteApi('/people');

const SHOWN = [
  { value: '', label: 'Everybody' },
  { value: 'blocked', label: 'Blocked' },
  { value: 'unverified', label: 'Not verified' },
];

function States({ user }: { readonly user: User }) {
  if (user.blocked !== true && user.email_verified) return null;
  return (
    <Group gap={6} mt={4}>
      {user.blocked === true && (
        <Badge color="red" variant="light" tt="none">
          Blocked
        </Badge>
      )}
      {!user.email_verified && (
        <Badge color="gray" variant="light" tt="none">
          Email not verified
        </Badge>
      )}
    </Group>
  );
}

const COLUMNS: readonly Column<User>[] = [
  {
    name: 'Person',
    cell: (user) => (
      <div>
        <Anchor component={Link} to={`/people/${encodeURIComponent(user.user_id)}`} dir="auto" fw={500}>
          {nameOf(user)}
        </Anchor>
        {user.email !== undefined && user.email !== nameOf(user) && (
          <Text size="sm" c="dimmed" dir="auto">
            {user.email}
          </Text>
        )}
        <States user={user} />
      </div>
    ),
  },
  {
    name: 'Signs in with',
    wide: true,
    cell: (user) => [...new Set(user.identities.map(({ connection }) => connection))].join(', '),
  },
  { name: 'Last sign-in', wide: true, cell: (user) => <Moment at={user.last_login} /> },
];

/**
 * The search field. Changes the page's address only on submit, so that the browser's back button leads to the earlier
 * search.
 */
function SearchField({ q }: { readonly q: string }) {
  const [text, setText] = useState(q);
  const navigate = useNavigate();
  const go = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    void navigate({
      to: '/people',
      search: ({ q: _, after: _page, ...rest }: { q?: string; after?: string }) =>
        wanted === '' ? rest : { ...rest, q: wanted },
    });
  };
  return (
    <form onSubmit={go} style={{ flex: '1 1 18rem', maxWidth: '32rem' }}>
      <Group gap="xs" wrap="nowrap" align="end">
        <TextInput
          style={{ flex: 1 }}
          label="Find people"
          description="Type the beginning of an email address or name, @domain, or an ID"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
          spellCheck={false}
          autoComplete="off"
          dir="auto"
        />
        <Button type="submit" variant="default">
          Find
        </Button>
      </Group>
    </form>
  );
}

const EXAMPLES = [
  ['app_metadata.plan:"gold"', 'a value in the metadata, also user_metadata'],
  ['username:dana', 'a username'],
  ['organization_id:org_…', 'members of an organization'],
  ['last_login:[2026-01-01 TO *]', 'signed in since a day; also created_at and updated_at'],
  ['NOT _exists_:last_login', 'never signed in'],
  ['logins_count:>=100', 'by the number of sign-ins'],
  ['identities.connection:"acme"', 'signs in by a connection'],
] as const;

/** The queries that the search field takes besides plain texts. Closed until somebody asks. */
function SearchHelp() {
  return (
    <details>
      <Text component="summary" size="sm" c="dimmed" style={{ cursor: 'pointer' }}>
        Search by a field
      </Text>
      <Stack gap={6} mt="xs">
        <Text size="sm">Begin with the name of a field. Join several with AND, OR and NOT.</Text>
        {EXAMPLES.map(([query, means]) => (
          <Text key={query} size="sm" c="dimmed">
            <Code>{query}</Code> {means}
          </Text>
        ))}
      </Stack>
    </details>
  );
}

function Empty({ isNarrowed }: { readonly isNarrowed: boolean }) {
  if (isNarrowed)
    return (
      <Text c="dimmed">
        Nobody found. The search compares the beginning of addresses and names, so try fewer letters. Metadata and
        usernames are compared as they are, in upper and lower case.
      </Text>
    );
  return (
    <Stack align="center" gap="xs">
      <Text c="dimmed">
        There are no people yet. People get an account by an invitation, or by signing in through their company.
      </Text>
      <Button component={Link} to="/organizations" variant="default">
        Choose an organization to invite people
      </Button>
    </Stack>
  );
}

export function People() {
  const { q, show } = route.useSearch();
  const navigate = useNavigate();
  const may = usePowers();
  const list = usePeople({ q, show });
  return (
    <Page
      title="People"
      lead="Everybody with an account, across all organizations."
      buttons={
        may('create:users') && (
          <Button component={Link} to="/people/new">
            Create person
          </Button>
        )
      }
    >
      <Group align="end" justify="space-between">
        <SearchField key={q ?? ''} q={q ?? ''} />
        <SegmentedControl
          aria-label="Show"
          data={SHOWN}
          value={show ?? ''}
          onChange={(value) =>
            void navigate({
              to: '/people',
              search: {
                ...(q !== undefined && { q }),
                ...(value !== '' && { show: value as 'blocked' | 'unverified' }),
              },
            })
          }
        />
      </Group>
      <SearchHelp />
      <ListTable
        caption="People"
        list={list}
        columns={COLUMNS}
        rowKey={(user) => user.user_id}
        empty={<Empty isNarrowed={q !== undefined || show !== undefined} />}
      />
    </Page>
  );
}
