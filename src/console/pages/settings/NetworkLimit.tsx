/**
 * The limit for attempts of one machine at all accounts together. The form has numbers and minutes; the API has the
 * milliseconds after which another attempt is granted.
 */
import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { Field, Fields } from '../../parts/Fields';
import type { Field as Described, FieldsOf } from '../../parts/form-fields';
import { useEdit } from '../../parts/use-edit';
import { Limit, NETWORKS, SCOPE, toSwitches } from './Limit';

type Settings = Answer<'/attack-protection/suspicious-ip-throttling'>;
type Stage = Settings['stage']['pre-login'];

type Values = {
  readonly blocks: boolean;
  readonly passwords: number;
  readonly password_minutes: number;
  readonly codes: number;
  readonly code_minutes: number;
  readonly allowlist: readonly string[];
};

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const MOST_PASSWORDS = 2_500;
const MOST_CODES = 72_000;

/** Describes the field for one number of a stage. In the API, a stage with all its numbers is one property. */
const inStage = (label: string, max: number, suffix = ''): Described<number, Values> => ({
  kind: 'number',
  label,
  alsoAt: ['stage'],
  isShown: ({ blocks }) => blocks,
  min: 1,
  max,
  suffix,
});

const FIELDS: FieldsOf<Values> = {
  blocks: {
    kind: 'switch',
    label: 'Set limits per IP address',
    short: 'Own limits',
    description: 'If off, the server’s default limits apply. A whole company can share one IP address.',
  },
  passwords: inStage('Wrong passwords', MOST_PASSWORDS),
  password_minutes: inStage('Period for wrong passwords', DAY_MINUTES, ' min'),
  codes: inStage('Sign-up codes sent', MOST_CODES),
  code_minutes: inStage('Period for sign-up codes', DAY_MINUTES, ' min'),
  allowlist: {
    ...NETWORKS,
    label: 'Exempt networks',
    description: 'IP addresses or networks to which these limits do not apply. The limit per account still applies.',
  },
};

const minutesOf = ({ max_attempts: most, rate }: Stage) => Math.round((most * rate) / MINUTE_MS);
const stageOf = (most: number, minutes: number): Stage => ({
  max_attempts: most,
  rate: Math.floor((minutes * MINUTE_MS) / Math.max(most, 1)),
});

async function readSettings(): Promise<Settings> {
  return (await api.GET('/attack-protection/suspicious-ip-throttling')).data;
}

function toValues({ enabled, shields, allowlist, stage }: Settings): Values {
  return {
    blocks: enabled && shields.includes('block'),
    passwords: stage['pre-login'].max_attempts,
    password_minutes: minutesOf(stage['pre-login']),
    codes: stage['pre-user-registration'].max_attempts,
    code_minutes: minutesOf(stage['pre-user-registration']),
    allowlist,
  };
}

const read = async () => carry(await readSettings(), toValues);

/** Sends each changed stage completely, since its numbers are one property in the API. */
async function write(changes: Partial<Values>, version: string | undefined): Promise<unknown> {
  const settings = await readSettings();
  const all = { ...toValues(settings), ...changes };
  const has = (...names: readonly (keyof Values)[]) => names.some((name) => name in changes);
  const stage = {
    ...(has('passwords', 'password_minutes') && { 'pre-login': stageOf(all.passwords, all.password_minutes) }),
    ...(has('codes', 'code_minutes') && { 'pre-user-registration': stageOf(all.codes, all.code_minutes) }),
  };
  const body = {
    ...(has('blocks') && toSwitches(all.blocks, settings.shields)),
    ...(has('allowlist') && { allowlist: all.allowlist }),
    ...(Object.keys(stage).length > 0 && { stage }),
  };
  return api.PATCH('/attack-protection/suspicious-ip-throttling', { ...ifStill(version), body });
}

function NetworkForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit<Values>({ fields: FIELDS, loaded, reload: read, write });
  return (
    <EditForm edit={edit} scope={SCOPE}>
      <Field form={edit} name="blocks" />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Fields form={edit} names={['passwords', 'password_minutes', 'codes', 'code_minutes']} />
      </SimpleGrid>
      <Field form={edit} name="allowlist" />
    </EditForm>
  );
}

export function NetworkLimit() {
  const query = useQuery({ queryKey: ['attack-protection', 'network'], queryFn: read, staleTime: 0 });
  return (
    <Limit title="Limits per IP address" query={query}>
      {(loaded) => <NetworkForm loaded={loaded} />}
    </Limit>
  );
}
