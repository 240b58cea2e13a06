/**
 * How one organization uses one connection. Shows the effect of a setting in numbers before saving; compares with
 * others' changes.
 */
import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, Select, Switch, TagsInput } from '../../parts/inputs';
import { SaveBar } from '../../parts/SaveBar';
import { type Edit, useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import type { Enablement, Organization } from './answers';
import { ConditionField } from './ConditionField';
import { DisableConnection } from './DisableConnection';
import { OrganizationFrame } from './OrganizationFrame';
import { enablementsKey, readEnablement, useEnablement } from './queries';
import { RolloutEffect } from './RolloutEffect';

type Values = {
  readonly assign_membership_on_login: boolean;
  readonly auto_membership_condition: string;
  readonly show_as_button: boolean;
  readonly is_signup_enabled: boolean;
  readonly link_existing_members: 'verified_email' | 'never';
  readonly sso_rollout: 'optional' | 'required';
  readonly pilot_emails: readonly string[];
};

function toValues(enablement: Enablement): Values {
  return {
    assign_membership_on_login: enablement.assign_membership_on_login,
    auto_membership_condition: enablement.auto_membership_condition ?? '',
    show_as_button: enablement.show_as_button,
    is_signup_enabled: enablement.is_signup_enabled,
    link_existing_members: enablement.link_existing_members ?? 'verified_email',
    sso_rollout: enablement.sso_rollout ?? 'optional',
    pilot_emails: enablement.pilot_emails ?? [],
  };
}

/** Builds the request's body; an empty condition is sent as null. */
function toBody({ auto_membership_condition: condition, pilot_emails: pilots, ...rest }: Partial<Values>) {
  return {
    ...rest,
    ...(condition !== undefined && { auto_membership_condition: condition.trim() === '' ? null : condition }),
    ...(pilots !== undefined && { pilot_emails: pilots.length === 0 ? null : [...pilots] }),
  };
}

const LABELS = {
  assign_membership_on_login: 'Auto-membership',
  auto_membership_condition: 'Condition',
  show_as_button: 'Button on the sign-in page',
  is_signup_enabled: 'Sign-up',
  link_existing_members: 'Existing members',
  sso_rollout: 'The company’s sign-in',
  pilot_emails: 'Pilot group',
};

interface PartProps {
  readonly organization: Organization;
  readonly enablement: Enablement;
  readonly edit: Edit<Values>;
  readonly disabled: boolean;
}

function WhoComesIn({ organization, enablement, edit, disabled }: PartProps) {
  const { values, set } = edit;
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        Who becomes a member
      </Title>
      <Switch
        fills="assign_membership_on_login"
        label="Auto-membership: people become members when they sign in"
        description="If off, only members and invited people can sign in. Others are refused, and nothing is stored about them."
        checked={values.assign_membership_on_login}
        onChange={(event) => set({ assign_membership_on_login: event.currentTarget.checked })}
        disabled={disabled}
      />
      {values.assign_membership_on_login && enablement.connection.strategy === 'auth0' && (
        <Switch
          fills="is_signup_enabled"
          label="Allow sign-up"
          checked={values.is_signup_enabled}
          onChange={(event) => set({ is_signup_enabled: event.currentTarget.checked })}
          disabled={disabled}
        />
      )}
      {values.assign_membership_on_login && (
        <ConditionField
          place={{ id: organization.id, connectionId: enablement.connection_id }}
          value={values.auto_membership_condition}
          onChange={(condition) => set({ auto_membership_condition: condition })}
          disabled={disabled}
        />
      )}
    </Stack>
  );
}

