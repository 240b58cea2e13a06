/** The page that lists the roles that members of organizations may have. */
import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../../parts/ListTable';
import { usePowers } from '../../../session/powers';
import { ApplicationsFrame } from '../ApplicationsFrame';
import { NewAdministratorRole } from './NewAdministratorRole';
import { NewRole } from './NewRole';
import { type Role, useRoleList } from './queries';

function GivenBy({ role }: { readonly role: Role }) {
  if (!role.assignable_by_organizations) return 'operators only';
  return (
    <Badge variant="light" color="teal" tt="none">
      also customer administrators
    </Badge>
  );
}

const COLUMNS: readonly Column<Role>[] = [
  {
    name: 'Name',
    cell: ({ id, name, description }) => (
      <div>
        <Anchor size="sm" component={Link} to={`/applications/roles/${id}`} dir="auto" fw={500}>
          {name}
        </Anchor>
        {description !== null && (
          <Text size="sm" c="dimmed" dir="auto">
            {description}
          </Text>
        )}
      </div>
    ),
  },
  { name: 'Given by', cell: (role) => <GivenBy role={role} /> },
];

export function Roles() {
  const may = usePowers();
  return (
    <ApplicationsFrame
      buttons={
        may('create:roles') && (
          <Group gap="sm">
            <NewAdministratorRole />
            <NewRole />
          </Group>
        )
      }
    >
      <Text c="dimmed" maw={720}>
        A role holds permissions of APIs. A member has it in one organization, so the same person may have others
        elsewhere.
      </Text>
      <ListTable
        caption="Roles"
        list={useRoleList()}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty="There are no roles yet. Create one for what members may do in your application."
      />
    </ApplicationsFrame>
  );
}
