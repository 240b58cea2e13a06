/** Enables a connection for an organization, with the careful settings: nobody becomes a member by signing in, passwords go on. */
import { Anchor, Button, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { sayStrategy } from '../../parts/strategy-words';
import type { Organization } from './answers';
import { enablementsKey, useConnections } from './queries';

export interface EnableConnectionProps {
  readonly organization: Organization;
  /** Ids of those that it has already. */
  readonly taken: ReadonlySet<string>;
}

function Form({ organization, taken, onDone }: EnableConnectionProps & { readonly onDone: () => void }) {
  const { id, display_name: title } = organization;
  const { data: all = [], error, isFetching } = useConnections();
  const [wanted, setWanted] = useState<string | null>(null);
  const enabling = useMutation({
    mutationFn: (connectionId: string) =>
      api.POST('/organizations/{id}/enabled_connections', {
        params: { path: { id } },
        body: { connection_id: connectionId, assign_membership_on_login: false },
      }),
    onSuccess: async () => {
      onDone();
      await queryClient.invalidateQueries({ queryKey: enablementsKey(id) });
    },
  });
  const free = all.filter((connection) => !taken.has(connection.id));
  if (free.length === 0 && error === null && !isFetching)
    return (
      <Stack align="start">
        <Text>No other connection is left for {title}: connect the company’s provider first.</Text>
        <Button component={Link} to="/connections/new" search={{ organization: id } as never}>
          Connect a provider
        </Button>
      </Stack>
    );
  return (
    <Stack>
      <Select
        label="Connection"
        data={free.map((connection) => ({
          value: connection.id,
          label: `${connection.name} (${sayStrategy(connection.strategy)})`,
        }))}
        value={wanted}
        onChange={setWanted}
        searchable
        nothingFoundMessage="No other connection"
        data-autofocus
      />
      <Text size="sm">
        From then on members of {title} and invited people can sign in with it. Nobody becomes a member by signing in,
        and passwords go on working; both can be changed on the next page.
      </Text>
      <Text size="sm">
        The company’s provider is not there yet?{' '}
        <Anchor component={Link} to="/connections/new" search={{ organization: id } as never}>
          Connect a provider
        </Anchor>
        .
      </Text>
      {(error ?? enabling.error) && <FailureNote error={error ?? enabling.error} />}
      <DialogEnd onLeave={onDone}>
        <Button
          disabled={wanted === null}
          loading={enabling.isPending}
          onClick={() => wanted !== null && enabling.mutate(wanted)}
        >
          Enable
        </Button>
      </DialogEnd>
    </Stack>
  );
}

export function EnableConnection(props: EnableConnectionProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Enable a connection
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Enable a connection">
        <Form {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}
