/** Creates a module from its name. It is a draft that no Action can load before it is published. */
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import { MODULES } from './queries';

const START = `exports.greet = (name) => 'Hello ' + name;
`;

async function create(name: string): Promise<string> {
  const { data } = await api.POST('/actions/modules', { body: { name, code: START } });
  return String(data?.id);
}

const FIELDS: FieldsOf<{ readonly name: string }> = {
  name: {
    kind: 'text',
    label: 'Name',
    description: "Actions load the module by this name: require('actions:NAME'). It cannot be changed later.",
    maxLength: 255,
    required: true,
    dir: 'auto',
    ...FIRST,
  },
};

function NewModuleForm({ onLeave }: { readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const make = useMake({
    fields: FIELDS,
    run: ({ name }) => create(name.trim()),
    changes: MODULES,
    onMade: (id) => navigate({ to: `/actions/modules/${id}` }),
  });
  return <MakeForm make={make} verb="Create module" onLeave={onLeave} />;
}

export function NewModule() {
  const may = usePowers();
  if (!may('create:actions')) return null;
  return (
    <MakeDialog verb="Create module" name="module">
      {(close) => <NewModuleForm onLeave={close} />}
    </MakeDialog>
  );
}
