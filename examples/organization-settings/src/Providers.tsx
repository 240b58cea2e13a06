/** The identity providers of the organization: use one for verified domains, try it, change it, turn it off, take it away. */
import { useState } from 'react';
import { type Domain, type Provider, readAll } from './api';
import { Connect, ProviderFields } from './Connect';
import { Provisioning } from './Provisioning';
import { Copy, Form, Press, Section } from './parts';
import { usePart, useSession } from './session';
import { STRATEGIES, toOptions } from './strategies';

type Deletion = 'allow' | 'allow_if_empty';
type Configuration = { allowed_strategies?: readonly string[]; connection_deletion_behavior?: Deletion };
type Limits = { organization?: { can_set_show_as_button?: boolean } };

/** Says what became of a sign-in by which somebody tried a provider. */
function readTried(userId: string): string | undefined {
  const text = sessionStorage.getItem('tried');
  sessionStorage.removeItem('tried');
  if (text === null) return undefined;
  const { sub, title } = JSON.parse(text) as { sub: string; title: string };
  if (sub !== userId) return `You came in through ${title}, but with another account than before.`;
  return `It works: you came in through ${title}, with the same account as before.`;
}

interface CardProps {
  provider: Provider;
  title: string;
  verified: readonly string[];
  deletion: Deletion | undefined;
  canHide: boolean;
}

function DomainsOf({ provider, title, verified }: CardProps) {
  const { id, domains = [], show_as_button: isOpen } = provider;
  const path = `/identity-providers/${id}/domains`;
  const tell = (domain: string, on: boolean) => {
    if (isOpen)
      return `People of ${domain} are ${on ? 'now' : 'no longer'} led to ${title}.${on ? ' Try it now.' : ''}`;
    return `${title} is ${on ? '' : 'not '}used for ${domain}.${on ? ' Try it now: nobody is led there yet.' : ''}`;
  };
  return (
    <p className="row">
      {domains.map((domain) => (
        <span className="tag" key={domain}>
          {domain}
          <Press
            needs="delete:identity_providers_domains"
            send={['DELETE', `${path}/${domain}`]}
            done={tell(domain, false)}
            label={`Do not use ${title} for ${domain} any more`}
          >
            ×
          </Press>
        </span>
      ))}
      {verified
        .filter((domain) => !domains.includes(domain))
        .map((domain) => (
          <Press
            key={domain}
            needs="create:identity_providers_domains"
            send={['POST', path, { domain }]}
            done={tell(domain, true)}
          >
            {`Use for ${domain}`}
          </Press>
        ))}
      {domains.length + verified.length === 0 && (
        <span>
          No domain is used for it: <a href="#domains">verify a domain</a> first.
        </span>
      )}
    </p>
  );
}

/** The part that only the organization that connected the provider sees. */
function OwnPart(props: CardProps) {
  const { provider, title } = props;
  const { id, name, strategy = '', options = {} } = provider;
  const { can, settings } = useSession();
  const toBody = ({ display_name, ...values }: Readonly<Record<string, string>>) => ({
    ...{ display_name, options: toOptions(strategy, values, options) },
  });
  return (
    <>
      <DomainsOf {...props} />
      {strategy === 'samlp' && (
        <>
          <Copy label="Sign-on address (ACS URL)" value={`${settings.domain}/login/callback?connection=${name}`} />
          <Copy label="Entity ID (audience)" value={`urn:auth0:${new URL(settings.domain).hostname}:${name}`} />
          <Copy label="Metadata address" value={`${settings.domain}/samlp/metadata?connection=${name}`} />
        </>
      )}
      {can('update:identity_providers') && (
        <details>
          <summary>Change {title}</summary>
          <Form
            needs="update:identity_providers"
            send={(values) => ['PATCH', `/identity-providers/${id}`, toBody(values)]}
            done={({ display_name }: Provider) => `${display_name} was changed. Try it again.`}
            button="Save"
          >
            <ProviderFields strategy={strategy} title={title} before={options} />
          </Form>
        </details>
      )}
      {can('read:identity_providers_provisioning') && <Provisioning providerId={id} />}
    </>
  );
}

