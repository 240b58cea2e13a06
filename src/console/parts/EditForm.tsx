/**
 * A form that changes an object and is saved as a whole: its fields, then the save and discard buttons; in a dialog,
 * save and cancel. Operators whose roles do not permit the change see locked fields, so that nothing is offered that
 * the server would refuse.
 *
 * A new form takes three steps: a table of its fields (`FieldsOf`, with labels and properties of the API); `useEdit`,
 * with a function that reads and one that writes; and this component. A form that creates an object uses `useMake` and
 * `MakeForm` instead. `Field` renders a single field, for a form with a layout of its own.
 */
import { Stack, type StackProps } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { usePowers } from '../session/powers';
import classes from './EditForm.module.css';
import { Fields, type Lock, Locked } from './Fields';
import { Refusals } from './inputs';
import { RoleNote } from './RoleNote';
import { SaveBar, type SaveBarProps } from './SaveBar';

export interface EditFormProps<V> extends SaveBarProps<V> {
  /** The scope that an operator needs for the change. */
  readonly scope: string;
  /**
   * How the fields are locked for an operator without the scope. By default, all inputs are disabled, and a note says
   * why.
   */
  readonly lock?: Lock;
  readonly maw?: StackProps['maw'];
  readonly gap?: StackProps['gap'];
  /** The fields in a different order or layout. By default, all of them are shown one below the other. */
  readonly children?: ReactNode;
}

/** Keeps Enter from saving the form, for an input of a list that the operator still completes. */
export function ignoreEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}

/** Renders the form of `edit`, locked for people without the scope. */
export function EditForm<V>({ scope, lock, maw = 560, gap, children, ...bar }: EditFormProps<V>) {
  const isOpen = usePowers()(scope);
  const inner = (
    <Refusals error={bar.edit.error}>
      <Locked value={isOpen ? undefined : (lock ?? 'disabled')}>
        <Stack {...(gap && { gap })}>{children ?? <Fields form={bar.edit} />}</Stack>
      </Locked>
    </Refusals>
  );
  return (
    <Stack component="form" maw={maw} {...(gap && { gap })} onSubmit={(event) => event.preventDefault()}>
      {lock ? (
        inner
      ) : (
        <>
          <RoleNote scopes={[scope]} />
          <fieldset disabled={!isOpen} className={classes.fields}>
            {inner}
          </fieldset>
        </>
      )}
      {isOpen && <SaveBar {...bar} />}
    </Stack>
  );
}
