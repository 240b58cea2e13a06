/**
 * The form for invitations: addresses, application, roles, and the sign-in that must be used. Sends one after another and keeps the addresses
 * that were refused in the field, each with the API's words; the others are sent.
 */
import {
  Alert,
  Anchor,
  Button,
  Group,
  MultiSelect,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { tellFailure } from '../../api/failure';
import { useOperator } from '../../session/operator';
import type { Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { useApplications, useEnablements, useRoles } from './queries';
import { type InvitationForm, type Sent, useInvite } from './use-invite';

function Results({ id, sent }: { readonly id: string; readonly sent: Sent }) {
  return (
    <Stack gap="sm" role="status">
      {sent.done.length > 0 && (
        <Alert color="green" variant="light" title="Sent">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {sent.done.map(({ email }) => email).join(', ')}.{' '}
            <Anchor component={Link} to={`/organizations/${id}/invitations`} inherit c="inherit" underline="always">
              See the invitations that wait
            </Anchor>
          </Text>
        </Alert>
      )}
      {sent.done.flatMap(({ email, member }) =>
        member === undefined ? (
          []
        ) : (
          <Alert key={email} color="yellow" variant="light" title={`${email} is a member already`}>
            <Text size="sm">{member.remedy}</Text>
          </Alert>
        ),
      )}
      {sent.failed.map(({ email, error }) => {
        const { happened, why } = tellFailure(error);
        return (
          <Alert key={email} color="red" variant="light" title={`${email}: not sent`} role="alert">
            <Text size="sm">
              {happened}. {why}
            </Text>
          </Alert>
        );
      })}
    </Stack>
  );
}

interface FieldsProps {
  readonly organization: Organization;
  readonly form: InvitationForm;
  set(changes: Partial<InvitationForm>): void;
}

function Terms({ organization, form, set }: FieldsProps) {
  const applications = useApplications();
  const roles = useRoles();
  const enablements = useEnablements(organization.id);
  const choices = (applications.data ?? []).map(({ client_id: value, name: label }) => ({ value, label }));
  const only = choices.length === 1 ? (choices[0]?.value ?? null) : null;
  return (
    <>
      <Select
        label="Application"
        description="The link leads there"
        data={choices}
        value={form.client ?? only}
        onChange={(client) => set({ client })}
        error={
          applications.data?.length === 0 && 'No application takes organizations yet: set it on the application’s page.'
        }
        searchable
        required
      />
      <MultiSelect
        label="Roles"
        data={(roles.data ?? []).map(({ id: value, name: label }) => ({ value, label }))}
        value={[...form.roles]}
        onChange={(chosen) => set({ roles: chosen })}
        searchable
      />
      <Select
        label="They must sign in with"
        description="Empty: with any connection of the organization"
        data={enablements.items.map((item) => ({ value: item.connection_id, label: item.connection.name }))}
        value={form.connection}
        onChange={(connection) => set({ connection })}
        clearable
      />
    </>
  );
}

function Form({ organization }: { readonly organization: Organization }) {
  const start = useSearch({ from: '/organizations/$organizationId/invitations/new' });
  const { name } = useOperator();
  const { data: applications = [] } = useApplications();
  const { form, set, send, isSending, sent } = useInvite(organization.id, {
    addresses: start.email ?? '',
    inviter: name,
    client: start.client ?? null,
    connection: start.connection ?? null,
    roles: [],
  });
  const only = applications.length === 1 ? (applications[0]?.client_id ?? null) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(form.client ?? only);
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={560}>
        <Title order={2} size="h3">
          Invite people to {organization.display_name}
        </Title>
        <Textarea
          label="Addresses"
          description="One a line, or with commas. Each gets a mail with a link that is good for seven days."
          value={form.addresses}
          onChange={(event) => set({ addresses: event.currentTarget.value })}
          autosize
          minRows={2}
          maxRows={10}
          spellCheck={false}
          required
        />
        <TextInput
          label="Who invites"
          description="The mail names them"
          value={form.inviter}
          onChange={(event) => set({ inviter: event.currentTarget.value })}
          maxLength={300}
          required
        />
        <Terms organization={organization} form={form} set={set} />
        {sent && <Results id={organization.id} sent={sent} />}
        <Group>
          <Button type="submit" loading={isSending}>
            Send
          </Button>
          <Anchor component={Link} to={`/organizations/${organization.id}/invitations`}>
            Back to the invitations
          </Anchor>
        </Group>
      </Stack>
    </form>
  );
}

export function Invite() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId/invitations/new' });
  return <OrganizationFrame id={id}>{(organization) => <Form organization={organization} />}</OrganizationFrame>;
}
