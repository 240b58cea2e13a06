/**
 * The buttons that help with a refusal, the most likely first, as the table of refusals (src/facts/refusals) lists
 * them. A button that the operator's role does not permit is disabled and says why. The server checks the permission
 * again.
 */
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Fix, OperatorWords, Remedy } from '../../../facts/refusals/row.js';
import { api } from '../../api/client';
import { addressOf, type LogLine } from '../../lines/answers';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import { InvitePerson } from './InvitePerson';

/** Returns the button of an action; undefined if the log line lacks data that the action needs. */
type Offer = (line: LogLine, may: (scope: string) => boolean) => ReactNode | undefined;

const NOT_YOURS = 'Your role does not allow this. Ask an owner or support.';

/**
 * A disabled button for an action that the role does not permit. It is shown so that operators know that the action
 * exists.
 */
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
  if (!may('update:users_blocked') && !may('update:users')) return <Withheld verb="Unblock person" />;
  return (
    <ConfirmButton
      verb="Unblock person"
      variant="filled"
      question={`Unblock ${name}?`}
      effect="They can sign in again at once to all organizations that they have access to. Nothing else changes."
      run={() => api.PATCH('/users/{id}', { params: { path: { id } }, body: { blocked: false } })}
      changes={[['people']]}
    />
  );
};

const liftLimits: Offer = (line, may) => {
  const address = addressOf(line);
  if (address === undefined) return undefined;
  if (!may('update:users')) return <Withheld verb="Unblock address" />;
  return (
    <ConfirmButton
      verb="Unblock address"
      variant="filled"
      question={`Unblock ${address}?`}
      effect="Passwords and codes for this address are accepted again at once, from every network. If somebody is guessing, they can continue up to the limit."
      run={() => api.DELETE('/user-blocks', { params: { query: { identifier: address } } })}
      changes={[['people']]}
    />
  );
};

const breakGlass: Offer = ({ user_id, organization_id: id, organization_name, ...line }, may) => {
  if (user_id === undefined || id === undefined) return undefined;
  if (!may('update:organization_members')) return <Withheld verb="Allow password (break-glass)" />;
  return (
    <ConfirmButton
      verb="Allow password (break-glass)"
      variant="filled"
      question={`Allow the password for ${addressOf(line) ?? user_id}?`}
      effect={`This member can sign in to ${organization_name ?? id} with the password, although the company’s sign-in is required there. This stays until you remove break-glass from them.`}
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
  if (!may('create:organization_connections')) return <Withheld verb="Enable connection" />;
  const names = { organization: line.organization_name ?? id, connection: line.connection ?? connection_id };
  return (
    <ConfirmButton
      verb="Enable connection"
      variant="filled"
      question={`Enable ${names.connection} for ${names.organization}?`}
      effect={`Members of ${names.organization} can sign in with this connection. Auto-membership is off, so nobody becomes a member by signing in.`}
      run={() =>
        api.POST('/organizations/{id}/enabled_connections', { params: { path: { id } }, body: { connection_id } })
      }
      changes={[['organizations']]}
    />
  );
};

const unblockOrganization: Offer = ({ organization_id: id, organization_name }, may) => {
  if (id === undefined) return undefined;
  if (!may('update:organizations')) return <Withheld verb="Unblock organization" />;
  return (
    <ConfirmButton
      verb="Unblock organization"
      variant="filled"
      question={`Unblock ${organization_name ?? id}?`}
      effect="All members can sign in again at once."
      run={() => api.PATCH('/organizations/{id}', { params: { path: { id } }, body: { blocked: false } as object })}
      changes={[['organizations']]}
    />
  );
};

const invite: Offer = (line, may) => {
  const address = addressOf(line);
  if (line.organization_id === undefined || address === undefined) return undefined;
  if (!may('create:organization_invitations')) return <Withheld verb="Invite person" />;
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
    user_id === undefined ? undefined : ['Open person', `/people/${encodeURIComponent(user_id)}`],
  organization: ({ organization_id: id }) =>
    id === undefined ? undefined : ['Open organization', `/organizations/${id}`],
  connection: ({ connection_id: id }) => (id === undefined ? undefined : ['Open connection', `/connections/${id}`]),
  application: ({ client_id: id }) => [
    'Open application',
    id === undefined ? '/applications' : `/applications/${encodeURIComponent(id)}`,
  ],
  apis: () => ['Open APIs', '/applications'],
  actions: () => ['Open Actions', '/actions'],
  settings: () => ['Open settings', '/settings'],
};

/**
 * Shows the command that admits a person who came with a member's address. The command moves that member's membership
 * to the identity with which the person came.
 */
function MoveCall({ line }: { readonly line: LogLine }) {
  const { remedy } = line.details ?? {};
  if (remedy?.call === undefined) return null;
  return (
    <div>
      <Text size="sm">
        If you are sure that both are the same person, this call moves the membership to the new identity. You can also
        do this on the person’s page:
      </Text>
      <Code block tabIndex={0}>
        {remedy.command ?? remedy.call}
      </Code>
    </div>
  );
}

export function LogButtons({ line, row }: { readonly line: LogLine; readonly row: OperatorWords | undefined }) {
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
