/** The forms of an identity provider: its fields by kind, and the connection of a new one. A stored secret is never shown. */
import { useState } from 'react';
import type { Provider } from './api';
import { Copy, Field, Form } from './parts';
import { useSession } from './session';
import { type Options, STRATEGIES, toOptions } from './strategies';

/** The title and the options. `before`: those that are stored. A secret that is left empty then stays. */
export function ProviderFields({ strategy, title, before }: { strategy: string; title?: string; before?: Options }) {
  const toField = ({ optional, ...field }: (typeof STRATEGIES)[string]['fields'][number]) => {
    const isKept = before !== undefined && field.type === 'password';
    const hint = isKept ? 'Empty: the present one stays.' : field.hint;
    const required = !optional && !isKept;
    const defaultValue = String(before?.[field.name] ?? '');
    return <Field key={field.name} spellCheck={false} {...field} {...{ hint, required, defaultValue }} />;
  };
  return (
    <>
      <Field label="Title on the sign-in page" name="display_name" required maxLength={128} defaultValue={title} />
      {STRATEGIES[strategy]?.fields.map(toField)}
    </>
  );
}

const tellConnected = ({ display_name }: Provider) => `${display_name} is connected. Use it for a domain, then try it.`;

/** `canHide`: the operator lets customers choose whether people are led to the provider. Then it is tried first. */
export function Connect({ allowed, canHide }: { allowed: readonly string[]; canHide: boolean }) {
  const { settings } = useSession();
  const known = Object.entries(STRATEGIES).filter(([name]) => allowed.includes(name));
  const [strategy, setStrategy] = useState(known[0]?.[0] ?? '');
  const toBody = ({ name, display_name, ...values }: Readonly<Record<string, string>>) => ({
    ...{ strategy, name, display_name, options: toOptions(strategy, values) },
    ...(canHide && { show_as_button: false }),
  });
  return (
    <details>
      <summary>Connect an identity provider</summary>
      <label className="field">
        Kind
        <select value={strategy} onChange={({ target }) => setStrategy(target.value)}>
          {known.map(([value, { name }]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Form
        needs="create:identity_providers"
        send={(values) => ['POST', '/identity-providers', toBody(values)]}
        done={tellConnected}
        button="Connect"
        key={strategy}
      >
        {strategy === 'samlp' ? (
          <small>The addresses for your provider are shown when it is connected. Type any there until then.</small>
        ) : (
          <Copy label="Callback address, for your provider" value={`${settings.domain}/login/callback`} />
        )}
        <Field
          label="Short name"
          placeholder="acme-sso"
          name="name"
          required
          pattern="[a-zA-Z0-9](-?[a-zA-Z0-9])*"
          hint="For addresses and the log. Letters, digits and single hyphens. It never changes."
        />
        <ProviderFields strategy={strategy} />
      </Form>
    </details>
  );
}
