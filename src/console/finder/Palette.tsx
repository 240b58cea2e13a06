/**
 * The command palette: one field that finds pages, commands, people, organizations, applications and connections.
 * The keyboard alone is enough: arrows choose, Enter opens, Escape closes. Offers nothing that the operator's roles
 * refuse.
 */
import { Combobox, Modal, Text, TextInput, useCombobox, useMantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type KeyboardEvent, type Ref, useEffect, useId, useRef, useState } from 'react';
import { findHelp } from '../help-pages';
import { usePowers } from '../session/powers';
import { signOut } from '../session/session';
import { findLists, findPlace } from './find-place';
import { useThings } from './find-things';
import classes from './Palette.module.css';
import { ACTIONS, fits, offersAt, PAGES, type Place, pickOffers } from './places';

interface Entry {
  /** Unique in the list. */
  readonly key: string;
  readonly name: string;
  readonly hint?: string;
  /** Other words by which the entry is found. */
  readonly words?: string;
  run(): void;
}

interface Section {
  readonly name: string;
  readonly entries: readonly Entry[];
}

const SCHEMES = [
  ['auto', 'Appearance: follow the system'],
  ['light', 'Appearance: light'],
  ['dark', 'Appearance: dark'],
] as const;

/** Returns the entries that need no request: appearance, help, sign-out. */
function useOwn(path: string): readonly Entry[] {
  const { setColorScheme } = useMantineColorScheme();
  const help = findHelp(path);
  return [
    {
      key: 'help',
      name: `Help: ${help.name}`,
      words: 'documentation guide',
      run: () => void window.open(help.href, '_blank', 'noopener'),
    },
    ...SCHEMES.map(([scheme, name]) => ({ key: scheme, name, words: 'theme mode', run: () => setColorScheme(scheme) })),
    { key: 'out', name: 'Sign out', words: 'log out leave', run: signOut },
  ];
}

interface Sections {
  readonly sections: readonly Section[];
  /** A sentence about the search, for people who see the list and for screen readers. */
  readonly state: string;
}

function useSections(text: string): Sections {
  const may = usePowers();
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const own = useOwn(path);
  const { found, isSearching, failure } = useThings(text, may);
  const go = ({ to, search, dialog }: Place) =>
    void navigate({ to, search: (search ?? {}) as never, state: dialog === undefined ? {} : { dialog } });
  const toEntry = (offer: Place & { readonly name: string }): Entry => ({
    key: `${offer.to} ${offer.name}`,
    name: offer.name,
    run: () => go(offer),
  });
  const place = findPlace(text);
  const sections: readonly Section[] = [
    { name: 'Open', entries: (place?.scopes.every(may) ? [place] : []).map(toEntry) },
    { name: 'This organization', entries: pickOffers(offersAt(path), text, may).map(toEntry) },
    { name: 'Pages', entries: pickOffers(PAGES, text, may).map(toEntry) },
    {
      name: 'Commands',
      entries: [...pickOffers(ACTIONS, text, may).map(toEntry), ...own.filter((entry) => fits(entry, text))],
    },
    ...found.map(({ kind, things }) => ({
      name: kind,
      entries: things.map((thing) => ({ key: thing.to, name: thing.name, hint: thing.hint, run: () => go(thing) })),
    })),
    {
      name: 'Search',
      entries: findLists(text)
        .filter(({ scopes }) => scopes.every(may))
        .map(toEntry),
    },
  ].filter(({ entries }) => entries.length > 0);
  const count = sections.reduce((sum, { entries }) => sum + entries.length, 0);
  const results = `${count} ${count === 1 ? 'result' : 'results'}`;
  return { sections, state: failure ?? (isSearching ? 'Searching' : results) };
}

/** Returns the next position in a list of `size` entries; the list goes round. */
function toPosition(key: string, now: number, size: number): number | undefined {
  if (size === 0) return undefined;
  if (key === 'ArrowDown') return (now + 1) % size;
  if (key === 'ArrowUp') return (now + size - 1) % size;
  return undefined;
}

