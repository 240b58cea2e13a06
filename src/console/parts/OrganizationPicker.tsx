/**
 * Chooses one organization by the beginning of its name while typing. The API searches, so it works among a million.
 * Stores the id, shows the name. Also accepts a whole id or short name. Reads only.
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

/** Returns the one object that was found, in a list; an empty list if there is none. */
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
  // Searches the short name too, because it may differ from the display name.
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
  // The field shows the chosen name, which is not a search.
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
      // Inside the page’s landmarks, for screen readers.
      comboboxProps={{ withinPortal: false }}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered; the chosen one is no result of this search.
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
