/** Makes an application: its kind first, since everything else follows from it. */
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { usePowers } from '../../session/powers';
import type { AppType } from './answers';
import { CLIENTS } from './queries';
import { KINDS } from './words';

async function create(name: string, kind: AppType): Promise<string> {
  // Ask first: an application that names no organization would get an error where its people should sign in.
  const asks = { organization_usage: 'require', organization_require_behavior: 'pre_login_prompt' } as const;
  const people = kind === 'non_interactive' ? {} : asks;
  const { data } = await api.POST('/clients', { body: { name, app_type: kind, ...people } });
  return String(data?.client_id);
}

function NewApplicationForm({ onLeave }: { readonly onLeave: () => void }) {
  const [kind, setKind] = useState<AppType>('regular_web');
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const making = useMutation({
    mutationFn: () => create(name, kind),
    onSuccess: async (id) => {
      await queryClient.invalidateQueries({ queryKey: CLIENTS });
      await navigate({ to: `/applications/${encodeURIComponent(id)}` });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group label="What is it?" value={kind} onChange={(value) => setKind(value as AppType)}>
          <Stack gap="sm" mt="xs">
            {KINDS.map(({ id, name: label, meaning }) => (
              <Radio key={id} value={id} label={label} description={meaning} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Name"
          description="People read it on the sign-in pages."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={255}
          required
          data-autofocus
          dir="auto"
        />
        {making.error && <FailureNote error={making.error} />}
        <Group justify="end">
          <Button variant="default" onClick={onLeave}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending}>
            Add it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewApplication() {
  const [open, { open: show, close }] = useDisclosure();
  const may = usePowers();
  if (!may('create:clients')) return null;
  return (
    <>
      <Button onClick={show}>Add an application</Button>
      <Modal opened={open} onClose={close} title="Add an application" size="lg">
        <NewApplicationForm onLeave={close} />
      </Modal>
    </>
  );
}
