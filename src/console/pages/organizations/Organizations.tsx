/**
 * The page that lists the organizations. Finds them by the beginning of a name, opens one by its id, and creates new
 * ones.
 */
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { Page } from '../../parts/Page';
import { SearchField } from '../../parts/SearchField';
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
  { name: 'Name', wide: true, cell: ({ name }) => name },
  { name: 'ID', wide: true, cell: ({ id }) => <Text ff="monospace">{id}</Text> },
];

export function Organizations() {
  const { find } = useSearch({ from: '/organizations' });
  const navigate = useNavigate();
  const list = useOrganizations(find);
  const goToOne = (text: string) => {
    if (!text.startsWith('org_')) return false;
    void navigate({ to: `/organizations/${encodeURIComponent(text)}` });
    return true;
  };
  const empty =
    find === undefined ? (
      <Stack align="center">
        <Text c="dimmed">
          There are no organizations yet. Create one for each customer, with its own members, connections and branding.
        </Text>
        <NewOrganization />
      </Stack>
    ) : (
      `No organization has a name that begins with ${find}. Try fewer letters.`
    );
  return (
    <Page
      title="Organizations"
      lead="Your customers, with their members and how they sign in."
      buttons={<NewOrganization name="organization" />}
    >
      <SearchField
        label="Find an organization"
        description="Type the beginning of its name, or its ID"
        find={find}
        onWhole={goToOne}
      />
      <ListTable caption="Organizations" list={list} columns={COLUMNS} rowKey={({ id }) => id} empty={empty} />
    </Page>
  );
}
