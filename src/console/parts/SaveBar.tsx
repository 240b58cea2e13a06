/**
 * The end of a form that changes something: the save and discard buttons, the text of a refusal, and a comparison if
 * another operator has changed the same fields.
 */
import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { DialogEnd } from './DialogEnd';
import { FailureNote } from './FailureNote';
import { focusWrong } from './form-fields';
import classes from './SaveBar.module.css';
import type { Clash, Edit } from './use-edit';

/** Formats the value of a field: a list as text, a switch as "on" or "off". */
function say(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || 'none';
  return JSON.stringify(value);
}

function Comparison<V>({ edit, compare }: SaveBarProps<V>) {
  const name = (clash: Clash) => {
    const { label, short } = edit.fields[clash.name as keyof V & string];
    return short ?? label;
  };
  const shown = edit.clashes.filter((clash) => compare?.(clash) === undefined);
  return (
    <Alert color="yellow" variant="light" title="Somebody else changed this meanwhile" role="alert">
      <Table hidden={shown.length === 0}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Field</Table.Th>
            <Table.Th>Current value</Table.Th>
            <Table.Th>Your value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((clash) => (
            <Table.Tr key={clash.name}>
              <Table.Td>{name(clash)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{say(clash.theirs)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{say(clash.mine)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {edit.clashes.map((clash) => compare?.(clash))}
      <Group mt="sm">
        <Button variant="default" onClick={edit.takeTheirs}>
          Keep current values
        </Button>
        <Button onClick={({ currentTarget: { form } }) => edit.saveMine() || focusWrong(form)} loading={edit.isSaving}>
          Overwrite with my values
        </Button>
      </Group>
    </Alert>
  );
}

export interface SaveBarProps<V> {
  readonly edit: Edit<V>;
  /**
   * Renders the difference of a value that is too large for a row of the comparison, such as code. Returns undefined
   * for other fields.
   */
  compare?(clash: Clash): ReactNode;
  /** Closes the dialog that contains the form. If given, the form has the buttons of a dialog. */
  onLeave?(): void;
}

function Save<V>({ edit }: Pick<SaveBarProps<V>, 'edit'>) {
  const save = ({ currentTarget: { form } }: MouseEvent<HTMLButtonElement>) => edit.save() || focusWrong(form);
  return (
    <Button type="submit" disabled={!edit.isDirty} loading={edit.isSaving} onClick={save}>
      Save
    </Button>
  );
}

function PageEnd<V>({ edit }: Pick<SaveBarProps<V>, 'edit'>) {
  return (
    <Group>
      <Save edit={edit} />
      <Button variant="default" disabled={!edit.isDirty} onClick={edit.discard}>
        Discard
      </Button>
      <Text c="dimmed" size="sm" role="status">
        {edit.isSaved ? 'Saved' : ''}
      </Text>
    </Group>
  );
}

export function SaveBar<V>({ edit, compare, onLeave }: SaveBarProps<V>) {
  // The bar sticks to the window, so that it is always visible. It does not in a dialog, which is short, or while an
  // error or a comparison is shown.
  const isAtHand = onLeave === undefined && edit.isDirty && edit.error === null && edit.clashes.length === 0;
  return (
    <Stack gap="sm" {...(isAtHand && { className: classes.atHand ?? '' })}>
      {edit.error !== null && <FailureNote error={edit.error} />}
      {edit.clashes.length > 0 && <Comparison edit={edit} {...(compare && { compare })} />}
      {onLeave === undefined ? (
        <PageEnd edit={edit} />
      ) : (
        <DialogEnd onLeave={onLeave}>
          <Save edit={edit} />
        </DialogEnd>
      )}
    </Stack>
  );
}
