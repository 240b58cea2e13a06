/**
 * The page that lists the Actions: the trigger of each, whether its draft is deployed, and how its recent runs ended.
 */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { List } from '../../api/list';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { ActionState } from './ActionState';
import { ActionsFrame } from './ActionsFrame';
import { type Action, type Binding, type LogLine, triggerOf } from './answers';
import { countRuns } from './executions';
import { useActions, useAllBindings, useLogLines } from './queries';
import { sayTrigger } from './triggers';

type Bound = Readonly<Record<string, readonly Binding[]>> | undefined;

function Lately({ action, lines }: { readonly action: Action; readonly lines: List<LogLine> }) {
  if (lines.isLoading || lines.error) return null;
  const { runs, failures, last } = countRuns(lines.items, action.id);
  if (last === undefined) return <Text c="dimmed">no recent run</Text>;
  return (
    <Anchor size="sm" component={Link} to={`/actions/${action.id}/executions`}>
      {runs} {runs === 1 ? 'run' : 'runs'}
      {failures > 0 && `, ${failures} failed`}
    </Anchor>
  );
}

function columnsOf(bound: Bound, lines: List<LogLine>): readonly Column<Action>[] {
  const isBound = (action: Action) =>
    bound && (bound[triggerOf(action)] ?? []).some((binding) => binding.action.id === action.id);
  return [
    {
      name: 'Name',
      cell: (action) => (
        <Anchor size="sm" component={Link} to={`/actions/${action.id}`} dir="auto">
          {action.name}
        </Anchor>
      ),
    },
    { name: 'Trigger', wide: true, cell: (action) => sayTrigger(triggerOf(action)).name },
    { name: 'State', isPlain: true, cell: (action) => <ActionState action={action} isBound={isBound(action)} /> },
    { name: 'Changed', wide: true, cell: (action) => <Moment at={action.updated_at} /> },
    {
      name: 'Recent runs (last 100 log entries)',
      wide: true,
      cell: (action) => <Lately action={action} lines={lines} />,
    },
  ];
}

export function Actions() {
  const list = useActions();
  const { data: bound } = useAllBindings();
  const lines = useLogLines();
  return (
    <ActionsFrame>
      <ListTable
        caption="Actions"
        list={list}
        columns={columnsOf(bound, lines)}
        rowKey={({ id }) => id}
        empty="There are no Actions yet. Create one to refuse sign-ins by your own rule, or to add claims to tokens."
      />
    </ActionsFrame>
  );
}
