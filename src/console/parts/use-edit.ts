/**
 * Changes an object that other operators may change at the same time. Before saving, reads the object again, and sends
 * only the changed fields. If another operator has changed one of the same fields, nothing is sent until the operator
 * has compared both. The write names the version that was read. If somebody changes the object in between, the server
 * refuses the write, and the comparison starts again.
 */
import { useMutation } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { versionOf, wasChanged } from '../api/version';
import { type FieldsOf, type FormState, lacksNumber, type Values } from './form-fields';

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** A field that this operator and another one have both changed. */
export interface Clash {
  readonly name: string;
  readonly theirs: unknown;
  readonly mine: unknown;
}

/** The state of a form that changes an object. */
export interface Edit<V> extends FormState<V> {
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly isSaved: boolean;
  /** The fields that another operator has changed meanwhile, too; empty if there are none. */
  readonly clashes: readonly Clash[];
  /** Saves the form. Returns false, and sends nothing, if a number field is empty. */
  save(): boolean;
  /** Saves the form, although another operator has changed the same fields. Returns false like `save`. */
  saveMine(): boolean;
  /** Uses the other operator's values for these fields, and keeps all other typed values. */
  takeTheirs(): void;
  discard(): void;
}

export interface EditOptions<V extends Values> {
  readonly fields: FieldsOf<V>;
  /**
   * The values as they were read. A form without typed changes shows newer ones as soon as they are read. For another
   * object, the component must be mounted again (with another `key`).
   */
  readonly loaded: V;
  /** Reads the values again, with the object's version if it has one (see `carry`). */
  reload(): Promise<V>;
  /** Writes the changed fields, if the object still has this version (see `ifStill`). */
  write(changes: Partial<V>, version: string | undefined): Promise<unknown>;
}

function differences<V extends Values>(from: V, to: V): Partial<V> {
  return Object.fromEntries(Object.entries(to).filter(([name, value]) => !isSame(value, from[name]))) as Partial<V>;
}

/** Returns the changes that can be sent: those without numbers that were emptied in fields which are no longer shown. */
function sentOf<V extends Values>(changes: Partial<V>): Partial<V> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => !Number.isNaN(value))) as Partial<V>;
}

function findClashes<V extends Values>(before: V, theirs: V, mine: V): readonly Clash[] {
  const [changed, wanted] = [differences(before, theirs), differences(before, mine)];
  return Object.keys(wanted)
    .filter((name) => name in changed && !isSame(theirs[name], mine[name]))
    .map((name) => ({ name, theirs: theirs[name], mine: mine[name] }));
}

/**
 * Removes secrets from the values to remember: a typed secret is sent and then forgotten, and its field is empty again.
 */
function withoutSecrets<V extends Values>(fields: FieldsOf<V>, changes: Partial<V>): Partial<V> {
  const kept = Object.entries(changes).filter(([name]) => fields[name as keyof V & string].kind !== 'password');
  return Object.fromEntries(kept) as Partial<V>;
}

/**
 * Maximum number of attempts to save. Some objects change all the time, for example a person who signs in again and
 * again.
 */
const MOST_TRIES = 5;

interface Saved<V extends Values> {
  readonly theirs: V;
  /** The fields that somebody else has changed too. If there are any, nothing was written. */
  readonly clashes: readonly Clash[];
}

/**
 * Reads the object, compares it with `known` (the values that the operator has seen), and writes `changes`. Repeats
 * this if somebody changes the object in between.
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

/** Returns the state of one form. Asks the operator before they leave the page with unsaved changes. */
export function useEdit<V extends Values>({ fields, loaded, ...options }: EditOptions<V>): Edit<V> {
  const [shown, setShown] = useState(loaded);
  const [before, setBefore] = useState(loaded);
  const [values, setValues] = useState(loaded);
  const [met, setMet] = useState<{ readonly theirs: V; readonly clashes: readonly Clash[] }>();
  const isDirty = !isSame(before, values);
  if (!isSame(shown, loaded)) {
    setShown(loaded);
    if (!isDirty) {
      setBefore(loaded);
      setValues(loaded);
    }
  }
  useBlocker({
    // Other tabs and filters of the same page may be opened without a question: they keep the typed text.
    shouldBlockFn: ({ current, next }) =>
      isDirty &&
      current.pathname !== next.pathname &&
      !window.confirm('Leave without saving? Your changes will be lost.'),
    enableBeforeUnload: () => isDirty,
  });
  const saving = useMutation({
    mutationFn: async (force: boolean) => {
      const changes = sentOf(differences(before, values));
      // If the operator saves in spite of a conflict, that covers the fields which they were shown, not later
      // conflicts.
      const known = (force && met?.theirs) || before;
      const { theirs, clashes } = await saveOver(options, known, { ...before, ...changes }, changes);
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
  const send = (force: boolean) => {
    if (lacksNumber({ fields, values })) return false;
    saving.mutate(force);
    return true;
  };
  return {
    fields,
    values,
    isDirty,
    isSaving: saving.isPending,
    isSaved: saving.data === true && !isDirty,
    error: saving.error,
    clashes: met?.clashes ?? [],
    set: (changes) => setValues((now) => ({ ...now, ...changes })),
    save: () => send(false),
    saveMine: () => send(true),
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
