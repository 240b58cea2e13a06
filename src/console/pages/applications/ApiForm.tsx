/** The settings of an API: permissions, content of people's tokens, lifetime of tokens. */
import { ActionIcon, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { NumberInput, Refusals, RefusalText, Switch, TextInput } from '../../parts/inputs';
import { SaveBar } from '../../parts/SaveBar';
import { type Edit, useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import type { Api } from './answers';
import { APIS, readApi } from './queries';
import { saySeconds } from './SettingsFields';

interface ApiValues extends Record<string, unknown> {
  readonly name: string;
  readonly scopes: readonly { readonly value: string; readonly description: string }[];
  readonly enforced: boolean;
  readonly named: boolean;
  readonly offline: boolean;
  readonly seconds: number;
}

const LABELS = {
  name: 'Name',
  scopes: 'Permissions',
  enforced: 'Limit permissions by role',
  named: 'Include permissions in tokens',
  offline: 'Allow refresh tokens',
  seconds: 'Token lifetime',
};

const toValues = (found: Api): ApiValues => ({
  name: found.name ?? '',
  scopes: (found.scopes ?? []).map(({ value, description = '' }) => ({ value, description })),
  enforced: found.enforce_policies === true,
  named: found.token_dialect?.endsWith('_authz') === true,
  offline: found.allow_offline_access === true,
  seconds: found.token_lifetime ?? 86_400,
});

type Dialect = 'access_token' | 'access_token_authz' | 'rfc9068_profile' | 'rfc9068_profile_authz';

/** Returns the same kind of token, with or without permissions. */
function toDialect(before: string | undefined, named: boolean): Dialect {
  const profile = before?.startsWith('rfc9068') ? 'rfc9068_profile' : 'access_token';
  return named ? `${profile}_authz` : profile;
}

async function write(
  found: Api,
  { name, scopes, enforced, named, offline, seconds }: Partial<ApiValues>,
  version: string | undefined,
) {
  const body = {
    ...(name !== undefined && { name }),
    ...(scopes !== undefined && {
      scopes: scopes
        .filter(({ value }) => value.trim() !== '')
        .map(({ value, description }) => ({ value: value.trim(), description })),
    }),
    ...(enforced !== undefined && { enforce_policies: enforced }),
    ...(named !== undefined && { token_dialect: toDialect(found.token_dialect, named) }),
    ...(offline !== undefined && { allow_offline_access: offline }),
    ...(seconds !== undefined && { token_lifetime: seconds }),
  };
  await api.PATCH('/resource-servers/{id}', { ...ifStill(version), params: { path: { id: found.id } }, body });
  await queryClient.invalidateQueries({ queryKey: APIS });
}

interface PartProps {
  readonly edit: Edit<ApiValues>;
  readonly isReadOnly: boolean;
}

interface RowProps {
  readonly at: number;
  readonly scope: ApiValues['scopes'][number];
  readonly isReadOnly: boolean;
  onChange(change: Partial<ApiValues['scopes'][number]>): void;
  onRemove(): void;
}

function PermissionRow({ at, scope, isReadOnly, onChange, onRemove }: RowProps) {
  return (
    <Group component="li" gap="xs" align="start">
      <TextInput
        fills={`scopes[${at}].value`}
        aria-label={`Name of permission ${at + 1}`}
        placeholder="read:invoices"
        value={scope.value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
        readOnly={isReadOnly}
        flex="2 1 9rem"
        dir="ltr"
      />
      <TextInput
        fills={`scopes[${at}].description`}
        aria-label={`Meaning of permission ${at + 1}`}
        placeholder="What it allows"
        value={scope.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
        readOnly={isReadOnly}
        flex="3 1 11rem"
        dir="auto"
      />
      {!isReadOnly && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={`Remove permission ${scope.value || at + 1}`}
          onClick={onRemove}
        >
          <IconX size={16} />
        </ActionIcon>
      )}
    </Group>
  );
}

function Permissions({ edit, isReadOnly }: PartProps) {
  const { scopes } = edit.values;
  return (
    <Stack gap="sm" component="section" aria-labelledby="permissions">
      <Title order={2} size="h4" id="permissions">
        Permissions
      </Title>
      {scopes.length === 0 && (
        <Text c="dimmed">No permissions yet. Add those that roles and applications can be given.</Text>
      )}
      <RefusalText property="scopes" but="scopes[" />
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8 }} aria-label="Permissions">
        {scopes.map((scope, at) => (
          <PermissionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the name is being typed; its place stays.
            key={at}
            at={at}
            scope={scope}
            isReadOnly={isReadOnly}
            onChange={(change) =>
              edit.set({ scopes: scopes.map((other, index) => (index === at ? { ...other, ...change } : other)) })
            }
            onRemove={() => edit.set({ scopes: scopes.filter((_, index) => index !== at) })}
          />
        ))}
      </ul>
      {!isReadOnly && (
        <Button
          variant="default"
          onClick={() => edit.set({ scopes: [...scopes, { value: '', description: '' }] })}
          style={{ alignSelf: 'start' }}
        >
          Add permission
        </Button>
      )}
    </Stack>
  );
}

const PROPERTIES = {
  enforced: 'enforce_policies',
  named: 'token_dialect',
  offline: 'allow_offline_access',
} as const;

const SWITCHES = [
  {
    name: 'enforced',
    description:
      'Tokens contain only permissions that the person’s roles allow. If off, they contain all that the application requests, and the API must check permissions itself.',
  },
  { name: 'named', description: 'Adds the claim “permissions” to tokens, beside “scope”.' },
  {
    name: 'offline',
    description: 'Applications can request offline_access, to call the API while the person is away.',
  },
] as const;

function Tokens({ edit, isReadOnly }: PartProps) {
  return (
    <Stack gap="sm" component="section" aria-labelledby="tokens">
      <Title order={2} size="h4" id="tokens">
        Tokens
      </Title>
      {SWITCHES.map(({ name, description }) => (
        <Switch
          fills={PROPERTIES[name]}
          key={name}
          label={LABELS[name]}
          description={description}
          checked={edit.values[name]}
          onChange={(event) => edit.set({ [name]: event.currentTarget.checked })}
          disabled={isReadOnly}
        />
      ))}
      <NumberInput
        fills="token_lifetime"
        label={`${LABELS.seconds}, in seconds`}
        description={`${saySeconds(edit.values.seconds)}. A token cannot be revoked before it expires.`}
        value={edit.values.seconds}
        onChange={(seconds) => typeof seconds === 'number' && edit.set({ seconds })}
        min={1}
        allowDecimal={false}
        hideControls
        readOnly={isReadOnly}
        maw={320}
      />
    </Stack>
  );
}

export function ApiForm({ found }: { readonly found: Api }) {
  const isReadOnly = !usePowers()('update:resource_servers');
  const edit = useEdit<ApiValues>({
    loaded: toValues(found),
    reload: async () => carry(await readApi(found.id), toValues),
    write: (changes, version) => write(found, changes, version),
  });
  return (
    <Stack gap="xl">
      <Refusals error={edit.error}>
        <TextInput
          fills="name"
          label={LABELS.name}
          value={edit.values.name}
          onChange={(event) => edit.set({ name: event.currentTarget.value })}
          readOnly={isReadOnly}
          maxLength={200}
          dir="auto"
        />
        <Permissions edit={edit} isReadOnly={isReadOnly} />
        <Tokens edit={edit} isReadOnly={isReadOnly} />
      </Refusals>
      {!isReadOnly && <SaveBar edit={edit} labels={LABELS} />}
    </Stack>
  );
}
