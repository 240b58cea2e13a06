/** Creates a module from its name. It is a draft that no Action can load before it is published. */

import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { TextInput } from '../../parts/inputs';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { usePowers } from '../../session/powers';
import { MODULES } from './queries';

const START = `exports.greet = (name) => 'Hello ' + name;
`;

async function create(name: string): Promise<string> {
  const { data } = await api.POST('/actions/modules', { body: { name, code: START } });
  return String(data?.id);
}

function NewModuleForm({ onLeave }: { readonly onLeave: () => void }) {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  return (
    <MakeForm
      verb="Create module"
      run={() => create(name.trim())}
      changes={MODULES}
      onMade={(id) => navigate({ to: `/actions/modules/${id}` })}
      onLeave={onLeave}
    >
      <TextInput
        fills="name"
        label="Name"
        description="Actions load the module by this name: require('actions:NAME'). It cannot be changed later."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={255}
        required
        data-autofocus
        dir="auto"
      />
    </MakeForm>
  );
}

export function NewModule() {
  const may = usePowers();
  if (!may('create:actions')) return null;
  return <MakeDialog verb="Create module">{(close) => <NewModuleForm onLeave={close} />}</MakeDialog>;
}
