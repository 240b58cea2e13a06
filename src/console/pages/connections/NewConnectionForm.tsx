/** The form for a new connection of one provider: steps at the provider, addresses to copy, values to enter. */
import { Anchor, Button, Card, Group, List, Stack, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { isSaml } from '../../../facts/strategies.js';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
import { useOrganizationNames } from '../../parts/organization-names';
import { Addresses } from './Addresses';
import type { Written } from './answers';
import { ConnectionMade } from './ConnectionMade';
import { isComplete, ProviderForm } from './ProviderForm';
import { proposeNames } from './propose-name';
import type { Provider } from './providers';
import { CONNECTIONS } from './queries';
import { toDomains } from './settings';

const route = getRouteApi('/connections/new');

/** Form of a connection's name, Auth0's rule. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,126}[a-z0-9])?$/i;
const NAME_RULE = 'Use letters, digits and hyphens. It cannot be changed later.';

interface Typed {
  readonly name: string;
  readonly displayName: string;
  /** Domains whose addresses lead to the connection; not for a database connection. */
  readonly domains: string;
  readonly values: Readonly<Record<string, string>>;
}

const EMPTY: Typed = { name: '', displayName: '', domains: '', values: {} };

/** The typed form; names that were not typed are suggested from the organization. */
function useTyped(provider: Provider) {
  const { organization } = route.useSearch();
  const names = useOrganizationNames(organization);
  const [changes, setChanges] = useState<Partial<Typed>>({});
  const typed: Typed = { ...EMPTY, ...proposeNames(provider.name, names), ...changes };
  return { typed, set: (more: Partial<Typed>) => setChanges((now) => ({ ...now, ...more })) };
}

const trimmed = (values: Typed['values']) =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.trim()]));

async function create(provider: Provider, { name, displayName, domains, values }: Typed): Promise<Written> {
  const { data } = await api.POST('/connections', {
    body: {
      name,
      strategy: provider.strategy,
      ...(displayName.trim() !== '' && { display_name: displayName.trim() }),
      options: {
        ...provider.toOptions(trimmed(values)),
        ...(domains.trim() !== '' && { domain_aliases: toDomains(domains) }),
      },
    },
  });
  return data;
}

function Instructions({ provider, name }: { readonly provider: Provider; readonly name: string }) {
  if (provider.instructions.length === 0) return null;
  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h4">
          At the provider
        </Title>
        <List type="ordered" spacing="xs">
          {provider.instructions.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
        <Addresses strategy={provider.strategy} name={name} />
      </Stack>
    </Card>
  );
}

function Fields({
  provider,
  typed,
  set,
}: {
  readonly provider: Provider;
  readonly typed: Typed;
  readonly set: (changes: Partial<Typed>) => void;
}) {
  return (
    <>
      <TextInput
        fills="name"
        label="Name"
        description={NAME_RULE}
        required
        value={typed.name}
        error={typed.name === '' || NAME.test(typed.name) ? undefined : NAME_RULE}
        onChange={(event) => set({ name: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        fills="display_name"
        label="Display name"
        description="Shown on the sign-in page, as in “Continue with Acme”."
        value={typed.displayName}
        onChange={(event) => set({ displayName: event.currentTarget.value })}
        autoComplete="off"
        dir="auto"
      />
      {provider.instructions.length > 0 && (
        <TextInput
          fills="options.domain_aliases"
          label="Domains"
          description="People with an email address in one of these domains are sent to this connection. Separate with commas, for example acme.example, acme.test."
          value={typed.domains}
          onChange={(event) => set({ domains: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <ProviderForm
        fields={provider.fields}
        typed={typed.values}
        onChange={(name, text) => set({ values: { ...typed.values, [name]: text } })}
      />
    </>
  );
}

function isReady(provider: Provider, { name, values }: Typed): boolean {
  if (!NAME.test(name) || !isComplete(provider.fields, values)) return false;
  return !isSaml(provider.strategy) || Boolean(values.metadataUrl?.trim() || values.metadataXml?.trim());
}

export function NewConnectionForm({ provider }: { readonly provider: Provider }) {
  const { provider: _chosen, ...others } = route.useSearch();
  const { typed, set } = useTyped(provider);
  const request = useMutation({
    mutationFn: () => create(provider, typed),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: CONNECTIONS }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  if (request.data !== undefined) return <ConnectionMade written={request.data} />;
  return (
    <Stack gap="lg" maw={720}>
      <Instructions provider={provider} name={typed.name} />
      <Refusals error={request.error}>
        <form onSubmit={send}>
          <Stack>
            {provider.instructions.length > 0 && (
              <Title order={2} size="h4">
                In this console
              </Title>
            )}
            <Fields provider={provider} typed={typed} set={set} />
            {request.error && <FailureNote error={request.error} />}
            <Group>
              <Button type="submit" loading={request.isPending} disabled={!isReady(provider, typed)}>
                {provider.fields.length === 0 ? 'Create connection' : 'Test and save'}
              </Button>
              <Anchor component={Link} to="/connections/new" search={others as never} size="sm">
                Choose another provider
              </Anchor>
            </Group>
          </Stack>
        </form>
      </Refusals>
    </Stack>
  );
}
