/**
 * The mail server: the tenant's own, or the one of the server's environment. The password is never shown, and is sent
 * to no other server.
 */
import { Alert, Code, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer, SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { queryClient } from '../../api/query';
import { carry, ifStill, versionOf } from '../../api/version';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { EditForm } from '../../parts/EditForm';
import { NumberInput, PasswordInput, Switch, TextInput } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { type Edit, useEdit } from '../../parts/use-edit';
import { findVariable, SERVER_SETTINGS_KEY, useServerSettings } from '../../server-settings';
import { usePowers } from '../../session/powers';
import { MailTry } from './MailTry';

type Provider = Pick<Answer<'/emails/provider'>, 'enabled' | 'default_from_address' | 'credentials'>;

const KEY = ['mail-provider'];
const NOT_FOUND = 404;
const SUBMISSION_PORT = 587;
const LABELS = { enabled: 'Send email through this server', from: 'Sender', host: 'Host', port: 'Port', user: 'User' };

/** The fields, except the password, which cannot be compared. */
type Values = {
  readonly enabled: boolean;
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
};

const toValues = ({ enabled, default_from_address: from = '', credentials = {} }: Provider): Values => ({
  enabled,
  from,
  host: credentials.smtp_host ?? '',
  port: credentials.smtp_port ?? SUBMISSION_PORT,
  user: credentials.smtp_user ?? '',
});

/** Reads the tenant's mail server; `null` where there is none. */
async function find(): Promise<Values | null> {
  try {
    const query = { fields: 'name,enabled,default_from_address,credentials', include_fields: true };
    const { data } = await api.GET('/emails/provider', { params: { query } });
    return carry(data, toValues);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === NOT_FOUND) return null;
    throw error;
  }
}

const NONE: Values = toValues({ enabled: true });

function toCredentials({ host, port, user }: Partial<Values>, password: string) {
  return {
    ...(host !== undefined && { smtp_host: host }),
    ...(port !== undefined && { smtp_port: port }),
    ...(user !== undefined && { smtp_user: user }),
    ...(password !== '' && { smtp_pass: password }),
  };
}

function toBody({ enabled, from, ...server }: Partial<Values>, password: string) {
  const credentials = toCredentials(server, password);
  return {
    name: 'smtp' as const,
    ...(enabled !== undefined && { enabled }),
    ...(from !== undefined && { default_from_address: from }),
    ...(Object.keys(credentials).length > 0 && { credentials }),
  };
}

async function write(changes: Partial<Values>, version: string | undefined, password: string): Promise<void> {
  if (version === undefined) {
    const all = Object.entries({ ...NONE, ...changes }).filter(([, value]) => value !== '');
    await api.POST('/emails/provider', {
      body: toBody(Object.fromEntries(all), password) as SentBodyOf<'/emails/provider', 'post'>,
    });
  } else await api.PATCH('/emails/provider', { ...ifStill(version), body: toBody(changes, password) });
  await Promise.all([KEY, SERVER_SETTINGS_KEY].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

/** The state of the form, plus a password that is sent with the other values and cleared after saving. */
function useMailEdit(loaded: Values | null): Edit<Values> & { password: string; setPassword(text: string): void } {
  const [password, setPassword] = useState('');
  const edit = useEdit<Values>({
    loaded: loaded ?? NONE,
    reload: async () => (await find()) ?? (loaded === null ? NONE : gone()),
    async write(changes, version) {
      await write(changes, version, password);
      setPassword('');
    },
  });
  const discard = () => {
    setPassword('');
    edit.discard();
  };
  return {
    ...edit,
    isDirty: edit.isDirty || password !== '',
    isSaved: edit.isSaved && password === '',
    discard,
    password,
    setPassword,
  };
}

/** Refuses to save: it would create again what somebody else has removed. */
function gone(): never {
  throw new ApiFailure(NOT_FOUND, 'Somebody else removed this mail server. Reload the page.', undefined);
}

function MailFields({ edit, hasUser }: { readonly edit: ReturnType<typeof useMailEdit>; readonly hasUser: boolean }) {
  const { values, set, password, setPassword } = edit;
  return (
    <>
      <Switch
        fills="enabled"
        label={LABELS.enabled}
        description="If off, email is sent through the server of the environment. If there is none, email is kept until there is one."
        checked={values.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      <TextInput
        fills="default_from_address"
        label={LABELS.from}
        description="An email address, or a name and an address: Notebook <hello@notebook.example>"
        value={values.from}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        fills="credentials.smtp_host"
        label={LABELS.host}
        required
        value={values.host}
        onChange={(event) => set({ host: event.currentTarget.value })}
      />
      <NumberInput
        fills="credentials.smtp_port"
        label={LABELS.port}
        min={1}
        max={65_535}
        required
        value={values.port}
        onChange={(port) => set({ port: Number(port) })}
      />
      <TextInput
        fills="credentials.smtp_user"
        label={LABELS.user}
        description={hasUser ? 'To use no user, remove this mail server and add it again.' : undefined}
        autoComplete="off"
        value={values.user}
        onChange={(event) => set({ user: event.currentTarget.value })}
      />
      <PasswordInput
        fills="credentials.smtp_pass"
        label="Password"
        autoComplete="new-password"
        description={
          hasUser
            ? 'Leave this empty to keep the stored password. If you change host, port or user, enter it again.'
            : 'Required if there is a user.'
        }
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    </>
  );
}

/** Shows the mail server that is used if the tenant names none. */
function OfEnvironment() {
  const settings = useServerSettings().data;
  const [server, from] = ['SMTP_URL', 'MAIL_FROM'].map((name) => findVariable(settings, name));
  return (
    <Alert variant="light" title="Email is sent through the environment’s mail server">
      It is set by environment variables (
      {settings === undefined ? (
        'SMTP_URL, MAIL_FROM'
      ) : (
        <>
          <Code>SMTP_URL</Code>: {server ?? 'not set, so email is not sent yet'}; <Code>MAIL_FROM</Code>: {from}
        </>
      )}
      ). To use a different one, enter it below.
    </Alert>
  );
}

function MailForm({ provider }: { readonly provider: Values | null }) {
  const edit = useMailEdit(provider);
  const may = usePowers();
  const scope = provider === null ? 'create:email_provider' : 'update:email_provider';
  return (
    <Stack maw={560}>
      {provider === null && <OfEnvironment />}
      <EditForm edit={edit} labels={LABELS} scope={scope}>
        <MailFields edit={edit} hasUser={(provider?.user ?? '') !== ''} />
      </EditForm>
      <MailTry />
      {provider !== null && may('delete:email_provider') && (
        <ConfirmButton
          verb="Remove mail server"
          question="Remove the mail server?"
          effect="Queued and future email is sent through the environment’s mail server. The password is deleted."
          danger
          run={() => api.DELETE('/emails/provider', ifStill(versionOf(provider)))}
          changes={[KEY, SERVER_SETTINGS_KEY]}
          style={{ alignSelf: 'start' }}
        />
      )}
    </Stack>
  );
}

export function Mail() {
  const query = useQuery({ queryKey: KEY, queryFn: find, staleTime: 0 });
  return (
    <Loaded query={query}>
      {(provider) => <MailForm key={provider === null ? 'none' : 'own'} provider={provider} />}
    </Loaded>
  );
}
