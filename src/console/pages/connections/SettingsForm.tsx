/**
 * The form of a connection's settings. Compares them with another operator's changes before it overwrites them. A
 * stored secret is never shown: it can be replaced or left alone.
 */
import { Title } from '@mantine/core';
import { useRef, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { useEdit } from '../../parts/use-edit';
import type { Connection, Written } from './answers';
import { WriteNotes } from './FindingNote';
import { toFields } from './provider-fields';
import { CONNECTIONS, readConnection } from './queries';
import { fieldsOf, NAMES, type Settings, tellLostSecret, toChanges, toSettings } from './settings';

const SCOPE = 'update:connections';

/** The fields of a database connection. */
const DATABASE: FieldsOf<Settings> = {
  [NAMES.signUp]: {
    kind: 'switch',
    label: 'Allow sign-up',
    alsoAt: ['options.disable_signup'],
    description:
      'Anybody can create an account. If off, people need an invitation, or an operator creates the account.',
  },
  [NAMES.strength]: {
    kind: 'native',
    label: 'Password policy',
    alsoAt: ['options.passwordPolicy', 'options.password_options'],
    description:
      '“Strength check” requires a minimum length and refuses known or easily guessed passwords. The others are Auth0’s rules about characters.',
    data: [
      { value: 'judged', label: 'Strength check (recommended)' },
      { value: 'none', label: 'none' },
      { value: 'low', label: 'low' },
      { value: 'fair', label: 'fair' },
      { value: 'good', label: 'good' },
      { value: 'excellent', label: 'excellent' },
    ],
  },
};

/** The fields of a company's connection, besides those of its provider. */
const COMPANY: FieldsOf<Settings> = {
  [NAMES.domains]: {
    kind: 'area',
    label: 'Domains',
    alsoAt: ['options.domain_aliases'],
    description:
      'People with an email address in these domains are sent to this connection (home realm discovery, HRD). Enter one per line. This does not verify a domain; that is done in the organization.',
    autosize: true,
    minRows: 2,
    maxRows: 8,
    spellCheck: false,
  },
  [NAMES.button]: {
    kind: 'switch',
    label: 'Show a button on sign-in pages without an organization',
  },
};

function useSettings(connection: Connection) {
  /** The connection as it was read just before the write. */
  const latest = useRef(connection);
  const [written, setWritten] = useState<Written>();
  const loaded = toSettings(connection);
  const fields: FieldsOf<Settings> = {
    [NAMES.displayName]: { kind: 'text', label: 'Display name', autoComplete: 'off', dir: 'auto' },
    ...toFields(fieldsOf(connection), (values) => tellLostSecret({ loaded, values, ...written })),
    ...(connection.strategy === 'auth0' ? DATABASE : COMPANY),
  };
  const edit = useEdit<Settings>({
    fields,
    loaded,
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

export function SettingsForm({ connection }: { readonly connection: Connection }) {
  const { edit, written } = useSettings(connection);
  return (
    <EditForm edit={edit} scope={SCOPE} lock="disabled" maw={640}>
      <Title order={2} size="h4">
        Settings
      </Title>
      <Fields form={edit} />
      {written && <WriteNotes written={written} />}
    </EditForm>
  );
}
