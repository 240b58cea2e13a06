/**
 * The page with what the administrators of a customer changed in their organization, from the log: who, what and when,
 * each with a link to the thing and, where possible, a button that takes it back.
 */
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useRoles } from '../../../invite/choices';
import type { LogLine } from '../../../lines/answers';
import { LinesKept } from '../../../lines/LinesKept';
import { type Column, ListTable } from '../../../parts/ListTable';
import { Moment } from '../../../parts/Moment';
import { RoleNote } from '../../../parts/RoleNote';
import { usePowers } from '../../../session/powers';
import type { Organization } from '../answers';
import { OrganizationFrame } from '../OrganizationFrame';
import { useDomains, useEnablements } from '../queries';
import { type Known, useChanges, useKnown, useOpenInvitations } from './queries';
import { type Now, TakeBack } from './TakeBack';
import { type Change, type Names, peopleIn, tellChange } from './tell-change';

interface Row {
  readonly line: LogLine;
  readonly change: Change;
}

function callActor({ details }: LogLine, names: Names): string {
  const { subject, user } = details.request?.auth ?? {};
  return user?.name ?? user?.email ?? (subject === undefined ? 'Somebody' : names.person(subject));
}

/** Names of the organization's pages to which a change links. */
const PLACES: readonly (readonly [start: string, name: string])[] = [
  ['/members/', 'Member'],
  ['/invitations', 'Invitations'],
  ['/connections/', 'Connection'],
  ['/connections', 'Domains'],
  ['/branding', 'Branding'],
];

const callPlace = (place: string) => PLACES.find(([start]) => place.startsWith(start))?.[1] ?? 'Settings';

function What({ organization, row, names }: { organization: Organization; row: Row; names: Names }) {
  const { line, change } = row;
  return (
    <div>
      <span dir="auto">
        <b>{callActor(line, names)}</b> {change.says}
      </span>
      <Text size="sm" component="div">
        {change.place !== undefined && (
          <>
            <Anchor inherit component={Link} to={`/organizations/${organization.id}${change.place}`}>
              {callPlace(change.place)}
            </Anchor>
            {' · '}
          </>
        )}
        <Anchor inherit component={Link} to={`/log/${encodeURIComponent(line.log_id)}`}>
          Log entry
        </Anchor>
      </Text>
    </div>
  );
}

function columnsOf(organization: Organization, names: Names, now: Now): readonly Column<Row>[] {
  return [
    {
      name: 'When',
      cell: ({ line }) => (
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          <Moment at={line.date} />
        </Text>
      ),
    },
    { name: 'What', isPlain: true, cell: (row) => <What organization={organization} row={row} names={names} /> },
    { name: 'Application', wide: true, cell: ({ line }) => <Text size="sm">{line.client_name ?? ''}</Text> },
    {
      name: 'Take it back',
      isButtons: true,
      cell: ({ change }) =>
        change.undo !== undefined && (
          <TakeBack organization={organization} undo={change.undo} now={now} names={names} />
        ),
    },
  ];
}

/** Reads what the organization has now, and the names of everything that the lines name. */
function useNow(id: string, lines: readonly LogLine[]): { readonly names: Names; readonly now: Now } {
  const may = usePowers();
  const { data: roles = [] } = useRoles();
  const domains = useDomains(id).items;
  const enablements = useEnablements(id).items;
  const invitations = useOpenInvitations(id, may('read:organization_invitations')).data ?? [];
  // The names of their own connections begin with the organization's id: the rest is what they typed.
  const start = `${id.replace('_', '-')}-`;
  const known: Known | undefined = useKnown(id, peopleIn(lines)).data;
  const names: Names = {
    person: (userId) => known?.names.get(userId) ?? userId,
    role: (roleId) => roles.find((role) => role.id === roleId)?.name ?? 'a deleted role',
    domain: (domainId) => domains.find((domain) => domain.id === domainId)?.domain,
    connection(connectionId) {
      const name = enablements.find(({ connection_id: own }) => own === connectionId)?.connection.name;
      return name?.startsWith(start) ? name.slice(start.length) : name;
    },
  };
  return { names, now: { domains, enablements, invitations, members: known?.members ?? new Map() } };
}

function Changes({ organization }: { readonly organization: Organization }) {
  const list = useChanges(organization.id);
  const { names, now } = useNow(organization.id, list.items);
  const rows = list.items.flatMap((line) => {
    const change = tellChange(line, names);
    return change === undefined ? [] : [{ line, change }];
  });
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        What their administrators changed
      </Title>
      <Text c="dimmed" maw={720}>
        Changes that members of {organization.display_name} made inside your application (My Organization API). What you
        take back, they can do again, unless you also take their role. <LinesKept />
      </Text>
      <ListTable
        caption={`What the administrators of ${organization.display_name} changed`}
        list={{ ...list, items: rows }}
        columns={columnsOf(organization, names, now)}
        rowKey={({ line }) => line.log_id}
        empty="No changes yet. Their administrators need a role for it, and an application in which customers manage their organization."
      />
    </Stack>
  );
}

export function CustomerChanges() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId/changes' });
  const may = usePowers();
  return (
    <OrganizationFrame id={id}>
      {(organization) =>
        may('read:logs') ? (
          <Changes organization={organization} />
        ) : (
          <RoleNote scopes={['read:logs']} shown="the organization" />
        )
      }
    </OrganizationFrame>
  );
}
