/** Name, second factor, blocking and deletion of an organization. The effects of blocking and deleting are shown in numbers first. */
import { List, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { EditForm } from '../../parts/EditForm';
import { type FieldsOf, toValues } from '../../parts/form-fields';
import { LastButton, LastButtons } from '../../parts/LastButtons';
import { useEdit } from '../../parts/use-edit';
import { readServerFacts } from '../../server-facts';
import { usePowers } from '../../session/powers';
import { count, type Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { ORGANIZATIONS, organizationKey, readOrganization, useTotals } from './queries';
import { SecondFactor } from './SecondFactor';

type Names = { readonly name: string; readonly display_name: string };

const FIELDS: FieldsOf<Names> = {
  display_name: {
    kind: 'text',
    label: 'Display name',
    description: 'Shown on the sign-in page and in emails',
    maxLength: 255,
    dir: 'auto',
  },
  name: {
    kind: 'text',
    label: 'Name',
    description:
      'Used in addresses and tokens. Applications may rely on it, so inform their developers before you change it.',
    spellCheck: false,
  },
};

const toNames = (organization: Organization) => toValues(FIELDS, organization);

function NamesForm({ organization }: { readonly organization: Organization }) {
  const { id } = organization;
  const edit = useEdit<Names>({
    fields: FIELDS,
    loaded: toNames(organization),
    reload: async () => carry(await readOrganization(id), toNames),
    async write(body, version) {
      await api.PATCH('/organizations/{id}', { ...ifStill(version), params: { path: { id } }, body });
      await queryClient.invalidateQueries({ queryKey: ORGANIZATIONS });
    },
  });
  return <EditForm edit={edit} scope="update:organizations" lock="disabled" maw={480} />;
}

function useMembersText(id: string): string {
  const { data } = useTotals(id);
  return data === undefined ? 'its members' : count(data.members, 'member');
}

function Block({ organization }: { readonly organization: Organization }) {
  const { id, display_name: title, blocked } = organization;
  const members = useMembersText(id);
  return (
    <ConfirmButton
      verb={blocked ? 'Unblock organization' : 'Block organization'}
      question={blocked ? `Unblock ${title}?` : `Block ${title}?`}
      effect={
        blocked
          ? `${members} of ${title} can sign in again as before.`
          : `Nobody can sign in to ${title} any more. This affects ${members}, and their refresh tokens stop working. Memberships, roles and settings are kept until you unblock it.`
      }
      danger={!blocked}
      run={() => api.PATCH('/organizations/{id}', { params: { path: { id } }, body: { blocked: !blocked } })}
      changes={[ORGANIZATIONS]}
    />
  );
}

function DeleteEffect({ organization }: { readonly organization: Organization }) {
  const members = useMembersText(organization.id);
  return (
    <List spacing="xs">
      <List.Item>{members} lose their membership and roles here. Their accounts stay.</List.Item>
      <List.Item>Its invitations, domains, branding and connection settings are deleted.</List.Item>
      <List.Item>The connections themselves stay. You can delete them separately.</List.Item>
      <List.Item>
        This cannot be undone. To stop sign-ins but keep everything, block the organization instead.
      </List.Item>
    </List>
  );
}

function Delete({ organization }: { readonly organization: Organization }) {
  const { id, display_name: title, name } = organization;
  const navigate = useNavigate();
  const run = async () => {
    await api.DELETE('/organizations/{id}', { params: { path: { id } } });
    queryClient.removeQueries({ queryKey: organizationKey(id) });
  };
  return (
    <ConfirmButton
      verb="Delete organization"
      question={`Delete ${title}?`}
      effect={<DeleteEffect organization={organization} />}
      danger
      typed={name}
      run={run}
      changes={[[...ORGANIZATIONS, 'list']]}
      onDone={() => void navigate({ to: '/organizations' })}
    />
  );
}

function Ends({ organization }: { readonly organization: Organization }) {
  const may = usePowers();
  if (organization.id === readServerFacts().organizationId)
    return (
      <Text>
        This is the operators’ own organization. It cannot be blocked or deleted, because nobody could use this console
        without it.
      </Text>
    );
  return (
    <LastButtons>
      {may('update:organizations') && (
        <LastButton
          says={
            organization.blocked
              ? 'Unblocking lets people sign in again, as before.'
              : 'Blocking stops all sign-ins, but keeps everything. You can unblock the organization at any time.'
          }
        >
          <Block organization={organization} />
        </LastButton>
      )}
      {may('delete:organizations') && (
        <LastButton says="Deleting permanently removes memberships, invitations, domains and settings. Accounts and connections stay.">
          <Delete organization={organization} />
        </LastButton>
      )}
    </LastButtons>
  );
}

export function OrganizationSettings() {
  const { organizationId } = useParams({ from: '/organizations/$organizationId/settings' });
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) => (
        <Stack gap="xl">
          <NamesForm key={organization.id} organization={organization} />
          <SecondFactor organization={organization} />
          <Stack gap="sm">
            <Title order={2} size="h3">
              Block or delete
            </Title>
            <Ends organization={organization} />
          </Stack>
        </Stack>
      )}
    </OrganizationFrame>
  );
}
