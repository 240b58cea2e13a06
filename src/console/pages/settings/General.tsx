/** Name, support, sessions and the order of membership. Says what each changes, since some affect every sign-in. */
import { Alert, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { NumberInput, RadioGroup, TextInput } from '../../parts/inputs';
import { Loaded } from '../../parts/Loaded';
import { useEdit } from '../../parts/use-edit';
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

const LABELS = {
  friendly_name: 'Name',
  support_email: 'Support email address',
  support_url: 'Support page',
  session_lifetime: 'Maximum session length',
  idle_session_lifetime: 'Idle session timeout',
  membership_evaluation: 'When a new membership is saved',
};

function toValues(settings: Partial<Values>): Values {
  return {
    friendly_name: settings.friendly_name ?? '',
    support_email: settings.support_email ?? '',
    support_url: settings.support_url ?? '',
    session_lifetime: settings.session_lifetime ?? 0,
    idle_session_lifetime: settings.idle_session_lifetime ?? 0,
    membership_evaluation: settings.membership_evaluation ?? 'after_actions',
  };
}

const read = async () => carry((await api.GET('/tenants/settings')).data, toValues);

const write = (body: Partial<Values>, version: string | undefined) =>
  api.PATCH('/tenants/settings', { ...ifStill(version), body });

const MOST_HOURS = 8_760;

function GeneralForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit({ loaded, reload: read, write });
  const { values, set } = edit;
  return (
    <EditForm edit={edit} labels={LABELS} scope="update:tenant_settings">
      <TextInput
        fills="friendly_name"
        label={LABELS.friendly_name}
        description="Shown on sign-in pages and in emails when no organization is known."
        value={values.friendly_name}
        onChange={(event) => set({ friendly_name: event.currentTarget.value })}
      />
      <TextInput
        fills="support_email"
        type="email"
        label={LABELS.support_email}
        description="Shown to people who were refused."
        value={values.support_email}
        onChange={(event) => set({ support_email: event.currentTarget.value })}
      />
      <TextInput
        fills="support_url"
        type="url"
        label={LABELS.support_url}
        value={values.support_url}
        onChange={(event) => set({ support_url: event.currentTarget.value })}
      />
      <NumberInput
        fills="session_lifetime"
        label={LABELS.session_lifetime}
        description="In hours. After this, people must sign in again even if they are active."
        min={0}
        max={MOST_HOURS}
        suffix=" hours"
        value={values.session_lifetime}
        onChange={(hours) => set({ session_lifetime: Number(hours) })}
      />
      <NumberInput
        fills="idle_session_lifetime"
        label={LABELS.idle_session_lifetime}
        description="In hours. Cannot be longer than the maximum above."
        min={0}
        max={MOST_HOURS}
        suffix=" hours"
        value={values.idle_session_lifetime}
        onChange={(hours) => set({ idle_session_lifetime: Number(hours) })}
      />
      <RadioGroup
        fills="membership_evaluation"
        label={LABELS.membership_evaluation}
        value={values.membership_evaluation}
        onChange={(order) => set({ membership_evaluation: order as Values['membership_evaluation'] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="after_actions"
            label="After Actions"
            description="If an Action refuses a person, nothing is saved, and they can still be invited."
          />
          <Radio
            value="before_actions"
            label="Before Actions, like Auth0"
            description="Use this only to test the behaviour of an Auth0 tenant. If an Action refuses a new person, they are a member anyway."
          />
        </Stack>
      </RadioGroup>
      {values.membership_evaluation !== loaded.membership_evaluation && (
        <Alert color="yellow" variant="light" title="This affects every new sign-in">
          <Text size="sm">Sign-ins that have already started are not affected.</Text>
        </Alert>
      )}
    </EditForm>
  );
}

export function General() {
  const query = useQuery({ queryKey: ['tenant'], queryFn: read, staleTime: 0 });
  return (
    <Stack gap="xl">
      <Loaded query={query}>{(loaded) => <GeneralForm loaded={loaded} />}</Loaded>
      <Environment />
    </Stack>
  );
}
