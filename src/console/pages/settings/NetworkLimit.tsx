/**
 * How often one machine may try, over all addresses. In numbers and minutes; the API has the milliseconds after which a
 * further try is granted.
 */
import { SimpleGrid, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { NumberInput } from '../../parts/inputs';
import { useEdit } from '../../parts/use-edit';
import { Limit, LimitForm } from './LimitForm';

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

const LABELS = {
  blocks: 'Own limits',
  passwords: 'Wrong passwords',
  password_minutes: 'Period for wrong passwords',
  codes: 'Sign-up codes sent',
  code_minutes: 'Period for sign-up codes',
  allowlist: 'Exempt networks',
};
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const MOST_PASSWORDS = 2_500;
const MOST_CODES = 72_000;

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

/** Sends each changed stage as a whole, since number and time are one property there. */
async function write(changes: Partial<Values>, version: string | undefined): Promise<unknown> {
  const settings = await readSettings();
  const all = { ...toValues(settings), ...changes };
  const others = settings.shields.filter((shield) => shield !== 'block');
  const has = (...names: readonly (keyof Values)[]) => names.some((name) => name in changes);
  const stage = {
    ...(has('passwords', 'password_minutes') && { 'pre-login': stageOf(all.passwords, all.password_minutes) }),
    ...(has('codes', 'code_minutes') && { 'pre-user-registration': stageOf(all.codes, all.code_minutes) }),
  };
  const body = {
    ...(has('blocks') && { enabled: all.blocks, shields: all.blocks ? [...others, 'block' as const] : others }),
    ...(has('allowlist') && { allowlist: all.allowlist }),
    ...(Object.keys(stage).length > 0 && { stage }),
  };
  return api.PATCH('/attack-protection/suspicious-ip-throttling', { ...ifStill(version), body });
}

interface PairProps {
  readonly values: Values;
  readonly names: readonly [number: 'passwords' | 'codes', minutes: 'password_minutes' | 'code_minutes'];
  readonly most: number;
  set(changes: Partial<Values>): void;
}

/** Renders the two fields of a limit: a number of tries, and minutes. */
function Pair({ values, names: [number, minutes], most, set }: PairProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <NumberInput
        fills="stage"
        label={LABELS[number]}
        min={1}
        max={most}
        value={values[number]}
        onChange={(given) => set({ [number]: Number(given) })}
      />
      <NumberInput
        fills="stage"
        label={LABELS[minutes]}
        min={1}
        max={DAY_MINUTES}
        suffix=" min"
        value={values[minutes]}
        onChange={(given) => set({ [minutes]: Number(given) })}
      />
    </SimpleGrid>
  );
}

function NetworkForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit<Values>({ loaded, reload: read, write });
  const { values, set } = edit;
  const part = { values, set };
  return (
    <LimitForm
      edit={edit}
      labels={LABELS}
      networks="IP addresses or networks to which these limits do not apply. The limit per account still applies."
    >
      <Switch
        label="Set limits per IP address"
        description="If off, the server’s default limits apply. A whole company can share one IP address."
        checked={values.blocks}
        onChange={(event) => set({ blocks: event.currentTarget.checked })}
      />
      {values.blocks && (
        <>
          <Pair {...part} names={['passwords', 'password_minutes']} most={MOST_PASSWORDS} />
          <Pair {...part} names={['codes', 'code_minutes']} most={MOST_CODES} />
        </>
      )}
    </LimitForm>
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
