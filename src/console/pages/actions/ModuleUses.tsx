/** The page that lists the Actions that load a module in their deployed version, with the module's version in each. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import type { Module, UsingAction } from './answers';
import { ModuleFrame } from './ModuleFrame';
import { useUses } from './module-queries';
import { sayTrigger } from './triggers';

function columnsOf(latest: number | undefined): readonly Column<UsingAction>[] {
  return [
    {
      name: 'Action',
      cell: ({ action_id: id, action_name: name }) => (
        <Anchor size="sm" component={Link} to={`/actions/${id}`} dir="auto">
          {name}
        </Anchor>
      ),
    },
    { name: 'Trigger', wide: true, cell: ({ supported_triggers: [trigger] }) => sayTrigger(trigger?.id ?? '').name },
    {
      name: 'Version',
      cell: ({ module_version_number: number }) => (
        <>
          {number}
          {latest !== undefined && number !== latest && (
            <Text span size="xs" c="dimmed">
              {' '}
              (the newest is {latest})
            </Text>
          )}
        </>
      ),
    },
  ];
}

function Body({ module }: { readonly module: Module }) {
  return (
    <ListTable
      caption="Actions that use this module"
      list={useUses(module.id)}
      columns={columnsOf(module.latest_version_number)}
      rowKey={({ action_id: id }) => id}
      empty="No deployed Action uses this module. To use it, add it to the modules of an Action’s draft, then deploy the Action."
    />
  );
}

export function ModuleUses() {
  return <ModuleFrame>{(module) => <Body module={module} />}</ModuleFrame>;
}