function Company({ organization, enablement, edit, disabled }: PartProps) {
  const { values, set } = edit;
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        The company’s sign-in
      </Title>
      <Select
        fills="sso_rollout"
        label="For people whose address leads to this connection"
        data={[
          { value: 'optional', label: 'Optional: members can still use their password' },
          { value: 'required', label: 'Required: only break-glass members can use a password' },
        ]}
        value={values.sso_rollout}
        onChange={(rollout) => rollout !== null && set({ sso_rollout: rollout as Values['sso_rollout'] })}
        allowDeselect={false}
        maw={480}
        disabled={disabled}
      />
      <RolloutEffect
        organization={organization}
        enablement={enablement}
        wanted={values.sso_rollout}
        isChanged={values.sso_rollout !== (enablement.sso_rollout ?? 'optional')}
      />
      <Select
        fills="link_existing_members"
        label="Existing members with a password"
        data={[
          { value: 'verified_email', label: 'Link at their first sign-in, by the linking rule' },
          { value: 'never', label: 'Never link by email address' },
        ]}
        value={values.link_existing_members}
        onChange={(link) => link !== null && set({ link_existing_members: link as Values['link_existing_members'] })}
        allowDeselect={false}
        maw={480}
        disabled={disabled}
      />
      <TagsInput
        fills="pilot_emails"
        label="Pilot group"
        description="If you enter addresses, only these people use the connection. Everybody else signs in as before."
        value={[...values.pilot_emails]}
        onChange={(pilots) => set({ pilot_emails: pilots })}
        splitChars={[',', ' ', ';']}
        maw={480}
        disabled={disabled}
      />
    </Stack>
  );
}

function Settings({
  organization,
  enablement,
}: {
  readonly organization: Organization;
  readonly enablement: Enablement;
}) {
  const may = usePowers();
  const [id, connectionId] = [organization.id, enablement.connection_id];
  const edit = useEdit<Values>({
    loaded: toValues(enablement),
    reload: async () => carry(await readEnablement(id, connectionId), toValues),
    async write(changes, version) {
      const path = { id, connectionId };
      const body = toBody(changes);
      await api.PATCH('/organizations/{id}/enabled_connections/{connectionId}', {
        ...ifStill(version),
        params: { path },
        body,
      });
      await queryClient.invalidateQueries({ queryKey: enablementsKey(id) });
    },
  });
  const disabled = !may('update:organization_connections');
  const part = { organization, enablement, edit, disabled };
  return (
    <Refusals error={edit.error}>
      <form onSubmit={(event: FormEvent) => event.preventDefault()}>
        <Stack gap="xl" maw={720}>
          <WhoComesIn {...part} />
          {enablement.connection.strategy !== 'auth0' && <Company {...part} />}
          <Switch
            fills="show_as_button"
            label="Show a button on the organization’s sign-in page"
            description="Without a button, people reach the connection only through invitations and links that name it, or by their address if the company’s sign-in is required."
            checked={edit.values.show_as_button}
            onChange={(event) => edit.set({ show_as_button: event.currentTarget.checked })}
            disabled={disabled}
          />
          {!disabled && <SaveBar edit={edit} labels={LABELS} />}
        </Stack>
      </form>
    </Refusals>
  );
}

function OneConnection({
  organization,
  connectionId,
}: {
  readonly organization: Organization;
  readonly connectionId: string;
}) {
  const { data: enablement, error, refetch } = useEnablement(organization.id, connectionId);
  const navigate = useNavigate();
  const may = usePowers();
  if (enablement === undefined)
    return error ? <FailureNote error={error} onRetry={() => void refetch()} /> : <Skeleton height={240} />;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h3">
            {enablement.connection.name}
          </Title>
          <Text c="dimmed">
            How {organization.display_name} uses it.{' '}
            <Anchor component={Link} to={`/connections/${connectionId}`}>
              Open connection
            </Anchor>
          </Text>
        </div>
        {may('delete:organization_connections') && (
          <DisableConnection
            organization={organization}
            enablement={enablement}
            onDone={() => void navigate({ to: `/organizations/${organization.id}/connections` })}
          />
        )}
      </Group>
      <Settings key={connectionId} organization={organization} enablement={enablement} />
    </Stack>
  );
}

export function OrganizationConnection() {
  const { organizationId, connectionId } = useParams({
    from: '/organizations/$organizationId/connections/$connectionId',
  });
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) => <OneConnection organization={organization} connectionId={connectionId} />}
    </OrganizationFrame>
  );
}
