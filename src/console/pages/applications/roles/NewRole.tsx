/** Creates a role without permissions. Its page adds them. */
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../../api/client';
import { FIRST, type FieldsOf } from '../../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../../parts/MakeDialog';
import { useMake } from '../../../parts/use-make';
import { ROLES } from './queries';

const FIELDS: FieldsOf<{ readonly name: string; readonly description: string }> = {
  name: { kind: 'text', label: 'Name', maxLength: 255, required: true, dir: 'auto', ...FIRST },
  description: { kind: 'text', label: 'Description', maxLength: 255, dir: 'auto' },
};

function NewRoleForm({ onLeave }: { readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const make = useMake({
    fields: FIELDS,
    run: async ({ name, description }) => {
      const body = { name: name.trim(), ...(description.trim() !== '' && { description: description.trim() }) };
      return (await api.POST('/roles', { body })).data.id;
    },
    changes: ROLES,
    onMade: (id) => navigate({ to: `/applications/roles/${id}` }),
  });
  return <MakeForm make={make} verb="Create role" onLeave={onLeave} />;
}

export function NewRole() {
  return (
    <MakeDialog verb="Create role" name="role" variant="default">
      {(close) => <NewRoleForm onLeave={close} />}
    </MakeDialog>
  );
}
