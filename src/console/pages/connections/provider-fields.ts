/**
 * The fields of a provider, for the description of a form. Each is checked while typed. Never shows a stored secret: it
 * can be replaced or left alone.
 */
import type { Field, FieldsOf } from '../../parts/form-fields';
import type { ProviderField } from './providers';
import type { Settings } from './settings';

const KEPT = 'The stored value is not shown. Leave this empty to keep it.';

const textOf = (value: unknown) => String(value ?? '').trim();

/** True if all required fields have a value, and all values pass the checks in this console. */
export function isComplete(fields: readonly ProviderField[], typed: Readonly<Record<string, unknown>>): boolean {
  return fields.every(({ name, required, check }) => {
    const text = textOf(typed[name]);
    return text === '' ? !required : check?.(text) === undefined;
  });
}

const INPUTS = {
  secret: { kind: 'password', autoComplete: 'new-password' },
  long: { kind: 'area', autosize: true, minRows: 4, maxRows: 12 },
  text: { kind: 'text', autoComplete: 'off' },
} as const;

function toField(
  { name, label, hint, kind, required, check }: ProviderField,
  tellLost: ((values: Settings) => string | undefined) | undefined,
): Field<string | boolean, Settings> {
  return {
    ...INPUTS[kind],
    label,
    description: hint,
    required,
    spellCheck: false,
    at: `options.${name}`,
    check: (text) => (textOf(text) === '' ? undefined : check?.(textOf(text))),
    // The API may refuse the address of an `oidc` provider under either of its two option names.
    ...(name === 'discovery_url' && { alsoAt: ['options.issuer'] }),
    ...(kind === 'secret' && { visibilityToggleButtonProps: { 'aria-label': `Show the ${label}` } }),
    ...(kind === 'secret' &&
      tellLost && {
        tell(values) {
          const lost = tellLost(values);
          return { description: lost ?? KEPT, required: required && lost !== undefined };
        },
      }),
  };
}

/**
 * Returns the fields of a form. For an existing connection, `tellLost` returns the sentence that says why the stored
 * secret is missing after the write; undefined where it is kept, so that the secret's field may stay empty.
 */
export const toFields = (
  fields: readonly ProviderField[],
  tellLost?: (values: Settings) => string | undefined,
): FieldsOf<Settings> => Object.fromEntries(fields.map((field) => [field.name, toField(field, tellLost)]));
