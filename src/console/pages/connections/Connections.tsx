/**
 * The page that lists all connections, the organizations that use each, and its problems: a certificate that expires
 * soon, or a provider that failed.
 */
import { Anchor, Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { now } from '../../clock';
import type { LogLine } from '../../lines/answers';
import { sayUses, useFirstOrganizations } from '../../parts/connection-uses';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { SearchField } from '../../parts/SearchField';
import { sayStrategy } from '../../parts/strategy-words';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf } from './answers';
import { findCertificateEnds } from './certificate';
import { useConnections, useProviderFailures } from './queries';

/**
 * Certificates that expire within this time are shown as a problem. Another company's administrators need time to
 * replace one.
 */
const SOON_MS = 45 * 86_400_000;

type Uses = ReturnType<typeof useFirstOrganizations>;

function Users({ connection, uses }: { readonly connection: Connection; readonly uses: Uses }) {
  const data = uses.data?.get(connection.id);
  if (uses.error || (data === undefined && !uses.isPending))
    return (
      <Text size="sm" c="dimmed">
        unknown
      </Text>
    );
  if (data === undefined) return <Skeleton height={20} width={120} />;
  if (data.total === 0)
    return (
      <Text size="sm" c="dimmed">
        none
      </Text>
    );
  return <span dir="auto">{sayUses(data)}</span>;
}

/** Returns the earliest expiry of the connection's certificates if it is soon or past; undefined otherwise. */
function endingOf({ options }: Connection): Date | undefined {
  const limit = now().getTime() + SOON_MS;
  return findCertificateEnds(options).find((end) => end.getTime() < limit);
}

function Trouble({ connection, failures }: { readonly connection: Connection; readonly failures: readonly LogLine[] }) {
  const notes: ReactNode[] = [];
  const end = endingOf(connection);
  if (end !== undefined)
    notes.push(
      <Badge key="certificate" color="yellow" variant="light" tt="none">
        Certificate expires <Moment at={end.toISOString()} />
      </Badge>,
    );
  const own = failures.filter((line) => line.connection_id === connection.id);
  const [last] = own;
  if (last !== undefined)
    notes.push(
      <Anchor key="failure" component={Link} to={`/log/${encodeURIComponent(last.log_id)}`} size="sm">
        {own.length === 1 ? 'Failed once' : `Failed ${own.length} times`}, last <Moment at={last.date} />
      </Anchor>,
    );
  return notes.length === 0 ? (
    <Text size="sm" c="dimmed">
      none
    </Text>
  ) : (
    <Group gap={6}>{notes}</Group>
  );
}

const columnsWith = (failures: readonly LogLine[], uses: Uses): readonly Column<Connection>[] => [
  {
    name: 'Connection',
    cell: (connection) => (
      <div>
        <Anchor component={Link} to={`/connections/${connection.id}`} dir="auto" fw={500}>
          {nameOf(connection)}
        </Anchor>
        <Text size="sm" c="dimmed">
          {sayStrategy(connection.strategy)}
          {nameOf(connection) !== connection.name && ` · ${connection.name}`}
        </Text>
      </div>
    ),
  },
  { name: 'Used by', wide: true, cell: (connection) => <Users connection={connection} uses={uses} /> },
  { name: 'Problems this week', cell: (connection) => <Trouble connection={connection} failures={failures} /> },
];

function Empty() {
  return (
    <Stack align="center" gap="xs">
      <Text c="dimmed">There are no connections yet, so nobody can sign in.</Text>
      <Button component={Link} to="/connections/new">
        Add connection
      </Button>
    </Stack>
  );
}

export function Connections() {
  const { find } = useSearch({ from: '/connections' });
  const list = useConnections(find);
  const uses = useFirstOrganizations(list.items.map(({ id }) => id));
  const failures = useProviderFailures();
  const may = usePowers();
  return (
    <Page
      title="Connections"
      lead="How people sign in: through a company’s identity provider, or with a password stored here."
      buttons={
        may('create:connections') && (
          <Button component={Link} to="/connections/new">
            Add connection
          </Button>
        )
      }
    >
      <SearchField label="Find a connection" description="Type the beginning of its name" find={find} />
      <ListTable
        caption="Connections"
        list={list}
        columns={columnsWith(failures.data ?? [], uses)}
        rowKey={({ id }) => id}
        empty={find === undefined ? <Empty /> : `No connection has a name that begins with ${find}. Try fewer letters.`}
      />
    </Page>
  );
}
