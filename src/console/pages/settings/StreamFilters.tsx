/** The lines that a stream takes: chosen when it is made, and changed later. Says from when a change holds. */
import { Button, Modal, MultiSelect, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { CATEGORIES } from './stream-categories';

export const toFilters = (names: readonly string[]) => names.map((name) => ({ type: 'category', name }));

export interface CategoryFieldProps {
  readonly value: readonly string[];
  onChange(names: readonly string[]): void;
}

/** A choice among the categories; none stands for all of them. */
export function CategoryField({ value, onChange }: CategoryFieldProps) {
  return (
    <MultiSelect
      label="Lines that are sent"
      description="None chosen: every line."
      placeholder={value.length === 0 ? 'Everything' : ''}
      data={[...CATEGORIES]}
      value={[...value]}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      comboboxProps={{ withinPortal: false }}
    />
  );
}

interface Choosing {
  readonly id: string;
  readonly name: string;
  readonly filters: readonly string[];
  readonly changes: readonly unknown[];
}

function Choice({ id, filters, changes, onDone }: Choosing & { onDone(): void }) {
  const [names, setNames] = useState(filters);
  const saving = useMutation({
    mutationFn: () =>
      api.PATCH('/log-streams/{id}', { params: { path: { id } }, body: { filters: toFilters(names) } as never }),
    onSuccess: async () => {
      onDone();
      await queryClient.invalidateQueries({ queryKey: changes });
    },
  });
  return (
    <Stack>
      <CategoryField value={names} onChange={setNames} />
      <Text size="sm" c="dimmed">
        It holds for lines that were not sent yet. Lines that a stream passed over are not sent later.
      </Text>
      {saving.error && <FailureNote error={saving.error} />}
      <DialogEnd onLeave={onDone}>
        <Button
          loading={saving.isPending}
          disabled={JSON.stringify(names) === JSON.stringify(filters)}
          onClick={() => saving.mutate()}
        >
          Save
        </Button>
      </DialogEnd>
    </Stack>
  );
}

/** A button that opens the choice. */
export function StreamFilters(props: Choosing) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpen(true)} aria-label={`Choose lines of ${props.name}`}>
        Choose lines
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Lines that ${props.name} takes`}>
        <Choice {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}
