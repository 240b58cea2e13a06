/**
 * The settings of one connection for one organization. Shows the effect of a setting in numbers before it is saved, and
 * compares it with another operator's changes.
 */
import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { FailureNote } from '../../parts/FailureNote';
import { Field, Fields } from '../../parts/Fields';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
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

const CHOICE = { kind: 'select', maw: 480 } as const;
const isOpen = ({ assign_membership_on_login: assigns }: Values) => assigns;

const FIELDS: FieldsOf<Values> = {
  assign_membership_on_login: {
    kind: 'switch',
    label: 'Auto-membership: people become members when they sign in',
    short: 'Auto-membership',
    description:
      'If off, only members and invited people can sign in. Others are refused, and nothing is stored about them.',
  },
  is_signup_enabled: { kind: 'switch', label: 'Allow sign-up', short: 'Sign-up', isShown: isOpen },
  auto_membership_condition: {
    kind: 'own',
    label: 'Condition',
    write: (condition) => (condition.trim() === '' ? null : condition),
  },
  sso_rollout: {
    ...CHOICE,
    label: 'For people whose address leads to this connection',
    short: 'The company’s sign-in',
    start: 'optional',
    data: [
      { value: 'optional', label: 'Optional: members can still use their password' },
      { value: 'required', label: 'Required: only break-glass members can use a password' },
    ],
  },
  link_existing_members: {
    ...CHOICE,
    label: 'Existing members with a password',
    short: 'Existing members',
    start: 'verified_email',
    data: [
      { value: 'verified_email', label: 'Link at their first sign-in, by the linking rule' },
      { value: 'never', label: 'Never link by email address' },
    ],
  },
  pilot_emails: {
    kind: 'tags',
    label: 'Pilot group',
    description: 'If you enter addresses, only these people use the connection. Everybody else signs in as before.',
    write: (pilots) => (pilots.length === 0 ? null : pilots),
    splitChars: [',', ' ', ';'],
    maw: 480,
  },
  show_as_button: {
    kind: 'switch',
    label: 'Show a button on the organization’s sign-in page',
    short: 'Button on the sign-in page',
    description:
      'Without a button, people reach the connection only through invitations and links that name it, or by their address if the company’s sign-in is required.',
  },
};

const toForm = (enablement: Enablement) => toValues(FIELDS, enablement);

const SCOPE = 'update:organization_connections';

interface PartProps {
  readonly organization: Organization;
  readonly enablement: Enablement;
  readonly edit: Edit<Values>;
}

function WhoComesIn({ organization, enablement, edit }: PartProps) {
  const { values, set } = edit;
  const may = usePowers();
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        Who becomes a member
      </Title>
      <Field form={edit} name="assign_membership_on_login" />
      {enablement.connection.strategy === 'auth0' && <Field form={edit} name="is_signup_enabled" />}
      {isOpen(values) && (
        <ConditionField
          place={{ id: organization.id, connectionId: enablement.connection_id }}
          value={values.auto_membership_condition}
          onChange={(condition) => set({ auto_membership_condition: condition })}
          disabled={!may(SCOPE)}
        />
      )}
    </Stack>
  );
}

function Company({ organization, enablement, edit }: PartProps) {
  const { sso_rollout: wanted } = edit.values;
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        The company’s sign-in
      </Title>
      <Field form={edit} name="sso_rollout" />
      <RolloutEffect
        organization={organization}
        enablement={enablement}
        wanted={wanted}
        isChanged={wanted !== (enablement.sso_rollout ?? 'optional')}
      />
      <Fields form={edit} names={['link_existing_members', 'pilot_emails']} />
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
  const [id, connectionId] = [organization.id, enablement.connection_id];
  const edit = useEdit<Values>({
    fields: FIELDS,
    loaded: toForm(enablement),
    reload: async () => carry(await readEnablement(id, connectionId), toForm),
    async write(changes, version) {
      await api.PATCH('/organizations/{id}/enabled_connections/{connectionId}', {
        ...ifStill(version),
        params: { path: { id, connectionId } },
        body: toBody<SentBodyOf<'/organizations/{id}/enabled_connections/{connectionId}', 'patch'>>(FIELDS, changes),
      });
      await queryClient.invalidateQueries({ queryKey: enablementsKey(id) });
    },
  });
  const part = { organization, enablement, edit };
  return (
    <EditForm edit={edit} scope={SCOPE} lock="disabled" gap="xl" maw={720}>
      <WhoComesIn {...part} />
      {enablement.connection.strategy !== 'auth0' && <Company {...part} />}
      <Field form={edit} name="show_as_button" />
    </EditForm>
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
