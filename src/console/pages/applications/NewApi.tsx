/** Makes an API. Its identifier is for ever: tokens are made out to it. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import { APIS } from './queries';

function NewApiForm() {
  const [name, setName] = useState('');
  const [identifier, setIdentifier] = useState('');
  const navigate = useNavigate();
  const making = useMutation({
    mutationFn: async () => (await api.POST('/resource-servers', { body: { name, identifier } })).data?.id,
    onSuccess: async (id) => {
      await queryClient.invalidateQueries({ queryKey: APIS });
      await navigate({ to: `/applications/apis/${encodeURIComponent(String(id))}` });
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
          maxLength={200}
          required
          data-autofocus
          dir="auto"
        />
        <TextInput
          label="Identifier"
          description="The audience of its tokens, best the address of the API. It cannot be changed later."
          placeholder="https://api.example.com/"
          value={identifier}
          onChange={(event) => setIdentifier(event.currentTarget.value)}
          maxLength={600}
          required
          dir="ltr"
        />
        {making.error && <FailureNote error={making.error} />}
        <Group justify="end">
          <Button type="submit" loading={making.isPending}>
            Add it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewApi() {
  const [open, { open: show, close }] = useDisclosure();
  const may = usePowers();
  if (!may('create:resource_servers')) return null;
  return (
    <>
      <Button onClick={show}>Add an API</Button>
      <Modal opened={open} onClose={close} title="Add an API" centered>
        <NewApiForm />
      </Modal>
    </>
  );
}
