/** The settings of an application, saved together, and its deletion, with the effects shown first. */
import { Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { EditForm } from '../../parts/EditForm';
import { LastButton, LastButtons } from '../../parts/LastButtons';
import { useEdit } from '../../parts/use-edit';
import { WithoutEffectNote } from '../../parts/WithoutEffectNote';
import { usePowers } from '../../session/powers';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client } from './answers';
import { CLIENTS, readClient, sayLogins, useLoginsOfClient } from './queries';
import { SettingsFields } from './SettingsFields';
import { fieldsFor, type SettingsValues, toSettings, toSettingsBody } from './settings-fields';
import { signsPeopleIn } from './words';

async function write(client: Client, changes: Partial<SettingsValues>, version: string | undefined): Promise<void> {
  await api.PATCH('/clients/{id}', {
    ...ifStill(version),
    params: { path: { id: client.client_id } },
    body: toSettingsBody(changes, await readClient(client.client_id)),
  });
  await queryClient.invalidateQueries({ queryKey: CLIENTS });
}

function Delete({ client }: { readonly client: Client }) {
  const logins = useLoginsOfClient(client.client_id);
  const navigate = useNavigate();
  return (
    <ConfirmButton
      verb="Delete application"
      question={`Delete ${client.name}?`}
      effect={
        signsPeopleIn(client)
          ? `It had ${sayLogins(logins)}. Nobody will be able to sign in to it, and its tokens cannot be renewed. Its secret, keys and access to APIs are deleted. People and organizations stay.`
          : 'It can no longer get tokens. Its secret, keys and access to APIs are deleted.'
      }
      danger
      run={() => api.DELETE('/clients/{id}', { params: { path: { id: client.client_id } } })}
      changes={[[...CLIENTS, 'list']]}
      onDone={() => void navigate({ to: '/applications', ignoreBlocker: true })}
    />
  );
}

function Form({ client }: { readonly client: Client }) {
  const may = usePowers();
  const edit = useEdit<SettingsValues>({
    fields: fieldsFor(client),
    loaded: toSettings(client),
    reload: async () => carry(await readClient(client.client_id), toSettings),
    write: (changes, version) => write(client, changes, version),
  });
  const isForPeople = signsPeopleIn(client);
  return (
    <Stack maw={720} gap="xl">
      <WithoutEffectNote path="/clients" settings={client} />
      <EditForm edit={edit} scope="update:clients" lock="readOnly" gap="xl" maw="100%">
        <SettingsFields edit={edit} isForPeople={isForPeople} />
      </EditForm>
      {may('delete:clients') && (
        <LastButtons>
          <LastButton
            says={
              isForPeople
                ? 'After deleting the application, nobody can sign in to it. People and organizations stay.'
                : 'After deleting the application, it can no longer get tokens.'
            }
          >
            <Delete client={client} />
          </LastButton>
        </LastButtons>
      )}
    </Stack>
  );
}

export function ApplicationSettings() {
  return <ApplicationFrame>{(client) => <Form key={client.client_id} client={client} />}</ApplicationFrame>;
}
