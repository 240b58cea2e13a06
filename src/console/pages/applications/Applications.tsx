/** The page that lists the applications. */
import { Anchor, Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { SearchField } from '../../parts/SearchField';
import { ApplicationsFrame } from './ApplicationsFrame';
import type { Client } from './answers';
import { NewApplication } from './NewApplication';
import { useClients } from './queries';
import { sayKind, USAGES } from './words';

const COLUMNS: readonly Column<Client>[] = [
  {
    name: 'Name',
    cell: ({ client_id: id, name }) => (
      <Anchor size="sm" component={Link} to={`/applications/${encodeURIComponent(id)}`} dir="auto">
        {name}
      </Anchor>
    ),
  },
  { name: 'Kind', cell: ({ app_type: type }) => sayKind(type) },
  {
    name: 'Callback addresses',
    wide: true,
    cell: ({ callbacks = [] }) =>
      callbacks.length === 0 ? (
        <Text size="sm" c="dimmed">
          none
        </Text>
      ) : (
        `${callbacks[0]}${callbacks.length > 1 ? ` and ${callbacks.length - 1} more` : ''}`
      ),
  },
  {
    name: 'Organizations',
    wide: true,
    cell: ({ organization_usage: usage }) => USAGES.find(({ id }) => id === (usage ?? 'deny'))?.name,
  },
];

export function Applications() {
  const { find } = useSearch({ from: '/applications' });
  return (
    <ApplicationsFrame buttons={<NewApplication />}>
      <SearchField label="Find an application" description="Type the beginning of its name" find={find} />
      <ListTable
        caption="Applications"
        list={useClients(find)}
        columns={COLUMNS}
        rowKey={({ client_id: id }) => id}
        empty={
          find === undefined
            ? 'There are no applications yet. Add the one that your customers sign in to.'
            : `No application has a name that begins with ${find}. Try fewer letters.`
        }
      />
    </ApplicationsFrame>
  );
}
