/**
 * The invitation form: addresses, application, roles, and the required sign-in. Sends them one by one. Refused
 * addresses stay in the field, each with the API's reason; the others are sent.
 */
import { Alert, Anchor, Stack, Text, Title } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { tellFailure } from '../../api/failure';
import { useApplications } from '../../invite/choices';
import { MemberAlready, TERMS, TermsFields, useChosenApplication } from '../../invite/TermsFields';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { Refusals } from '../../parts/inputs';
import { MakeForm } from '../../parts/MakeDialog';
import { TechnicalDetails } from '../../parts/TechnicalDetails';
import { type Make, useMake } from '../../parts/use-make';
import { useOperator } from '../../session/operator';
import type { Organization } from './answers';
import { type InvitationForm, inviteAll, type Sent } from './invite-all';
import { OrganizationFrame } from './OrganizationFrame';
import { INVITATIONS, useEnablements } from './queries';

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

const FIELDS: FieldsOf<InvitationForm> = {
  addresses: {
    kind: 'area',
    label: 'Email addresses',
    alsoAt: ['invitee.email'],
    description:
      'Enter one per line, or separate with commas. Each person gets an email with a link that is valid for seven days.',
    autosize: true,
    minRows: 2,
    maxRows: 10,
    spellCheck: false,
    required: true,
  },
  inviter: {
    kind: 'text',
    label: 'Inviter',
    at: 'inviter.name',
    description: 'Shown in the email',
    maxLength: 300,
    required: true,
  },
  ...TERMS,
};

function Form({ organization }: { readonly organization: Organization }) {
  const start = useSearch({ from: '/organizations/$organizationId/invitations/new' });
  const { id } = organization;
  const { name } = useOperator();
  const make: Make<InvitationForm, Sent> = useMake({
    fields: FIELDS,
    start: {
      addresses: start.email ?? '',
      inviter: name,
      client: start.client ?? null,
      connection: start.connection ?? null,
    },
    run: (form) => inviteAll(id, form, client ?? ''),
    changes: INVITATIONS,
    // Keeps only the refused addresses, so that pressing the button again sends no second mail to the others.
    onMade: ({ failed }): void => make.set({ addresses: failed.map(({ email }) => email).join('\n') }),
  });
  const { values, made: sent } = make;
  const client = useChosenApplication(values);
  const { isLoading } = useApplications();
  const form = { ...make, submit: () => client !== null && make.submit() };
  return (
    <Stack maw={560}>
      <Title order={2} size="h3">
        Invite people to {organization.display_name}
      </Title>
      <NoWayIn organization={organization} />
      <MakeForm
        make={form}
        verb="Send invitations"
        // Before the applications are known, none is chosen, and a press would send nothing.
        isBarred={isLoading}
        below={sent && <Results id={id} sent={sent} />}
        beside={
          <Anchor component={Link} to={`/organizations/${id}/invitations`}>
            Back to invitations
          </Anchor>
        }
      >
        <Refusals error={sent?.failed[0]?.error}>
          <Fields form={make} />
          <TermsFields organizationId={id} terms={values} set={make.set} />
        </Refusals>
      </MakeForm>
    </Stack>
  );
}

export function Invite() {
  const { organizationId: id } = useParams({ from: '/organizations/$organizationId/invitations/new' });
  return <OrganizationFrame id={id}>{(organization) => <Form organization={organization} />}</OrganizationFrame>;
}
