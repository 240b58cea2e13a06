/** The settings of an API: permissions, content of people's tokens, lifetime of tokens. */
import { ActionIcon, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { EditForm, ignoreEnter } from '../../parts/EditForm';
import { Field, Fields } from '../../parts/Fields';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { RefusalText, TextInput } from '../../parts/inputs';
import { type Edit, useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import type { Api } from './answers';
import { APIS, readApi } from './queries';
import { saySeconds } from './words';

const SCOPE = 'update:resource_servers';

type ApiValues = {
  readonly name: string;
  readonly scopes: readonly { readonly value: string; readonly description: string }[];
  readonly enforced: boolean;
  readonly named: boolean;
  readonly offline: boolean;
  readonly seconds: number;
};

type Dialect = 'access_token' | 'access_token_authz' | 'rfc9068_profile' | 'rfc9068_profile_authz';

/** Returns the token format of the same kind, with or without the claim `permissions`. */
function toDialect(before: string | undefined, named: boolean): Dialect {
  const profile = before?.startsWith('rfc9068') ? 'rfc9068_profile' : 'access_token';
  return named ? `${profile}_authz` : profile;
}

const A_DAY = 86_400;

const fieldsOf = (found: Api): FieldsOf<ApiValues> => ({
  name: { kind: 'text', label: 'Name', maxLength: 200, dir: 'auto' },
  scopes: {
    kind: 'own',
    label: 'Permissions',
    start: [],
    read: (stored) =>
      (stored as NonNullable<Api['scopes']>).map(({ value, description = '' }) => ({ value, description })),
    write: (scopes) =>
      scopes
        .filter(({ value }) => value.trim() !== '')
        .map(({ value, description }) => ({ value: value.trim(), description })),
  },
  enforced: {
    kind: 'switch',
    label: 'Limit permissions by role',
    at: 'enforce_policies',
    description:
      'Tokens contain only permissions that the person’s roles allow. If off, they contain all that the application requests, and the API must check permissions itself.',
  },
  named: {
    kind: 'switch',
    label: 'Include permissions in tokens',
    at: 'token_dialect',
    description: 'Adds the claim “permissions” to tokens, beside “scope”.',
    read: (dialect) => String(dialect).endsWith('_authz'),
    write: (named) => toDialect(found.token_dialect, named),
  },
  offline: {
    kind: 'switch',
    label: 'Allow refresh tokens',
    at: 'allow_offline_access',
    description: 'Applications can request offline_access, to call the API while the person is away.',
  },
  seconds: {
    kind: 'number',
    label: 'Token lifetime, in seconds',
    short: 'Token lifetime',
    at: 'token_lifetime',
    start: A_DAY,
    tell: ({ seconds }) => ({
      description: `${saySeconds(seconds)}. A token cannot be revoked before it expires.`,
    }),
    min: 1,
    allowDecimal: false,
    hideControls: true,
    maw: 320,
  },
});

async function write(found: Api, changes: Partial<ApiValues>, version: string | undefined) {
  const body = toBody<SentBodyOf<'/resource-servers/{id}', 'patch'>>(fieldsOf(found), changes);
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
        onKeyDown={ignoreEnter}
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
        onKeyDown={ignoreEnter}
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

export function ApiForm({ found }: { readonly found: Api }) {
  const isReadOnly = !usePowers()(SCOPE);
  const toForm = (one: Api) => toValues(fieldsOf(one), one);
  const edit = useEdit<ApiValues>({
    fields: fieldsOf(found),
    loaded: toForm(found),
    reload: async () => carry(await readApi(found.id), toForm),
    write: (changes, version) => write(found, changes, version),
  });
  return (
    <EditForm edit={edit} scope={SCOPE} lock="readOnly" gap="xl" maw="100%">
      <Field form={edit} name="name" />
      <Permissions edit={edit} isReadOnly={isReadOnly} />
      <Stack gap="sm" component="section" aria-labelledby="tokens">
        <Title order={2} size="h4" id="tokens">
          Tokens
        </Title>
        <Fields form={edit} names={['enforced', 'named', 'offline', 'seconds']} />
      </Stack>
    </EditForm>
  );
}
