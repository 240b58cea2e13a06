/**
 * The form of a connection's settings. Compares before it overwrites; a secret is replaced or left alone, never shown.
 */
import { Stack, Title } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { NativeSelect, Refusals, Switch, Textarea, TextInput } from '../../parts/inputs';
import { SaveBar } from '../../parts/SaveBar';
import { type Edit, useEdit } from '../../parts/use-edit';
import type { Connection, Written } from './answers';
import { WriteNotes } from './FindingNote';
import { ProviderForm } from './ProviderForm';
import { CONNECTIONS, readConnection } from './queries';
import { fieldsOf, NAMES, type Settings, tellLostSecret, toChanges, toSettings } from './settings';

interface PartProps {
  readonly edit: Edit<Settings>;
  readonly isLocked: boolean;
}

const textOf = (value: string | boolean | undefined) => (typeof value === 'string' ? value : '');

function DatabaseFields({ edit, isLocked }: PartProps) {
  return (
    <>
      <Switch
        fills="options.disable_signup"
        label="Allow sign-up"
        description="Anybody can create an account. If off, people need an invitation, or an operator creates the account."
        checked={edit.values[NAMES.signUp] === true}
        disabled={isLocked}
        onChange={(event) => edit.set({ [NAMES.signUp]: event.currentTarget.checked })}
      />
      <NativeSelect
        fills={['options.passwordPolicy', 'options.password_options']}
        label="Password policy"
        description="“Strength check” requires a minimum length and refuses known or easily guessed passwords. The others are Auth0’s rules about characters."
        data={[
          { value: 'judged', label: 'Strength check (recommended)' },
          { value: 'none', label: 'none' },
          { value: 'low', label: 'low' },
          { value: 'fair', label: 'fair' },
          { value: 'good', label: 'good' },
          { value: 'excellent', label: 'excellent' },
        ]}
        value={textOf(edit.values[NAMES.strength])}
        disabled={isLocked}
        onChange={(event) => edit.set({ [NAMES.strength]: event.currentTarget.value })}
      />
    </>
  );
}

function CompanyFields({ edit, isLocked }: PartProps) {
  return (
    <>
      <Textarea
        fills="options.domain_aliases"
        label="Domains"
        description="People with an email address in these domains are sent to this connection. Enter one per line. This does not verify a domain; that is done in the organization."
        value={textOf(edit.values[NAMES.domains])}
        disabled={isLocked}
        onChange={(event) => edit.set({ [NAMES.domains]: event.currentTarget.value })}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
      />
      <Switch
        fills="show_as_button"
        label="Show a button on sign-in pages without an organization"
        checked={edit.values[NAMES.button] === true}
        disabled={isLocked}
        onChange={(event) => edit.set({ [NAMES.button]: event.currentTarget.checked })}
      />
    </>
  );
}

function useSettings(connection: Connection) {
  /** The connection as it was read just before the write. */
  const latest = useRef(connection);
  const [written, setWritten] = useState<Written>();
  const edit = useEdit<Settings>({
    loaded: toSettings(connection),
    async reload() {
      latest.current = await readConnection(connection.id);
      return carry(latest.current, toSettings);
    },
    async write(changes, version) {
      const body = toChanges(latest.current, changes as Settings);
      const { data } = await api.PATCH('/connections/{id}', {
        ...ifStill(version),
        params: { path: { id: connection.id } },
        body: body,
      });
      setWritten(data);
      void queryClient.invalidateQueries({ queryKey: CONNECTIONS });
    },
  });
  return { edit, written };
}

export function SettingsForm({
  connection,
  isLocked,
}: {
  readonly connection: Connection;
  readonly isLocked: boolean;
}) {
  const { edit, written } = useSettings(connection);
  const fields = fieldsOf(connection);
  const labels = Object.fromEntries(fields.map(({ name, label }) => [name, label]));
  return (
    <Refusals error={edit.error}>
      <form onSubmit={(event: FormEvent) => event.preventDefault()}>
        <Stack maw={640}>
          <Title order={2} size="h4">
            Settings
          </Title>
          <TextInput
            fills="display_name"
            label="Display name"
            value={textOf(edit.values[NAMES.displayName])}
            disabled={isLocked}
            onChange={(event) => edit.set({ [NAMES.displayName]: event.currentTarget.value })}
            autoComplete="off"
            dir="auto"
          />
          <ProviderForm
            fields={fields}
            typed={Object.fromEntries(fields.map(({ name }) => [name, textOf(edit.values[name])]))}
            isStored
            secretLost={tellLostSecret({ loaded: toSettings(connection), values: edit.values, ...written })}
            isLocked={isLocked}
            onChange={(name, text) => edit.set({ [name]: text })}
          />
          {connection.strategy === 'auth0' ? (
            <DatabaseFields edit={edit} isLocked={isLocked} />
          ) : (
            <CompanyFields edit={edit} isLocked={isLocked} />
          )}
          {written && <WriteNotes written={written} />}
          {!isLocked && (
            <SaveBar edit={edit} labels={{ ...labels, display_name: 'Display name', domain_aliases: 'Domains' }} />
          )}
        </Stack>
      </form>
    </Refusals>
  );
}
