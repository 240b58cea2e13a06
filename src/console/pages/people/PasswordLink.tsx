/** A link by which a person sets a new password, shown once. It says that opening it proves no mailbox. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { MakeDialog } from '../../parts/MakeDialog';
import { nameOf, type User } from './answers';

const A_DAY = 86_400;

function Form({ user, onLeave }: { readonly user: User; readonly onLeave: () => void }) {
  const ask = useMutation({
    mutationFn: async () => {
      const body = { user_id: user.user_id, ttl_sec: A_DAY };
      const { data } = await api.POST('/tickets/password-change', { body });
      return data.ticket;
    },
  });
  return (
    <Stack>
      {ask.data === undefined ? (
        <Text size="sm">
          The link lets the person set a new password. It works once, and expires after a day. Setting a new password
          revokes sessions that were opened with the old one. Anybody with the link can use it, so give it only to this
          person. They can also use “Forgot your password?” on the sign-in page.
        </Text>
      ) : (
        <>
          <CopyText text={ask.data} name="the link" />
          <Alert color="gray" variant="light">
            This link is not shown again. Using it does not verify the email address, because you have seen the link.
          </Alert>
        </>
      )}
      {ask.error && <FailureNote error={ask.error} />}
      <DialogEnd onLeave={onLeave} startsThere leave={ask.data === undefined ? 'Cancel' : 'Close'}>
        {ask.data === undefined && (
          <Button loading={ask.isPending} onClick={() => ask.mutate()}>
            Create link
          </Button>
        )}
      </DialogEnd>
    </Stack>
  );
}

export function PasswordLink({ user }: { readonly user: User }) {
  return (
    <MakeDialog verb="Create password link" title={`Password link for ${nameOf(user)}`} wide="lg" variant="default">
      {(close) => <Form user={user} onLeave={close} />}
    </MakeDialog>
  );
}
