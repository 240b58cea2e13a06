/**
 * Inputs for forms whose request the API may refuse. Each names the property of the request that it fills (`fills`),
 * and shows the sentence about that property after a refusal. An error that the form itself gives it takes precedence.
 * They know no form.
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

/**
 * Provides the API's last error to the inputs inside it; the input of the refused property shows it. `error` is null
 * for none.
 */
export function Refusals({ error, children }: { readonly error: unknown; readonly children: ReactNode }) {
  const { property, why } = error ? tellFailure(error) : { property: undefined, why: '' };
  return <Refused value={property === undefined ? undefined : { property, says: why }}>{children}</Refused>;
}

/** Returns the sentence about the refused property, if it is one of these. */
function useRefusalOf(property: string | readonly string[]): string | undefined {
  const problem = useContext(Refused);
  const names = typeof property === 'string' ? [property] : property;
  return problem && names.some((name) => concerns(name, problem.property)) ? problem.says : undefined;
}

/**
 * Shows the sentence about a refused property whose input is not one of this file. `but`: excludes parts of the
 * property that have an input of their own.
 */
export function RefusalText({ property, but }: { readonly property: string; readonly but?: string }) {
  const problem = useContext(Refused);
  const isHere = problem !== undefined && concerns(property, problem.property);
  if (!isHere || (but !== undefined && problem.property.startsWith(but))) return null;
  return <mantine.Input.Error role="alert">{problem.says}</mantine.Input.Error>;
}

type AtProperty<Props> = Props & {
  /** The property of the request that the input fills, or several. A property includes its parts. */
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
