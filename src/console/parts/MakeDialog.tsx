/**
 * Sends a form as a whole, in a dialog or in a page: its fields, a failure's text, and the buttons. A refusal is shown
 * at its field and in words, and the typed text stays; a closed dialog starts again.
 */
import { Button, type ButtonProps, Group, Modal, type ModalProps, Stack, type StackProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { FormEvent, ReactNode } from 'react';
import { DialogEnd } from './DialogEnd';
import { FailureNote } from './FailureNote';
import { Fields } from './Fields';
import { Refusals } from './inputs';
import type { Make } from './use-make';

export interface MakeDialogProps extends Omit<ButtonProps, 'children'> {
  /** Label of the button: "Add API". */
  readonly verb: ReactNode;
  /** Heading of the dialog; the button's label by default. */
  readonly title?: string;
  readonly 'aria-label'?: string;
  /** Width of the dialog. */
  readonly wide?: ModalProps['size'];
  /** The form, which has its own state; `close` closes the dialog. */
  children(close: () => void): ReactNode;
}

/** Renders a button that opens the dialog. */
export function MakeDialog({ verb, title, wide, children, ...button }: MakeDialogProps) {
  const [open, { open: show, close }] = useDisclosure();
  return (
    <>
      <Button {...button} onClick={show}>
        {verb}
      </Button>
      <Modal opened={open} onClose={close} title={title ?? verb} {...(wide && { size: wide })}>
        {children(close)}
      </Modal>
    </>
  );
}

export interface MakeFormProps<V> {
  readonly make: Make<V>;
  /** Label of the button that sends the form. */
  readonly verb: string;
  /** Closes the dialog around the form, which then has a dialog's buttons; absent for a form in a page. */
  onLeave?(): void;
  /** True while something is missing that no field can say. */
  readonly isBarred?: boolean;
  /** A failure besides the form's own, such as of the choices. */
  readonly error?: unknown;
  /** True for a short form in one line, with a plain button beside the field. */
  readonly isInline?: boolean;
  /** Nodes after the button of a form in a page. */
  readonly beside?: ReactNode;
  /** Nodes between the fields and the button. */
  readonly below?: ReactNode;
  /** Another button for the end, for a dialog with two steps. */
  readonly button?: ReactNode;
  readonly maw?: StackProps['maw'];
  /** The fields in another layout; by default, all of them one below the other. */
  readonly children?: ReactNode;
}

/** Focuses the first field whose text is wrong. */
const focusWrong = (form: HTMLFormElement) => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();

/**
 * Renders the form. If a field has a problem, nothing is sent and the field gets the focus; a failure of the API is told
 * above the buttons.
 */
export function MakeForm<V>({ make, verb, onLeave, isBarred = false, maw, children, ...more }: MakeFormProps<V>) {
  const error = make.error ?? more.error;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!make.submit()) focusWrong(event.currentTarget);
  };
  const fields = <Refusals error={make.error}>{children ?? <Fields form={make} />}</Refusals>;
  const button = more.button ?? (
    <Button type="submit" loading={make.isBusy} disabled={isBarred} {...(more.isInline && { variant: 'default' })}>
      {verb}
    </Button>
  );
  const end = onLeave ? (
    <DialogEnd onLeave={onLeave}>{button}</DialogEnd>
  ) : (
    <Group>
      {button}
      {more.beside}
    </Group>
  );
  return (
    <form onSubmit={submit}>
      <Stack maw={maw}>
        {more.isInline ? (
          <Group align="end" gap="sm">
            {fields}
            {button}
          </Group>
        ) : (
          fields
        )}
        {error ? <FailureNote error={error} /> : null}
        {more.below}
        {!more.isInline && end}
      </Stack>
    </form>
  );
}
