/** Creates an API. Its identifier is permanent: it is the audience of tokens. */

import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { TextInput } from '../../parts/inputs';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { usePowers } from '../../session/powers';
import { APIS } from './queries';

function NewApiForm({ onLeave }: { readonly onLeave: () => void }) {
  const [name, setName] = useState('');
  const [identifier, setIdentifier] = useState('');
  const navigate = useNavigate();
  return (
    <MakeForm
      verb="Add API"
      run={async () => String((await api.POST('/resource-servers', { body: { name, identifier } })).data?.id)}
      changes={APIS}
      onMade={(id) => navigate({ to: `/applications/apis/${encodeURIComponent(id)}` })}
      onLeave={onLeave}
    >
      <TextInput
        fills="name"
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={200}
        required
        data-autofocus
        dir="auto"
      />
      <TextInput
        fills="identifier"
        label="Identifier"
        description="The audience of its tokens, usually the address of the API. It cannot be changed later."
        placeholder="https://api.example.com/"
        value={identifier}
        onChange={(event) => setIdentifier(event.currentTarget.value)}
        maxLength={600}
        required
        dir="ltr"
      />
    </MakeForm>
  );
}

export function NewApi() {
  const may = usePowers();
  if (!may('create:resource_servers')) return null;
  return <MakeDialog verb="Add API">{(close) => <NewApiForm onLeave={close} />}</MakeDialog>;
}
