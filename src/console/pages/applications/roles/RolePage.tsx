/**
 * The page of one role: its name, whether customers may give it, its permissions, and its deletion. Roles of operators
 * are shown, and cannot be changed here.
 */
import { Stack, Text } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { SentBodyOf } from '../../../api/answers';
import { api } from '../../../api/client';
import { queryClient } from '../../../api/query';
import { carry, ifStill } from '../../../api/version';
import { ConfirmButton } from '../../../parts/ConfirmButton';
import { EditForm } from '../../../parts/EditForm';
import { type FieldsOf, toBody, toValues } from '../../../parts/form-fields';
import { LastButton, LastButtons } from '../../../parts/LastButtons';
import { Lead } from '../../../parts/Lead';
import { Loaded } from '../../../parts/Loaded';
import { Page } from '../../../parts/Page';
import { useEdit } from '../../../parts/use-edit';
import { usePowers } from '../../../session/powers';
import { isOperators, ROLES, type Role, readRole, useRole } from './queries';
import { RolePermissions } from './RolePermissions';
import { MARK_LABEL, MARK_MEANING } from './words';

const CRUMBS = [{ to: '/applications/roles', name: 'Roles' }];

type RoleValues = {
  readonly name: string;
  readonly description: string;
  readonly isMarked: boolean;
};

const FIELDS: FieldsOf<RoleValues> = {
  name: { kind: 'text', label: 'Name', maxLength: 255, dir: 'auto' },
  description: { kind: 'text', label: 'Description', maxLength: 255, dir: 'auto' },
  isMarked: {
    kind: 'switch',
    label: MARK_LABEL,
    at: 'assignable_by_organizations',
    description: MARK_MEANING,
  },
};

async function write(role: Role, changes: Partial<RoleValues>, version: string | undefined) {
  const body = toBody<SentBodyOf<'/roles/{id}', 'patch'>>(FIELDS, changes);
  await api.PATCH('/roles/{id}', { ...ifStill(version), params: { path: { id: role.id } }, body });
  await queryClient.invalidateQueries({ queryKey: ROLES });
}

function Form({ role }: { readonly role: Role }) {
  const toForm = (one: Role) => toValues(FIELDS, one);
  const edit = useEdit<RoleValues>({
    fields: FIELDS,
    loaded: carry(role, toForm),
    reload: async () => carry(await readRole(role.id), toForm),
    write: (changes, version) => write(role, changes, version),
  });
  return <EditForm edit={edit} scope="update:roles" lock="readOnly" maw={720} />;
}

function Delete({ role }: { readonly role: Role }) {
  const navigate = useNavigate();
  return (
    <ConfirmButton
      verb="Delete role"
      question={`Delete ${role.name}?`}
      effect="Everybody who has it loses it, in all organizations, and with it the permissions that no other role of theirs has. Invitations and directories give it no more."
      danger
      run={() => api.DELETE('/roles/{id}', { params: { path: { id: role.id } } })}
      changes={[
        [...ROLES, 'list'],
        [...ROLES, 'choice'],
      ]}
      onDone={() => void navigate({ to: '/applications/roles', ignoreBlocker: true })}
    />
  );
}

function Body({ role }: { readonly role: Role }) {
  const may = usePowers();
  const isTheirs = isOperators(role.id);
  return (
    <Stack gap="xl" maw={860}>
      {isTheirs ? (
        <Text c="dimmed">
          This is a role of this console’s operators. It is given under Settings, Operators, and cannot be changed.
        </Text>
      ) : (
        <Form key={role.id} role={role} />
      )}
      <RolePermissions role={role} />
      {!isTheirs && may('delete:roles') && (
        <LastButtons>
          <LastButton says="Deleting the role takes it from everybody who has it.">
            <Delete role={role} />
          </LastButton>
        </LastButtons>
      )}
    </Stack>
  );
}

export function RolePage() {
  const { roleId = '' } = useParams({ strict: false });
  const role = useRole(roleId);
  return (
    <Page
      title={role.data?.name ?? 'Role'}
      lead={role.data && <Lead id={role.data.id} idName="the id" />}
      crumbs={CRUMBS}
    >
      <Loaded query={role}>{(found) => <Body role={found} />}</Loaded>
    </Page>
  );
}
