/**
 * The page after a connection was created: the provider's answer, and the next step. Unless the provider answered
 * correctly, the first button leads to the settings, since nobody can sign in yet.
 */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import type { Written } from './answers';
import { WriteNotes } from './FindingNote';

const route = getRouteApi('/connections/new');

interface NextProps {
  readonly connectionId: string;
  readonly isPrimary: boolean;
}

/**
 * A button that enables the connection for the organization, with the defaults of the organization's page: nobody
 * becomes a member by signing in.
 */
function Enable({ organization, connectionId, isPrimary }: NextProps & { readonly organization: string }) {
  const navigate = useNavigate();
  const enabling = useMutation({
    mutationFn: () =>
      api.POST('/organizations/{id}/enabled_connections', {
        params: { path: { id: organization } },
        body: { connection_id: connectionId, assign_membership_on_login: false },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      await navigate({ to: `/organizations/${organization}/connections` });
    },
  });
  return (
    <>
      {enabling.error && <FailureNote error={enabling.error} />}
      <Button variant={isPrimary ? 'filled' : 'default'} loading={enabling.isPending} onClick={() => enabling.mutate()}>
        Enable for the organization
      </Button>
    </>
  );
}

function Next({ connectionId, isPrimary }: NextProps) {
  const { organization } = route.useSearch();
  if (organization !== undefined)
    return <Enable organization={organization} connectionId={connectionId} isPrimary={isPrimary} />;
  return (
    <Button component={Link} to="/organizations" variant={isPrimary ? 'filled' : 'default'}>
      Choose an organization
    </Button>
  );
}

export function ConnectionMade({ written }: { readonly written: Written }) {
  const answers = written.discovery === undefined || written.discovery.status === 'ok';
  const next = <Next key="next" connectionId={written.id} isPrimary={answers} />;
  const settings = (
    <Button key="settings" component={Link} to={`/connections/${written.id}`} variant={answers ? 'default' : 'filled'}>
      {answers ? 'Open connection' : 'Correct settings'}
    </Button>
  );
  return (
    <Stack>
      <WriteNotes written={written} />
      <Text>
        The connection was created, but nobody can sign in with it yet. Enable it for an organization, so that its
        members and invited people can use it.
      </Text>
      <Group>{answers ? [next, settings] : [settings, next]}</Group>
    </Stack>
  );
}
