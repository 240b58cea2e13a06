/**
 * The mail server: the tenant's own, or the one of the server's environment. The password is never shown, and is sent
 * to no other server.
 */
import { Alert, Code, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { queryClient } from '../../api/query';
import { carry, ifStill, versionOf } from '../../api/version';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { EditForm } from '../../parts/EditForm';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { Loaded } from '../../parts/Loaded';
import { useEdit } from '../../parts/use-edit';
import { findVariable, SERVER_SETTINGS_KEY, useServerSettings } from '../../server-settings';
import { usePowers } from '../../session/powers';
import { MailTry } from './MailTry';

const KEY = ['mail-provider'];
const NOT_FOUND = 404;
const SUBMISSION_PORT = 587;

type Values = {
  readonly enabled: boolean;
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The typed password. The stored one is never read; an empty text keeps it. */
  readonly password: string;
};

const FIELDS: FieldsOf<Values> = {
  enabled: {
    kind: 'switch',
    label: 'Send email through this server',
    description:
      'If off, email is sent through the server of the environment. If there is none, email is kept until there is one.',
    start: true,
  },
  from: {
    kind: 'text',
    label: 'Sender',
    at: 'default_from_address',
    description: 'An email address, or a name and an address: Notebook <hello@notebook.example>',
  },
  host: { kind: 'text', label: 'Host', at: 'credentials.smtp_host', required: true },
  port: {
    kind: 'number',
    label: 'Port',
    at: 'credentials.smtp_port',
    start: SUBMISSION_PORT,
    min: 1,
    max: 65_535,
    required: true,
  },
  user: { kind: 'text', label: 'User', at: 'credentials.smtp_user', autoComplete: 'off' },
  password: {
    kind: 'password',
    label: 'Password',
    at: 'credentials.smtp_pass',
    description: 'Required if there is a user.',
    autoComplete: 'new-password',
  },
};

/** The fields of a mail server with a user, who has a stored password. */
const FIELDS_WITH_USER: FieldsOf<Values> = {
  ...FIELDS,
  user: { ...FIELDS.user, description: 'To use no user, remove this mail server and add it again.' },
  password: {
    ...FIELDS.password,
    description: 'Leave this empty to keep the stored password. If you change host, port or user, enter it again.',
  },
};

const toForm = (found: unknown) => toValues(FIELDS, found);

/** Reads the tenant's mail server; `null` where there is none. */
async function find(): Promise<Values | null> {
  try {
    const query = { fields: 'name,enabled,default_from_address,credentials', include_fields: true };
    const { data } = await api.GET('/emails/provider', { params: { query } });
    return carry(data, toForm);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === NOT_FOUND) return null;
    throw error;
  }
}

const NONE: Values = toForm({});

async function write({ password, ...changes }: Partial<Values>, version: string | undefined): Promise<void> {
  const toProvider = (sent: Partial<Values>) => ({
    ...toBody<SentBodyOf<'/emails/provider', 'post'>>(FIELDS, { ...sent, ...(password && { password }) }),
    name: 'smtp' as const,
  });
  if (version === undefined) {
    const all = Object.entries({ ...NONE, ...changes }).filter(([, value]) => value !== '');
    await api.POST('/emails/provider', { body: toProvider(Object.fromEntries(all)) });
  } else await api.PATCH('/emails/provider', { ...ifStill(version), body: toProvider(changes) });
  await Promise.all([KEY, SERVER_SETTINGS_KEY].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

/** Throws instead of saving: another operator has removed the mail server, and saving would create it again. */
function gone(): never {
  throw new ApiFailure(NOT_FOUND, 'Somebody else removed this mail server. Reload the page.', undefined);
}

/** Shows the mail server that is used if the tenant names none. */
function OfEnvironment() {
  const settings = useServerSettings().data;
  const [server, from] = ['SMTP_URL', 'MAIL_FROM'].map((name) => findVariable(settings, name));
  // An operator who may not read the environment sees only where email goes.
  if (settings !== undefined && server === undefined)
    return (
      <Alert variant="light" color="yellow" title="Email is not sent yet">
        There is no mail server. Email is kept until there is one: enter it below, or set the environment variable{' '}
        <Code>SMTP_URL</Code>.
      </Alert>
    );
  return (
    <Alert variant="light" title="Email is sent through the environment’s mail server">
      It is set by environment variables (
      {settings === undefined ? (
        'SMTP_URL, MAIL_FROM'
      ) : (
        <>
          <Code>SMTP_URL</Code>: {server}; <Code>MAIL_FROM</Code>: {from}
        </>
      )}
      ). To use a different one, enter it below.
    </Alert>
  );
}

function MailForm({ provider }: { readonly provider: Values | null }) {
  const edit = useEdit<Values>({
    fields: (provider?.user ?? '') === '' ? FIELDS : FIELDS_WITH_USER,
    loaded: provider ?? NONE,
    reload: async () => (await find()) ?? (provider === null ? NONE : gone()),
    write,
  });
  const may = usePowers();
  const scope = provider === null ? 'create:email_provider' : 'update:email_provider';
  return (
    <Stack maw={560}>
      {provider === null && <OfEnvironment />}
      <EditForm edit={edit} scope={scope} />
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
