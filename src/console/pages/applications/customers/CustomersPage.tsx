/**
 * The page that lets customers manage their organization inside an application: its state, one form that makes all
 * parts, and the button that takes them away.
 */
import { Alert, Anchor, Badge, Group, List, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toHelp } from '../../../help-pages';
import { ConfirmButton } from '../../../parts/ConfirmButton';
import { LastButton, LastButtons } from '../../../parts/LastButtons';
import { Loaded } from '../../../parts/Loaded';
import { RoleNote } from '../../../parts/RoleNote';
import { usePowers } from '../../../session/powers';
import { ApplicationFrame } from '../ApplicationFrame';
import type { Client } from '../answers';
import { CustomersForm } from './CustomersForm';
import { FailedPart } from './FailedPart';
import { findPartial } from './scope-groups';
import { originsOf, type Parts, type State, tellState } from './state';
import { partsKey, readParts, refresh, switchOff } from './switch';

const BADGES = {
  on: { color: 'teal', says: 'On' },
  half: { color: 'yellow', says: 'Incomplete' },
  off: { color: 'gray', says: 'Off' },
} as const;

function Intro({ state }: { readonly state: State }) {
  const { color, says } = BADGES[state.is];
  return (
    <>
      <Group gap="sm">
        <Title order={2} size="h4" id="customers">
          Customers manage their organization
        </Title>
        <Badge variant="light" color={color}>
          {says}
        </Badge>
      </Group>
      <Text>
        The administrators of a customer change their own organization inside this application, with the permissions of
        their roles, and never another customer’s.
      </Text>
    </>
  );
}

/** Says which parts are missing, and what the operator repairs elsewhere. */
function Lacking({ state, client }: { readonly state: State; readonly client: Client }) {
  const { missing, others } = state;
  if (missing.length + others.length === 0) return null;
  return (
    <Alert
      variant="light"
      color="yellow"
      title={state.is === 'off' ? 'Change this first, or it has no effect' : 'It does not work yet'}
    >
      <List size="sm" spacing="xs">
        {missing.map((words) => (
          <List.Item key={words}>Missing: {words}. The button below adds it.</List.Item>
        ))}
        {others.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      {others.length > 0 && (
        <Anchor c="inherit" size="sm" component={Link} to={`/applications/${encodeURIComponent(client.client_id)}`}>
          Settings of the application
        </Anchor>
      )}
    </Alert>
  );
}

/** Names the steps that are done elsewhere: a role, and the origins of browsers. */
function Besides({ parts }: { readonly parts: Parts }) {
  const { client, api, grant } = parts;
  const origins = originsOf(client);
  const partial = findPartial(
    (api?.scopes ?? []).map(({ value }) => value),
    grant?.scope ?? [],
  );
  return (
    <Stack gap="sm" component="section" aria-labelledby="besides">
      <Title order={3} size="h5" id="besides">
        What else it needs
      </Title>
      <List size="sm" spacing="xs">
        <List.Item>
          <b>A role.</b> Only members whose role has these permissions may change anything.{' '}
          <Anchor component={Link} to="/applications/roles" inherit>
            Create a role for customer administrators
          </Anchor>
          , then give it to the first administrator of each customer.
        </List.Item>
        <List.Item>
          <b>Browsers.</b>{' '}
          {origins.length === 0
            ? 'No browser may call the API: the application has no allowed origins and no callback addresses.'
            : 'Scripts in a browser may call the API from the allowed origins and callbacks of this application: '}
          <span dir="ltr">{origins.join(', ')}</span>
        </List.Item>
        {partial.length > 0 && (
          <List.Item>
            <b>Some permissions only.</b> Somebody gave this application a part of these: {partial.join(', ')}. If you
            save the form, it gets all permissions of the parts that you choose.
          </List.Item>
        )}
      </List>
    </Stack>
  );
}

function Off({ parts }: { readonly parts: Parts }) {
  const { name } = parts.client;
  return (
    <LastButtons>
      <LastButton says="Customers can then change nothing inside this application. What they set up stays.">
        <ConfirmButton
          verb="Switch off"
          question={`Switch it off for ${name}?`}
          effect={
            <List spacing="xs">
              <List.Item>
                Administrators of customers can change nothing through {name}, from now on: tokens that they have stop
                working at once.
              </List.Item>
              <List.Item>
                What they set up stays: domains, identity providers, members, roles. So do their sign-ins.
              </List.Item>
              <List.Item>
                Your choice of identity providers stays for the next time, with profiles that were chosen elsewhere.
                What customers may do is chosen again.
              </List.Item>
              <List.Item>Other applications keep their access.</List.Item>
            </List>
          }
          danger
          // Reads the parts again after a failure too: the next try makes only what is missing.
          run={() => switchOff(parts).finally(refresh)}
          failure={(error) => <FailedPart error={error} again="Switch off" />}
          changes={[]}
        />
      </LastButton>
    </LastButtons>
  );
}

const FOR_ON = ['create:resource_servers', 'create:client_grants', 'update:client_grants', 'update:clients'] as const;

function Panel({ parts }: { readonly parts: Parts }) {
  const may = usePowers();
  const state = tellState(parts);
  const mayChange = FOR_ON.every(may);
  return (
    <Stack gap="lg" maw={720} component="section" aria-labelledby="customers">
      <Intro state={state} />
      <Lacking state={state} client={parts.client} />
      {!mayChange && <RoleNote scopes={['create:resource_servers']} />}
      <CustomersForm parts={parts} state={state} isLocked={!mayChange} />
      <Besides parts={parts} />
      <Anchor size="sm" href={toHelp('guides/set-up-by-customer.md')} target="_blank" rel="noopener">
        How customers use it, and what they can never do
      </Anchor>
      {state.is !== 'off' && may('delete:client_grants') && <Off parts={parts} />}
    </Stack>
  );
}

function Body({ client }: { readonly client: Client }) {
  const id = client.client_id;
  const parts = useQuery({ queryKey: partsKey(id), queryFn: () => readParts(id) });
  return <Loaded query={parts}>{(found) => <Panel parts={found} />}</Loaded>;
}

export function CustomersPage() {
  return <ApplicationFrame>{(client) => <Body key={client.client_id} client={client} />}</ApplicationFrame>;
}
