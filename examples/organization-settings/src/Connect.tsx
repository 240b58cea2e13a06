/** The forms of an identity provider: its fields by kind, and the connection of a new one. A stored secret is never shown. */
import { useState } from 'react';
import { Copy, Field, Form } from './parts';
import { type Change, useSession } from './session';
import { type Options, STRATEGIES, toOptions } from './strategies';

export const TitleField = ({ defaultValue }: { defaultValue?: string }) => (
  <Field label="Title on the sign-in page" name="display_name" required maxLength={128} defaultValue={defaultValue} />
);

/** `options`: those that are stored. A secret that is left empty then stays. */
export function OptionFields({ strategy, options }: { strategy: string; options?: Options }) {
  return STRATEGIES[strategy]?.fields.map(({ optional, ...field }) => {
    const isKept = options !== undefined && field.type === 'password';
    return (
      <Field
        key={field.name}
        required={!optional && !isKept}
        spellCheck={false}
        defaultValue={String(options?.[field.name] ?? '')}
        {...field}
        {...(isKept && { hint: 'Empty: the present one stays.' })}
      />
    );
  });
}

/** `canHide`: the operator lets customers choose whether people are led to the provider. Then it is tried first. */
type ConnectProps = { allowed: readonly string[]; canHide: boolean; change: Change };

export function Connect({ allowed, canHide, change }: ConnectProps) {
  const { call, settings } = useSession();
  const known = Object.keys(STRATEGIES).filter((name) => allowed.includes(name));
  const [strategy, setStrategy] = useState(known[0] ?? '');
  const create = async ({ name, display_name, ...values }: Record<string, string>) => {
    const options = toOptions(strategy, values);
    const hidden = canHide && { show_as_button: false };
    await call('POST', '/identity-providers', { strategy, name, display_name, options, ...hidden });
    return `${display_name} is connected. Use it for a domain, then try it.`;
  };
  return (
    <details>
      <summary>Connect an identity provider</summary>
      <label className="field">
        Kind
        <select value={strategy} onChange={({ target }) => setStrategy(target.value)}>
          {known.map((one) => (
            <option key={one} value={one}>
              {STRATEGIES[one]?.name}
            </option>
          ))}
        </select>
      </label>
      <Form change={change} send={create} button="Connect" key={strategy}>
        {strategy === 'samlp' ? (
          <small>The addresses for your provider are shown when it is connected. Type any there until then.</small>
        ) : (
          <Copy label="Callback address, for your provider" value={`${settings.domain}/login/callback`} />
        )}
        <TitleField />
        <Field
          label="Short name"
          name="name"
          required
          pattern="[a-zA-Z0-9](-?[a-zA-Z0-9])*"
          hint="Letters, digits and single hyphens. It never changes."
        />
        <OptionFields strategy={strategy} />
      </Form>
    </details>
  );
}
