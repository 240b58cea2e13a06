/**
 * The domains of an organization: which of them lead people to it, which it has proved, and what the last check of the
 * DNS record found.
 */
import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { CopyText } from '../../parts/CopyText';
import { Deed } from '../../parts/Deed';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import type { Domain, Organization } from './answers';
import { domainsKey, useDomains } from './queries';

function Proof({ domain }: { readonly domain: Domain }) {
  if (domain.status === 'verified')
    return (
      <Stack gap={4}>
        <Group gap={6}>
          <Badge variant="light" color="green">
            Proved
          </Badge>
          <Text size="sm">{domain.proof === 'dns' ? 'by its DNS record' : 'by an operator’s word'}</Text>
        </Group>
        {domain.proof === 'dns' && (
          <Text size="sm">
            seen <Moment at={domain.checked_at} />, counts until <Moment at={domain.expires_at} />
          </Text>
        )}
        {domain.check && <Text size="sm">{domain.check.message}</Text>}
      </Stack>
    );
  return (
    <Stack gap={4}>
      <Badge variant="light" color="yellow">
        Not proved
      </Badge>
      <Text size="sm">The company writes this TXT record, at the name</Text>
      <CopyText text={domain.verification_host} name="the name of the record" />
      <Text size="sm">with the text</Text>
      <CopyText text={domain.verification_txt} name="the text of the record" />
      {domain.check && <Text size="sm">{domain.check.message}</Text>}
    </Stack>
  );
}

function DomainDeeds({ organization, domain }: { readonly organization: Organization; readonly domain: Domain }) {
  const may = usePowers();
  const changes = [domainsKey(organization.id)];
  const params = { path: { id: organization.id, discovery_domain_id: domain.id } };
  const looking = useMutation({
    mutationFn: () =>
      api.POST('/organizations/{id}/discovery-domains/{discovery_domain_id}/verify', { params, body: {} }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: domainsKey(organization.id) }),
  });
  return (
    <Stack gap={6} align="start">
      <Group gap={6}>
        {may('update:organization_discovery_domains') && domain.status === 'pending' && (
          <Button size="xs" variant="default" loading={looking.isPending} onClick={() => looking.mutate()}>
            Look now
          </Button>
        )}
        {may('update:organization_discovery_domains') && domain.status === 'pending' && (
          <Deed
            size="xs"
            verb="Vouch for it"
            question={`Is ${domain.domain} theirs?`}
            effect={`${domain.domain} counts as proved by your word: the identity provider of ${organization.display_name} then speaks for every address in it. Right only where you know that the company owns the domain; the record proves it, and is looked after.`}
            run={() =>
              api.PATCH('/organizations/{id}/discovery-domains/{discovery_domain_id}', {
                params,
                body: { status: 'verified' },
              })
            }
            changes={changes}
          />
        )}
        {may('delete:organization_discovery_domains') && (
          <Deed
            size="xs"
            verb="Remove"
            question={`Remove ${domain.domain}?`}
            effect={
              domain.status === 'verified'
                ? `${domain.domain} leads nobody to ${organization.display_name} any more, and its proof ends: people who have not yet signed in here with a password or a mailed code are asked for a proof of their account before they are linked.`
                : `${domain.domain} leads nobody to ${organization.display_name} any more.`
            }
            danger
            run={() => api.DELETE('/organizations/{id}/discovery-domains/{discovery_domain_id}', { params })}
            changes={changes}
          />
        )}
      </Group>
      {looking.error && <FailureNote error={looking.error} />}
    </Stack>
  );
}

function sayLead(leads: boolean | undefined, status: Domain['status']): string {
  if (!leads) return 'leads nobody here';
  return status === 'verified' ? 'leads addresses here' : 'leads addresses here once it is proved';
}

const columnsOf = (organization: Organization): readonly Column<Domain>[] => [
  {
    name: 'Domain',
    cell: ({ domain, status, use_for_organization_discovery: leads }) => (
      <div>
        <Text fw={550}>{domain}</Text>
        <Text c="dimmed" size="sm">
          {sayLead(leads, status)}
        </Text>
      </div>
    ),
  },
  {
    name: 'Proof',
    isPlain: true,
    cell: (domain) => <Proof domain={domain} />,
  },
  {
    name: 'Deeds',
    isDeeds: true,
    cell: (domain) => <DomainDeeds organization={organization} domain={domain} />,
  },
];

function AddDomain({ id }: { readonly id: string }) {
  const [domain, setDomain] = useState('');
  const adding = useMutation({
    mutationFn: () =>
      api.POST('/organizations/{id}/discovery-domains', { params: { path: { id } }, body: { domain: domain.trim() } }),
    onSuccess: () => {
      setDomain('');
      return queryClient.invalidateQueries({ queryKey: domainsKey(id) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate();
  };
  return (
    <Refusals error={adding.error}>
      <form onSubmit={submit}>
        <Group align="end" gap="sm">
          <TextInput
            fills="domain"
            label="Another domain"
            placeholder="acme.example"
            value={domain}
            onChange={(event) => setDomain(event.currentTarget.value)}
            spellCheck={false}
            required
          />
          <Button type="submit" variant="default" loading={adding.isPending}>
            Add
          </Button>
        </Group>
        {adding.error && <FailureNote error={adding.error} />}
      </form>
    </Refusals>
  );
}

export function Domains({ organization }: { readonly organization: Organization }) {
  const list = useDomains(organization.id);
  const may = usePowers();
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        Domains
      </Title>
      <Text c="dimmed">
        An address in a proved domain leads to {organization.display_name}, and the company’s identity provider speaks
        for the addresses in it: its people are not asked for a code. The connection has to list the domain, too
        (Connections, Settings, Domains).
      </Text>
      <ListTable
        caption={`Domains of ${organization.display_name}`}
        list={list}
        columns={columnsOf(organization)}
        rowKey={({ id }) => id}
        empty="No domain. People find the organization by links that name it."
      />
      {may('create:organization_discovery_domains') && <AddDomain id={organization.id} />}
    </Stack>
  );
}
