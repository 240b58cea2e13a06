/** The secrets of a draft: names are shown, values are written and never read. Each is saved at once, and runs with the next deployment. */
import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { Deed } from '../../parts/Deed';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import type { Action } from './answers';
import { ACTIONS, actionKey, readAction } from './queries';

type Secret = { readonly name: string; readonly value?: string };

/** Writes the whole list, as it is by now but for one name. A secret without a value keeps the value that it has. */
async function writeSecrets(id: string, change: (names: readonly string[]) => readonly Secret[]): Promise<void> {
  const { secrets } = await readAction(id);
  const list = change(secrets.map(({ name }) => name));
  await api.PATCH('/actions/actions/{id}', {
    params: { path: { id } },
    body: { secrets: list.map((secret) => ({ ...secret })) },
  });
  await queryClient.invalidateQueries({ queryKey: ACTIONS });
}

const put = (id: string, name: string, value: string) =>
  writeSecrets(id, (names) => [
    ...names.filter((other) => other !== name).map((other) => ({ name: other })),
    { name, value },
  ]);

const remove = (id: string, name: string) =>
  writeSecrets(id, (names) => names.filter((other) => other !== name).map((other) => ({ name: other })));

function SecretForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const writing = useMutation({ mutationFn: () => put(id, name.trim(), value), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    writing.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="The code reads it as event.secrets.NAME. A name that exists gets another value."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={128}
          required
          data-autofocus
        />
        <PasswordInput
          label="Value"
          description="Cannot be read again, here or by the API."
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          maxLength={4096}
          autoComplete="off"
          required
        />
        {writing.error && <FailureNote error={writing.error} />}
        <DialogEnd onLeave={onDone}>
          <Button type="submit" loading={writing.isPending}>
            Save the secret
          </Button>
        </DialogEnd>
      </Stack>
    </form>
  );
}

export function Secrets({ action, isReadOnly }: { readonly action: Action; readonly isReadOnly: boolean }) {
  const [open, { open: show, close }] = useDisclosure();
  const { id, secrets } = action;
  return (
    <Stack gap="xs" component="section" aria-label="Secrets">
      <Text size="sm" fw={500}>
        Secrets
      </Text>
      {secrets.length === 0 && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      {secrets.map(({ name, updated_at: at }) => (
        <Group key={name} justify="space-between" wrap="nowrap">
          <div style={{ overflowWrap: 'anywhere' }}>
            <Text size="sm">{name}</Text>
            <Text size="xs" c="dimmed">
              set <Moment at={at} />
            </Text>
          </div>
          {!isReadOnly && (
            <Deed
              size="xs"
              verb="Remove"
              question={`Remove the secret ${name}?`}
              effect="The draft loses it now. The version that runs keeps its own copy until the next deployment."
              danger
              run={() => remove(id, name)}
              changes={[actionKey(id)]}
            />
          )}
        </Group>
      ))}
      {!isReadOnly && (
        <Button variant="default" size="xs" onClick={show} style={{ alignSelf: 'start' }}>
          Set a secret
        </Button>
      )}
      <Modal opened={open} onClose={close} title="Set a secret">
        <SecretForm id={id} onDone={close} />
      </Modal>
    </Stack>
  );
}
