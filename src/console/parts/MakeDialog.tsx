/**
 * Creates something: a button, a dialog, a short form. A refusal is shown in the dialog, at its field and in words, and
 * the typed text stays; a closed dialog starts again. The caller provides the fields.
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
  /** Label of the button, and heading of the dialog: "Add API". */
  readonly verb: string;
  readonly isWide?: boolean;
  /** The form, which has its own state; `close` closes the dialog. */
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
  /** Label of the button that creates the object. */
  readonly verb: string;
  run(): Promise<Made>;
  /** Key of the queries that must be read again afterwards. */
  readonly changes: readonly unknown[];
  /** Called with the new object. */
  onMade(made: Made): unknown;
  onLeave(): void;
  /** True while typed text must not be sent; its field says why. */
  readonly isBarred?: boolean;
  readonly children: ReactNode;
}

/** The form in the dialog: its fields, a failure's text, and the buttons. */
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
