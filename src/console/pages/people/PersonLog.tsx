/** The log lines about one person, newest first. Each links to the page about that line. */
import { Anchor, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import type { LogLine } from './answers';
import { PersonFrame } from './PersonFrame';
import { useLogOf } from './queries';

const route = getRouteApi('/people/$userId/log');

/** Descriptions of log lines that have none of their own, by type. */
const WORDS: Readonly<Record<string, string>> = {
  s: 'Signed in',
  ss: 'Signed up',
  slo: 'Signed out',
  ssa: 'Signed in silently',
  f: 'Refused',
};

const COLUMNS: readonly Column<LogLine>[] = [
  { name: 'When', cell: (line) => <Moment at={line.date} /> },
  {
    name: 'What',
    isPlain: true,
    cell: (line) => (
      <div>
        <Anchor component={Link} to={`/log/${encodeURIComponent(line.log_id)}`} dir="auto">
          {line.description || (WORDS[line.type] ?? `Entry of type ${line.type}`)}
        </Anchor>
        {line.details?.reference !== undefined && (
          <Text size="sm" c="dimmed">
            {line.details.reference}
          </Text>
        )}
      </div>
    ),
  },
  { name: 'Organization', wide: true, cell: (line) => line.organization_name ?? '' },
  { name: 'Application', wide: true, cell: (line) => line.client_name ?? '' },
  { name: 'From', wide: true, cell: (line) => line.ip ?? '' },
];

function Lines({ userId }: { readonly userId: string }) {
  const list = useLogOf(userId);
  return (
    <ListTable
      caption="Log of this person"
      list={list}
      columns={COLUMNS}
      rowKey={({ log_id: id }) => id}
      empty="There are no log entries about this person, or they have expired."
    />
  );
}

export function PersonLog() {
  const { userId } = route.useParams();
  return <PersonFrame userId={userId}>{() => <Lines userId={userId} />}</PersonFrame>;
}
