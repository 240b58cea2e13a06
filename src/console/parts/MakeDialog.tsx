/**
 * A form that is sent as a whole, in a dialog or in a page: its fields, the text of an error, and the buttons. A
 * refusal is shown at its field and in words, and the typed text stays. `MakeDialog` alone renders a button and a dialog
 * with any content, for example a form that changes an object. When it is opened again, the content starts empty or as
 * stored. A page that shows `MakeForm` in a dialog of its own decides itself what stays.
 */
import { Button, type ButtonProps, Group, Modal, type ModalProps, Stack, type StackProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect } from 'react';
import { DialogEnd } from './DialogEnd';
import { FailureNote } from './FailureNote';
import { Fields } from './Fields';
import { focusWrong } from './form-fields';
import { Refusals } from './inputs';
import type { Make } from './use-make';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Name of the dialog that the page opens at once: the palette leads to it. */
    dialog?: string;
  }
}

export interface MakeDialogProps extends Omit<ButtonProps, 'children'> {
  /** Label of the button: "Add API". */
  readonly verb: ReactNode;
  /** Heading of the dialog; the button's label by default. */
  readonly title?: string;
  readonly 'aria-label'?: string;
  /** The name by which an address's state asks for the dialog. Only one dialog of a page may have it. */
  readonly name?: string | undefined;
  /** Width of the dialog. */
  readonly wide?: ModalProps['size'];
  /** Renders the form, which keeps its own state. `close` closes the dialog. */
  children(close: () => void): ReactNode;
}

/** Opens the dialog when the address's state asks for it, and takes the request away, so that a reload does not repeat it. */
function useAsked(name: string | undefined, show: () => void): void {
  const asked = useRouterState({ select: ({ location }) => location.state.dialog });
  const navigate = useNavigate();
  useEffect(() => {
    if (name === undefined || asked !== name) return;
    show();
    void navigate({ to: '.', search: true as never, state: {}, replace: true });
  }, [name, asked, show, navigate]);
}

/** Renders a button; a click opens the dialog with the form. */
export function MakeDialog({ verb, title, name, wide, children, ...button }: MakeDialogProps) {
  const [open, { open: show, close }] = useDisclosure();
  useAsked(name, show);
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
  /**
   * Closes the dialog that contains the form. If given, the form has the buttons of a dialog. Absent for a form in a
   * page.
   */
  onLeave?(): void;
  /** True while the form cannot be sent for a reason that no field can show. */
  readonly isBarred?: boolean;
  /** An error that is not the form's own, for example one from loading the choices. */
  readonly error?: unknown;
  /** True for a short form in one line, with the button beside the field. */
  readonly isInline?: boolean;
  /** Content after the button, for a form in a page. */
  readonly beside?: ReactNode;
  /** Content between the fields and the button. */
  readonly below?: ReactNode;
  /** A button that replaces the form's own, for a dialog with two steps. */
  readonly button?: ReactNode;
  readonly maw?: StackProps['maw'];
  /** The fields in a different layout. By default, all of them are shown one below the other. */
  readonly children?: ReactNode;
}

/**
 * Renders the form. If a field has a problem, nothing is sent, and that field gets the focus. An error of the API is
 * shown above the buttons.
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
