/** The mail server: the tenant's own, or the one of the server's environment. The password is never shown, and goes to no other server. */
import { Alert, Button, NumberInput, PasswordInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { queryClient } from '../../api/query';
import { Deed } from '../../parts/Deed';
import { FailureNote } from '../../parts/FailureNote';
import { Loaded } from '../../parts/Loaded';
import { useOperator } from '../../session/operator';

interface Provider {
  readonly enabled: boolean;
  readonly default_from_address?: string;
  readonly credentials?: { readonly smtp_host?: string; readonly smtp_port?: number; readonly smtp_user?: string };
}

const KEY = ['mail-provider'];
const SUBMISSION_PORT = 587;

/** `null` where the tenant has no mail server of its own. */
async function read(): Promise<Provider | null> {
  try {
    const query = { fields: 'name,enabled,default_from_address,credentials', include_fields: true };
    const { data } = await api.GET('/emails/provider', { params: { query } });
    return data as unknown as Provider;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return null;
    throw error;
  }
}

interface Fields {
  readonly enabled: boolean;
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const toFields = (provider: Provider | null): Fields => ({
  enabled: provider?.enabled ?? true,
  from: provider?.default_from_address ?? '',
  host: provider?.credentials?.smtp_host ?? '',
  port: provider?.credentials?.smtp_port ?? SUBMISSION_PORT,
  user: provider?.credentials?.smtp_user ?? '',
  password: '',
});

function toBody({ enabled, from, host, port, user, password }: Fields) {
  return {
    name: 'smtp' as const,
    enabled,
    ...(from !== '' && { default_from_address: from }),
    credentials: {
      smtp_host: host,
      smtp_port: port,
      ...(user !== '' && { smtp_user: user }),
      ...(password !== '' && { smtp_pass: password }),
    },
  };
}

function save(exists: boolean, fields: Fields) {
  const options = { body: toBody(fields) as never };
  return exists ? api.PATCH('/emails/provider', options) : api.POST('/emails/provider', options);
}

function TestMail() {
  const { userId, email } = useOperator();
  const sending = useMutation({
    mutationFn: () => api.POST('/jobs/verification-email', { body: { user_id: userId } as never }),
  });
  return (
    <Stack gap="xs" align="start">
      <Button variant="default" loading={sending.isPending} onClick={() => sending.mutate()}>
        Send a mail to yourself
      </Button>
      <Text size="sm" c="dimmed" role="status">
        {sending.isSuccess
          ? `A mail that verifies your address is on its way to ${email}.`
          : 'The mail that verifies an address, so that you see the whole way. Save first.'}
      </Text>
      {sending.error && <FailureNote error={sending.error} />}
    </Stack>
  );
}

function MailForm({ provider }: { readonly provider: Provider | null }) {
  const form = useForm({ initialValues: toFields(provider) });
  const saving = useMutation({
    mutationFn: (fields: Fields) => save(provider !== null, fields),
    onSuccess: async (_answer, fields) => {
      form.resetDirty(fields);
      await queryClient.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <Stack maw={560}>
      {provider === null && (
        <Alert variant="light" title="Mail goes through the server’s own mail server">
          It is the one of the environment (SMTP_URL, MAIL_FROM). Name another below, for this tenant alone.
        </Alert>
      )}
      <form onSubmit={form.onSubmit((fields) => saving.mutate(fields))}>
        <Stack>
          <Switch
            label="Send mail through this server"
            description="Switched off, mail waits; nothing is lost."
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
          <TextInput
            label="Sender"
            description="An address, or a name and an address: Notebook <hello@notebook.example>"
            {...form.getInputProps('from')}
          />
          <TextInput label="Host" required {...form.getInputProps('host')} />
          <NumberInput label="Port" min={1} max={65_535} required {...form.getInputProps('port')} />
          <TextInput label="User" autoComplete="off" {...form.getInputProps('user')} />
          <PasswordInput
            label="Password"
            autoComplete="new-password"
            description={
              provider?.credentials?.smtp_user === undefined
                ? 'Together with the user.'
                : 'Left empty, the one of before stays. Another host, port or user needs it again.'
            }
            {...form.getInputProps('password')}
          />
          {saving.error && <FailureNote error={saving.error} />}
          <Button type="submit" loading={saving.isPending} disabled={!form.isDirty()} style={{ alignSelf: 'start' }}>
            Save
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {saving.isSuccess && !form.isDirty() ? 'Saved' : ''}
          </Text>
        </Stack>
      </form>
      <TestMail />
      {provider !== null && (
        <Deed
          verb="Remove this mail server"
          question="Remove the mail server of this tenant?"
          effect="Mail that waits goes through the server of the environment from then on. The password is deleted."
          danger
          run={() => api.DELETE('/emails/provider')}
          changes={[KEY]}
          style={{ alignSelf: 'start' }}
        />
      )}
    </Stack>
  );
}

export function Mail() {
  const query = useQuery({ queryKey: KEY, queryFn: read });
  return (
    <Loaded query={query}>
      {(provider) => <MailForm key={provider === null ? 'none' : 'own'} provider={provider} />}
    </Loaded>
  );
}
