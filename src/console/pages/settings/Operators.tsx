/**
 * The operators of this server, and pending invitations to become one. They are members of an organization like any
 * other (ADR 0062).
 */
import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useList } from '../../api/list';
import { queryClient } from '../../api/query';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, Select, TextInput } from '../../parts/inputs';
import { ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { RoleNote } from '../../parts/RoleNote';
import { type OperatorRole, readServerFacts } from '../../server-facts';
import { useOperator } from '../../session/operator';
import { usePowers } from '../../session/powers';

const MEMBERS = ['operators'];
const INVITATIONS = ['operator-invitations'];
const A_PAGE = 50;
const ROLES = ['owner', 'support', 'viewer'] as const;
const path = () => ({ id: readServerFacts().organizationId });

async function readMembers(from: string | undefined) {
  const query = { take: A_PAGE, fields: 'user_id,name,email,roles', ...(from !== undefined && { from }) };
  const { data } = await api.GET('/organizations/{id}/members', { params: { path: path(), query } });
  // The API's last page has a cursor `next`, too.
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

function Invite() {
  const { name } = useOperator();
  const form = useForm({ initialValues: { email: '', role: 'support' as OperatorRole } });
  const inviting = useMutation({
    mutationFn: ({ email, role }: { email: string; role: OperatorRole }) => {
      const { clientId, roleIds } = readServerFacts();
      const body = { inviter: { name }, invitee: { email }, client_id: clientId, roles: [roleIds[role]] };
      return api.POST('/organizations/{id}/invitations', { params: { path: path() }, body });
    },
    onSuccess: async () => {
      form.reset();
      await queryClient.invalidateQueries({ queryKey: INVITATIONS });
    },
  });
  return (
    <Refusals error={inviting.error}>
      <form onSubmit={form.onSubmit((values) => inviting.mutate(values))}>
        <Stack maw={560}>
          <Group align="end" grow>
            <TextInput
              fills="invitee.email"
              label="Email address"
              type="email"
              required
              {...form.getInputProps('email')}
            />
            <Select
              fills="roles"
              label="Role"
              allowDeselect={false}
              data={[...ROLES]}
              {...form.getInputProps('role')}
            />
          </Group>
          <Text size="sm" c="dimmed">
            {form.values.role}: {EFFECTS[form.values.role]}.
          </Text>
          {inviting.error && <FailureNote error={inviting.error} />}
          <Group>
            <Button type="submit" loading={inviting.isPending}>
              Invite operator
            </Button>
            <Text size="sm" c="dimmed" role="status">
              {inviting.isSuccess ? `The invitation was sent to ${inviting.variables.email}.` : ''}
            </Text>
          </Group>
        </Stack>
      </form>
    </Refusals>
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
      {/* Only an owner may make operators, or see the links that make them: others could become one. */}
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
