/**
 * Changes the permissions of a grant, unless somebody else has changed them meanwhile. The application and the API of
 * the grant stay the same.
 */
import { Button, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { Refusals } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { SaveBar } from '../../parts/SaveBar';
import { useEdit } from '../../parts/use-edit';
import type { Api, Grant } from './answers';
import { ALL_LABEL, PermissionsField, type Permitted } from './PermissionsField';
import { GRANTS, useApi } from './queries';

const LABELS = { scope: 'Permissions', all: ALL_LABEL };

async function read(id: string): Promise<Permitted> {
  const { data } = await api.GET('/client-grants/{id}', { params: { path: { id } } });
  return carry(data, ({ scope, allow_all_scopes: all }) => ({ scope, all: all === true }));
}

interface ChangeProps {
  readonly grant: Grant;
  onDone(): void;
}

function Form({ grant, found, loaded, onDone }: ChangeProps & { readonly found: Api; readonly loaded: Permitted }) {
  const edit = useEdit<Permitted>({
    loaded,
    reload: () => read(grant.id),
    async write({ scope, all }, version) {
      const body = { ...(scope && { scope: [...scope] }), ...(all !== undefined && { allow_all_scopes: all }) };
      await api.PATCH('/client-grants/{id}', { ...ifStill(version), params: { path: { id: grant.id } }, body });
      onDone();
      await queryClient.invalidateQueries({ queryKey: GRANTS });
    },
  });
  return (
    <Stack>
      <Refusals error={edit.error}>
        <PermissionsField api={found} value={edit.values} onChange={edit.set} />
      </Refusals>
      <Text size="sm" c="dimmed">
        Added permissions apply to new tokens.{' '}
        {found.is_system
          ? 'Removed permissions are lost at once, also for existing tokens.'
          : 'Removed permissions stay in existing tokens until they expire.'}
      </Text>
      <SaveBar edit={edit} labels={LABELS} onLeave={onDone} />
    </Stack>
  );
}

function Reading(props: ChangeProps) {
  const { grant } = props;
  const found = useApi(grant.audience);
  const query = useQuery({
    queryKey: [...GRANTS, 'one', grant.id],
    queryFn: () => read(grant.id),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Loaded query={found}>
      {(one) => <Loaded query={query}>{(loaded) => <Form {...props} found={one} loaded={loaded} />}</Loaded>}
    </Loaded>
  );
}

/** A button that opens the change; `other` is the other side of the grant, for the heading. */
export function ChangeGrant({ grant, other }: { readonly grant: Grant; readonly other: string }) {
  const [open, { open: show, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" size="xs" onClick={show} aria-label={`Change permissions: ${other}`}>
        Change permissions
      </Button>
      <Modal opened={open} onClose={close} title={`Permissions: ${other}`} size="lg">
        <Reading grant={grant} onDone={close} />
      </Modal>
    </>
  );
}
