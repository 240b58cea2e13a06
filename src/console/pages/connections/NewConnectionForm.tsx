/** The form for a new connection of one provider: steps at the provider, addresses to copy, values to enter. */
import { Anchor, Card, List, Stack, Title } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isSaml } from '../../../facts/strategies.js';
import { api } from '../../api/client';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { MakeForm } from '../../parts/MakeDialog';
import { useOrganizationNames } from '../../parts/organization-names';
import { useMake } from '../../parts/use-make';
import { Addresses } from './Addresses';
import type { Written } from './answers';
import { ConnectionMade } from './ConnectionMade';
import { proposeNames } from './propose-name';
import { isComplete, toFields } from './provider-fields';
import type { Provider } from './providers';
import { CONNECTIONS } from './queries';
import { toDomains } from './settings';

const route = getRouteApi('/connections/new');

/** Form of a connection's name, Auth0's rule. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,126}[a-z0-9])?$/i;
const NAME_RULE = 'Use letters, digits and hyphens. It cannot be changed later.';

/**
 * The values of the form: those of the provider's fields, and the following ones. A name is undefined until it is
 * typed.
 */
interface Typed extends Readonly<Record<string, string | undefined>> {
  readonly name: string | undefined;
  readonly display_name: string | undefined;
  /** Domains whose addresses lead to the connection; not for a database connection. */
  readonly domains: string;
}

const isNamed = (name: string | undefined): name is string => name !== undefined && NAME.test(name);

const fieldsOf = (provider: Provider): FieldsOf<Typed> => ({
  ...(toFields(provider.fields) as FieldsOf<Typed>),
  name: {
    kind: 'text',
    label: 'Name',
    description: NAME_RULE,
    check: (name) => (name === undefined || name === '' || isNamed(name) ? undefined : NAME_RULE),
    required: true,
    autoComplete: 'off',
    spellCheck: false,
  },
  display_name: {
    kind: 'text',
    label: 'Display name',
    description: 'Shown on the sign-in page, as in “Continue with Acme”.',
    autoComplete: 'off',
    dir: 'auto',
  },
  domains: {
    kind: 'text',
    label: 'Domains',
    alsoAt: ['options.domain_aliases'],
    description:
      'People with an email address in one of these domains are sent to this connection (home realm discovery, HRD). Separate with commas, for example acme.example, acme.test.',
    isShown: () => provider.instructions.length > 0,
    autoComplete: 'off',
    spellCheck: false,
  },
});

async function create(
  provider: Provider,
  { name = '', display_name = '', domains, ...values }: Typed,
): Promise<Written> {
  const typed = Object.entries(values).map(([field, text = '']) => [field, text.trim()]);
  const { data } = await api.POST('/connections', {
    body: {
      name,
      strategy: provider.strategy,
      ...(display_name.trim() !== '' && { display_name: display_name.trim() }),
      options: {
        ...provider.toOptions(Object.fromEntries(typed)),
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

function isReady(provider: Provider, { name, ...values }: Typed): boolean {
  if (!isNamed(name) || !isComplete(provider.fields, values)) return false;
  return !isSaml(provider.strategy) || Boolean(values.metadataUrl?.trim() || values.metadataXml?.trim());
}

/** Returns the form's state. If the operator types no names, those proposed from the organization are used. */
function useTyped(provider: Provider) {
  const { organization } = route.useSearch();
  const proposed = proposeNames(provider.name, useOrganizationNames(organization));
  const complete = (typed: Typed): Typed => ({
    ...typed,
    name: typed.name ?? proposed.name ?? '',
    display_name: typed.display_name ?? proposed.displayName ?? '',
  });
  const make = useMake<Typed, Written>({
    fields: fieldsOf(provider),
    start: { name: undefined, display_name: undefined },
    run: (typed) => create(provider, complete(typed)),
    changes: CONNECTIONS,
  });
  return { ...make, values: complete(make.values) };
}

export function NewConnectionForm({ provider }: { readonly provider: Provider }) {
  const { provider: _chosen, ...others } = route.useSearch();
  const make = useTyped(provider);
  if (make.made !== undefined) return <ConnectionMade written={make.made} />;
  return (
    <Stack gap="lg" maw={720}>
      <Instructions provider={provider} name={make.values.name ?? ''} />
      <MakeForm
        make={make}
        verb={provider.fields.length === 0 ? 'Create connection' : 'Test and save'}
        isBarred={!isReady(provider, make.values)}
        beside={
          <Anchor component={Link} to="/connections/new" search={others as never} size="sm">
            Choose another provider
          </Anchor>
        }
      >
        {provider.instructions.length > 0 && (
          <Title order={2} size="h4">
            In this console
          </Title>
        )}
        <Fields form={make} names={['name', 'display_name', 'domains', ...provider.fields.map(({ name }) => name)]} />
      </MakeForm>
    </Stack>
  );
}
