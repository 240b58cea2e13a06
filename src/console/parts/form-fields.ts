/**
 * The description of a form's fields: labels, inputs, checks, and the API's property that each field sets. Each form
 * has one such table. `useEdit` or `useMake` keeps the values; `EditForm` or `MakeForm` renders the fields. Pure; knows
 * no page.
 *
 * A form library would also keep values and check them. But it knows neither the comparison with another operator's
 * changes nor the properties of the API, so code for these would be needed anyway.
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

/** The kinds of inputs. Each kind also takes the properties of the input component that renders it. */
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
  /** A field that the page renders itself, for example an editor of code. */
  | { readonly kind: 'own' };

/** Properties of an input that may depend on the values of the form. */
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
  /** A shorter label for the comparison with another operator's changes; by default the label. */
  readonly short?: string;
  /** Text between label and input. */
  readonly description?: ReactNode;
  /** Returns the properties that depend on the values of the form. */
  tell?(values: V): Told;
  /**
   * Path of the field's property in requests and answers of the API; by default the field's name. `read` and `write`
   * convert its value. If the API refuses the property, the field shows the reason.
   */
  readonly at?: string;
  /**
   * Further properties of the API, which this table neither reads nor writes. If one is refused, the field shows the
   * reason too.
   */
  readonly alsoAt?: readonly string[];
  /** The value if the API's answer has none, and the first value in a new form. By default, the field is empty. */
  readonly start?: T;
  /** Converts the property in an answer of the API into the value of the field. */
  read?(stored: unknown): T;
  /** Converts the value of the field into the property for a request to the API. */
  write?(value: T): unknown;
  /** Returns a sentence about a value that must not be sent; undefined if the value is good. */
  check?(value: T, values: V): string | undefined;
  /** Returns whether the field is shown; by default it always is. */
  isShown?(values: V): boolean;
}

/** One field with a value of type `T`, in a form with the values `V`. */
export type Field<T = unknown, V = Values> = About<T, V> & Input;

/** A form's fields in the order in which they are shown. */
export type FieldsOf<V> = { readonly [Name in keyof V & string]: Field<V[Name], V> };

/** The state of a form, as its fields need it. */
export interface FormState<V> {
  readonly fields: FieldsOf<V>;
  readonly values: V;
  /** The last error from the API; null for none. */
  readonly error: unknown;
  set(changes: Partial<V>): void;
}

/** The value of a number field that was emptied. It is a problem of the field, so it is never sent. */
export const NO_NUMBER = Number.NaN;

type Entries = readonly (readonly [string, Field])[];

// The fields of a form have values of different types. This code only passes the values on, so it ignores their types.
const entriesOf = (fields: object) => Object.entries(fields) as Entries;

function startOf({ kind, start }: Field): unknown {
  if (start !== undefined) return start;
  if (kind === 'switch') return false;
  if (kind === 'number') return 0;
  return kind === 'many' || kind === 'tags' || kind === 'checks' ? [] : '';
}

const follow = (found: unknown, path: string): unknown =>
  path.split('.').reduce((node, name) => (node as Values | null | undefined)?.[name], found);

/** Returns the values of `fields` in an answer of the API. Without an answer, returns the values of a new form. */
export function toValues<V>(fields: FieldsOf<V>, found: unknown = {}): V {
  const values = entriesOf(fields).map(([name, field]) => {
    const stored = follow(found, field.at ?? name) ?? undefined;
    // A secret can only be typed. It is never shown, even if the API's answer contains it.
    if (stored === undefined || field.kind === 'password') return [name, startOf(field)];
    return [name, field.read ? field.read(stored) : stored];
  });
  return Object.fromEntries(values) as V;
}

/** Sets the property at `path` of `body` to `value`. Copies the objects on the path instead of changing them. */
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
 * Returns the body of a request that writes `changes`. The caller names its type. `before`: the whole stored object, if
 * the API does not accept a part of it.
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

/**
 * Returns the sentence about a field whose value must not be sent; undefined if the value is good, or the field is not
 * shown.
 */
export function findProblem<V>({ fields, values }: Pick<FormState<V>, 'fields' | 'values'>, name: keyof V & string) {
  const { check, isShown } = fields[name];
  if (isShown?.(values) === false) return undefined;
  return Number.isNaN(values[name]) ? 'Enter a number.' : check?.(values[name], values);
}

/** Returns whether a field that is shown has no number. */
export function lacksNumber<V>({ fields, values }: Pick<FormState<V>, 'fields' | 'values'>): boolean {
  const names = Object.keys(fields) as (keyof V & string)[];
  return names.some((name) => Number.isNaN(values[name]) && fields[name].isShown?.(values) !== false);
}

/** Moves the focus to the first field with a wrong value. */
export const focusWrong = (form: HTMLFormElement | null) =>
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();

/** Properties of the input that has the focus when its dialog opens. */
export const FIRST = { 'data-autofocus': true } as const;
