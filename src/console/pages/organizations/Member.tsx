/**
 * The page of one membership: the person, their identities, roles, break-glass, and whether they could sign in now. The
 * person's account has another page.
 */
import { Anchor, Badge, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Facts } from '../../parts/Facts';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { callPerson, count, type Organization, type Person } from './answers';
import { BreakGlass } from './BreakGlass';
import { Explained } from './Explained';
import { MemberRoles } from './MemberRoles';
import { OrganizationFrame } from './OrganizationFrame';
import { useMember } from './queries';
import { RemoveMember } from './RemoveMember';
import { sayIdentity, sayOrigin } from './seat';

function WaysIn({ person }: { readonly person: Person }) {
  if (person.identities.length === 0) return 'none yet, until they accept an invitation or get a password';
  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.25rem' }}>
      {person.identities.map((identity) => (
        <li key={`${identity.connection_id}|${identity.user_id ?? identity.expected_email ?? ''}`}>
          {sayIdentity(identity)}
        </li>
      ))}
    </ul>
  );
}

/**
 * Shows when the member last proved that the account is theirs, by a password or emailed code in a sign-in to this
 * organization. After that, another identity may be linked without asking them (linking rule, part 7).
 */
function OwnProof({ at }: { readonly at: string | null }) {
  return (
    <>
      {at === null ? 'never' : <Moment at={at} />}
      <Text size="sm" c="dimmed">
        The last sign-in here with a password or emailed code. If there is none, the person must verify the account
        before a new identity is linked to it, unless the organization has verified their domain.
      </Text>
    </>
  );
}

function Seat({ organization, person }: { readonly organization: Organization; readonly person: Person }) {
  const { member } = person;
  return (
    <Facts
      facts={[
        [
          'Person',
          <Anchor key="person" component={Link} to={`/people/${encodeURIComponent(person.user_id)}`}>
            {person.email ?? person.user_id}
          </Anchor>,
        ],
        ['Email address', person.email_verified ? 'verified' : 'not verified'],
        ['Identities', <WaysIn key="ways" person={person} />],
        ['Joined', sayOrigin(member.via)],
        ['First sign-in here', <Moment key="first" at={member.first_login ?? undefined} />],
        ['Last sign-in here', <Moment key="here" at={member.last_login ?? undefined} />],
        ['Last sign-in anywhere', <Moment key="last" at={person.last_login} />],
        ['Account verified here', <OwnProof key="proof" at={member.own_proof_at} />],
        [
          'Member of',
          person.other_organizations === 0
            ? `only ${organization.display_name}`
            : `${organization.display_name} and ${count(person.other_organizations, 'other organization')}`,
        ],
      ]}
    />
  );
}

function MemberFacts({ organization, userId }: { readonly organization: Organization; readonly userId: string }) {
  const { data: person, error, refetch } = useMember(organization.id, userId);
  const navigate = useNavigate();
  const may = usePowers();
  if (person === undefined)
    return error ? <FailureNote error={error} onRetry={() => void refetch()} /> : <Skeleton height={200} />;
  if (person === null) return <Text>This person is not a member of {organization.display_name}, or was removed.</Text>;
  const toMembers = () => void navigate({ to: `/organizations/${organization.id}` });
  return (
    <Stack gap="xl">
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h3" dir="auto" style={{ overflowWrap: 'anywhere' }}>
            {callPerson(person)}
          </Title>
          {person.blocked && (
            <Badge color="red" variant="light">
              Blocked
            </Badge>
          )}
        </Group>
        {may('delete:organization_members') && (
          <RemoveMember organization={organization} person={person} onDone={toMembers} />
        )}
      </Group>
      <Seat organization={organization} person={person} />
      <MemberRoles organization={organization} person={person} />
      <BreakGlass organization={organization} person={person} />
      <Explained organization={organization} email={person.email} name={callPerson(person)} />
    </Stack>
  );
}

export function Member() {
  const { organizationId, userId } = useParams({ from: '/organizations/$organizationId/members/$userId' });
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) => <MemberFacts organization={organization} userId={userId} />}
    </OrganizationFrame>
  );
}
