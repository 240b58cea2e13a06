/** Name, blocking and deletion of an organization. The effects of blocking and deleting are shown in numbers first. */
import { List, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { Deed } from '../../parts/Deed';
import { Refusals, TextInput } from '../../parts/inputs';
import { LastDeed, LastDeeds } from '../../parts/LastDeeds';
import { SaveBar } from '../../parts/SaveBar';
import { useEdit } from '../../parts/use-edit';
import { readServerFacts } from '../../server-facts';
import { usePowers } from '../../session/powers';
import { count, type Organization } from './answers';
import { OrganizationFrame } from './OrganizationFrame';
import { ORGANIZATIONS, organizationKey, readOrganization, useTotals } from './queries';

type Names = { readonly name: string; readonly display_name: string };

const toNames = ({ name, display_name }: Organization): Names => ({ name, display_name });
const LABELS = { name: 'Name', display_name: 'Display name' };

function NamesForm({ organization }: { readonly organization: Organization }) {
  const { id } = organization;
  const edit = useEdit<Names>({
    loaded: toNames(organization),
    reload: async () => carry(await readOrganization(id), toNames),
    async write(changes, version) {
      await api.PATCH('/organizations/{id}', { ...ifStill(version), params: { path: { id } }, body: changes });
      await queryClient.invalidateQueries({ queryKey: ORGANIZATIONS });
    },
  });
  const may = usePowers();
  const disabled = !may('update:organizations');
  return (
    <Refusals error={edit.error}>
      <form onSubmit={(event: FormEvent) => event.preventDefault()}>
        <Stack maw={480}>
          <TextInput
            fills="display_name"
            label="Display name"
            description="On the sign-in page and in mail"
            value={edit.values.display_name}
            onChange={(event) => edit.set({ display_name: event.currentTarget.value })}
            maxLength={255}
            dir="auto"
            disabled={disabled}
          />
          <TextInput
            fills="name"
            label="Name"
            description="In addresses and tokens. Applications may know the organization by it: tell them before you change it."
            value={edit.values.name}
            onChange={(event) => edit.set({ name: event.currentTarget.value })}
            spellCheck={false}
            disabled={disabled}
          />
          {!disabled && <SaveBar edit={edit} labels={LABELS} />}
        </Stack>
      </form>
    </Refusals>
  );
}

function useMembersText(id: string): string {
  const { data } = useTotals(id);
  return data === undefined ? 'its members' : count(data.members, 'member');
}

function Block({ organization }: { readonly organization: Organization }) {
  const { id, display_name: title, blocked } = organization;
  const members = useMembersText(id);
  return (
    <Deed
      verb={blocked ? 'Unblock' : 'Block'}
      question={blocked ? `Let people into ${title} again?` : `Block ${title}?`}
      effect={
        blocked
          ? `${members} of ${title} may sign in again as before.`
          : `Nobody signs in to ${title} any more: ${members}, whatever their connection, and their refresh tokens give nothing. Seats, roles and settings stay, and unblocking gives all of it back.`
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
      <List.Item>{members} lose their seats and roles here. Their accounts stay.</List.Item>
      <List.Item>Invitations, domains with their proofs, branding and the settings of its connections go.</List.Item>
      <List.Item>The connections themselves stay, for you to delete.</List.Item>
      <List.Item>It cannot be taken back. To close the door and keep everything, block it instead.</List.Item>
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
    <Deed
      verb="Delete"
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
    return <Text>This is the operators’ own organization: without it nobody could use this console, so it stays.</Text>;
  return (
    <LastDeeds>
      {may('update:organizations') && (
        <LastDeed
          says={
            organization.blocked
              ? 'Unblock: people may sign in again, as before.'
              : 'Block: nobody may sign in, and everything is kept. It can be taken back.'
          }
        >
          <Block organization={organization} />
        </LastDeed>
      )}
      {may('delete:organizations') && (
        <LastDeed says="Delete: seats, invitations, domains and settings go for good. Accounts and connections stay.">
          <Delete organization={organization} />
        </LastDeed>
      )}
    </LastDeeds>
  );
}

export function OrganizationSettings() {
  const { organizationId } = useParams({ from: '/organizations/$organizationId/settings' });
  return (
    <OrganizationFrame id={organizationId}>
      {(organization) => (
        <Stack gap="xl">
          <NamesForm key={organization.id} organization={organization} />
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
