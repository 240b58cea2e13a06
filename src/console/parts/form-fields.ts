/**
 * The description of a form's fields: labels, inputs, checks, and the property of the API that each field sets. One
 * table per form; `useEdit` or `useMake` keeps its values, `EditForm` or `MakeForm` draws it. Pure; knows no page.
 *
 * A form library would keep values and checks too. It knows neither the comparison with another operator's changes nor
 * the properties of the API, so those would remain beside it.
 */
import type * as mantine from '@mantine/core';
import type { ReactNode } from 'react';

/** The values of a form by field name. */
export type Values = Readonly<Record<string, unknown>>;

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

type Of<Kind extends string, Props> = { readonly kind: Kind } & Omit<
  Props,
  'value' | 'checked' | 'onChange' | 'label' | 'description' | 'error'
>;

/** The kinds of input, each with the input's own properties. */
export type Input =
  | Of<'text', mantine.TextInputProps>
  | Of<'area', mantine.TextareaProps>
  | Of<'password', mantine.PasswordInputProps>
  | Of<'native', mantine.NativeSelectProps>
  | Of<'number', mantine.NumberInputProps & { readonly suffix?: string }>
  | Of<'color', mantine.ColorInputProps>
  | Of<'select', mantine.SelectProps>
  | Of<'many', mantine.MultiSelectProps>
  | Of<'tags', mantine.TagsInputProps>
  | Of<'switch', mantine.SwitchProps>
  | { readonly kind: 'radios' | 'checks'; readonly of: readonly Choice[] }
  /** A field that the page draws itself, such as an editor of code. */
  | { readonly kind: 'own' };

/** Properties of an input that may depend on the form's values. */
interface Told {
  readonly label?: string;
  readonly description?: ReactNode;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly max?: number;
}

interface About<T, V> {
  /** Label of the input. */
  readonly label: string;
  /** Shorter name in the comparison with others' changes; the label by default. */
  readonly short?: string;
  /** Text between label and input. */
  readonly description?: ReactNode;
  /** Returns what depends on the form's values. */
  tell?(values: V): Told;
  /** Path of the property in the API's bodies; the field's name by default. A refusal of it is shown at the field. */
  readonly at?: string;
  /** Other properties whose refusal is shown at the field. */
  readonly alsoAt?: readonly string[];
  /** The value where the API has none, and with which a new form begins. An empty value by default. */
  readonly start?: T;
  /** Converts the API's property to the field's value. */
  read?(stored: unknown): T;
  /** Converts the field's value to the API's property. */
  write?(value: T): unknown;
  /** Returns a sentence about a value that must not be sent; undefined for a good one. */
  check?(value: T, values: V): string | undefined;
  /** True where the field is shown; always by default. */
  isShown?(values: V): boolean;
}

/** One field with a value of type `T`, in a form with the values `V`. */
export type Field<T = unknown, V = Values> = About<T, V> & Input;

/** A form's fields in the order in which they are shown. */
export type FieldsOf<V> = { readonly [Name in keyof V & string]: Field<V[Name], V> };

/** A form as its fields see it. */
export interface FormState<V> {
  readonly fields: FieldsOf<V>;
  readonly values: V;
  /** The API's last refusal; null for none. */
  readonly error: unknown;
  set(changes: Partial<V>): void;
}

type Entries = readonly (readonly [string, Field])[];

// The fields of one form have values of different types; here each is only passed on.
const entriesOf = (fields: object) => Object.entries(fields) as Entries;

function startOf({ kind, start }: Field): unknown {
  if (start !== undefined) return start;
  if (kind === 'switch') return false;
  if (kind === 'number') return 0;
  return kind === 'many' || kind === 'tags' || kind === 'checks' ? [] : '';
}

const follow = (found: unknown, path: string): unknown =>
  path.split('.').reduce((node, name) => (node as Values | null | undefined)?.[name], found);

/** Reads the values of `fields` from an answer of the API; without an answer, the values of a new form. */
export function toValues<V>(fields: FieldsOf<V>, found: unknown = {}): V {
  const values = entriesOf(fields).map(([name, field]) => {
    const stored = follow(found, field.at ?? name) ?? undefined;
    // A secret is typed and never shown, whatever the API answers.
    if (stored === undefined || field.kind === 'password') return [name, startOf(field)];
    return [name, field.read ? field.read(stored) : stored];
  });
  return Object.fromEntries(values) as V;
}

/** Writes `value` at `path` into `body`, and copies the objects on the way. */
function put(body: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) body[name] = value;
  else {
    const inner = { ...(body[name] as Values | undefined) };
    put(inner, rest.join('.'), value);
    body[name] = inner;
  }
}

/**
 * Returns the body of a request that writes `changes`; the caller names its type. `before` is the whole object, where
 * the API accepts no part of it.
 */
export function toBody<Body>(fields: object, changes: object, before: object = {}): Body {
  const body = { ...before };
  const all = new Map(entriesOf(fields));
  for (const [name, value] of Object.entries(changes)) {
    const field = all.get(name);
    if (field && value !== undefined) put(body, field.at ?? name, field.write ? field.write(value) : value);
  }
  return body as Body;
}

/** Returns the sentence about a shown field's value that must not be sent; undefined for a good one. */
export function findProblem<V>({ fields, values }: Pick<FormState<V>, 'fields' | 'values'>, name: keyof V & string) {
  const { check, isShown } = fields[name];
  return isShown?.(values) === false ? undefined : check?.(values[name], values);
}

/** For the field that has the focus when its dialog opens. */
export const FIRST = { 'data-autofocus': true } as const;
