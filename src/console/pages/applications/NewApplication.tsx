/** Creates an application: its kind first, since everything else depends on it. */
import { Radio, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { RadioGroup, TextInput } from '../../parts/inputs';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { usePowers } from '../../session/powers';
import type { OfferedType } from './answers';
import { CLIENTS } from './queries';
import { toNewClient } from './settings-values';
import { KINDS } from './words';

async function create(name: string, kind: OfferedType): Promise<string> {
  const { data } = await api.POST('/clients', { body: toNewClient(name, kind) });
  return String(data?.client_id);
}

function NewApplicationForm({ onLeave }: { readonly onLeave: () => void }) {
  const [kind, setKind] = useState<OfferedType>('regular_web');
  const [name, setName] = useState('');
  const navigate = useNavigate();
  return (
    <MakeForm
      verb="Add application"
      run={() => create(name, kind)}
      changes={CLIENTS}
      onMade={(id) => navigate({ to: `/applications/${encodeURIComponent(id)}` })}
      onLeave={onLeave}
    >
      <RadioGroup fills="app_type" label="Type" value={kind} onChange={(value) => setKind(value as OfferedType)}>
        <Stack gap="sm" mt="xs">
          {KINDS.map(({ id, name: label, meaning }) => (
            <Radio key={id} value={id} label={label} description={meaning} />
          ))}
        </Stack>
      </RadioGroup>
      <TextInput
        fills="name"
        label="Name"
        description={
          kind === 'non_interactive' ? 'Shown in the log and in this console.' : 'Shown on the sign-in pages.'
        }
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

export function NewApplication() {
  const may = usePowers();
  if (!may('create:clients')) return null;
  return (
    <MakeDialog verb="Add application" isWide>
      {(close) => <NewApplicationForm onLeave={close} />}
    </MakeDialog>
  );
}
