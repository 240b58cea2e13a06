/**
 * The secrets of a draft: names are shown, values are written and never read. Each is saved at once and applies from
 * the next version on.
 */
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { queryClient } from '../../api/query';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
import { Moment } from '../../parts/Moment';

export type Secret = { readonly name: string; readonly value?: string };

/** The Action or module that has the secrets, and how to read and write them. */
export interface SecretsPlace {
  readonly secrets: readonly { readonly name: string; readonly updated_at: string }[];
  /** Expression by which code reads a secret: "event.secrets.NAME". */
  readonly inCode: string;
  /** A sentence about the remaining effect of a removed secret. */
  readonly kept: string;
  /** Reads the names of the secrets that are stored now. */
  readNames(): Promise<readonly string[]>;
  /** Writes the whole list. A secret without a value keeps its value. */
  write(list: readonly Secret[]): Promise<unknown>;
  /** Key of the queries that must be read again after a change. */
  readonly changes: readonly unknown[];
}

/** Writes the present list of secrets without `name`, plus the added one. */
async function writeBut(place: SecretsPlace, name: string, added: readonly Secret[]): Promise<void> {
  const others = (await place.readNames()).filter((other) => other !== name);
  await place.write([...others.map((other) => ({ name: other })), ...added]);
  await queryClient.invalidateQueries({ queryKey: place.changes });
}

function SecretForm({ place, onDone }: { readonly place: SecretsPlace; readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const writing = useMutation({
    mutationFn: () => writeBut(place, name.trim(), [{ name: name.trim(), value }]),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    writing.mutate();
  };
  return (
    <Refusals error={writing.error}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            fills={['secrets', 'name']}
            label="Name"
            description={`The code reads it as ${place.inCode}. If the name already exists, its value is replaced.`}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={128}
            required
            data-autofocus
          />
          <PasswordInput
            label="Value"
            description="The value cannot be shown again, neither here nor by the API."
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            maxLength={4096}
            autoComplete="off"
            required
          />
          {writing.error && <FailureNote error={writing.error} />}
          <DialogEnd onLeave={onDone}>
            <Button type="submit" loading={writing.isPending}>
              Save secret
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Refusals>
  );
}

export function Secrets({ place, isReadOnly }: { readonly place: SecretsPlace; readonly isReadOnly: boolean }) {
  const [open, { open: show, close }] = useDisclosure();
  const { secrets } = place;
  return (
    <Stack gap="xs" component="section" aria-label="Secrets">
      <Text size="sm" fw={500}>
        Secrets
      </Text>
      {secrets.length === 0 && (
        <Text size="sm" c="dimmed">
          No secrets.
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
            <ConfirmButton
              size="xs"
              verb="Remove secret"
              question={`Remove the secret ${name}?`}
              effect={`It is removed from the draft at once. ${place.kept}`}
              danger
              run={() => writeBut(place, name, [])}
              changes={[place.changes]}
            />
          )}
        </Group>
      ))}
      {!isReadOnly && (
        <Button variant="default" size="xs" onClick={show} style={{ alignSelf: 'start' }}>
          Add secret
        </Button>
      )}
      <Modal opened={open} onClose={close} title="Add secret">
        <SecretForm place={place} onDone={close} />
      </Modal>
    </Stack>
  );
}
