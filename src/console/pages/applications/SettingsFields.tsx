/** The fields of an application's settings: addresses, organizations, tokens. They save nothing. */
import { Anchor, Checkbox, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CheckboxGroup, NumberInput, RadioGroup, Switch, Textarea, TextInput } from '../../parts/inputs';
import type { Edit } from '../../parts/use-edit';
import { findProblem, findProblems } from './addresses';
import type { AppType, RequireBehavior, Usage } from './answers';
import { SETTINGS_LABELS, type SettingsValues } from './settings-values';
import { BEHAVIORS, GRANT_TYPES, OWN_TOKENS, USAGES } from './words';

/** For each field of the form: the property of the request that it sets. */
const PROPERTIES = {
  callbacks: 'callbacks',
  logoutUrls: 'allowed_logout_urls',
  origins: 'web_origins',
  idTokenSeconds: 'jwt_configuration.lifetime_in_seconds',
  refreshSeconds: 'refresh_token.token_lifetime',
  idleSeconds: 'refresh_token.idle_token_lifetime',
} as const;

export interface FieldsProps {
  readonly edit: Edit<SettingsValues>;
  readonly kind: AppType | undefined;
  readonly isReadOnly: boolean;
}

const ADDRESSES = [
  {
    name: 'callbacks',
    description:
      'People return to one of these after a sign-in. Enter one per line. The address in the request must match exactly.',
  },
  { name: 'logoutUrls', description: 'People can return to one of these after a sign-out. Enter one per line.' },
  {
    name: 'origins',
    description:
      'Pages at these origins can renew tokens in the background, so that people stay signed in after a reload. Enter one per line.',
    isOrigin: true,
  },
] as const;

/** The addresses of an application, each checked while typed. */
export function AddressFields({ edit, kind, isReadOnly }: FieldsProps) {
  return (
    <Stack component="section" aria-labelledby="addresses">
      <Title order={2} size="h4" id="addresses">
        Addresses
      </Title>
      {ADDRESSES.map(({ name, description, ...rule }) => (
        <Textarea
          fills={PROPERTIES[name]}
          key={name}
          label={SETTINGS_LABELS[name]}
          description={description}
          value={edit.values[name]}
          error={findProblems(edit.values[name], { kind, ...rule })}
          onChange={(event) => edit.set({ [name]: event.currentTarget.value })}
          readOnly={isReadOnly}
          autosize
          minRows={2}
          spellCheck={false}
          dir="ltr"
        />
      ))}
      <TextInput
        fills="initiate_login_uri"
        label={SETTINGS_LABELS.loginUri}
        description="Invitation links open this address. The application must start a sign-in there with the link’s parameters."
        value={edit.values.loginUri}
        error={edit.values.loginUri === '' ? undefined : findProblem(edit.values.loginUri, { kind })}
        onChange={(event) => edit.set({ loginUri: event.currentTarget.value })}
        readOnly={isReadOnly}
        spellCheck={false}
        dir="ltr"
      />
    </Stack>
  );
}

/** Whether people sign in with an organization, and how it is chosen. */
export function OrganizationFields({ edit, isReadOnly }: FieldsProps) {
  const { usage, behavior } = edit.values;
  return (
    <Stack component="section" aria-labelledby="organizations">
      <Title order={2} size="h4" id="organizations">
        Organizations
      </Title>
      <RadioGroup
        fills="organization_usage"
        label="Sign-in with an organization"
        value={usage}
        onChange={(value) => edit.set({ usage: value as Usage })}
        readOnly={isReadOnly}
      >
        <Stack gap="sm" mt="xs">
          {USAGES.map(({ id, name, meaning }) => (
            <Radio key={id} value={id} label={name} description={meaning} />
          ))}
        </Stack>
      </RadioGroup>
      {usage === 'require' && (
        <RadioGroup
          fills="organization_require_behavior"
          label="How the organization is chosen"
          value={behavior}
          onChange={(value) => edit.set({ behavior: value as RequireBehavior })}
          readOnly={isReadOnly}
        >
          <Stack gap="sm" mt="xs">
            {BEHAVIORS.map(({ id, name, meaning }) => (
              <Radio key={id} value={id} label={name} description={meaning} />
            ))}
          </Stack>
        </RadioGroup>
      )}
    </Stack>
  );
}

/** Formats a number of seconds for people: "10 hours", "30 days". */
export function saySeconds(seconds: number): string {
  const [name, size] = (
    [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ] as const
  ).find(([, length]) => seconds >= length && seconds % length === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

const LIFETIMES = [
  { name: 'idTokenSeconds', says: 'Tells the application who signed in. Valid for' },
  { name: 'refreshSeconds', says: 'The person must sign in again after' },
  { name: 'idleSeconds', says: 'Also if unused for' },
] as const;

/** Settings of people's tokens, which a machine does not have. */
function PeopleTokenFields({ edit, isReadOnly }: FieldsProps) {
  return (
    <>
      <Switch
        fills="refresh_token.rotation_type"
        label={SETTINGS_LABELS.rotates}
        description="If a stolen token is used a second time, the session is revoked. Recommended for browsers and devices."
        checked={edit.values.rotates}
        onChange={(event) => edit.set({ rotates: event.currentTarget.checked })}
        disabled={isReadOnly}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {LIFETIMES.map(({ name, says }) => (
          <NumberInput
            fills={PROPERTIES[name]}
            key={name}
            label={`${SETTINGS_LABELS[name]}, in seconds`}
            description={`${says} ${saySeconds(edit.values[name])}.`}
            value={edit.values[name]}
            onChange={(value) => typeof value === 'number' && edit.set({ [name]: value })}
            min={1}
            allowDecimal={false}
            hideControls
            readOnly={isReadOnly}
          />
        ))}
      </SimpleGrid>
    </>
  );
}

function LifetimeElsewhere() {
  return (
    <Text size="sm" c="dimmed">
      The lifetime of its tokens is set for each{' '}
      <Anchor component={Link} to="/applications/apis" inherit>
        API
      </Anchor>
      .
    </Text>
  );
}

/** Renders the fields for grant types and lifetimes of tokens. */
export function TokenFields({ isForPeople, ...fields }: FieldsProps & { readonly isForPeople: boolean }) {
  const { edit, kind, isReadOnly } = fields;
  const isMachine = kind === 'non_interactive' && !isForPeople;
  const ways = isMachine ? GRANT_TYPES.filter(({ id }) => id === OWN_TOKENS) : GRANT_TYPES;
  return (
    <Stack component="section" aria-labelledby="tokens">
      <Title order={2} size="h4" id="tokens">
        Tokens
      </Title>
      <CheckboxGroup
        fills="grant_types"
        label={SETTINGS_LABELS.grantTypes}
        value={[...edit.values.grantTypes]}
        onChange={(grantTypes) => edit.set({ grantTypes })}
        readOnly={isReadOnly}
      >
        <Stack gap="xs" mt="xs">
          {ways.map(({ id, name }) => (
            <Checkbox key={id} value={id} label={name} disabled={isReadOnly} />
          ))}
        </Stack>
      </CheckboxGroup>
      {isForPeople ? <PeopleTokenFields {...fields} /> : <LifetimeElsewhere />}
    </Stack>
  );
}
