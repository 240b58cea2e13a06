/** The fields of every invitation form: application, roles, and the required sign-in. Sends nothing. */
import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { MultiSelect, Select } from '../parts/inputs';
import { usePowers } from '../session/powers';
import { useApplications, useEnabledNames, useRoles } from './choices';
import type { ExistingMember, InvitationTerms } from './send';

export interface TermsFieldsProps {
  readonly organizationId: string;
  readonly terms: InvitationTerms;
  set(changes: Partial<InvitationTerms>): void;
}

/** Returns the chosen application; if there is only one, that one. */
export function useChosenApplication(terms: InvitationTerms): string | null {
  const { data = [] } = useApplications();
  return terms.client ?? (data.length === 1 ? (data[0]?.client_id ?? null) : null);
}

export function TermsFields({ organizationId, terms, set }: TermsFieldsProps) {
  const applications = useApplications();
  const roles = useRoles();
  const mayGiveRoles = usePowers()('create:organization_member_roles');
  const enabled = useEnabledNames(organizationId);
  const connections = (enabled.data ?? []).map((one) => ({ value: one.connection_id, label: one.connection.name }));
  return (
    <>
      <Select
        fills="client_id"
        label="Application"
        description="The link leads there"
        data={(applications.data ?? []).map(({ client_id: value, name: label }) => ({ value, label }))}
        value={useChosenApplication(terms)}
        onChange={(client) => set({ client })}
        error={
          applications.data?.length === 0 && 'No application takes organizations yet: set it on the application’s page.'
        }
        searchable
        required
      />
      {mayGiveRoles && (
        <MultiSelect
          fills="roles"
          label="Roles"
          data={(roles.data ?? []).map(({ id: value, name: label }) => ({ value, label }))}
          value={[...terms.roles]}
          onChange={(chosen) => set({ roles: chosen })}
          searchable
        />
      )}
      <Select
        fills="connection_id"
        label="They must sign in with"
        description="Empty: with any connection of the organization"
        data={connections}
        // A connection that is not enabled for the organization cannot be required.
        value={connections.some(({ value }) => value === terms.connection) ? terms.connection : null}
        onChange={(connection) => set({ connection })}
        clearable
      />
    </>
  );
}

/** Shown instead of "sent": the invitation was sent, but the person is a member already. */
export function MemberAlready({ email, member }: { readonly email: string; readonly member: ExistingMember }) {
  return (
    <Alert color="yellow" variant="light" title={`${email} is a member already`}>
      <Text size="sm">
        They sign in at {member.connection}. Where their company gave them a new account there, they should not accept
        the invitation, which would open a second account:{' '}
        <Anchor
          component={Link}
          to={`/people/${encodeURIComponent(member.user_id)}`}
          inherit
          c="inherit"
          underline="always"
        >
          move their seat on their page
        </Anchor>{' '}
        instead.
      </Text>
    </Alert>
  );
}
