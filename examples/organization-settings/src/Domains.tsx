/** The domains of the organization. Each is proved by a TXT record that only its owner can publish. */
import { type Domain, Problem, readAll } from './api';
import { Copy, Field, Form, Press, Section } from './parts';
import { usePart, useSession } from './session';

export function DomainsPage() {
  const { call, can } = useSession();
  const { data, said, change } = usePart((call) => readAll<Domain>(call, '/domains', 'organization_domains'));
  const verify = async ({ id, domain, verification_host }: Domain) => {
    const { status } = await call<Domain>('POST', `/domains/${id}/verify`);
    if (status === 'verified') return `${domain} is verified. Leave the record in place.`;
    throw new Problem(404, `The record of ${domain} was not found.`, [
      `Looked for at ${verification_host}. A new record takes a few minutes, sometimes an hour.`,
    ]);
  };
  const remove = async ({ id, domain }: Domain) => {
    await call('DELETE', `/domains/${id}`);
    return `${domain} was removed.`;
  };
  const add = async (values: Record<string, string>) => {
    const { domain } = await call<Domain>('POST', '/domains', values);
    return `${domain} was added. Now publish its record.`;
  };
  return (
    <Section
      title="Domains"
      lead="The domains of your e-mail addresses. Verify each here, then use it for your identity provider."
      said={said}
    >
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
                  sure={`Remove ${item.domain}? Its people no longer sign in with your identity provider.`}
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
