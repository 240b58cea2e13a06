/** The settings of an application, saved together, and its deletion, with the effects shown first. */
import { Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Refusals, TextInput } from '../../parts/inputs';
import { LastButton, LastButtons } from '../../parts/LastButtons';
import { SaveBar } from '../../parts/SaveBar';
import { useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client } from './answers';
import { CLIENTS, readClient, sayLogins, useLoginsOfClient } from './queries';
import { AddressFields, OrganizationFields, TokenFields } from './SettingsFields';
import { SETTINGS_LABELS, type SettingsValues, toBody, toValues } from './settings-values';
import { signsPeopleIn } from './words';

async function write(client: Client, changes: Partial<SettingsValues>, version: string | undefined): Promise<void> {
  await api.PATCH('/clients/{id}', {
    ...ifStill(version),
    params: { path: { id: client.client_id } },
    body: toBody(changes, await readClient(client.client_id)),
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
  const isReadOnly = !may('update:clients');
  const edit = useEdit<SettingsValues>({
    loaded: toValues(client),
    reload: async () => carry(await readClient(client.client_id), toValues),
    write: (changes, version) => write(client, changes, version),
  });
  const fields = { edit, kind: client.app_type, isReadOnly };
  const isForPeople = signsPeopleIn(client);
  return (
    <Stack maw={720} gap="xl">
      <Refusals error={edit.error}>
        <TextInput
          fills="name"
          label={SETTINGS_LABELS.name}
          value={edit.values.name}
          onChange={(event) => edit.set({ name: event.currentTarget.value })}
          readOnly={isReadOnly}
          maxLength={255}
          dir="auto"
        />
        {isForPeople && <AddressFields {...fields} />}
        {isForPeople && <OrganizationFields {...fields} />}
        <TokenFields {...fields} isForPeople={isForPeople} />
      </Refusals>
      {!isReadOnly && <SaveBar edit={edit} labels={SETTINGS_LABELS} />}
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
