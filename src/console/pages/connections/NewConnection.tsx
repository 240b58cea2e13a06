/**
 * The page that creates a connection: choose the provider, follow its steps, enter the values. On saving, the server
 * checks the provider, and the page shows the result. Offers a set-up link for customers who enter the values
 * themselves.
 */
import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { logoOf } from '../../../facts/provider-logos.js';
import { useOrganizationNames } from '../../parts/organization-names';
import { Page } from '../../parts/Page';
import { NewConnectionForm } from './NewConnectionForm';
import { PROVIDERS, type Provider } from './providers';
import { SetupLink } from './SetupLink';

const route = getRouteApi('/connections/new');
const CRUMBS = [{ to: '/connections', name: 'Connections' }];

/** Renders the picture of a provider. Its name is beside it, so screen readers leave the picture out. */
function Logo({ name }: { readonly name: string }) {
  return (
    <svg viewBox="0 0 24 24" width={24} height={24} aria-hidden style={{ flex: 'none' }}>
      {logoOf(name).map(({ d, fill }) => (
        <path key={d} d={d} fill={fill} fillRule="evenodd" />
      ))}
    </svg>
  );
}

function Choice({ provider }: { readonly provider: Provider }) {
  const { organization } = route.useSearch();
  return (
    <Card withBorder padding="md">
      <Group gap="sm" wrap="nowrap" align="start">
        <Logo name={provider.name} />
        <div>
          <Anchor
            component={Link}
            to="/connections/new"
            search={{ provider: provider.name, ...(organization !== undefined && { organization }) } as never}
            fw={600}
          >
            {provider.title}
          </Anchor>
          <Text size="sm" c="dimmed">
            {provider.hint}
          </Text>
        </div>
      </Group>
    </Card>
  );
}

function Choices() {
  const { organization } = route.useSearch();
  const names = useOrganizationNames(organization);
  return (
    <Page
      title="Add connection"
      crumbs={CRUMBS}
      lead={
        names === undefined
          ? 'Choose where these people sign in today.'
          : `Choose where the people of ${names.display_name ?? names.name} sign in today.`
      }
    >
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {PROVIDERS.map((provider) => (
          <Choice key={provider.name} provider={provider} />
        ))}
      </SimpleGrid>
      <Stack gap="xs" align="start">
        <Title order={2} size="h4">
          Or ask the customer to set it up
        </Title>
        <Text>
          Only your customer can see the values at their provider. Send their administrator a set-up link. They get
          these instructions, enter the values, test the sign-in and turn it on. No secret is sent by email.
        </Text>
        <SetupLink organization={organization} />
      </Stack>
    </Page>
  );
}

export function NewConnection() {
  const { provider: name } = route.useSearch();
  const provider = PROVIDERS.find((one) => one.name === name);
  if (provider === undefined) return <Choices />;
  return (
    <Page title={provider.title} crumbs={[...CRUMBS, { to: '/connections/new', name: 'Add connection' }]}>
      <NewConnectionForm key={provider.name} provider={provider} />
    </Page>
  );
}
