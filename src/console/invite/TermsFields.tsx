/**
 * The fields that every invitation form has: application, roles, and the connection that the person must use. Sends
 * nothing.
 */
import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { FieldsOf } from '../parts/form-fields';
import { MultiSelect, Select } from '../parts/inputs';
import { usePowers } from '../session/powers';
import { useApplications, useEnabledNames, useRoles } from './choices';
import type { ExistingMember, InvitationTerms } from './send';

/** The description of these fields, for forms that contain them. `TermsFields` renders them. */
export const TERMS: FieldsOf<InvitationTerms> = {
  client: { kind: 'own', label: 'Application', start: null },
  connection: { kind: 'own', label: 'Required connection', start: null },
  roles: { kind: 'own', label: 'Roles', start: [] },
};

export interface TermsFieldsProps {
  readonly organizationId: string;
  readonly terms: InvitationTerms;
  set(changes: Partial<InvitationTerms>): void;
}

/** Returns the chosen application. If none is chosen and there is only one, returns that one. */
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
        description="The invitation link opens this application"
        data={(applications.data ?? []).map(({ client_id: value, name: label }) => ({ value, label }))}
        value={useChosenApplication(terms)}
        onChange={(client) => set({ client })}
        error={
          applications.data?.length === 0 &&
          'No application signs people in to organizations yet. Turn this on in an application’s settings.'
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
        label="Required connection"
        description="If empty, any connection of the organization can be used"
        data={connections}
        // The chosen connection is ignored if the organization has not enabled it: it could not be required.
        value={connections.some(({ value }) => value === terms.connection) ? terms.connection : null}
        onChange={(connection) => set({ connection })}
        clearable
      />
    </>
  );
}

/** Shown after sending, if the person is a member already. The invitation was sent nevertheless. */
export function MemberAlready({ email, member }: { readonly email: string; readonly member: ExistingMember }) {
  return (
    <Alert color="yellow" variant="light" title={`${email} is already a member`}>
      <Text size="sm">
        They sign in with {member.connection}. If their company recreated their account, the invitation would create a
        second account here. Ask them not to accept it, and{' '}
        <Anchor
          component={Link}
          to={`/people/${encodeURIComponent(member.user_id)}`}
          inherit
          c="inherit"
          underline="always"
        >
          move their membership to the new identity
        </Anchor>{' '}
        instead.
      </Text>
    </Alert>
  );
}
