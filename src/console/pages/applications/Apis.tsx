/** The page that lists the APIs. */
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { ApplicationsFrame } from './ApplicationsFrame';
import type { Api } from './answers';
import { NewApi } from './NewApi';
import { useApis } from './queries';

const COLUMNS: readonly Column<Api>[] = [
  {
    name: 'Name',
    cell: ({ id, name, identifier }) => (
      <Anchor size="sm" component={Link} to={`/applications/apis/${encodeURIComponent(id)}`} dir="auto">
        {name ?? identifier}
      </Anchor>
    ),
  },
  { name: 'Identifier (audience)', wide: true, cell: ({ identifier }) => identifier },
  { name: 'Permissions', cell: ({ scopes = [] }) => scopes.length },
  {
    name: 'Permissions in people’s tokens',
    wide: true,
    cell: ({ enforce_policies: enforced }) => (enforced ? 'limited by role' : 'as the application requests'),
  },
];

export function Apis() {
  return (
    <ApplicationsFrame buttons={<NewApi />}>
      <ListTable
        caption="APIs"
        list={useApis()}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty="There are no APIs yet. Add your API so that applications can get tokens for it."
      />
    </ApplicationsFrame>
  );
}
