/**
 * The filters of the log. Each change of a filter changes the page's address, so that the back button and copied links
 * work. Only unfinished text is kept in this component.
 */
import { Button, Group, Pill, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { REFUSALS } from '../../../facts/refusals.js';
import { KINDS, type KindKey } from '../../lines/kinds';
import { type LogSearch, RANGES, readFilter, shownKind, type TextFilter } from '../../lines/search';
import { OrganizationPicker } from '../../parts/OrganizationPicker';

const NAMES: Readonly<Record<TextFilter, string>> = {
  reference: 'Reference',
  address: 'Address',
  ip: 'IP address',
  organization: 'Organization',
  person: 'Person',
  connection: 'Connection',
  application: 'Application',
  reason: 'Reason',
};

const KIND_OPTIONS = KINDS.map(({ key, name }) => ({ value: key, label: name }));
const RANGE_OPTIONS = [
  ...Object.entries(RANGES).map(([value, { name }]) => ({ value, label: name })),
  { value: 'between', label: 'In a period' },
];
/** Each label ends with the code, since several codes have the same short text. */
const CODE_OPTIONS = Object.entries(REFUSALS).map(([value, { short }]) => ({
  value,
  label: `${short} (${value})`,
}));

export interface FiltersProps {
  readonly search: LogSearch;
  onChange(search: LogSearch): void;
}

function Finding({ search, onChange }: FiltersProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    const filter = readFilter(text);
    if (filter === undefined) {
      setError('Enter a complete reference (V-…), email address, ID, IP address or code.');
      return;
    }
    setText('');
    onChange({ ...search, [filter[0]]: filter[1] });
  };
  return (
    <form onSubmit={find} style={{ flex: '2 1 18rem' }}>
      <TextInput
        label="Find"
        placeholder="Reference, email, ID, IP or code"
        value={text}
        error={error}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setError(undefined);
        }}
        leftSection={<IconSearch size={16} aria-hidden />}
        spellCheck={false}
        autoComplete="off"
      />
    </form>
  );
}

/** Converts an ISO 8601 time to local time in minutes, as the browser's input field for times requires. */
function toLocal(at: string | undefined): string {
  if (at === undefined) return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function Between({ search, onChange }: FiltersProps) {
  const set = (end: 'from' | 'to', value: string) =>
    onChange({ ...search, [end]: value === '' ? undefined : new Date(value).toISOString() });
  return (
    <Group gap="sm">
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="datetime-local"
          label={end === 'from' ? 'From' : 'Until'}
          value={toLocal(search[end])}
          onChange={(event) => set(end, event.currentTarget.value)}
        />
      ))}
    </Group>
  );
}

/** Filters that have their own input field, so they are not listed as chosen filters too. */
const HAS_FIELD: ReadonlySet<TextFilter> = new Set(['reason', 'organization']);

function Chosen({ search, onChange }: FiltersProps) {
  const chosen = (Object.keys(NAMES) as TextFilter[]).filter(
    (name) => !HAS_FIELD.has(name) && search[name] !== undefined,
  );
  if (chosen.length === 0) return null;
  return (
    <Group gap="xs">
      {chosen.map((name) => (
        <Pill
          key={name}
          size="md"
          withRemoveButton
          removeButtonProps={{ 'aria-label': `Remove filter ${NAMES[name]}`, tabIndex: 0, 'aria-hidden': false }}
          onRemove={() => onChange({ ...search, [name]: undefined })}
        >
          {NAMES[name]}: <span dir="auto">{search[name]}</span>
        </Pill>
      ))}
      <Button variant="subtle" size="compact-sm" onClick={() => onChange({})}>
        Remove all filters
      </Button>
    </Group>
  );
}

export function Filters({ search, onChange }: FiltersProps) {
  const [between, setBetween] = useState(search.from !== undefined || search.to !== undefined);
  const setRange = (value: string | null) => {
    setBetween(value === 'between');
    onChange({
      ...search,
      from: undefined,
      to: undefined,
      within: value === 'between' ? undefined : (value ?? undefined),
    });
  };
  return (
    <>
      <Group gap="sm" align="start">
        <Finding search={search} onChange={onChange} />
        <Select
          label="Show"
          data={KIND_OPTIONS}
          value={shownKind(search)}
          allowDeselect={false}
          onChange={(value) => onChange({ ...search, show: (value ?? undefined) as KindKey | undefined })}
          style={{ flex: '1 1 11rem' }}
        />
        <OrganizationPicker
          label="Organization"
          placeholder="Any"
          value={search.organization}
          onChange={(organization) => onChange({ ...search, organization })}
          style={{ flex: '1 1 11rem' }}
        />
        <Select
          label="Reason"
          data={CODE_OPTIONS}
          value={search.reason ?? null}
          onChange={(reason) => onChange({ ...search, reason: reason ?? undefined })}
          placeholder="Any"
          searchable
          clearable
          style={{ flex: '1 1 11rem' }}
        />
        <Select
          label="When"
          data={RANGE_OPTIONS}
          value={between ? 'between' : (search.within ?? null)}
          onChange={setRange}
          placeholder="Any time"
          clearable
          style={{ flex: '1 1 9rem' }}
        />
      </Group>
      {between && <Between search={search} onChange={onChange} />}
      <Chosen search={search} onChange={onChange} />
    </>
  );
}
