/** The identity providers of the organization: connect one, try it, lead the verified domains to it, switch it off, take it away. */
import { type ReactNode, useState } from 'react';
import { type Domain, type Provider, readAll } from './api';
import { Provisioning } from './Provisioning';
import { Choice, Copy, Field, Form, Press, Said, Section } from './parts';
import { type Change, useChange, useRead, useSession } from './session';
import { STRATEGIES, toOptions } from './strategies';

interface Configuration {
  readonly allowed_strategies?: readonly string[];
  readonly connection_deletion_behavior?: string;
}

const titleOf = ({ display_name, name, id }: Provider) => display_name ?? name ?? id;

/** Says what became of a sign-in by which somebody tried a provider. */
function readTried(userId: string): string | undefined {
  const text = sessionStorage.getItem('tried');
  sessionStorage.removeItem('tried');
  if (text === null) return undefined;
  const { sub, connection } = JSON.parse(text) as { sub: string; connection: string };
  return sub === userId
    ? `It works: you came in through ${connection}, with the same account as before.`
    : `You came in through ${connection}, but with another account than before.`;
}

interface CardProps {
  provider: Provider;
  verified: readonly string[];
  mayDelete: boolean;
  change: Change;
  reload: () => Promise<void>;
}

function DomainsOf({ provider, verified, change, reload }: CardProps): ReactNode {
  const { call, can } = useSession();
  const { domains = [] } = provider;
  const path = `/identity-providers/${provider.id}/domains`;
  const edit = async (domain: string, on: boolean) => {
    await (on ? call('POST', path, { domain }) : call('DELETE', `${path}/${domain}`));
    await reload();
    return on ? `People of ${domain} are led to ${titleOf(provider)}.` : `${domain} leads there no more.`;
  };
  return (
    <p className="row">
      {domains.map((domain) => (
        <span className="tag" key={domain}>
          {domain}
          {can('delete:identity_providers_domains') && (
            <Press change={change} work={() => edit(domain, false)} label={`Lead ${domain} there no more`}>
              ×
            </Press>
          )}
        </span>
      ))}
      {can('create:identity_providers_domains') &&
        verified
          .filter((domain) => !domains.includes(domain))
          .map((domain) => (
            <Press key={domain} change={change} work={() => edit(domain, true)}>
              Lead {domain} there
            </Press>
          ))}
      {domains.length + verified.length === 0 && 'Verify a domain first. Then its people are led there.'}
    </p>
  );
}

function Card(props: CardProps): ReactNode {
  const { provider, mayDelete, change, reload } = props;
  const { id, name, strategy = '', is_enabled: isOn, access_level: level } = provider;
  const { call, can, tryOut, settings } = useSession();
  const title = titleOf(provider);
  const path = `/identity-providers/${id}`;
  const after = (work: () => Promise<unknown>, words: string) => async () => {
    await work();
    await reload();
    return words;
  };
  const turn = after(() => call('PATCH', path, { is_enabled: !isOn }), `${title} is ${isOn ? 'off' : 'on'}.`);
  const mayTurn = can('update:identity_providers') && (level === 'full' || level === 'limited');
  return (
    <li>
      <h3>
        {title} <span className="tag">{STRATEGIES[strategy]?.name ?? strategy}</span>{' '}
        <span className={`tag ${isOn ? 'verified' : ''}`}>{isOn ? 'on' : 'off'}</span>
      </h3>
      {level === 'full' && <DomainsOf {...props} />}
      {level === 'full' && strategy === 'samlp' && (
        <>
          <Copy label="Sign-on address (ACS URL)" value={`${settings.domain}/login/callback?connection=${name}`} />
          <Copy label="Metadata address" value={`${settings.domain}/samlp/metadata?connection=${name}`} />
        </>
      )}
      <p className="row">
        {isOn && name && (
          <button type="button" className="quiet" onClick={() => tryOut(name)} aria-label={`Try it: ${title}`}>
            Try it
          </button>
        )}
        {mayTurn && (
          <Press change={change} work={turn} label={`Turn ${isOn ? 'off' : 'on'} ${title}`}>
            Turn {isOn ? 'off' : 'on'}
          </Press>
        )}
        {level === 'full' && can('update:identity_providers_detach') && (
          <Press
            change={change}
            work={after(() => call('POST', `${path}/detach`), `${title} is no longer yours.`)}
            label={`Detach ${title}`}
            sure={`Detach ${title}? Nobody signs in through it any more, and only the operator can bring it back.`}
          >
            Detach
          </Press>
        )}
        {level === 'full' && mayDelete && can('delete:identity_providers') && (
          <Press
            change={change}
            work={after(() => call('DELETE', path), `${title} was deleted.`)}
            label={`Delete ${title}`}
            sure={`Delete ${title}, and the accounts that exist only there?`}
          >
            Delete
          </Press>
        )}
      </p>
      {level === 'full' && can('read:identity_providers_provisioning') && <Provisioning providerId={id} />}
    </li>
  );
}

