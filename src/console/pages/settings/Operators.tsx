/**
 * The operators of this server, their second factor, and pending invitations to become one. They are members of an organization like any
 * other (ADR 0062).
 */
import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { useList } from '../../api/list';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { ListTable } from '../../parts/ListTable';
import { MakeForm } from '../../parts/MakeDialog';
import { Moment } from '../../parts/Moment';
import { RoleNote } from '../../parts/RoleNote';
import { useMake } from '../../parts/use-make';
import { type OperatorRole, readServerFacts } from '../../server-facts';
import { useOperator } from '../../session/operator';
import { usePowers } from '../../session/powers';
import { OperatorsFactor } from './OperatorsFactor';

const MEMBERS = ['operators'];
const INVITATIONS = ['operator-invitations'];
const A_PAGE = 50;
const ROLES = ['owner', 'support', 'viewer'] as const;
const path = () => ({ id: readServerFacts().organizationId });

async function readMembers(from: string | undefined) {
  const query = { take: A_PAGE, fields: 'user_id,name,email,roles', ...(from !== undefined && { from }) };
  const { data } = await api.GET('/organizations/{id}/members', { params: { path: path(), query } });
  // On the last page, the API's answer also has a cursor `next`, which leads to an empty page.
  return { items: data.members, next: data.members.length < A_PAGE ? undefined : data.next };
}

async function readInvitations() {
  const { data } = await api.GET('/organizations/{id}/invitations', {
    params: { path: path(), query: { per_page: A_PAGE } },
  });
  return { items: data, next: undefined };
}

function Members() {
  const list = useList(MEMBERS, readMembers);
  const allows = usePowers();
  const { userId } = useOperator();
  return (
    <ListTable
      caption="Operators"
      list={list}
      rowKey={({ user_id: id }) => id}
      empty="No operators"
      columns={[
        {
          name: 'Person',
          cell: ({ user_id: id, name, email }) => (
            <>
              <Text dir="auto">{name ?? email ?? id}</Text>
              <Text size="sm" c="dimmed">
                {email}
                {id === userId && ' · you'}
              </Text>
            </>
          ),
        },
        {
          name: 'Role',
          isPlain: true,
          cell: ({ roles = [] }) => (
            <Group gap={4}>
              {roles.map((role) => (
                <Badge key={role.id} variant="light" autoContrast>
                  {ROLES.find((one) => readServerFacts().roleIds[one] === role.id) ?? role.name}
                </Badge>
              ))}
            </Group>
          ),
        },
        {
          name: 'Remove operator',
          isButtons: true,
          cell: ({ user_id: id, name, email }) =>
            allows('create:client_grants') && (
              <ConfirmButton
                verb="Remove operator"
                question={`Remove ${name ?? email}?`}
                effect={
                  id === userId
                    ? 'You lose access to this console at once. The last owner cannot be removed.'
                    : 'They lose access to this console and the Management API at once, also with existing tokens. Their account stays.'
                }
                danger
                size="xs"
                run={() =>
                  api.DELETE('/organizations/{id}/members', {
                    params: { path: path() },
                    body: { members: [id] },
                  })
                }
                changes={[MEMBERS]}
              />
            ),
        },
      ]}
    />
  );
}

const EFFECTS: Readonly<Record<OperatorRole, string>> = {
  owner: 'can do everything, including managing operators',
  support: 'can view, invite and block people, and check what a sign-in would do',
  viewer: 'can view everything except secrets and links',
};

const FIELDS: FieldsOf<{ readonly email: string; readonly role: OperatorRole }> = {
  email: { kind: 'text', label: 'Email address', at: 'invitee.email', type: 'email', required: true },
  role: { kind: 'select', label: 'Role', alsoAt: ['roles'], start: 'support', data: [...ROLES] },
};

function Invite() {
  const { name } = useOperator();
  const make = useMake({
    fields: FIELDS,
    run: ({ email, role }) => {
      const { clientId, roleIds } = readServerFacts();
      const body = { inviter: { name }, invitee: { email }, client_id: clientId, roles: [roleIds[role]] };
      return api.POST('/organizations/{id}/invitations', { params: { path: path() }, body });
    },
    changes: INVITATIONS,
    clears: true,
  });
  const { role } = make.values;
  return (
    <MakeForm
      make={make}
      verb="Invite operator"
      maw={560}
      beside={
        <Text size="sm" c="dimmed" role="status">
          {make.isSent ? `The invitation was sent to ${make.sent?.email}.` : ''}
        </Text>
      }
    >
      <Group align="end" grow>
        <Fields form={make} />
      </Group>
      <Text size="sm" c="dimmed">
        {role}: {EFFECTS[role]}.
      </Text>
    </MakeForm>
  );
}

function Invitations() {
  const list = useList(INVITATIONS, readInvitations);
  return (
    <ListTable
      caption="Invitations of operators"
      list={list}
      rowKey={({ id }) => id}
      empty="No pending invitations."
      columns={[
        { name: 'Invited', cell: ({ invitee }) => invitee.email ?? '' },
        { name: 'Expires', cell: ({ expires_at: at }) => <Moment at={at} /> },
        {
          name: 'Revoke invitation',
          isButtons: true,
          cell: ({ id, invitee }) => (
            <ConfirmButton
              verb="Revoke invitation"
              question={`Revoke the invitation of ${invitee.email}?`}
              effect="The emailed link stops working."
              size="xs"
              run={() =>
                api.DELETE('/organizations/{id}/invitations/{invitation_id}', {
                  params: { path: { ...path(), invitation_id: id } },
                })
              }
              changes={[INVITATIONS]}
            />
          ),
        },
      ]}
    />
  );
}

export function Operators() {
  const allows = usePowers();
  return (
    <Stack gap="xl">
      <RoleNote scopes={['create:client_grants']} shown="the operators" />
      <Members />
      <OperatorsFactor />
      {/* Only an owner may invite operators or see the links of invitations: everybody who has a link could become an
          operator. */}
      {allows('create:client_grants') && (
        <Stack>
          <Title order={2} size="h4">
            Invitations
          </Title>
          <Invite />
          <Invitations />
        </Stack>
      )}
    </Stack>
  );
}
