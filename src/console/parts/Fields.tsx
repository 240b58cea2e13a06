/**
 * Renders the fields of a form from their description. Each shows the problem with its own value, or the API's refusal
 * of its property. Knows no page; sends nothing.
 */
import { Checkbox, Radio, Stack } from '@mantine/core';
import { type ComponentType, createContext, type SyntheticEvent, useContext } from 'react';
import { type Field as Described, type FormState, findProblem, type Input, NO_NUMBER } from './form-fields';
import * as inputs from './inputs';

/** How the inputs of a form are locked; undefined if they are not. */
export type Lock = 'disabled' | 'readOnly' | undefined;

export const Locked = createContext<Lock>(undefined);

type Props = Readonly<Record<string, unknown>>;

const ofEvent = (event: SyntheticEvent<HTMLInputElement>) => event.currentTarget.value;
const asGiven = (given: unknown) => given;
const ofNumber = (given: unknown) => (given === '' ? NO_NUMBER : Number(given));

/** The input for each kind of field, and the function that reads the new value from a change. */
const INPUTS = {
  text: { Input: inputs.TextInput, read: ofEvent },
  area: { Input: inputs.Textarea, read: ofEvent },
  password: { Input: inputs.PasswordInput, read: ofEvent },
  native: { Input: inputs.NativeSelect, read: ofEvent },
  number: { Input: inputs.NumberInput, read: ofNumber },
  color: { Input: inputs.ColorInput, read: asGiven },
  select: { Input: inputs.Select, read: asGiven },
  many: { Input: inputs.MultiSelect, read: asGiven },
  tags: { Input: inputs.TagsInput, read: asGiven },
};

function draw(input: Input, shared: Props, value: unknown, set: (given: unknown) => void, lock: Lock) {
  if (input.kind === 'own') return null;
  if (input.kind === 'switch') {
    const { kind: _, ...rest } = input;
    const lockedBy = lock && { disabled: true };
    const checks = (event: SyntheticEvent<HTMLInputElement>) => set(event.currentTarget.checked);
    return (
      <inputs.Switch
        {...(shared as { fills: string })}
        {...rest}
        {...lockedBy}
        checked={value === true}
        onChange={checks}
      />
    );
  }
  if (input.kind === 'radios' || input.kind === 'checks') {
    const { kind, of, ...told } = input;
    const isRadios = kind === 'radios';
    const Choices = (isRadios ? inputs.RadioGroup : inputs.CheckboxGroup) as unknown as ComponentType<Props>;
    return (
      <Choices {...shared} {...told} value={value} onChange={set}>
        <Stack gap="sm" mt="xs">
          {of.map((one) =>
            isRadios ? (
              <Radio key={one.value} {...one} />
            ) : (
              <Checkbox key={one.value} {...one} disabled={lock !== undefined} />
            ),
          )}
        </Stack>
      </Choices>
    );
  }
  const { kind, ...rest } = input;
  // The type of the description has already checked that the properties fit the input, so the casts are safe.
  const { Input, read } = INPUTS[kind] as unknown as { Input: ComponentType<Props>; read: (given: unknown) => unknown };
  // By default, Mantine's select deselects an option that is chosen again, and most properties of the API take no null.
  const kept = kind === 'select' && { allowDeselect: false };
  return (
    <Input
      {...shared}
      {...kept}
      {...rest}
      value={Number.isNaN(value) ? '' : value}
      onChange={(given: unknown) => set(read(given))}
    />
  );
}

export interface FieldProps<V> {
  readonly form: FormState<V>;
  readonly name: keyof V & string;
}

/** Renders one field. Renders nothing for a field of the kind `own`: its page renders it. */
export function Field<V>({ form, name }: FieldProps<V>) {
  const lock = useContext(Locked);
  const { values } = form;
  const field = form.fields[name] as unknown as Described;
  const { label, short, description, tell, at, alsoAt, start, read, write, check, isShown, ...input } = field;
  if (isShown?.(values as Props) === false) return null;
  const shared = {
    fills: [at ?? name, ...(alsoAt ?? [])],
    label,
    description,
    error: findProblem(form, name),
    ...(lock && { [lock]: true }),
  };
  const set = (given: unknown) => form.set({ [name]: given } as Partial<V>);
  return draw({ ...input, ...tell?.(values as Props) } as Input, shared, values[name], set, lock);
}

export interface FieldsProps<V> {
  readonly form: FormState<V>;
  /** Names of the fields to render; by default all of them. */
  readonly names?: readonly (keyof V & string)[];
}

export function Fields<V>({ form, names }: FieldsProps<V>) {
  const all = names ?? (Object.keys(form.fields) as (keyof V & string)[]);
  return all.map((name) => <Field key={name} form={form} name={name} />);
}