function Connect({
  allowed,
  change,
  reload,
}: {
  allowed: readonly string[];
  change: Change;
  reload: () => Promise<void>;
}) {
  const { call, settings } = useSession();
  const known = Object.keys(STRATEGIES).filter((name) => allowed.includes(name));
  const [strategy, setStrategy] = useState(known[0] ?? '');
  const create = async ({ name, display_name, ...values }: Record<string, string>) => {
    const options = toOptions(strategy, values);
    // It leads nobody there: a domain is added later, and the button is for those who know what it is.
    await call('POST', '/identity-providers', {
      strategy,
      name,
      display_name,
      is_enabled: true,
      show_as_button: true,
      options,
    });
    await reload();
    return `${display_name} is connected. Try it before you lead a domain there.`;
  };
  return (
    <details>
      <summary>Connect an identity provider</summary>
      <Choice label="Kind" value={strategy} onChange={({ target }) => setStrategy(target.value)}>
        {known.map((one) => (
          <option key={one} value={one}>
            {STRATEGIES[one]?.name}
          </option>
        ))}
      </Choice>
      <Form change={change} send={create} button="Connect" key={strategy}>
        <Field label="Title on the sign-in page" name="display_name" required maxLength={128} />
        <Field
          label="Short name"
          name="name"
          required
          pattern="[a-zA-Z0-9](-?[a-zA-Z0-9])*"
          hint="Letters, digits and single hyphens. It never changes."
        />
        {strategy === 'samlp' ? (
          <small>The addresses for your provider are shown when it is connected.</small>
        ) : (
          <Copy label="Callback address" value={`${settings.domain}/login/callback`} />
        )}
        {STRATEGIES[strategy]?.fields.map(({ optional, ...field }) => (
          <Field key={field.name} required={!optional} spellCheck={false} {...field} />
        ))}
      </Form>
    </details>
  );
}

export function ProvidersPage() {
  const { can, userId } = useSession();
  const { data, problem, reload } = useRead(async (call) => {
    const { identity_providers: providers = [] } = await call<{ identity_providers?: Provider[] }>(
      'GET',
      '/identity-providers',
    );
    const domains = can('read:domains') ? await readAll<Domain>(call, '/domains', 'organization_domains') : [];
    const configuration = can('read:configuration') ? await call<Configuration>('GET', '/config') : {};
    const verified = domains.filter(({ status }) => status === 'verified').map(({ domain }) => domain);
    return { providers, verified, configuration };
  });
  const change = useChange();
  const [tried] = useState(() => readTried(userId));
  const { allowed_strategies: allowed = [], connection_deletion_behavior: deletion } = data?.configuration ?? {};
  return (
    <Section title="Identity providers" lead="Where your people sign in: connect it, try it, then lead a domain there.">
      <Said what={problem ?? change.said ?? tried} />
      <ul className="cards">
        {data?.providers.map((provider) => (
          <Card
            key={provider.id}
            {...{ provider, verified: data.verified, mayDelete: deletion !== undefined, change, reload }}
          />
        ))}
      </ul>
      {can('create:identity_providers') && allowed.length > 0 && <Connect {...{ allowed, change, reload }} />}
    </Section>
  );
}
