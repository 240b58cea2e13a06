/**
 * The categories that a stream sends: chosen when it is created, and changed later. Says from when a change applies.
 */
import { Button, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { MultiSelect, Refusals } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { SaveBar } from '../../parts/SaveBar';
import { type Clash, useEdit } from '../../parts/use-edit';
import { CATEGORIES, sayCategories } from './stream-categories';

type Filter = NonNullable<SentBodyOf<'/log-streams/{id}', 'patch'>['filters']>[number];

/** Converts chosen categories, which a select box has as texts. */
export const toFilters = (names: readonly string[]): readonly Filter[] =>
  names.map((name) => ({ type: 'category', name: name as NonNullable<Filter['name']> }));

export interface CategoryFieldProps {
  readonly value: readonly string[];
  onChange(names: readonly string[]): void;
}

/** Renders a choice of categories; choosing none means all. */
export function CategoryField({ value, onChange }: CategoryFieldProps) {
  return (
    <MultiSelect
      fills="filters"
      label="Log categories"
      description="If none are chosen, all log entries are sent."
      placeholder={value.length === 0 ? 'Everything' : ''}
      data={[...CATEGORIES]}
      value={[...value]}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear selection' }}
      comboboxProps={{ withinPortal: false }}
    />
  );
}

interface Choosing {
  readonly id: string;
  readonly name: string;
  readonly changes: readonly unknown[];
}

type Values = { readonly filters: readonly string[] };

const toValues = ({ filters }: { readonly filters: readonly { readonly name: string }[] }): Values => ({
  filters: filters.map(({ name }) => name),
});

async function read(id: string): Promise<Values> {
  const { data } = await api.GET('/log-streams/{id}', { params: { path: { id } } });
  return carry(data, toValues);
}

function Choice({ id, changes, loaded, onDone }: Choosing & { readonly loaded: Values; onDone(): void }) {
  const edit = useEdit<Values>({
    loaded,
    reload: () => read(id),
    async write({ filters = [] }, version) {
      const body = { filters: toFilters(filters) };
      await api.PATCH('/log-streams/{id}', { ...ifStill(version), params: { path: { id } }, body });
      onDone();
      await queryClient.invalidateQueries({ queryKey: changes });
    },
  });
  const compare = ({ theirs, mine }: Clash) => (
    <Text key="filters" size="sm">
      Current: {sayCategories(theirs as readonly string[])}. Yours: {sayCategories(mine as readonly string[])}.
    </Text>
  );
  return (
    <Stack>
      <Refusals error={edit.error}>
        <CategoryField value={edit.values.filters} onChange={(filters) => edit.set({ filters })} />
      </Refusals>
      <Text size="sm" c="dimmed">
        This applies to entries that were not sent yet. Entries that were skipped are not sent later.
      </Text>
      <SaveBar edit={edit} compare={compare} onLeave={onDone} />
    </Stack>
  );
}

function Reading(props: Choosing & { onDone(): void }) {
  const { id, changes } = props;
  const query = useQuery({ queryKey: [...changes, id], queryFn: () => read(id), staleTime: 0, gcTime: 0 });
  return <Loaded query={query}>{(loaded) => <Choice {...props} loaded={loaded} />}</Loaded>;
}

/** Renders a button that opens the choice of categories. */
export function StreamFilters(props: Choosing) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={() => setOpen(true)}
        aria-label={`Choose categories of ${props.name}`}
      >
        Choose categories
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Categories of ${props.name}`}>
        <Reading {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}
