/**
 * The secrets of a draft. Their names are shown; their values can be written but never read. Each is saved immediately,
 * and applies from the next version on.
 */
import { Group, Stack, Text } from '@mantine/core';
import { queryClient } from '../../api/query';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { Moment } from '../../parts/Moment';
import { useMake } from '../../parts/use-make';

export type Secret = { readonly name: string; readonly value?: string };

/** The Action or module that has the secrets, and how to read and write them. */
export interface SecretsPlace {
  readonly secrets: readonly { readonly name: string; readonly updated_at: string }[];
  /** Expression by which code reads a secret: "event.secrets.NAME". */
  readonly inCode: string;
  /** A sentence which says where a removed secret is still used. */
  readonly kept: string;
  /** Reads the names of the secrets that are stored now. */
  readNames(): Promise<readonly string[]>;
  /** Writes the whole list. A secret that is sent without a value keeps its stored one. */
  write(list: readonly Secret[]): Promise<unknown>;
  /** Key of the queries that must be read again after a change. */
  readonly changes: readonly unknown[];
}

/** Writes the stored list of secrets without the secret `name`, and with the secrets in `added`. */
async function writeBut(place: SecretsPlace, name: string, added: readonly Secret[]): Promise<void> {
  const others = (await place.readNames()).filter((other) => other !== name);
  await place.write([...others.map((other) => ({ name: other })), ...added]);
  await queryClient.invalidateQueries({ queryKey: place.changes });
}

function SecretForm({ place, onDone }: { readonly place: SecretsPlace; readonly onDone: () => void }) {
  const fields: FieldsOf<{ readonly name: string; readonly value: string }> = {
    name: {
      kind: 'text',
      label: 'Name',
      description: `The code reads it as ${place.inCode}. If the name already exists, its value is replaced.`,
      alsoAt: ['secrets'],
      maxLength: 128,
      required: true,
      ...FIRST,
    },
    value: {
      kind: 'password',
      label: 'Value',
      description: 'The value cannot be shown again, neither here nor by the API.',
      maxLength: 4096,
      autoComplete: 'off',
      required: true,
    },
  };
  const make = useMake({
    fields,
    run: ({ name, value }) => writeBut(place, name.trim(), [{ name: name.trim(), value }]),
    onMade: onDone,
  });
  return <MakeForm make={make} verb="Save secret" onLeave={onDone} />;
}

export function Secrets({ place, isReadOnly }: { readonly place: SecretsPlace; readonly isReadOnly: boolean }) {
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
        <MakeDialog verb="Add secret" variant="default" size="xs" style={{ alignSelf: 'start' }}>
          {(close) => <SecretForm place={place} onDone={close} />}
        </MakeDialog>
      )}
    </Stack>
  );
}
