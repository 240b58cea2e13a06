/**
 * The actions that help with a refusal, the most likely first, from its row of the table. An action that the operator's
 * role does not permit is shown as not permitted; the server decides.
 */
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Fix, OperatorWords, Remedy } from '../../../facts/refusals/row.js';
import { api } from '../../api/client';
import { addressOf, type LogLine } from '../../lines/answers';
import { Deed } from '../../parts/Deed';
import { usePowers } from '../../session/powers';
import { InvitePerson } from './InvitePerson';

/** Draws the button of an action; undefined where the line lacks what it needs. */
type Offer = (line: LogLine, may: (scope: string) => boolean) => ReactNode | undefined;

const NOT_YOURS = 'Your role does not permit this. Ask an owner or support.';

/** Shown in place of a button, so that nobody looks for it in vain. */
function Withheld({ verb }: { readonly verb: string }) {
  return (
    <Button variant="default" disabled title={NOT_YOURS}>
      {verb}
    </Button>
  );
}

const unblockPerson: Offer = ({ user_id: id, ...line }, may) => {
  if (id === undefined) return undefined;
  const name = addressOf(line) ?? id;
  if (!may('update:users_blocked') && !may('update:users')) return <Withheld verb="Unblock" />;
  return (
    <Deed
      verb="Unblock"
      variant="filled"
      question={`Unblock ${name}?`}
      effect="They can sign in again at once, in every organization that lets them in. Nothing else of them changes."
      run={() => api.PATCH('/users/{id}', { params: { path: { id } }, body: { blocked: false } })}
      changes={[['people']]}
    />
  );
};

const liftLimits: Offer = (line, may) => {
  const address = addressOf(line);
  if (address === undefined) return undefined;
  if (!may('update:users')) return <Withheld verb="Unblock the address" />;
  return (
    <Deed
      verb="Unblock the address"
      variant="filled"
      question={`Take tries for ${address} again?`}
      effect="Passwords and codes for this address are taken again at once, from every network. If somebody is guessing, they may go on guessing, up to the limit."
      run={() => api.DELETE('/user-blocks', { params: { query: { identifier: address } } })}
      changes={[['people']]}
    />
  );
};

const breakGlass: Offer = ({ user_id, organization_id: id, organization_name, ...line }, may) => {
  if (user_id === undefined || id === undefined) return undefined;
  if (!may('update:organization_members')) return <Withheld verb="Let them use the password" />;
  return (
    <Deed
      verb="Let them use the password"
      variant="filled"
      question={`Break-glass for ${addressOf(line) ?? user_id}?`}
      effect={`This one member may sign in to ${organization_name ?? id} with the password, although the company’s sign-in is required there. It stays so until you take it back.`}
      run={() =>
        api.PATCH('/organizations/{id}/members/{user_id}', {
          params: { path: { id, user_id } },
          body: { break_glass: true },
        })
      }
      changes={[['organizations']]}
    />
  );
};

const switchOnConnection: Offer = ({ organization_id: id, connection_id, ...line }, may) => {
  if (id === undefined || connection_id === undefined) return undefined;
  if (!may('create:organization_connections')) return <Withheld verb="Switch on" />;
  const names = { organization: line.organization_name ?? id, connection: line.connection ?? connection_id };
  return (
    <Deed
      verb="Switch on"
      variant="filled"
      question={`Switch on ${names.connection} for ${names.organization}?`}
      effect={`Members of ${names.organization} can sign in this way. Nobody becomes a member by it: auto-membership is off.`}
      run={() =>
        api.POST('/organizations/{id}/enabled_connections', { params: { path: { id } }, body: { connection_id } })
      }
      changes={[['organizations']]}
    />
  );
};

const unblockOrganization: Offer = ({ organization_id: id, organization_name }, may) => {
  if (id === undefined) return undefined;
  if (!may('update:organizations')) return <Withheld verb="Unblock the organization" />;
  return (
    <Deed
      verb="Unblock the organization"
      variant="filled"
      question={`Unblock ${organization_name ?? id}?`}
      effect="All its members can sign in again at once."
      run={() => api.PATCH('/organizations/{id}', { params: { path: { id } }, body: { blocked: false } as object })}
      changes={[['organizations']]}
    />
  );
};

const invite: Offer = (line, may) => {
  const address = addressOf(line);
  if (line.organization_id === undefined || address === undefined) return undefined;
  if (!may('create:organization_invitations')) return <Withheld verb="Invite" />;
  return <InvitePerson organizationId={line.organization_id} address={address} line={line} />;
};

const OFFERS: Readonly<Record<Remedy, Offer>> = {
  invite,
  unblock_person: unblockPerson,
  lift_limits: liftLimits,
  break_glass: breakGlass,
  switch_on_connection: switchOnConnection,
  unblock_organization: unblockOrganization,
};

const PLACES: Readonly<Record<Fix, (line: LogLine) => readonly [name: string, to: string] | undefined>> = {
  person: ({ user_id }) =>
    user_id === undefined ? undefined : ['Open the person', `/people/${encodeURIComponent(user_id)}`],
  organization: ({ organization_id: id }) =>
    id === undefined ? undefined : ['Open the organization', `/organizations/${id}`],
  connection: ({ connection_id: id }) => (id === undefined ? undefined : ['Open the connection', `/connections/${id}`]),
  application: ({ client_id: id }) => [
    'Open the application',
    id === undefined ? '/applications' : `/applications/${encodeURIComponent(id)}`,
  ],
  apis: () => ['Open the APIs', '/applications'],
  actions: () => ['Open the Actions', '/actions'],
  settings: () => ['Open the settings', '/settings'],
};

/**
 * Shows the command that admits a person who came with a member's address: it says whose seat it moves, and where to.
 */
function MoveCall({ line }: { readonly line: LogLine }) {
  const { remedy } = line.details ?? {};
  if (remedy?.call === undefined) return null;
  return (
    <div>
      <Text size="sm">
        If you have made sure that both are one person, this call moves the seat (or move it on the person’s page):
      </Text>
      <Code block tabIndex={0}>
        {remedy.command ?? remedy.call}
      </Code>
    </div>
  );
}

export function Deeds({ line, row }: { readonly line: LogLine; readonly row: OperatorWords | undefined }) {
  const may = usePowers();
  const offered = (row?.remedies ?? []).map((name) => ({ name, shown: OFFERS[name](line, may) }));
  const place = row?.fix === undefined ? undefined : PLACES[row.fix](line);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        {offered.map(({ name, shown }) => shown !== undefined && <div key={name}>{shown}</div>)}
        {place && (
          <Button component={Link} to={place[1]} variant="default">
            {place[0]}
          </Button>
        )}
      </Group>
      <MoveCall line={line} />
    </Stack>
  );
}
