/**
 * Creates a role for the administrators of customers, with permissions of the My Organization API. That takes several
 * calls. If one fails, the next try continues with the same role.
 */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { api } from '../../../api/client';
import { queryClient } from '../../../api/query';
import { FIRST, type FieldsOf } from '../../../parts/form-fields';
import { Loaded } from '../../../parts/Loaded';
import { MakeDialog, MakeForm } from '../../../parts/MakeDialog';
import { useMake } from '../../../parts/use-make';
import type { Api } from '../answers';
import { FailedPart } from '../customers/FailedPart';
import { GROUP_CHOICES, readOrganizationAudience, SCOPE_GROUPS, toScopes } from '../customers/scope-groups';
import { ADDED, addApi, findApi, namesOf, runAll, type Step } from '../customers/switch';
import { APIS } from '../queries';
import { ROLES } from './queries';
import { MARK_LABEL } from './words';

interface Typed {
  readonly name: string;
  readonly groups: readonly string[];
  readonly isMarked: boolean;
}

const FIELDS: FieldsOf<Typed> = {
  name: {
    kind: 'text',
    label: 'Name',
    start: 'Organization administrator',
    maxLength: 255,
    required: true,
    dir: 'auto',
    ...FIRST,
  },
  groups: {
    kind: 'checks',
    label: 'What they may do in their organization',
    alsoAt: ['permissions'],
    start: SCOPE_GROUPS.map(({ id }) => id),
    of: GROUP_CHOICES,
    check: (groups) => (groups.length === 0 ? 'Choose at least one.' : undefined),
  },
  isMarked: {
    kind: 'switch',
    label: MARK_LABEL,
    description: 'So that the first administrator of a customer can name others.',
    at: 'assignable_by_organizations',
    start: true,
  },
};

/** Returns the changes that make the role. `made` keeps its id, so that the next try does not create it again. */
function stepsOf(found: Api | null, { name, groups, isMarked }: Typed, made: { id?: string }): readonly Step[] {
  const audience = readOrganizationAudience();
  let scopes = namesOf(found ?? {});
  const add: Step = [
    ADDED,
    async () => {
      scopes = await addApi();
    },
  ];
  const create: Step = [
    'the role',
    async () => {
      const body = {
        name: name.trim(),
        description: 'Administers an organization',
        assignable_by_organizations: isMarked,
      };
      // The next try takes over what was typed since.
      if (made.id !== undefined) await api.PATCH('/roles/{id}', { params: { path: { id: made.id } }, body });
      else made.id = (await api.POST('/roles', { body })).data.id;
    },
  ];
  const permit: Step = [
    'its permissions',
    () =>
      api.POST('/roles/{id}/permissions', {
        params: { path: { id: made.id ?? '' } },
        body: {
          permissions: toScopes(scopes, groups).map((scope) => ({
            permission_name: scope,
            resource_server_identifier: audience,
          })),
        },
      }),
  ];
  return [...(found === null ? [add] : []), create, permit];
}

const VERB = 'Create role for customer administrators';
const API_KEY = [...APIS, 'my-organization'] as const;

function Form({ found, onLeave }: { readonly found: Api | null; readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const made = useRef<{ id?: string }>({});
  const make = useMake({
    fields: FIELDS,
    async run(typed: Typed) {
      try {
        await runAll(stepsOf(found, typed, made.current));
      } finally {
        void queryClient.invalidateQueries({ queryKey: ROLES });
        await queryClient.invalidateQueries({ queryKey: APIS });
      }
    },
    onMade: () => navigate({ to: `/applications/roles/${made.current.id}` }),
  });
  return (
    <MakeForm
      make={{ ...make, error: null }}
      verb="Create role"
      onLeave={onLeave}
      below={make.error !== null && <FailedPart error={make.error} again="Create role" />}
    />
  );
}

function Reading({ onLeave }: { readonly onLeave: () => void }) {
  const found = useQuery({ queryKey: API_KEY, queryFn: findApi });
  return <Loaded query={found}>{(one) => <Form found={one} onLeave={onLeave} />}</Loaded>;
}

export function NewAdministratorRole() {
  return (
    <MakeDialog verb={VERB} title="Create role for customer administrators" name="administrator-role" wide="lg">
      {(close) => <Reading onLeave={close} />}
    </MakeDialog>
  );
}
