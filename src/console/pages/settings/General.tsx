/**
 * The general settings: name, support address, sessions, and whether membership is checked before or after Actions.
 * Says what each changes, since some affect every sign-in.
 */
import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer, SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { Fields } from '../../parts/Fields';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { Loaded } from '../../parts/Loaded';
import { useEdit } from '../../parts/use-edit';
import { WithoutEffectNote } from '../../parts/WithoutEffectNote';
import { Environment } from './Environment';

type Settings = Answer<'/tenants/settings'>;
type Values = {
  readonly friendly_name: string;
  readonly support_email: string;
  readonly support_url: string;
  readonly session_lifetime: number;
  readonly idle_session_lifetime: number;
  readonly membership_evaluation: Settings['membership_evaluation'];
};

const MOST_HOURS = 8_760;
const HOURS = { kind: 'number', min: 0, max: MOST_HOURS, suffix: ' hours' } as const;

const FIELDS: FieldsOf<Values> = {
  friendly_name: {
    kind: 'text',
    label: 'Name',
    description: 'Shown on sign-in pages and in emails when no organization is known.',
  },
  support_email: {
    kind: 'text',
    label: 'Support email address',
    type: 'email',
    description: 'Shown to people who were refused.',
  },
  support_url: { kind: 'text', label: 'Support page', type: 'url' },
  session_lifetime: {
    ...HOURS,
    label: 'Maximum session length',
    description: 'In hours. After this, people must sign in again even if they are active.',
  },
  idle_session_lifetime: {
    ...HOURS,
    label: 'Idle session timeout',
    description: 'In hours. Cannot be longer than the maximum above.',
  },
  membership_evaluation: {
    kind: 'radios',
    label: 'When a new membership is saved',
    start: 'after_actions',
    of: [
      {
        value: 'after_actions',
        label: 'After Actions',
        description: 'If an Action refuses a person, nothing is saved, and they can still be invited.',
      },
      {
        value: 'before_actions',
        label: 'Before Actions, like Auth0',
        description:
          'Use this only to test the behaviour of an Auth0 tenant. If an Action refuses a new person, they are a member anyway.',
      },
    ],
  },
};

const readWhole = async () => (await api.GET('/tenants/settings')).data;
const read = async () => carry(await readWhole(), (settings) => toValues(FIELDS, settings));

const write = (changes: Partial<Values>, version: string | undefined) =>
  api.PATCH('/tenants/settings', {
    ...ifStill(version),
    body: toBody<SentBodyOf<'/tenants/settings', 'patch'>>(FIELDS, changes),
  });

function GeneralForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit({ fields: FIELDS, loaded, reload: read, write });
  return (
    <EditForm edit={edit} scope="update:tenant_settings">
      <Fields form={edit} />
      {edit.values.membership_evaluation !== loaded.membership_evaluation && (
        <Alert color="yellow" variant="light" title="This affects every new sign-in">
          <Text size="sm">Sign-ins that have already started are not affected.</Text>
        </Alert>
      )}
    </EditForm>
  );
}

export function General() {
  const query = useQuery({ queryKey: ['tenant'], queryFn: read, staleTime: 0 });
  const whole = useQuery({ queryKey: ['tenant', 'whole'], queryFn: readWhole });
  return (
    <Stack gap="xl">
      {whole.data && <WithoutEffectNote path="/tenants/settings" settings={whole.data} />}
      <Loaded query={query}>{(loaded) => <GeneralForm loaded={loaded} />}</Loaded>
      <Environment />
    </Stack>
  );
}
