/**
 * Shown over the page after the session has expired, or somebody else has signed in in this browser. Typed text stays;
 * the operator signs in again in another window.
 */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ApiFailure } from '../api/failure';
import { queryClient } from '../api/query';
import { signInBeside } from './session';

const isOver = (error: unknown) => error instanceof ApiFailure && error.status === 401;

export function SessionOver() {
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const watch = (error: unknown) => isOver(error) && setOpen(true);
    const endQueries = queryClient.getQueryCache().subscribe(({ query }) => watch(query.state.error));
    const endWrites = queryClient.getMutationCache().subscribe(({ mutation }) => watch(mutation?.state.error));
    return () => {
      endQueries();
      endWrites();
    };
  }, []);
  const signIn = async () => {
    try {
      await signInBeside();
      setFailed(false);
      setOpen(false);
      await queryClient.refetchQueries({ predicate: ({ state }) => isOver(state.error) });
    } catch {
      setFailed(true);
    }
  };
  return (
    <Modal opened={open} onClose={() => setOpen(false)} title="Your session has ended">
      <Text>
        Your session expired, or somebody else signed in in this browser. Sign in again in a small window. This page
        keeps what you typed, so you can save afterwards.
      </Text>
      {failed && (
        <Text c="red" role="alert" mt="sm">
          The sign-in was not completed, or a different person signed in. To continue as that person, reload the page.
          If no window opened, allow pop-ups for this site and try again.
        </Text>
      )}
      <Group justify="end" mt="lg">
        <Button onClick={signIn}>Sign in again</Button>
      </Group>
    </Modal>
  );
}