interface ResultsProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly id: string;
  readonly sections: readonly Section[];
  readonly chosen: string | undefined;
  onChoose(key: string): void;
}

/** Renders the list. The id of an entry ends with its position among all. */
function Results({ ref, id, sections, chosen, onChoose }: ResultsProps) {
  const keys = sections.flatMap(({ entries }) => entries.map(({ key }) => key));
  return (
    <Combobox.Options ref={ref} id={id} aria-label="Results" className={classes.list}>
      {sections.map((section) => (
        <Combobox.Group key={section.name} label={section.name}>
          {section.entries.map(({ key, name, hint }) => (
            <Combobox.Option
              key={key}
              id={`${id}-${keys.indexOf(key)}`}
              value={key}
              selected={key === chosen}
              aria-selected={key === chosen}
              // The list also moves below a mouse that rests; that chooses nothing.
              onMouseMove={({ movementX, movementY }) => (movementX !== 0 || movementY !== 0) && onChoose(key)}
            >
              <bdi>{name}</bdi>
              {hint !== undefined && (
                <Text span size="xs" className={classes.hint} dir="auto">
                  {hint}
                </Text>
              )}
            </Combobox.Option>
          ))}
        </Combobox.Group>
      ))}
    </Combobox.Options>
  );
}

function Field({ onLeave }: { readonly onLeave: () => void }) {
  const [text, setText] = useState('');
  /** The chosen entry; undefined for the first one, also after more have arrived. */
  const [chosen, setChosen] = useState<string>();
  const { sections, state } = useSections(text);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const store = useCombobox({ opened: true });
  const entries = sections.flatMap((section) => section.entries);
  const index = Math.max(
    0,
    entries.findIndex(({ key }) => key === chosen),
  );
  useEffect(() => {
    list.current?.querySelector(`[id="${listId}-${index}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, index]);
  const run = (key: string | undefined) => {
    const entry = entries.find((one) => one.key === key);
    if (entry === undefined) return;
    onLeave();
    entry.run();
  };
  const press = (event: KeyboardEvent) => {
    // A key that belongs to an input method, for example for Japanese, is not for the list.
    if (event.nativeEvent.isComposing) return;
    const next = toPosition(event.key, index, entries.length);
    if (next !== undefined) setChosen(entries[next]?.key);
    else if (event.key === 'Enter') run(entries[index]?.key);
    else return;
    event.preventDefault();
  };
  return (
    <Combobox store={store} onOptionSubmit={run}>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label="Search or jump to"
        aria-expanded={entries.length > 0}
        aria-haspopup="listbox"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={entries.length > 0 ? `${listId}-${index}` : undefined}
        placeholder="Name, email, reference or page"
        leftSection={<IconSearch size={18} aria-hidden />}
        size="md"
        value={text}
        maxLength={255}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(undefined);
        }}
        onKeyDown={press}
        spellCheck={false}
        autoComplete="off"
        dir="auto"
      />
      <Text size="xs" c="dimmed" mt={6} mb={4} role="status">
        {state}
      </Text>
      <Results ref={list} id={listId} sections={sections} chosen={entries[index]?.key} onChoose={setChosen} />
    </Combobox>
  );
}

export interface PaletteProps {
  readonly opened: boolean;
  onLeave(): void;
}

export function Palette({ opened, onLeave }: PaletteProps) {
  // A dialog that is mounted open does not know where the focus was, and could not give it back.
  const isMounted = useMounted();
  return (
    <Modal
      opened={opened && isMounted}
      onClose={onLeave}
      size="lg"
      centered={false}
      yOffset="8vh"
      title="Search or jump to"
      transitionProps={{ duration: 0 }}
    >
      <Field onLeave={onLeave} />
    </Modal>
  );
}
