/** The list of APIs. */
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
    name: 'Tokens of people hold',
    wide: true,
    cell: ({ enforce_policies: enforced }) => (enforced ? 'what their roles permit' : 'what the application asks for'),
  },
];

export function Apis() {
  return (
    <ApplicationsFrame deeds={<NewApi />}>
      <ListTable
        caption="APIs"
        list={useApis()}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty="There is no API yet. Add yours, and applications get tokens that are made out to it."
      />
    </ApplicationsFrame>
  );
}
