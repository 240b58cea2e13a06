/**
 * The invitation form: addresses, application, roles, and the required sign-in. Sends them one by one. Refused
 * addresses stay in the field, each with the API's reason; the others are sent.
 */
import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { tellFailure } from '../../api/failure';
import { MemberAlready, TermsFields, useChosenApplication } from '../../invite/TermsFields';
import { Refusals, Textarea, TextInput } from '../../parts/inputs';
import { TechnicalDetails } from '../../parts/TechnicalDetails';
import { useOperator } from '../../session/operator';
import type { Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { useEnablements } from './queries';
import { type Sent, useInvite } from './use-invite';

function Results({ id, sent }: { readonly id: string; readonly sent: Sent }) {
  return (
    <Stack gap="sm" role="status">
      {sent.done.length > 0 && (
        <Alert color="green" variant="light" title="Invitations sent">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {sent.done.map(({ email }) => email).join(', ')}.{' '}
            <Anchor component={Link} to={`/organizations/${id}/invitations`} inherit c="inherit" underline="always">
              View pending invitations
            </Anchor>
          </Text>
        </Alert>
      )}
      {sent.done.flatMap(({ email, member }) =>
        member === undefined ? [] : <MemberAlready key={email} email={email} member={member} />,
      )}
      {sent.failed.map(({ email, error }) => {
        const { happened, why, details = [] } = tellFailure(error);
        return (
          <Alert key={email} color="red" variant="light" title={`${email}: not sent`} role="alert">
            <Text size="sm">
              {happened}. {why}
            </Text>
            <TechnicalDetails lines={details} />
          </Alert>
        );
      })}
    </Stack>
  );
}

/** Warns before anything is sent: without a connection, an invitation's link ends in a refusal. */
function NoWayIn({ organization }: { readonly organization: Organization }) {
  const { items, error, isLoading } = useEnablements(organization.id);
  if (items.length > 0 || isLoading || error) return null;
  return (
    <Alert color="yellow" variant="light" title={`Nobody can sign in to ${organization.display_name} yet`}>
      <Text size="sm">
        The organization has no connection, so people you invite now would be refused.{' '}
        <Anchor
          component={Link}
          to={`/organizations/${organization.id}/connections`}
          inherit
          c="inherit"
          underline="always"
        >
          Enable a connection first
        </Anchor>
      </Text>
    </Alert>
  );
}

function Form({ organization }: { readonly organization: Organization }) {
  const start = useSearch({ from: '/organizations/$organizationId/invitations/new' });
  const { name } = useOperator();
  const { form, set, send, isSending, sent } = useInvite(organization.id, {
    addresses: start.email ?? '',
    inviter: name,
    client: start.client ?? null,
    connection: start.connection ?? null,
    roles: [],
  });
  const client = useChosenApplication(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(client);
  };
  return (
    <Refusals error={sent?.failed[0]?.error}>
      <form onSubmit={submit}>
        <Stack maw={560}>
          <Title order={2} size="h3">
            Invite people to {organization.display_name}
          </Title>
          <NoWayIn organization={organization} />
          <Textarea
            fills="invitee.email"
            label="Email addresses"
            description="Enter one per line, or separate with commas. Each person gets an email with a link that is valid for seven days."
            value={form.addresses}
            onChange={(event) => set({ addresses: event.currentTarget.value })}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            required
          />
          <TextInput
            fills="inviter.name"
            label="Inviter"
            description="Shown in the email"
            value={form.inviter}
            onChange={(event) => set({ inviter: event.currentTarget.value })}
            maxLength={300}
            required
          />
          <TermsFields organizationId={organization.id} terms={form} set={set} />
          {sent && <Results id={organization.id} sent={sent} />}
          <Group>
            <Button type="submit" loading={isSending}>
              Send invitations
            </Button>
            <Anchor component={Link} to={`/organizations/${organization.id}/invitations`}>
              Back to invitations
            </Anchor>
          </Group>
        </Stack>
      </form>
    </Refusals>
  );
}

export function Invite() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId/invitations/new' });
  return <OrganizationFrame id={id}>{(organization) => <Form organization={organization} />}</OrganizationFrame>;
}
