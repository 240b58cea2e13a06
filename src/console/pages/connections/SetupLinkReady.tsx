/** Shows a new set-up link, with buttons that copy, open or revoke it. The link cannot be shown again. */
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { CopyText } from '../../parts/CopyText';
import { FailureNote } from '../../parts/FailureNote';
import { endTicket, LIFETIMES, type Ticket } from './setup-ticket';

export function SetupLinkReady({ ticket, onClose }: { readonly ticket: Ticket; readonly onClose: () => void }) {
  const end = useMutation({ mutationFn: () => endTicket(ticket) });
  const [lifetime = ''] = LIFETIMES.filter(({ seconds }) => seconds === ticket.seconds).map(({ label }) => label);
  if (end.isSuccess)
    return (
      <Stack>
        <Alert variant="light">The link was revoked.</Alert>
        <Group justify="end">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack>
      <CopyText text={ticket.url} name="the set-up link" />
      <Text size="sm">
        Valid for {lifetime.replace(/,.*/, '')}. Copy it now, because it is not shown again. You can create another one
        later.
      </Text>
      {end.error && <FailureNote error={end.error} />}
      <Group justify="space-between">
        <Button variant="default" color="red" loading={end.isPending} onClick={() => end.mutate()}>
          Revoke link
        </Button>
        <Group>
          <Anchor href={ticket.url} target="_blank" rel="noreferrer">
            Open in a new window
          </Anchor>
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Group>
    </Stack>
  );
}
