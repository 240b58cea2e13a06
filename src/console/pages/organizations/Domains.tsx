/**
 * The domains of an organization: which of them lead people to it, which it has proved, and what the last check of the
 * DNS record found.
 */
import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { CopyText } from '../../parts/CopyText';
import { FailureNote } from '../../parts/FailureNote';
import type { FieldsOf } from '../../parts/form-fields';
import { type Column, ListTable } from '../../parts/ListTable';
import { MakeForm } from '../../parts/MakeDialog';
import { Moment } from '../../parts/Moment';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import type { Domain, Organization } from './answers';
import { OfferedDomains } from './OfferedDomains';
import { domainsKey, useDomains } from './queries';

function Proof({ domain }: { readonly domain: Domain }) {
  if (domain.status === 'verified')
    return (
      <Stack gap={4}>
        <Group gap={6}>
          <Badge variant="light" color="green">
            Verified
          </Badge>
          <Text size="sm">{domain.proof === 'dns' ? 'by a DNS record' : 'by an operator'}</Text>
        </Group>
        {domain.proof === 'dns' && (
          <Text size="sm">
            record last seen <Moment at={domain.checked_at} />, valid until <Moment at={domain.expires_at} />
          </Text>
        )}
        {domain.check && <Text size="sm">{domain.check.message}</Text>}
      </Stack>
    );
  return (
    <Stack gap={4}>
      <Badge variant="light" color="yellow">
        Not verified
      </Badge>
      <Text size="sm">To verify the domain, the company adds this TXT record. Name:</Text>
      <CopyText text={domain.verification_host} name="the name of the record" />
      <Text size="sm">Value:</Text>
      <CopyText text={domain.verification_txt} name="the value of the record" />
      {domain.check && <Text size="sm">{domain.check.message}</Text>}
    </Stack>
  );
}

function DomainButtons({ organization, domain }: { readonly organization: Organization; readonly domain: Domain }) {
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
            Check record
          </Button>
        )}
        {may('update:organization_discovery_domains') && domain.status === 'pending' && (
          <ConfirmButton
            size="xs"
            verb="Mark as verified"
            question={`Mark ${domain.domain} as verified?`}
            effect={`The identity provider of ${organization.display_name} will be trusted for every email address in ${domain.domain}. Do this only if you know that the company owns the domain. A DNS record is safer, because it is checked regularly.`}
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
          <ConfirmButton
            size="xs"
            verb="Remove domain"
            question={`Remove ${domain.domain}?`}
            effect={
              domain.status === 'verified'
                ? `Addresses in ${domain.domain} no longer lead to ${organization.display_name}, and the domain is no longer verified. People may have to verify that an existing account is theirs before it is linked to the company’s sign-in.`
                : `Addresses in ${domain.domain} no longer lead to ${organization.display_name}.`
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
  if (!leads) return 'does not lead to this organization';
  return status === 'verified' ? 'leads to this organization' : 'leads to this organization once verified';
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
    name: 'Verification',
    isPlain: true,
    cell: (domain) => <Proof domain={domain} />,
  },
  {
    name: 'Manage domain',
    isButtons: true,
    cell: (domain) => <DomainButtons organization={organization} domain={domain} />,
  },
];

const FIELDS: FieldsOf<{ readonly domain: string }> = {
  domain: { kind: 'text', label: 'New domain', placeholder: 'acme.example', spellCheck: false, required: true },
};

function AddDomain({ id }: { readonly id: string }) {
  const make = useMake({
    fields: FIELDS,
    run: ({ domain }) =>
      api.POST('/organizations/{id}/discovery-domains', { params: { path: { id } }, body: { domain: domain.trim() } }),
    changes: domainsKey(id),
    clears: true,
  });
  return <MakeForm make={make} verb="Add domain" isInline />;
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
        Email addresses in a verified domain lead to {organization.display_name}. The company’s identity provider is
        trusted for these addresses, so people are not asked for a code. Also add the domain to the connection’s
        settings.
      </Text>
      <ListTable
        caption={`Domains of ${organization.display_name}`}
        list={list}
        columns={columnsOf(organization)}
        rowKey={({ id }) => id}
        empty="No domains yet. People reach the organization only through links that name it."
      />
      {may('create:organization_discovery_domains') && !list.isLoading && !list.hasMore && (
        <OfferedDomains organization={organization} known={list.items} />
      )}
      {may('create:organization_discovery_domains') && <AddDomain id={organization.id} />}
    </Stack>
  );
}
