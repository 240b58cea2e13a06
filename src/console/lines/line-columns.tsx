/** The columns that all tables of log lines share. */
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Column } from '../parts/ListTable';
import { Moment } from '../parts/Moment';
import type { LogLine } from './answers';
import { LineBadge } from './LineBadge';
import { tellLine } from './tell-line';

export const LINE_COLUMNS: readonly Column<LogLine>[] = [
  {
    name: 'When',
    cell: ({ date }) => (
      <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
        <Moment at={date} />
      </Text>
    ),
  },
  { name: 'Outcome', wide: true, cell: ({ type }) => <LineBadge type={type} /> },
  {
    name: 'What happened',
    isPlain: true,
    cell: (line) => (
      <Anchor component={Link} to={`/log/${encodeURIComponent(line.log_id)}`} dir="auto" size="sm">
        {tellLine(line)}
      </Anchor>
    ),
  },
  { name: 'Application', wide: true, cell: ({ client_name }) => <Text size="sm">{client_name ?? ''}</Text> },
  {
    name: 'Reference',
    wide: true,
    cell: ({ details }) => (
      <Text size="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
        {details?.reference ?? ''}
      </Text>
    ),
  },
];
