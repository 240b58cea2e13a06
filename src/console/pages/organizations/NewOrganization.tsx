/** Makes an organization and opens it. The name is judged by the API; a refusal stays in the dialog, with what was typed. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import type { Organization } from './answers';
import { ORGANIZATIONS } from './queries';

/** A name in the alphabet of names, from a title: a proposal that people may change. */
export function proposeName(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 50);
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const [title, setTitle] = useState('');
  const [typed, setTyped] = useState<string>();
  const name = typed ?? proposeName(title);
  const navigate = useNavigate();
  const making = useMutation({
    mutationFn: async () => {
      const body = { name, ...(title.trim() !== '' && { display_name: title.trim() }) };
      return (await api.POST('/organizations', { body })).data as unknown as Organization;
    },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ORGANIZATIONS });
      await navigate({ to: `/organizations/${id}` });
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
          label="Display name"
          description="On the sign-in page and in mail: “Sign in to Acme”"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={255}
          dir="auto"
          data-autofocus
        />
        <TextInput
          label="Name"
          description="In addresses and tokens: lower-case letters, digits, - and _, 50 at most"
          value={name}
          onChange={(event) => setTyped(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          required
        />
        {making.error && <FailureNote error={making.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewOrganization() {
  const [open, setOpen] = useState(false);
  const may = usePowers();
  if (!may('create:organizations')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Create an organization</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Create an organization" centered>
        <Form onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}
