/**
 * The categories that a stream sends: chosen when it is created, and changed later. Says from when a change applies.
 */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { Fields } from '../../parts/Fields';
import { type Field, type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { Loaded } from '../../parts/Loaded';
import { MakeDialog } from '../../parts/MakeDialog';
import { type Clash, useEdit } from '../../parts/use-edit';
import { CATEGORIES, sayCategories } from './stream-categories';

type Filter = NonNullable<SentBodyOf<'/log-streams/{id}', 'patch'>['filters']>[number];

/** Converts the chosen categories into the API's filters. */
export const toFilters = (names: readonly string[]): readonly Filter[] =>
  names.map((name) => ({ type: 'category', name: name as NonNullable<Filter['name']> }));

/** The choice of categories, for a form; choosing none means all. */
export const CATEGORY_FIELD: Field<readonly string[]> = {
  kind: 'many',
  label: 'Log categories',
  at: 'filters',
  description: 'If none are chosen, all log entries are sent.',
  tell: ({ filters }) => ({ placeholder: (filters as readonly string[]).length === 0 ? 'Everything' : '' }),
  read: (stored) => (stored as readonly { readonly name: string }[]).map(({ name }) => name),
  write: toFilters,
  data: [...CATEGORIES],
  searchable: true,
  clearable: true,
  clearButtonProps: { 'aria-label': 'Clear selection' },
  comboboxProps: { withinPortal: false },
};

interface Choosing {
  readonly id: string;
  readonly name: string;
  readonly changes: readonly unknown[];
}

type Values = { readonly filters: readonly string[] };

const FIELDS: FieldsOf<Values> = { filters: CATEGORY_FIELD };

async function read(id: string): Promise<Values> {
  const { data } = await api.GET('/log-streams/{id}', { params: { path: { id } } });
  return carry(data, (found) => toValues(FIELDS, found));
}

function Choice({ id, changes: key, loaded, onDone }: Choosing & { readonly loaded: Values; onDone(): void }) {
  const edit = useEdit<Values>({
    fields: FIELDS,
    loaded,
    reload: () => read(id),
    async write(changes, version) {
      const body = toBody<SentBodyOf<'/log-streams/{id}', 'patch'>>(FIELDS, changes);
      await api.PATCH('/log-streams/{id}', { ...ifStill(version), params: { path: { id } }, body });
      onDone();
      await queryClient.invalidateQueries({ queryKey: key });
    },
  });
  const compare = ({ theirs, mine }: Clash) => (
    <Text key="filters" size="sm">
      Current: {sayCategories(theirs as readonly string[])}. Yours: {sayCategories(mine as readonly string[])}.
    </Text>
  );
  return (
    <EditForm edit={edit} scope="update:log_streams" compare={compare} onLeave={onDone}>
      <Fields form={edit} />
      <Text size="sm" c="dimmed">
        This applies to entries that were not sent yet. Entries that were skipped are not sent later.
      </Text>
    </EditForm>
  );
}

function Reading(props: Choosing & { onDone(): void }) {
  const { id, changes } = props;
  const query = useQuery({ queryKey: [...changes, id], queryFn: () => read(id), staleTime: 0, gcTime: 0 });
  return <Loaded query={query}>{(loaded) => <Choice {...props} loaded={loaded} />}</Loaded>;
}

/** Renders a button that opens the choice of categories. */
export function StreamFilters(props: Choosing) {
  const { name } = props;
  return (
    <MakeDialog
      verb="Choose categories"
      title={`Categories of ${name}`}
      aria-label={`Choose categories of ${name}`}
      variant="default"
      size="xs"
    >
      {(close) => <Reading {...props} onDone={close} />}
    </MakeDialog>
  );
}
