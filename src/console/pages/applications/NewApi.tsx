/** Creates an API. Its identifier is permanent: it is the audience of tokens. */
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import { APIS } from './queries';

const FIELDS: FieldsOf<{ readonly name: string; readonly identifier: string }> = {
  name: { kind: 'text', label: 'Name', maxLength: 200, required: true, dir: 'auto', ...FIRST },
  identifier: {
    kind: 'text',
    label: 'Identifier',
    description: 'The audience of its tokens, usually the address of the API. It cannot be changed later.',
    placeholder: 'https://api.example.com/',
    maxLength: 600,
    required: true,
    dir: 'ltr',
  },
};

function NewApiForm({ onLeave }: { readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const make = useMake({
    fields: FIELDS,
    run: async (body) => String((await api.POST('/resource-servers', { body })).data?.id),
    changes: APIS,
    onMade: (id) => navigate({ to: `/applications/apis/${encodeURIComponent(id)}` }),
  });
  return <MakeForm make={make} verb="Add API" onLeave={onLeave} />;
}

export function NewApi() {
  const may = usePowers();
  if (!may('create:resource_servers')) return null;
  return (
    <MakeDialog verb="Add API" name="api">
      {(close) => <NewApiForm onLeave={close} />}
    </MakeDialog>
  );
}
