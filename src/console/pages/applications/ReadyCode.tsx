/** Code for this application, with its values, to be copied. Holds no secret, and says what was tried and what was not. */
import { Alert, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Copy } from '../../parts/CopyText';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client } from './answers';
import { isKit, KIT_IDS, KITS, type KitId, kitFor } from './ready-code';
import { sayKind } from './words';

function CodeFile({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <Paper withBorder component="section" aria-label={name} style={{ overflow: 'hidden' }}>
      <Group
        justify="space-between"
        px="md"
        py={4}
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      >
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Copy text={text} name={name} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are read by scrolling, by keyboard too. */}
      <pre tabIndex={0} dir="ltr" style={{ margin: 0, padding: 16, overflowX: 'auto', fontSize: 13 }}>
        {text}
      </pre>
    </Paper>
  );
}

/** The first callback that is there; the library's own on this machine where there is none. */
const callbackOf = (client: Client, kit: KitId): string =>
  client.callbacks?.find((url) => URL.canParse(url)) ?? `http://localhost:3000${KITS[kit].callbackPath}`;

function Advice({ client, kit }: { readonly client: Client; readonly kit: KitId }) {
  const { kinds, name, callbackPath } = KITS[kit];
  const callback = callbackOf(client, kit);
  if (!kinds.some((kind) => kind === client.app_type))
    return (
      <Alert color="yellow" variant="light" title="Made for another kind of application">
        This is a “{sayKind(client.app_type)}”; {name} is for a “{sayKind(kinds[0])}”.
      </Alert>
    );
  if (client.callbacks?.includes(callback) !== true)
    return (
      <Alert color="yellow" variant="light" title="No callback address yet">
        Add {callback} to the callback addresses in the settings, or sign-ins are refused.
      </Alert>
    );
  if (kit === 'nextjs' && new URL(callback).pathname !== callbackPath)
    return (
      <Alert color="yellow" variant="light" title="Another callback">
        Next.js comes back to {new URL(callback).origin}
        {callbackPath}: add it to the callback addresses in the settings.
      </Alert>
    );
  return null;
}

function Body({ client }: { readonly client: Client }) {
  const { kit = kitFor(client.app_type) } = useSearch({ from: '/applications/$clientId/code' });
  const navigate = useNavigate();
  const { commands, files, tried } = KITS[kit];
  const facts = { origin: window.location.origin, clientId: client.client_id, callback: callbackOf(client, kit) };
  const choose = (value: string) => {
    if (isKit(value))
      void navigate({
        to: '/applications/$clientId/code',
        params: { clientId: client.client_id },
        search: { kit: value },
      });
  };
  if (client.app_type === 'non_interactive')
    return (
      <Text>Nobody signs in to a machine: it asks POST /oauth/token for tokens with its client ID and secret.</Text>
    );
  return (
    <Stack maw={860}>
      <SegmentedControl
        aria-label="Library"
        data={KIT_IDS.map((id) => ({ value: id, label: KITS[id].name }))}
        value={kit}
        onChange={choose}
        style={{ alignSelf: 'start' }}
      />
      <Advice client={client} kit={kit} />
      <CodeFile name="Install and start" text={commands(facts)} />
      {files(facts).map((file) => (
        <CodeFile key={file.name} {...file} />
      ))}
      <Text size="sm" c="dimmed">
        {tried} The secret is on the page of its credentials; it is not part of this code.
      </Text>
    </Stack>
  );
}

export function ReadyCode() {
  return <ApplicationFrame>{(client) => <Body client={client} />}</ApplicationFrame>;
}
