/**
 * A button for an action that needs a confirmation. Its dialog describes the effects, if possible in numbers. Nothing
 * is sent before the second click. If the API refuses, the dialog shows the reason.
 */
import { Button, type ButtonProps, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { queryClient } from '../api/query';
import { DialogEnd } from './DialogEnd';
import { FailureNote } from './FailureNote';

export interface ConfirmButtonProps extends Omit<ButtonProps, 'children'> {
  /** The verb on both buttons, for example "Remove". */
  readonly verb: string;
  /** The dialog's heading, a question, for example "Remove Nora from Acme?". */
  readonly question: string;
  readonly effect: ReactNode;
  readonly danger?: boolean;
  /** A text that the operator must type first, for example the address of the person to delete. */
  readonly typed?: string;
  run(): Promise<unknown>;
  /** Cache keys of the queries that are read again afterwards. */
  readonly changes: readonly (readonly unknown[])[];
  /** Called after the action succeeded. */
  onDone?(): void;
  /** Renders an error of the action; by default as a {@link FailureNote}. For an action of several requests. */
  failure?(error: unknown): ReactNode;
}

export function ConfirmButton({
  verb,
  question,
  effect,
  danger = false,
  typed,
  run,
  changes,
  onDone,
  failure = (error) => <FailureNote error={error} />,
  ...button
}: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const request = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      setOpen(false);
      onDone?.();
      await Promise.all(changes.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
  });
  const ask = () => {
    request.reset();
    setText('');
    setOpen(true);
  };
  return (
    <>
      <Button variant="default" {...(danger && { c: 'var(--mantine-color-error)' })} {...button} onClick={ask}>
        {verb}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={question}>
        <Stack>
          <div>{effect}</div>
          {typed !== undefined && (
            <TextInput
              label={`Type ${typed} to confirm`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          {request.error && failure(request.error)}
          <DialogEnd onLeave={() => setOpen(false)} startsThere>
            <Button
              {...(danger && { color: 'red' })}
              loading={request.isPending}
              disabled={typed !== undefined && text.trim() !== typed}
              onClick={() => request.mutate()}
            >
              {verb}
            </Button>
          </DialogEnd>
        </Stack>
      </Modal>
    </>
  );
}
