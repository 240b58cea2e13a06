/**
 * The second factors of a person. Resets them for somebody who lost their device, or removes one. Shows no secret: the
 * API's answer has none.
 */
import { Group, List, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../api/client';
import { toNumberedPage, useList } from '../../api/list';
import { tellFactor } from '../../factors/names';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { type AuthenticationMethod, nameOf, type User } from './answers';
import { PersonFrame } from './PersonFrame';
import { personKey } from './queries';

const route = getRouteApi('/people/$userId/factors');
const A_PAGE = 50;

const keyOf = ({ user_id: userId }: User) => [...personKey(userId), 'factors'];
const pathOf = ({ user_id: id }: User) => ({ path: { id } });

const useFactorsOf = (user: User) =>
  useList(keyOf(user), async (from) => {
    const page = Number(from ?? 0);
    const params = { ...pathOf(user), query: { page, per_page: A_PAGE } };
    const { data } = await api.GET('/users/{id}/authentication-methods', { params });
    return toNumberedPage(data, page, A_PAGE);
  });

function Remove({ user, factor }: { readonly user: User; readonly factor: AuthenticationMethod }) {
  const name = tellFactor(factor.type);
  const path = { ...pathOf(user).path, authentication_method_id: factor.id };
  return (
    <ConfirmButton
      verb="Remove factor"
      size="xs"
      danger
      question={`Remove the ${name.toLowerCase()} of ${nameOf(user)}?`}
      effect={
        <Text size="sm">
          It no longer works, and remembered browsers are forgotten. If it was the last factor, the next person with
          their password sets up the next one. They are mailed.
        </Text>
      }
      run={() => api.DELETE('/users/{id}/authentication-methods/{authentication_method_id}', { params: { path } })}
      changes={[keyOf(user)]}
    />
  );
}

const columnsOf = (user: User, mayRemove: boolean): readonly Column<AuthenticationMethod>[] => [
  { name: 'Factor', isPlain: true, cell: ({ type }) => tellFactor(type) },
  { name: 'Name', cell: ({ name, email }) => <span dir="auto">{name ?? email ?? 'none'}</span> },
  { name: 'Added', cell: ({ enrolled_at: at, created_at: created }) => <Moment at={at ?? created} /> },
  { name: 'Last used', cell: ({ last_auth_at: at }) => <Moment at={at} /> },
  ...(mayRemove
    ? [
        {
          name: 'Remove',
          isButtons: true,
          cell: (factor: AuthenticationMethod) => <Remove user={user} factor={factor} />,
        },
      ]
    : []),
];

function Reset({ user }: { readonly user: User }) {
  return (
    <ConfirmButton
      verb="Reset second factors"
      danger
      question={`Reset the second factors of ${nameOf(user)}?`}
      effect={
        <List size="sm" spacing={4}>
          <List.Item>All their factors, passkeys included, stop working. Remembered browsers are forgotten.</List.Item>
          <List.Item>
            The next person with their password sets up the next factor; they are mailed. So first make sure that you
            talk to them, for example by calling a number that you know.
          </List.Item>
          <List.Item>They stay signed in where they are. To end that, revoke their sessions.</List.Item>
        </List>
      }
      run={() => api.DELETE('/users/{id}/authentication-methods', { params: pathOf(user) })}
      changes={[keyOf(user)]}
    />
  );
}

function Forget({ user }: { readonly user: User }) {
  return (
    <ConfirmButton
      verb="Forget remembered browsers"
      question={`Forget the remembered browsers of ${nameOf(user)}?`}
      effect={
        <Text size="sm">
          At the next sign-in they are asked for their second factor in every browser. Their factors stay.
        </Text>
      }
      run={() => api.POST('/users/{id}/multifactor/actions/invalidate-remember-browser', { params: pathOf(user) })}
      changes={[keyOf(user)]}
    />
  );
}

function Factors({ user }: { readonly user: User }) {
  const list = useFactorsOf(user);
  const may = usePowers();
  const mayRemove = may('delete:authentication_methods');
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Second factors
        </Title>
        {list.items.length > 0 && (
          <Group>
            {may('update:users') && <Forget user={user} />}
            {mayRemove && <Reset user={user} />}
          </Group>
        )}
      </Group>
      <ListTable
        caption="Second factors"
        list={list}
        columns={columnsOf(user, mayRemove)}
        rowKey={({ id }) => id}
        empty="No second factor. If a sign-in asks for one, they set it up there."
      />
    </Stack>
  );
}

export function PersonFactors() {
  const { userId } = route.useParams();
  return <PersonFrame userId={userId}>{(user) => <Factors user={user} />}</PersonFrame>;
}
