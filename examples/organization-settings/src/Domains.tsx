/** The domains of the organization. Each is proved by a TXT record that only its owner can publish. */
import { type Domain, Problem, readAll } from './api';
import { Copy, Field, Form, Press, Said, Section } from './parts';
import { useChange, useRead, useSession } from './session';

export function DomainsPage() {
  const { call, can } = useSession();
  const { data, problem, reload } = useRead((call) => readAll<Domain>(call, '/domains', 'organization_domains'));
  const change = useChange();
  const verify = async ({ id, domain, verification_host }: Domain) => {
    const { status } = await call<Domain>('POST', `/domains/${id}/verify`);
    await reload();
    if (status === 'verified') return `${domain} is verified. Leave the record in place.`;
    throw new Problem(404, `The record of ${domain} was not found.`, [
      `Looked for at ${verification_host}. A new record takes a few minutes, sometimes an hour.`,
    ]);
  };
  const remove = async ({ id, domain }: Domain) => {
    await call('DELETE', `/domains/${id}`);
    await reload();
    return `${domain} was removed.`;
  };
  const add = async (values: Record<string, string>) => {
    const { domain } = await call<Domain>('POST', '/domains', values);
    await reload();
    return `${domain} was added. Now publish its record.`;
  };
  return (
    <Section
      title="Domains"
      lead="The domains of your e-mail addresses. A verified domain leads its people to your identity provider."
    >
      <Said what={problem ?? change.said} />
      <ul className="cards">
        {data?.map((item) => (
          <li key={item.id}>
            <h3>
              {item.domain} <span className={`tag ${item.status}`}>{item.status}</span>
            </h3>
            {item.status !== 'verified' && (
              <>
                <p>Publish this TXT record where your domain is managed, then verify.</p>
                <Copy label="Name" value={item.verification_host} />
                <Copy label="Value" value={item.verification_txt} />
              </>
            )}
            <p className="row">
              {item.status !== 'verified' && can('update:domains') && (
                <Press change={change} work={() => verify(item)} label={`Verify ${item.domain}`}>
                  Verify
                </Press>
              )}
              {can('delete:domains') && (
                <Press
                  change={change}
                  work={() => remove(item)}
                  label={`Remove ${item.domain}`}
                  sure={`Remove ${item.domain}? Its people are no longer led to your identity provider.`}
                >
                  Remove
                </Press>
              )}
            </p>
          </li>
        ))}
      </ul>
      {can('create:domains') && (
        <Form change={change} send={add} button="Add the domain">
          <Field label="Domain" name="domain" placeholder="acme.com" required spellCheck={false} />
        </Form>
      )}
    </Section>
  );
}
