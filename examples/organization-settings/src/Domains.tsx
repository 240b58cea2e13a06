/** The domains of the organization. Each is proved by a TXT record that only its owner can publish. */
import { type Domain, Problem, readAll } from './api';
import { Copy, Field, Form, Press, Section } from './parts';
import { usePart, useSession } from './session';

function tellVerified({ status, domain, verification_host, check }: Domain): string {
  if (status === 'verified') return `${domain} is verified. Leave the record in place. Next: Identity providers.`;
  throw new Problem(404, `The record of ${domain} was not found.`, [
    check?.message ?? `Looked for at ${verification_host}.`,
    'A new record takes a few minutes, sometimes an hour.',
  ]);
}

function Card({ id, domain, status, verification_host, verification_txt }: Domain) {
  const isPending = status !== 'verified';
  return (
    <li>
      <h3>
        {domain} <span className={`tag ${status}`}>{status}</span>
      </h3>
      {isPending && <p>Publish this TXT record where your domain is managed, then verify.</p>}
      <details open={isPending}>
        <summary>TXT record</summary>
        <Copy label="Name" value={verification_host} />
        <Copy label="Value" value={verification_txt} />
      </details>
      <p className="row">
        {isPending && (
          <Press needs="update:domains" send={['POST', `/domains/${id}/verify`]} done={tellVerified} of={domain}>
            Verify
          </Press>
        )}
        <Press
          needs="delete:domains"
          send={['DELETE', `/domains/${id}`]}
          done={`${domain} was removed.`}
          of={domain}
          sure={`Remove ${domain}? Its people no longer sign in with your identity provider.`}
        >
          Remove
        </Press>
      </p>
    </li>
  );
}

const LEAD = 'The domains of your email addresses. Verify each here, then use it for your identity provider.';

export function DomainsPage() {
  const { can } = useSession();
  const { data, ...part } = usePart((call) => readAll<Domain>(call, '/domains', 'organization_domains'));
  return (
    <Section title="Domains" lead={LEAD} {...part}>
      <ul className="cards">
        {data?.map((item) => (
          <Card key={item.id} {...item} />
        ))}
      </ul>
      {can('create:domains') && (
        <Form
          needs="create:domains"
          send={(values) => ['POST', '/domains', values]}
          done={({ domain }: Domain) => `${domain} was added. Now publish its record.`}
          button="Add the domain"
        >
          <Field label="Domain" name="domain" placeholder="acme.com" required spellCheck={false} />
        </Form>
      )}
    </Section>
  );
}
