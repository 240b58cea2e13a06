/**
 * A button that sends a test mail to the operator. Follows the mail until the mail server has accepted or refused it.
 * Never sends to anybody else.
 */
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { findHelp } from '../../help-pages';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { useServerSettings } from '../../server-settings';
import { useOperator } from '../../session/operator';
import { usePowers } from '../../session/powers';

interface Job {
  readonly id: string;
  readonly status: string;
  /** The mail server's answer, if it refused the last attempt. */
  readonly trouble?: { readonly tries: number; readonly reason: string; readonly next_try_at?: string };
}

const LOOK_MS = 1_000;

async function send(userId: string): Promise<Job> {
  const { data } = await api.POST('/jobs/verification-email', { body: { user_id: userId } });
  return data;
}

const readJob = async (id: string) => (await api.GET('/jobs/{id}', { params: { path: { id } } })).data;

const hasEnded = ({ status }: Job) => status === 'completed' || status === 'failed';

function Said({ job, email }: { readonly job: Job; readonly email: string | undefined }) {
  const { status, trouble } = job;
  if (status === 'completed') return `The mail server accepted the email to ${email}. Check your inbox.`;
  if (trouble === undefined) return `Sending the email to ${email}…`;
  return (
    <>
      The mail server refused the email: “{trouble.reason}”. Tried {trouble.tries === 1 ? 'once' : trouble.tries}
      {trouble.tries === 1 ? '' : ' times'}
      {trouble.next_try_at === undefined ? '. It will not be tried again.' : '. Next attempt: '}
      {trouble.next_try_at !== undefined && <Moment at={trouble.next_try_at} />}
    </>
  );
}

export function MailTry() {
  const { userId, email } = useOperator();
  const may = usePowers();
  const source = useServerSettings().data?.mail.source;
  const sending = useMutation({ mutationFn: () => send(userId) });
  const id = sending.data?.id ?? '';
  const following = useQuery({
    queryKey: ['mail-job', id],
    queryFn: () => readJob(id),
    enabled: id !== '',
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : LOOK_MS),
  });
  const job = following.data ?? sending.data;
  const reason = !may('update:users')
    ? 'Your role cannot send a test email. Ask an owner.'
    : source === 'none'
      ? 'There is no mail server yet. Enter one above, or set SMTP_URL in the server’s environment.'
      : 'Sends you a verification email. Save your changes first.';
  return (
    <Stack gap="xs" align="start" maw={560}>
      <Button
        variant="default"
        loading={sending.isPending}
        disabled={!may('update:users') || source === 'none'}
        onClick={() => sending.mutate()}
      >
        Send test email
      </Button>
      <Text size="sm" c="dimmed" role="status" style={{ overflowWrap: 'anywhere' }}>
        {job === undefined ? reason : <Said job={job} email={email} />}
      </Text>
      {job?.trouble && (
        <Anchor size="sm" href={findHelp('/settings/mail').href} target="_blank" rel="noopener">
          Read how to set up email
        </Anchor>
      )}
      {sending.error && <FailureNote error={sending.error} />}
      {following.error && <FailureNote error={following.error} />}
    </Stack>
  );
}
