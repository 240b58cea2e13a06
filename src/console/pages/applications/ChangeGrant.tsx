/**
 * Changes the permissions of a grant, unless somebody else has changed them meanwhile. The application and the API of
 * the grant stay the same.
 */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { Loaded } from '../../parts/Loaded';
import { MakeDialog } from '../../parts/MakeDialog';
import { useEdit } from '../../parts/use-edit';
import type { Api, Grant } from './answers';
import { ALL_LABEL, PermissionsField, type Permitted } from './PermissionsField';
import { GRANTS, useApi } from './queries';

const FIELDS: FieldsOf<Permitted> = {
  scope: { kind: 'own', label: 'Permissions', write: (scope) => [...scope] },
  all: { kind: 'own', label: ALL_LABEL, at: 'allow_all_scopes', start: false },
};

async function read(id: string): Promise<Permitted> {
  const { data } = await api.GET('/client-grants/{id}', { params: { path: { id } } });
  return carry(data, (found) => toValues(FIELDS, found));
}

interface ChangeProps {
  readonly grant: Grant;
  onDone(): void;
}

function Form({ grant, found, loaded, onDone }: ChangeProps & { readonly found: Api; readonly loaded: Permitted }) {
  const edit = useEdit<Permitted>({
    fields: FIELDS,
    loaded,
    reload: () => read(grant.id),
    async write(changes, version) {
      const body = toBody<SentBodyOf<'/client-grants/{id}', 'patch'>>(FIELDS, changes);
      await api.PATCH('/client-grants/{id}', { ...ifStill(version), params: { path: { id: grant.id } }, body });
      onDone();
      await queryClient.invalidateQueries({ queryKey: GRANTS });
    },
  });
  return (
    <EditForm edit={edit} scope="update:client_grants" maw="100%" onLeave={onDone}>
      <PermissionsField api={found} value={edit.values} onChange={edit.set} />
      <Text size="sm" c="dimmed">
        Added permissions apply to new tokens.{' '}
        {found.is_system
          ? 'Removed permissions are lost at once, also for existing tokens.'
          : 'Removed permissions stay in existing tokens until they expire.'}
      </Text>
    </EditForm>
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

/** A button that opens the dialog. `other`: name of the grant's API or application, for the heading. */
export function ChangeGrant({ grant, other }: { readonly grant: Grant; readonly other: string }) {
  return (
    <MakeDialog
      verb="Change permissions"
      title={`Permissions: ${other}`}
      aria-label={`Change permissions: ${other}`}
      wide="lg"
      variant="default"
      size="xs"
    >
      {(close) => <Reading grant={grant} onDone={close} />}
    </MakeDialog>
  );
}
