/**
 * Creates an Action from a name and a trigger, which is described in a sentence. It is a draft that nothing runs yet.
 */
import { Radio, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { RadioGroup, TextInput } from '../../parts/inputs';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { usePowers } from '../../session/powers';
import { ACTIONS } from './queries';
import { isTrigger, TRIGGER_WORDS, type TriggerId } from './triggers';

async function create(name: string, trigger: TriggerId): Promise<string> {
  const supported = [{ id: trigger }];
  const { data } = await api.POST('/actions/actions', { body: { name, supported_triggers: supported } });
  return String(data?.id);
}

function NewActionForm({ onLeave }: { readonly onLeave: () => void }) {
  const [name, setName] = useState('');
  const [trigger, setTrigger] = useState<TriggerId>('post-login');
  const navigate = useNavigate();
  return (
    <MakeForm
      verb="Create Action"
      run={() => create(name, trigger)}
      changes={ACTIONS}
      onMade={(id) => navigate({ to: `/actions/${id}` })}
      onLeave={onLeave}
    >
      <TextInput
        fills="name"
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={255}
        required
        data-autofocus
        dir="auto"
      />
      <RadioGroup
        fills="supported_triggers"
        label="Trigger"
        value={trigger}
        onChange={(value) => isTrigger(value) && setTrigger(value)}
      >
        <Stack gap="sm" mt="xs">
          {Object.entries(TRIGGER_WORDS).map(([id, words]) => (
            <Radio key={id} value={id} label={words.name} description={words.when} />
          ))}
        </Stack>
      </RadioGroup>
    </MakeForm>
  );
}

export function NewAction() {
  const may = usePowers();
  if (!may('create:actions')) return null;
  return (
    <MakeDialog verb="Create Action" isWide>
      {(close) => <NewActionForm onLeave={close} />}
    </MakeDialog>
  );
}
