/**
 * Inputs for forms that the API may refuse. Each names its property of the request, and shows the API's sentence about
 * it after a refusal. A field's own error takes precedence. They know no form.
 */
import * as mantine from '@mantine/core';
import { type ComponentType, createContext, type ReactNode, useContext } from 'react';
import { tellFailure } from '../api/failure';
import { concerns } from '../failures/tell-refusal';

interface Problem {
  readonly property: string;
  readonly says: string;
}

const Refused = createContext<Problem | undefined>(undefined);

/** Passes the API's last refusal to the inputs inside, so that the refused input shows it; null for none. */
export function Refusals({ error, children }: { readonly error: unknown; readonly children: ReactNode }) {
  const { property, why } = error ? tellFailure(error) : { property: undefined, why: '' };
  return <Refused value={property === undefined ? undefined : { property, says: why }}>{children}</Refused>;
}

/** Returns the sentence about one of these properties of the request, if it was refused. */
function useRefusalOf(property: string | readonly string[]): string | undefined {
  const problem = useContext(Refused);
  const names = typeof property === 'string' ? [property] : property;
  return problem && names.some((name) => concerns(name, problem.property)) ? problem.says : undefined;
}

/**
 * Shows the sentence about a property whose field is no input of this file; `but` excludes parts that have their own
 * field.
 */
export function RefusalText({ property, but }: { readonly property: string; readonly but?: string }) {
  const problem = useContext(Refused);
  const isHere = problem !== undefined && concerns(property, problem.property);
  if (!isHere || (but !== undefined && problem.property.startsWith(but))) return null;
  return <mantine.Input.Error role="alert">{problem.says}</mantine.Input.Error>;
}

type AtProperty<Props> = Props & {
  /** The property of the request, or several; a property includes its parts. */
  readonly fills: string | readonly string[];
};

function atProperty<Props extends { error?: ReactNode }>(Input: ComponentType<Props>) {
  return function InputAtProperty({ fills, ...props }: AtProperty<Props>) {
    const says = useRefusalOf(fills);
    const given = props as unknown as Props;
    return <Input {...given} error={given.error || says} />;
  };
}

export const TextInput = atProperty<mantine.TextInputProps>(mantine.TextInput);
export const Textarea = atProperty<mantine.TextareaProps>(mantine.Textarea);
export const NumberInput = atProperty<mantine.NumberInputProps>(mantine.NumberInput);
export const PasswordInput = atProperty<mantine.PasswordInputProps>(mantine.PasswordInput);
export const ColorInput = atProperty<mantine.ColorInputProps>(mantine.ColorInput);
export const Select = atProperty<mantine.SelectProps>(mantine.Select);
export const MultiSelect = atProperty<mantine.MultiSelectProps>(mantine.MultiSelect);
export const NativeSelect = atProperty<mantine.NativeSelectProps>(mantine.NativeSelect);
export const TagsInput = atProperty<mantine.TagsInputProps>(mantine.TagsInput);
export const RadioGroup = atProperty<mantine.RadioGroupProps>(mantine.Radio.Group);
export const CheckboxGroup = atProperty<mantine.CheckboxGroupProps>(mantine.Checkbox.Group);
export const Switch = atProperty<mantine.SwitchProps>(mantine.Switch);
