/** The identity providers of the organization: use one for verified domains, try it, change it, turn it off, take it away. */
import { useState } from 'react';
import { type Domain, type Provider, readAll } from './api';
import { Connect, OptionFields, TitleField } from './Connect';
import { Provisioning } from './Provisioning';
import { Copy, Form, Press, Section } from './parts';
import { type Change, usePart, useSession } from './session';
import { STRATEGIES, toOptions } from './strategies';

type Deletion = 'allow' | 'allow_if_empty';
type Configuration = { allowed_strategies?: readonly string[]; connection_deletion_behavior?: Deletion };
type Limits = { organization?: { can_set_show_as_button?: boolean } };

const titleOf = ({ display_name, name, id }: Provider) => display_name ?? name ?? id;

/** Says what became of a sign-in by which somebody tried a provider. */
function readTried(userId: string): string | undefined {
  const text = sessionStorage.getItem('tried');
  sessionStorage.removeItem('tried');
  if (text === null) return undefined;
  const { sub, title } = JSON.parse(text) as { sub: string; title: string };
  return sub === userId
    ? `It works: you came in through ${title}, with the same account as before.`
    : `You came in through ${title}, but with another account than before.`;
}

interface CardProps {
  provider: Provider;
  verified: readonly string[];
  deletion: Deletion | undefined;
  canHide: boolean;
  change: Change;
}

function DomainsOf({ provider, verified, change }: CardProps) {
  const { call, can } = useSession();
  const { id, domains = [], show_as_button: isOpen } = provider;
  const title = titleOf(provider);
  const path = `/identity-providers/${id}/domains`;
  const edit = async (domain: string, on: boolean) => {
    await (on ? call('POST', path, { domain }) : call('DELETE', `${path}/${domain}`));
    if (!isOpen)
      return `${title} is ${on ? '' : 'not '}used for ${domain}.${on ? ' Try it now: nobody is led there yet.' : ''}`;
    return `People of ${domain} ${on ? 'now' : 'no longer'} sign in with ${title}.${on ? ' Try it now.' : ''}`;
  };
  return (
    <p className="row">
      {domains.map((domain) => (
        <span className="tag" key={domain}>
          {domain}
          {can('delete:identity_providers_domains') && (
            <Press
              change={change}
              work={() => edit(domain, false)}
              label={`Do not use ${title} for ${domain} any more`}
            >
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
              Use for {domain}
            </Press>
          ))}
      {domains.length + verified.length === 0 && 'Verify a domain first. Then its people can sign in here.'}
    </p>
  );
}

/** The part that only the organization that connected the provider sees. */
function OwnPart(props: CardProps) {
  const { provider, change } = props;
  const { id, name, strategy = '', options = {} } = provider;
  const { call, can, settings } = useSession();
  const save = async ({ display_name, ...values }: Record<string, string>) => {
    await call('PATCH', `/identity-providers/${id}`, { display_name, options: toOptions(strategy, values, options) });
    return `${display_name} was changed. Try it again.`;
  };
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
          <summary>Change {titleOf(provider)}</summary>
          <Form change={change} send={save} button="Save">
            <TitleField defaultValue={titleOf(provider)} />
            <OptionFields strategy={strategy} options={options} />
          </Form>
        </details>
      )}
      {can('read:identity_providers_provisioning') && <Provisioning providerId={id} />}
    </>
  );
}

function Card(props: CardProps) {
  const { provider, deletion, canHide, change } = props;
  const {
    id,
    name,
    strategy = '',
    domains = [],
    is_enabled: isOn,
    show_as_button: isOpen,
    access_level: level,
  } = provider;
  const { call, can, tryOut } = useSession();
  const title = titleOf(provider);
  const path = `/identity-providers/${id}`;
  const isOwn = level === 'full';
  const after = (work: () => Promise<unknown>, words: string) => async () => {
    await work();
    return words;
  };
  const lead = after(
    () => call('PATCH', path, { show_as_button: !isOpen }),
    isOpen ? `Nobody is led to ${title} any more.` : `People of ${domains.join(', ')} now sign in with ${title}.`,
  );
  const turn = after(() => call('PATCH', path, { is_enabled: !isOn }), `${title} is ${isOn ? 'off' : 'on'}.`);
  return (
    <li>
      <h3>
        {title} <span className="tag">{STRATEGIES[strategy]?.name ?? strategy}</span>{' '}
        <span className={`tag ${isOn ? 'verified' : ''}`}>{isOn ? 'on' : 'off'}</span>
      </h3>
      <p className="row">
        {isOwn && isOn && name && domains.length > 0 && (
          <button type="button" className="quiet" onClick={() => tryOut(name, title)} aria-label={`Try it: ${title}`}>
            Try it
          </button>
        )}
        {isOwn && isOn && canHide && (isOpen || domains.length > 0) && can('update:identity_providers') && (
          <Press change={change} work={lead}>
            {isOpen ? 'Lead nobody' : 'Lead everybody'} to {title}
          </Press>
        )}
        {(isOwn || level === 'limited') && can('update:identity_providers') && (
          <Press change={change} work={turn} label={`Turn ${isOn ? 'off' : 'on'} ${title}`}>
            Turn {isOn ? 'off' : 'on'}
          </Press>
        )}
        {isOwn && can('update:identity_providers_detach') && (
          <Press
            change={change}
            work={after(() => call('POST', `${path}/detach`), `${title} is detached.`)}
            label={`Detach ${title}`}
            sure={`Detach ${title}? Nobody signs in through it any more, and you cannot bring it back yourself.`}
          >
            Detach
          </Press>
        )}
        {isOwn && deletion && can('delete:identity_providers') && (
          <Press
            change={change}
            work={after(() => call('DELETE', path), `${title} was deleted.`)}
            label={`Delete ${title}`}
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
    <Section
      title="Identity providers"
      lead="Where your people sign in: connect it, use it for a domain, try it, then lead everybody there."
      said={said ?? tried}
    >
      <ul className="cards">
        {data?.providers.map((provider) => (
          <Card key={provider.id} {...{ provider, verified: data.verified, deletion, canHide: data.canHide, change }} />
        ))}
      </ul>
      {can('create:identity_providers') && allowed.length > 0 && (
        <Connect {...{ allowed, canHide: data?.canHide === true, change }} />
      )}
    </Section>
  );
}
