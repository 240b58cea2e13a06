/**
 * A select box to choose one member who has signed in by a connection, found by the beginning of their address. Reads
 * only.
 */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { tellFailure } from '../../api/failure';
import { type Arrival, type Place, useArrivals } from './conditions';

const WAIT_MS = 200;

export const callArrival = ({ email, name, user_id: id }: Arrival): string => email ?? name ?? id;

export interface ArrivalPickerProps {
  readonly place: Place;
  /** Ids of the members who are chosen already. */
  readonly chosen: readonly string[];
  onChoose(userId: string): void;
}

export function ArrivalPicker({ place, chosen, onChoose }: ArrivalPickerProps) {
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), WAIT_MS);
  const search = useArrivals(place, wanted);
  const found = (search.data ?? []).filter(({ user_id: id }) => !chosen.includes(id));
  return (
    <Select
      label="Test with a person’s claims"
      description="Type the beginning of the address of a person who has signed in with this connection."
      data={found.map((one) => ({ value: one.user_id, label: callArrival(one) }))}
      value={null}
      onChange={(id) => {
        if (id === null) return;
        onChoose(id);
        setTyped('');
      }}
      searchable
      comboboxProps={{ withinPortal: false }}
      searchValue={typed}
      onSearchChange={setTyped}
      // Shows all options, since the server has already filtered them by the typed text.
      filter={({ options }) => options}
      nothingFoundMessage={search.isFetching ? 'Searching' : 'No match'}
      error={search.error === null ? undefined : tellFailure(search.error).happened}
      maw={480}
    />
  );
}
