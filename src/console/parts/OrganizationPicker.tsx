/**
 * Chooses one organization while the beginning of its name is typed. The API searches, so it works with a million of
 * them. Also accepts a complete id or short name. Its value is the id; it shows the name. Reads only.
 */
import { Select, type SelectProps, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { ApiFailure, tellFailure } from '../api/failure';

interface Found {
  readonly id: string;
  readonly name: string;
  readonly display_name?: string;
}

const MOST = 10;
const WAIT_MS = 200;
const titleOf = ({ display_name, name }: Found) => display_name ?? name;

/**
 * Requests one organization and returns it in a list. The list is empty on any 4xx answer: not found, not a valid id, or
 * not permitted.
 */
async function findOne(ask: () => Promise<{ readonly data: Found }>): Promise<readonly Found[]> {
  try {
    return [(await ask()).data];
  } catch (error) {
    if (error instanceof ApiFailure && error.status < 500 && error.status >= 400) return [];
    throw error;
  }
}

const findById = (id: string) => findOne(() => api.GET('/organizations/{id}', { params: { path: { id } } }));
const findByName = (name: string) =>
  findOne(() => api.GET('/organizations/name/{name}', { params: { path: { name: name.toLowerCase() } } }));

async function find(text: string): Promise<readonly Found[]> {
  if (text.startsWith('org_')) return findById(text);
  const query = { take: MOST, sort: 'display_name:1', ...(text !== '' && { starts_with: text }) };
  const { data } = await api.GET('/organizations', { params: { query } });
  const { organizations } = data;
  // If no display name begins with the text, searches for the short name, which may differ from the display name.
  return organizations.length > 0 || text === '' ? organizations : findByName(text);
}

export interface OrganizationPickerProps
  extends Pick<SelectProps, 'label' | 'description' | 'placeholder' | 'required' | 'style'> {
  /** Id of the chosen organization; undefined while none is chosen. */
  readonly value: string | undefined;
  onChange(id: string | undefined): void;
}

export function OrganizationPicker({ value, onChange, ...field }: OrganizationPickerProps) {
  const [typed, setTyped] = useState('');
  const chosen = useQuery({
    queryKey: ['organizations', 'picked', value],
    queryFn: () => findById(value ?? ''),
    enabled: value !== undefined,
    staleTime: 60_000,
  });
  const one = chosen.data?.[0];
  // While an organization is chosen, the field's text is its name and must not be searched.
  const text = one !== undefined && typed === titleOf(one) ? '' : typed.trim();
  const [wanted] = useDebouncedValue(text, WAIT_MS);
  const search = useQuery({
    queryKey: ['organizations', 'search', wanted],
    queryFn: () => find(wanted),
    placeholderData: keepPreviousData,
  });
  const found = search.data ?? [];
  const own = value === undefined || found.some(({ id }) => id === value) ? [] : [one ?? { id: value, name: value }];
  const ids = new Set(found.map(({ id }) => id));
  const names = new Map([...own, ...found].map((item) => [item.id, item]));
  return (
    <Select
      {...field}
      data={[...names.values()].map((item) => ({ value: item.id, label: titleOf(item) }))}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      searchable
      clearable
      // Renders the options inside `<main>` instead of a portal, so that screen readers find them in a landmark.
      comboboxProps={{ withinPortal: false }}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has already filtered. Only its results are offered; the chosen organization may not be one of them.
      filter={({ options }) =>
        text === '' ? options : options.filter((item) => 'value' in item && ids.has(item.value))
      }
      nothingFoundMessage={search.isFetching ? 'Searching' : 'No match'}
      error={search.error === null ? undefined : tellFailure(search.error).happened}
      renderOption={({ option }) => (
        <div>
          <bdi>{option.label}</bdi>
          <Text size="xs" c="dimmed">
            {names.get(option.value)?.name}
          </Text>
        </div>
      )}
    />
  );
}
