/** The page that lists the modules: whether each is published, and how many Actions use it. */
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { ActionsFrame } from './ActionsFrame';
import type { Module } from './answers';
import { sayActions } from './ModuleFrame';
import { ModuleState } from './ModuleState';
import { useModules } from './module-queries';
import { NewModule } from './NewModule';

const COLUMNS: readonly Column<Module>[] = [
  {
    name: 'Name',
    cell: ({ id, name }) => (
      <Anchor size="sm" component={Link} to={`/actions/modules/${id}`} dir="auto">
        {name}
      </Anchor>
    ),
  },
  { name: 'State', isPlain: true, cell: (module) => <ModuleState module={module} /> },
  {
    name: 'Used by',
    cell: ({ id, actions_using_module_total: uses }) =>
      uses === 0 ? (
        'none'
      ) : (
        <Anchor size="sm" component={Link} to={`/actions/modules/${id}/uses`}>
          {sayActions(uses)}
        </Anchor>
      ),
  },
  { name: 'Changed', wide: true, cell: ({ updated_at: at }) => <Moment at={at} /> },
];

export function Modules() {
  return (
    <ActionsFrame button={<NewModule />}>
      <ListTable
        caption="Modules"
        list={useModules()}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty="There are no modules yet. Create one for code that several Actions share."
      />
    </ActionsFrame>
  );
}
