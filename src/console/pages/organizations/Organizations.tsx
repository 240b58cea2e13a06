/** The list of organizations: find one by its name or id, open it, make one. Searches by what the API can find at any size, and says so. */
import { Anchor, Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiFailure } from '../../api/failure';
import type { List } from '../../api/list';
import { type Column, ListTable } from '../../parts/ListTable';
import { Page } from '../../parts/Page';
import type { Organization } from './answers';
import { NewOrganization } from './NewOrganization';
import { useOrganizations } from './queries';

const COLUMNS: readonly Column<Organization>[] = [
  {
    name: 'Organization',
    cell: ({ id, display_name: title, blocked }) => (
      <Group gap="xs">
        <Anchor component={Link} to={`/organizations/${id}`} dir="auto" fw={550}>
          {title}
        </Anchor>
        {blocked && (
          <Badge color="red" variant="light">
            Blocked
          </Badge>
        )}
      </Group>
    ),
  },
  { name: 'Name in addresses and tokens', wide: true, cell: ({ name }) => name },
  { name: 'ID', wide: true, cell: ({ id }) => <Text ff="monospace">{id}</Text> },
];

function Search({ name }: { readonly name: string | undefined }) {
  const [text, setText] = useState(name ?? '');
  const navigate = useNavigate();
  const go = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted.startsWith('org_')) return void navigate({ to: `/organizations/${encodeURIComponent(wanted)}` });
    return void navigate({ to: '/organizations', search: wanted === '' ? {} : { name: wanted.toLowerCase() } });
  };
  return (
    <form onSubmit={go}>
      <Group align="end" gap="sm">
        <TextInput
          label="Find by name or id"
          description="The whole name, as addresses have it: acme"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
        <Button type="submit" variant="default">
          Find
        </Button>
        {name !== undefined && (
          <Anchor component={Link} to="/organizations" onClick={() => setText('')} mb={8}>
            Show all
          </Anchor>
        )}
      </Group>
    </form>
  );
}

/** A name that nobody has is no failure of the page. */
function withoutMissing(list: List<Organization>): List<Organization> {
  return list.error instanceof ApiFailure && list.error.status === 404
    ? { ...list, items: [], error: null, isLoading: false }
    : list;
}

export function Organizations() {
  const { name } = useSearch({ from: '/organizations' });
  const list = withoutMissing(useOrganizations(name));
  const empty =
    name === undefined ? (
      <Stack align="center">
        <Text c="dimmed">
          No organization yet. Each customer is one: with members, connections and a look of its own.
        </Text>
        <NewOrganization />
      </Stack>
    ) : (
      `No organization has the name ${name}.`
    );
  return (
    <Page
      title="Organizations"
      lead="Your customers: who belongs to each, and how they sign in."
      deeds={<NewOrganization />}
    >
      <Search key={name ?? ''} name={name} />
      <ListTable caption="Organizations" list={list} columns={COLUMNS} rowKey={({ id }) => id} empty={empty} />
    </Page>
  );
}
