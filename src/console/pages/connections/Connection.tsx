/** One connection: settings, a check of its provider, certificates, and the addresses to enter at the provider. */
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { WithoutEffectNote } from '../../parts/WithoutEffectNote';
import { Addresses } from './Addresses';
import type { Connection as Shown } from './answers';
import { ConnectionFrame } from './ConnectionFrame';
import { findCertificateEnds } from './certificate';
import { FindingNote } from './FindingNote';
import { MadeByCustomer } from './MadeByCustomer';
import { askProvider } from './queries';
import { SettingsForm } from './SettingsForm';

const route = getRouteApi('/connections/$connectionId');

/**
 * The check of the identity provider. It runs only after a click, since it sends a request to another company's server.
 */
function Answering({ connection }: { readonly connection: Shown }) {
  const ask = useMutation({ mutationFn: () => askProvider(connection.id) });
  const ends = findCertificateEnds(connection.options);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          At the provider
        </Title>
        <Button variant="default" size="xs" loading={ask.isPending} onClick={() => ask.mutate()}>
          Test connection
        </Button>
      </Group>
      {ask.error && <FailureNote error={ask.error} />}
      {ask.data && <FindingNote finding={ask.data} />}
      {ends.map((end) => (
        <Text key={end.toISOString()} size="sm">
          A certificate in these settings expires <Moment at={end.toISOString()} />.
        </Text>
      ))}
      <Addresses
        strategy={connection.strategy}
        name={connection.name}
        entityId={typeof connection.options?.entityId === 'string' ? connection.options.entityId : undefined}
      />
    </Stack>
  );
}

function Parts({ connection }: { readonly connection: Shown }) {
  return (
    <Stack gap="xl">
      <MadeByCustomer connection={connection} />
      <WithoutEffectNote path="/connections" settings={connection} strategy={connection.strategy} />
      {connection.strategy !== 'auth0' && <Answering connection={connection} />}
      {connection.options === undefined ? (
        <Alert variant="light">Your role cannot view these settings.</Alert>
      ) : (
        <SettingsForm key={connection.id} connection={connection} />
      )}
    </Stack>
  );
}

export function Connection() {
  const { connectionId } = route.useParams();
  return (
    <ConnectionFrame connectionId={connectionId}>{(connection) => <Parts connection={connection} />}</ConnectionFrame>
  );
}