function Card(props: CardProps) {
  const { provider, title, deletion, canHide } = props;
  const { id, name, strategy = '', domains = [], is_enabled: isOn, show_as_button: isOpen } = provider;
  const { tryOut } = useSession();
  const path = `/identity-providers/${id}`;
  const isOwn = provider.access_level === 'full';
  // A provider of the operator leads people by domains that only the operator sees.
  const isUsed = isOn && (!isOwn || (isOpen && domains.length > 0));
  return (
    <li>
      <h3>
        {title} <span className="tag">{STRATEGIES[strategy]?.name ?? strategy}</span>{' '}
        <span className={`tag ${isUsed ? 'verified' : ''}`}>{isUsed ? 'in use' : isOn ? 'not in use yet' : 'off'}</span>
      </h3>
      {provider.check && (
        <div className="problem">
          <b>The sign-in at {new Date(provider.check.checked_at).toLocaleTimeString()} did not work</b>
          <p>{provider.check.message}</p>
        </div>
      )}
      <p className="row">
        {isOwn && isOn && name && domains.length > 0 && (
          <button type="button" className="quiet" onClick={() => tryOut(name, title)} aria-label={`Try it: ${title}`}>
            Try it
          </button>
        )}
        {isOwn && isOn && canHide && (isOpen || domains.length > 0) && (
          <Press
            needs="update:identity_providers"
            send={['PATCH', path, { show_as_button: !isOpen }]}
            done={
              isOpen
                ? `Nobody is led to ${title} any more.`
                : `People of ${domains.join(', ')} are now led to ${title}. They keep their accounts and, for now, their passwords.`
            }
          >
            {isOpen ? `Lead nobody to ${title}` : `Lead everybody to ${title}`}
          </Press>
        )}
        {(isOwn || provider.access_level === 'limited') && (
          <Press
            needs="update:identity_providers"
            send={['PATCH', path, { is_enabled: !isOn }]}
            done={`${title} is ${isOn ? 'off' : 'on'}.`}
            of={title}
            sure={
              isUsed && `Turn ${title} off? People who signed in through it, you too, sign in with a password again.`
            }
          >
            {isOn ? 'Turn off' : 'Turn on'}
          </Press>
        )}
        {isOwn && (
          <Press
            needs="update:identity_providers_detach"
            send={['POST', `${path}/detach`]}
            done={`${title} is detached.`}
            of={title}
            sure={`Detach ${title}? Nobody signs in through it any more, and only the operator can bring it back.`}
          >
            Detach
          </Press>
        )}
        {isOwn && deletion && (
          <Press
            needs="delete:identity_providers"
            send={['DELETE', path]}
            done={`${title} was deleted.`}
            of={title}
            sure={`Delete ${title}${deletion === 'allow' ? ', and the accounts that exist only there' : ''}?`}
          >
            Delete
          </Press>
        )}
      </p>
      {isOwn && <OwnPart {...props} />}
    </li>
  );
}

const LEAD =
  'Single sign-on: your people sign in at your company’s identity provider. First verify a domain, then connect the provider, use it for the domain, try it, and lead everybody there.';

export function ProvidersPage() {
  const { can, userId } = useSession();
  const { data, said, change } = usePart(async (call) => {
    const list = await call<{ identity_providers?: Provider[] }>('GET', '/identity-providers');
    const domains = can('read:domains') ? await readAll<Domain>(call, '/domains', 'organization_domains') : [];
    const isKnown = can('read:configuration');
    const configuration = isKnown ? await call<Configuration>('GET', '/config') : {};
    const limits = isKnown ? await call<Limits>('GET', '/config/identity-providers') : {};
    const verified = domains.filter(({ status }) => status === 'verified').map(({ domain }) => domain);
    const canHide = limits.organization?.can_set_show_as_button === true;
    return { providers: list.identity_providers ?? [], verified, configuration, canHide };
  });
  const [tried] = useState(() => readTried(userId));
  const { allowed_strategies: allowed = [], connection_deletion_behavior: deletion } = data?.configuration ?? {};
  return (
    <Section title="Identity providers" lead={LEAD} said={said ?? tried} change={change}>
      <ul className="cards">
        {data?.providers.map((provider) => {
          const title = provider.display_name ?? provider.name ?? provider.id;
          return (
            <Card
              key={provider.id}
              {...{ provider, title, verified: data.verified, deletion, canHide: data.canHide }}
            />
          );
        })}
      </ul>
      {can('create:identity_providers') && allowed.length > 0 && (
        <Connect allowed={allowed} canHide={data?.canHide === true} />
      )}
    </Section>
  );
}
