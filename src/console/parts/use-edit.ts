/**
 * Edits something that others may change meanwhile. Only changed fields are sent, after reading the thing again. If
 * somebody else changed one of the same fields, nothing is sent until the person has compared both. The write names the
 * version that was read: if somebody changes it in between, the server refuses, and it is compared again.
 */
import { useMutation } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { versionOf, wasChanged } from '../api/version';
import type { FieldsOf, FormState, Values } from './form-fields';

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** A field that two people changed. */
export interface Clash {
  readonly name: string;
  readonly theirs: unknown;
  readonly mine: unknown;
}

/** The state of a form that changes something. */
export interface Edit<V> extends FormState<V> {
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly isSaved: boolean;
  /** Fields that this person and somebody else changed meanwhile; empty for none. */
  readonly clashes: readonly Clash[];
  save(): void;
  /** Saves although somebody else changed the same fields. */
  saveMine(): void;
  /** Uses the others' values for the clashing fields, and keeps the rest of the typed values. */
  takeTheirs(): void;
  discard(): void;
}

export interface EditOptions<V extends Values> {
  readonly fields: FieldsOf<V>;
  /** The values as they were read. Remount the component (`key`) for another object. */
  readonly loaded: V;
  /** Reads the values again, with their version if there is one (`carry`). */
  reload(): Promise<V>;
  /** Writes the changed fields together, if the object still has this version (`ifStill`). */
  write(changes: Partial<V>, version: string | undefined): Promise<unknown>;
}

function differences<V extends Values>(from: V, to: V): Partial<V> {
  return Object.fromEntries(Object.entries(to).filter(([name, value]) => !isSame(value, from[name]))) as Partial<V>;
}

function findClashes<V extends Values>(before: V, theirs: V, mine: V): readonly Clash[] {
  const [changed, wanted] = [differences(before, theirs), differences(before, mine)];
  return Object.keys(wanted)
    .filter((name) => name in changed && !isSame(theirs[name], mine[name]))
    .map((name) => ({ name, theirs: theirs[name], mine: mine[name] }));
}

/** A typed secret is sent and then forgotten: its field shows none that is stored. */
function withoutSecrets<V extends Values>(fields: FieldsOf<V>, changes: Partial<V>): Partial<V> {
  const kept = Object.entries(changes).filter(([name]) => fields[name as keyof V & string].kind !== 'password');
  return Object.fromEntries(kept) as Partial<V>;
}

/** Most attempts to save, for an object that changes all the time (a person who signs in again and again). */
const MOST_TRIES = 5;

interface Saved<V extends Values> {
  readonly theirs: V;
  /** Fields that somebody else changed too; empty if the fields were written. */
  readonly clashes: readonly Clash[];
}

/**
 * Reads, compares with `known`, which the person has seen, and writes `changes`; repeats if somebody changed it in
 * between.
 */
async function saveOver<V extends Values>(
  { reload, write }: Pick<EditOptions<V>, 'reload' | 'write'>,
  known: V,
  values: V,
  changes: Partial<V>,
): Promise<Saved<V>> {
  for (let tries = 1; ; tries += 1) {
    const theirs = await reload();
    const clashes = findClashes(known, theirs, values);
    if (clashes.length > 0) return { theirs, clashes };
    try {
      await write(changes, versionOf(theirs));
      return { theirs, clashes: [] };
    } catch (error) {
      if (!wasChanged(error) || tries >= MOST_TRIES) throw error;
    }
  }
}

/** The state of one form. Asks before the page is left with unsaved changes. */
export function useEdit<V extends Values>({ fields, loaded, ...options }: EditOptions<V>): Edit<V> {
  const [before, setBefore] = useState(loaded);
  const [values, setValues] = useState(loaded);
  const [met, setMet] = useState<{ readonly theirs: V; readonly clashes: readonly Clash[] }>();
  const isDirty = !isSame(before, values);
  useBlocker({
    // Opening another tab or filter of the same page keeps the typed text.
    shouldBlockFn: ({ current, next }) =>
      isDirty &&
      current.pathname !== next.pathname &&
      !window.confirm('Leave without saving? Your changes will be lost.'),
    enableBeforeUnload: () => isDirty,
  });
  const saving = useMutation({
    mutationFn: async (force: boolean) => {
      const changes = differences(before, values);
      // A save in spite of clashes covers the shown clashes, not later ones.
      const { theirs, clashes } = await saveOver(options, (force && met?.theirs) || before, values, changes);
      if (clashes.length > 0) {
        setMet({ theirs, clashes });
        return false;
      }
      const merged = { ...theirs, ...withoutSecrets(fields, changes) };
      setMet(undefined);
      setBefore(merged);
      setValues(merged);
      return true;
    },
  });
  return {
    fields,
    values,
    isDirty,
    isSaving: saving.isPending,
    isSaved: saving.data === true && !isDirty,
    error: saving.error,
    clashes: met?.clashes ?? [],
    set: (changes) => setValues((now) => ({ ...now, ...changes })),
    save: () => saving.mutate(false),
    saveMine: () => saving.mutate(true),
    takeTheirs() {
      if (met === undefined) return;
      const given = Object.fromEntries(met.clashes.map(({ name, theirs }) => [name, theirs]));
      setBefore(met.theirs);
      setValues((now) => ({ ...met.theirs, ...differences(before, now), ...given }) as V);
      setMet(undefined);
    },
    discard() {
      setValues(before);
      saving.reset();
    },
  };
}
