/**
 * A form that is saved as a whole: its fields, then save and discard. People whose roles do not permit the change see
 * disabled fields and the reason above them; nothing is offered that the server would refuse.
 */
import { Stack, type StackProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePowers } from '../session/powers';
import classes from './EditForm.module.css';
import { Refusals } from './inputs';
import { RoleNote } from './RoleNote';
import { SaveBar, type SaveBarProps } from './SaveBar';

export interface EditFormProps extends SaveBarProps {
  /** The scope that permits the change. */
  readonly scope: string;
  readonly maw?: StackProps['maw'];
  readonly children: ReactNode;
}

export function EditForm({ scope, maw = 560, children, ...bar }: EditFormProps) {
  const isOpen = usePowers()(scope);
  return (
    <Stack component="form" maw={maw} onSubmit={(event) => event.preventDefault()}>
      <RoleNote scopes={[scope]} />
      <fieldset disabled={!isOpen} className={classes.fields}>
        <Refusals error={bar.edit.error}>
          <Stack>{children}</Stack>
        </Refusals>
      </fieldset>
      {isOpen && <SaveBar {...bar} />}
    </Stack>
  );
}
