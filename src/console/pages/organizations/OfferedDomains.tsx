/**
 * The domains that are in the settings of an organization's connections, but not in its own list. Only a verified
 * domain lets the company vouch for addresses, so each is offered with one click. Several organizations may share a
 * connection, so a domain may be another's. Renders nothing if there are none.
 */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation, useQueries } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import type { Domain, Organization } from './answers';
import { domainsKey, useEnablements } from './queries';

/** Maximum number of connections whose settings are read. An organization seldom has more than two. */
const MOST_CONNECTIONS = 5;

interface Typed {
  readonly domain: string;
  readonly connection: string;
}

/** Reads the domains in a connection's settings. Drops all other settings at once. */
async function readTyped(id: string): Promise<readonly Typed[]> {
  const query = { fields: 'name,options', include_fields: true };
  const { data } = await api.GET('/connections/{id}', { params: { path: { id }, query } });
  const domains = data.options?.domain_aliases;
  const texts = Array.isArray(domains) ? domains.filter((one) => typeof one === 'string') : [];
  return texts.map((domain) => ({ domain: domain.toLowerCase(), connection: data.name }));
}

/** Returns the typed domains that the organization does not have yet, each once. */
function useOffered(id: string, known: readonly Domain[]): readonly Typed[] {
  const mayRead = usePowers()('read:connections');
  const enablements = useEnablements(id).items.filter(({ connection }) => connection.strategy !== 'auth0');
  const answers = useQueries({
    queries: enablements.slice(0, MOST_CONNECTIONS).map(({ connection_id: connectionId }) => ({
      queryKey: ['connections', connectionId, 'typed-domains'],
      queryFn: () => readTyped(connectionId),
      enabled: mayRead,
      retry: false,
    })),
  });
  const names = new Set(known.map(({ domain }) => domain));
  const offered = new Map<string, Typed>();
  for (const typed of answers.flatMap(({ data = [] }) => data))
    if (!names.has(typed.domain) && !offered.has(typed.domain)) offered.set(typed.domain, typed);
  return [...offered.values()];
}

export interface OfferedDomainsProps {
  readonly organization: Organization;
  /** All domains of the organization. */
  readonly known: readonly Domain[];
}

export function OfferedDomains({ organization: { id, display_name: title }, known }: OfferedDomainsProps) {
  const offered = useOffered(id, known);
  const adding = useMutation({
    mutationFn: (domain: string) =>
      api.POST('/organizations/{id}/discovery-domains', { params: { path: { id } }, body: { domain } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: domainsKey(id) }),
  });
  if (offered.length === 0) return null;
  return (
    <Alert variant="light" title={`Not a domain of ${title} yet`}>
      {offered.map(({ domain, connection }) => (
        <Group key={domain} justify="space-between" gap="sm" mb={4}>
          <Text size="sm">
            <b>{domain}</b> is in the settings of {connection}. Add it only if it belongs to {title}. The company can
            verify it then.
          </Text>
          <Button
            size="xs"
            variant="default"
            loading={adding.isPending && adding.variables === domain}
            onClick={() => adding.mutate(domain)}
          >
            Add {domain}
          </Button>
        </Group>
      ))}
      {adding.error && <FailureNote error={adding.error} />}
    </Alert>
  );
}
