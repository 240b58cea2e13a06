/** Makes an Action: its name and the moment at which it runs, each in a sentence. It is a draft that nothing runs yet. */
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
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
  const making = useMutation({
    mutationFn: () => create(name, trigger),
    onSuccess: async (id) => {
      await queryClient.invalidateQueries({ queryKey: ACTIONS });
      await navigate({ to: `/actions/${id}` });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={255}
          required
          data-autofocus
          dir="auto"
        />
        <Radio.Group label="It runs at" value={trigger} onChange={(value) => isTrigger(value) && setTrigger(value)}>
          <Stack gap="sm" mt="xs">
            {Object.entries(TRIGGER_WORDS).map(([id, words]) => (
              <Radio key={id} value={id} label={words.name} description={words.when} />
            ))}
          </Stack>
        </Radio.Group>
        {making.error && <FailureNote error={making.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onLeave}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending}>
            Write it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewAction() {
  const [open, { open: show, close }] = useDisclosure();
  const may = usePowers();
  if (!may('create:actions')) return null;
  return (
    <>
      <Button onClick={show}>Write an Action</Button>
      <Modal opened={open} onClose={close} title="Write an Action" size="lg">
        <NewActionForm onLeave={close} />
      </Modal>
    </>
  );
}
