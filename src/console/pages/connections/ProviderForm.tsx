/**
 * The fields of a provider, each checked while typed. Never shows a stored secret: it can be replaced or left alone.
 */
import { Stack } from '@mantine/core';
import { PasswordInput, Textarea, TextInput } from '../../parts/inputs';
import type { ProviderField } from './providers';

type Typed = Readonly<Record<string, string>>;

/** True if everything required is filled in and passes the checks made here. */
export function isComplete(fields: readonly ProviderField[], typed: Typed): boolean {
  return fields.every(({ name, required, check }) => {
    const text = (typed[name] ?? '').trim();
    return text === '' ? !required : check?.(text) === undefined;
  });
}

export interface ProviderFormProps {
  readonly fields: readonly ProviderField[];
  readonly typed: Typed;
  /** True for an existing connection: an empty secret leaves the stored one unchanged, unless that is lost. */
  readonly isStored?: boolean;
  /** A sentence that says why a stored secret is missing after the write. */
  readonly secretLost?: string | undefined;
  readonly isLocked?: boolean;
  onChange(name: string, text: string): void;
}

interface FieldProps extends Omit<ProviderFormProps, 'fields' | 'typed'> {
  readonly field: ProviderField;
  readonly text: string;
}

/** Returns the options that a field sets: the address of an `oidc` provider may be refused by either of its names. */
const propertiesOf = (name: string) =>
  name === 'discovery_url' ? ['options.discovery_url', 'options.issuer'] : `options.${name}`;

function Field({ field, text, isStored = false, secretLost, isLocked = false, onChange }: FieldProps) {
  const { name, label, hint, kind, required, check } = field;
  const isKept = isStored && kind === 'secret';
  const keeps = isKept && secretLost === undefined;
  const shared = {
    fills: propertiesOf(name),
    label,
    description: isKept ? (secretLost ?? 'The stored value is not shown. Leave this empty to keep it.') : hint,
    required: required && !keeps,
    value: text,
    disabled: isLocked,
    error: text.trim() === '' ? undefined : check?.(text.trim()),
    spellCheck: false,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(name, event.currentTarget.value),
  };
  if (kind === 'secret')
    return (
      <PasswordInput
        {...shared}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': `Show the ${label}` }}
      />
    );
  if (kind === 'long') return <Textarea {...shared} autosize minRows={4} maxRows={12} />;
  return <TextInput {...shared} autoComplete="off" />;
}

export function ProviderForm({ fields, typed, ...rest }: ProviderFormProps) {
  return (
    <Stack gap="md">
      {fields.map((field) => (
        <Field key={field.name} field={field} text={typed[field.name] ?? ''} {...rest} />
      ))}
    </Stack>
  );
}
