/**
 * A form that changes something and is saved as a whole: its fields, then save and discard; in a dialog, save and
 * cancel. People whose roles do not permit the change see locked fields; nothing is offered that the server would
 * refuse.
 *
 * A form is added in three steps: its table of fields (`FieldsOf`, with labels and properties of the API), `useEdit`
 * with a function that reads and one that writes, and this component. A form that creates something has `useMake` and
 * `MakeForm` instead. `Field` draws a single field, for a form with a layout of its own.
 */
import { Stack, type StackProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePowers } from '../session/powers';
import classes from './EditForm.module.css';
import { Fields, type Lock, Locked } from './Fields';
import { Refusals } from './inputs';
import { RoleNote } from './RoleNote';
import { SaveBar, type SaveBarProps } from './SaveBar';

export interface EditFormProps<V> extends SaveBarProps<V> {
  /** The scope that permits the change. */
  readonly scope: string;
  /** How the fields are locked without the scope. By default, everything inside is disabled, and a note says why. */
  readonly lock?: Lock;
  readonly maw?: StackProps['maw'];
  readonly gap?: StackProps['gap'];
  /** The fields in another order or layout; by default, all of them one below the other. */
  readonly children?: ReactNode;
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
