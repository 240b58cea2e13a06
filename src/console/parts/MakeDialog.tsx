/**
 * Makes something new: a button, a dialog, a short form. A refusal stays in the dialog, at its field and in words, with what was typed; a dialog that was
 * left begins again. The fields are the caller's.
 */
import { Button, type ButtonProps, Modal, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { queryClient } from '../api/query';
import { DialogEnd } from './DialogEnd';
import { FailureNote } from './FailureNote';
import { Refusals } from './inputs';

export interface MakeDialogProps extends Omit<ButtonProps, 'children'> {
  /** On the button, and the heading of the dialog: "Add an API". */
  readonly verb: string;
  readonly isWide?: boolean;
  /** The form, which keeps its own state; `close` leaves it. */
  children(close: () => void): ReactNode;
}

export function MakeDialog({ verb, isWide = false, children, ...button }: MakeDialogProps) {
  const [open, { open: show, close }] = useDisclosure();
  return (
    <>
      <Button {...button} onClick={show}>
        {verb}
      </Button>
      <Modal opened={open} onClose={close} title={verb} {...(isWide && { size: 'lg' })}>
        {children(close)}
      </Modal>
    </>
  );
}

export interface MakeFormProps<Made> {
  /** On the button that makes it. */
  readonly verb: string;
  run(): Promise<Made>;
  /** The queries that tell something else afterwards. */
  readonly changes: readonly unknown[];
  /** After it was made. */
  onMade(made: Made): unknown;
  onLeave(): void;
  /** Something that was typed must not be sent: its field says why. */
  readonly isBarred?: boolean;
  readonly children: ReactNode;
}

/** The form inside: its fields, what a failure says, and the buttons that make or leave. */
export function MakeForm<Made>({
  verb,
  run,
  isBarred = false,
  changes,
  onMade,
  onLeave,
  children,
}: MakeFormProps<Made>) {
  const making = useMutation({
    mutationFn: run,
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: changes });
      await onMade(made);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBarred) making.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Refusals error={making.error}>{children}</Refusals>
        {making.error && <FailureNote error={making.error} />}
        <DialogEnd onLeave={onLeave}>
          <Button type="submit" loading={making.isPending}>
            {verb}
          </Button>
        </DialogEnd>
      </Stack>
    </form>
  );
}
