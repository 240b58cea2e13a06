/**
 * The page that limits an organization to some applications of the tenant, and chooses them. Says nothing about machines:
 * they get tokens of the organization by their grants.
 */
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { FailureNote } from '../../parts/FailureNote';
import { type Column, ListTable } from '../../parts/ListTable';
import { readServerFacts } from '../../server-facts';
import { usePowers } from '../../session/powers';
import type { Application, Listed, Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { applicationsKey, ORGANIZATIONS, useApplications, useListed } from './queries';

const route = getRouteApi('/organizations/$organizationId/applications');

interface RowProps {
  readonly organization: Organization;
  readonly application: Application;
  /** The row of the organization's list; undefined for an application that is not in it. */
  readonly listed: Listed | undefined;
}

function sayEffect({ organization, application: { name }, listed }: RowProps): string {
  const { display_name: title, is_app_entitlement_active: isLimited } = organization;
  if (listed?.use_for_member_access)
    return isLimited
      ? `Members of ${title} can no longer sign in to ${name}, and its refresh tokens for them stop working. People who are signing in to ${title} now may have to start again.`
      : `${name} leaves the list. This changes nothing until sign-ins are limited.`;
  return isLimited
    ? `Members of ${title} can sign in to ${name}.`
    : `Members of ${title} keep access to ${name} when sign-ins are limited.`;
}

/** Lets members in through an application, or removes it from the list. */
function write({ organization: { id }, application: { client_id: clientId }, listed }: RowProps): Promise<unknown> {
  if (listed?.use_for_member_access)
    return api.DELETE('/organizations/{id}/clients', { params: { path: { id } }, body: { clients: [clientId] } });
  const letsIn = { use_for_member_access: true };
  if (listed)
    return api.PATCH('/organizations/{id}/clients/{client_id}', {
      params: { path: { id, client_id: clientId } },
      body: letsIn,
    });
  return api.POST('/organizations/{id}/clients', {
    params: { path: { id } },
    body: { clients: [{ client_id: clientId, ...letsIn }] },
  });
}

/** The scope that {@link write} needs. */
function scopeOf(listed: Listed | undefined): string {
  if (listed === undefined) return 'create:organization_clients';
  return listed.use_for_member_access ? 'delete:organization_clients' : 'update:organization_clients';
}

function Toggle(props: RowProps) {
  const { organization, application, listed } = props;
  const isIn = listed?.use_for_member_access === true;
  const verb = isIn ? 'Remove' : 'Add';
  return (
    <ConfirmButton
      verb={verb}
      aria-label={`${verb} ${application.name}`}
      size="xs"
      danger={isIn}
      question={`${verb} ${application.name}?`}
      effect={<Text size="sm">{sayEffect(props)}</Text>}
      run={() => write(props)}
      changes={[applicationsKey(organization.id)]}
    />
  );
}

function useColumns(organization: Organization, rows: readonly Listed[]): readonly Column<Application>[] {
  const may = usePowers();
  const find = ({ client_id: id }: Application) => rows.find((row) => row.client_id === id);
  return [
    {
      name: 'Application',
      cell: (application) => (
        <Anchor component={Link} to={`/applications/${application.client_id}`} dir="auto">
          {application.name}
        </Anchor>
      ),
    },
    {
      name: 'State',
      isPlain: true,
      cell: (application) =>
        find(application)?.use_for_member_access && (
          <Badge variant="light" tt="none">
            for members
          </Badge>
        ),
    },
    {
      name: 'Change',
      isButtons: true,
      cell: (application) => {
        const listed = find(application);
        return may(scopeOf(listed)) && <Toggle organization={organization} application={application} listed={listed} />;
      },
    },
  ];
}

interface LimitProps {
  readonly organization: Organization;
  readonly listed: readonly Listed[];
}

function Limit({ organization, listed }: LimitProps) {
  const { id, display_name: title, is_app_entitlement_active: isLimited } = organization;
  const open = listed.filter((one) => one.use_for_member_access).map((one) => one.client.name);
  const limiting =
    open.length === 0
      ? `Nobody can sign in to ${title} until you add an application. Refresh tokens of its members stop working.`
      : `Members of ${title} can then sign in through these alone: ${open.join(', ')}. Refresh tokens of all others stop working.`;
  return (
    <ConfirmButton
      verb={isLimited ? 'Stop limiting' : 'Limit sign-ins'}
      question={isLimited ? `Open ${title} to all applications?` : `Limit sign-ins to ${title}?`}
      effect={
        isLimited
          ? `Members of ${title} can sign in through every application that takes organizations. The list is kept.`
          : limiting
      }
      danger={!isLimited}
      run={() =>
        api.PATCH('/organizations/{id}', {
          params: { path: { id } },
          body: { is_app_entitlement_active: !isLimited },
        })
      }
      changes={[ORGANIZATIONS]}
    />
  );
}

function Applications({ organization }: { readonly organization: Organization }) {
  const applications = useApplications();
  const { data: rows, error, refetch } = useListed(organization.id);
  const columns = useColumns(organization, rows ?? []);
  const may = usePowers();
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />;
  return (
    <Stack gap="md">
      <Text>
        {organization.is_app_entitlement_active
          ? 'Sign-ins are limited: members sign in through the applications marked “for members” alone.'
          : 'Members can sign in through every application that takes organizations. You can limit that to some of them.'}{' '}
        Machines are not affected: they get tokens by their grants.
      </Text>
      {rows !== undefined && may('update:organizations') && (
        <Group>
          <Limit organization={organization} listed={rows} />
        </Group>
      )}
      {rows !== undefined && (
        <ListTable
          caption={`Applications of ${organization.display_name}`}
          list={applications}
          columns={columns}
          rowKey={({ client_id: id }) => id}
          empty={<Text c="dimmed">No application takes organizations yet.</Text>}
        />
      )}
    </Stack>
  );
}

export function OrganizationApplications() {
  const { organizationId } = route.useParams();
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) =>
        organization.id === readServerFacts().organizationId ? (
          <Text>
            This is the operators’ own organization. Applications enter it by a grant for the Management API, so its
            sign-ins cannot be limited here.
          </Text>
        ) : (
          <Applications organization={organization} />
        )
      }
    </OrganizationFrame>
  );
}
