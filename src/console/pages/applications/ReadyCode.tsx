/**
 * The page with code for this application, to copy. The code contains the application's values but no secret. The page
 * names the versions with which the code was tested.
 */
import { Alert, Anchor, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { RECIPES_PAGE, toHelp } from '../../help-pages';
import { CopyText } from '../../parts/CopyText';
import { Facts } from '../../parts/Facts';
import { ApplicationFrame } from './ApplicationFrame';
import type { Client } from './answers';
import { CodeAddresses } from './CodeAddresses';
import { CodeFile } from './CodeFile';
import { isKit, type KitId } from './kits/ids';
import type { CodeFacts, Kit } from './kits/kit';
import { useGrants } from './queries';
import { chooseFacts, KITS, kitsFor } from './ready-code';
import { sayKind } from './words';

function Advice({ client, kit, facts }: { readonly client: Client; readonly kit: Kit; readonly facts: CodeFacts }) {
  const addresses = kit.addresses(facts);
  if (client.app_type !== undefined && !kit.kinds.some((one) => one === client.app_type))
    return (
      <Alert color="yellow" variant="light" title="Different type of application">
        This is a “{sayKind(client.app_type)}”; {kit.name} is for a “{sayKind(kit.kinds[0])}”.
      </Alert>
    );
  return addresses === undefined ? null : <CodeAddresses client={client} addresses={addresses} />;
}

/** Shows the values to enter into any other library, and explains the parameters of requests and of refusals. */
function Parameters({ kit, facts }: { readonly kit: Kit; readonly facts: CodeFacts }) {
  return (
    <>
      <Facts
        facts={kit.values(facts).map(([name, value]) => [name, <CopyText key={name} text={value} name={name} />])}
      />
      <Text size="sm">
        Pass the parameters <code>organization</code> and <code>invitation</code> from the sign-in start address to the
        authorization endpoint. The ID token says in <code>org_id</code> which organization the person signed in to. A
        refusal returns <code>error</code>, <code>error_description</code>, and <code>error_reference</code>, which the
        person can quote.
      </Text>
      <Text size="sm">
        <Anchor href={toHelp(RECIPES_PAGE)} target="_blank" rel="noopener">
          Recipes
        </Anchor>{' '}
        show how Auth.js, better-auth, passport, oauth2-proxy, go-oidc, Django, Spring, and Apache do this.
      </Text>
    </>
  );
}

function Code({ kit, facts }: { readonly kit: Kit; readonly facts: CodeFacts }) {
  const [install, start] = [kit.install(facts), kit.start(facts)];
  return (
    <>
      {install !== '' && <CodeFile name="Install" text={install} />}
      {kit.files(facts).map((file) => (
        <CodeFile key={file.name} {...file} />
      ))}
      {start !== '' && <CodeFile name="Start" text={start} />}
      <Text size="sm" c="dimmed">
        Tested as shown with {kit.tried}. The secret is not part of this code. You find it under{' '}
        <Anchor component={Link} to={`/applications/${encodeURIComponent(facts.clientId)}/credentials`}>
          credentials
        </Anchor>
        .
      </Text>
    </>
  );
}

function Choice({ client, id }: { readonly client: Client; readonly id: KitId }) {
  const navigate = useNavigate();
  const choose = (value: string) => {
    if (isKit(value))
      void navigate({
        to: '/applications/$clientId/code',
        params: { clientId: client.client_id },
        search: { kit: value },
      });
  };
  const offered = kitsFor(client.app_type);
  const ids = offered.includes(id) ? offered : [...offered, id];
  if (ids.length === 1) return null;
  return (
    <SegmentedControl
      aria-label="Library"
      data={ids.map((value) => ({ value, label: KITS[value].name }))}
      value={id}
      onChange={choose}
      style={{ alignSelf: 'start' }}
    />
  );
}

function Body({ client }: { readonly client: Client }) {
  const { kit: id = kitsFor(client.app_type)[0] } = useSearch({ from: '/applications/$clientId/code' });
  const { items, isLoading, error } = useGrants({ client_id: client.client_id }, id === 'machine');
  const kit: Kit = KITS[id];
  const grant = items.find(({ subject_type: subject }) => subject !== 'user');
  const facts = chooseFacts(client, { kit, origin: window.location.origin, audience: grant?.audience });
  return (
    <Stack maw={860}>
      <Choice client={client} id={id} />
      <Advice client={client} kit={kit} facts={facts} />
      {id === 'machine' && grant === undefined && !isLoading && error === null && (
        <Text size="sm">The application has no access to an API yet. Add access under “Connections and APIs”.</Text>
      )}
      {id === 'any' ? <Parameters kit={kit} facts={facts} /> : <Code kit={kit} facts={facts} />}
    </Stack>
  );
}

export function ReadyCode() {
  return <ApplicationFrame>{(client) => <Body client={client} />}</ApplicationFrame>;
}
