/** How many wrong passwords an address may have. Shows the server's own bounds, which always apply. */
import { Radio, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { NumberInput, RadioGroup } from '../../parts/inputs';
import { type Edit, useEdit } from '../../parts/use-edit';
import { Limit, LimitForm } from './LimitForm';

type Settings = Answer<'/attack-protection/brute-force-protection'>;

type Values = {
  readonly blocks: boolean;
  readonly mode: Settings['mode'];
  readonly max_attempts: number;
  readonly allowlist: readonly string[];
};

const LABELS = {
  blocks: 'Own limit',
  mode: 'Count attempts',
  max_attempts: 'Wrong passwords per account',
  allowlist: 'Trusted networks',
};
const PER_MACHINE = 'count_per_identifier_and_ip';
const MOST = { machine: 50, everywhere: 100 };

async function readSettings(): Promise<Settings> {
  return (await api.GET('/attack-protection/brute-force-protection')).data;
}

const toValues = ({ enabled, shields, mode, max_attempts, allowlist }: Settings): Values => ({
  blocks: enabled && shields.includes('block'),
  mode,
  max_attempts,
  allowlist,
});

const read = async () => carry(await readSettings(), toValues);

/** Writes the limit. The API has two switches for it: `enabled`, and the shield that blocks. */
async function write({ blocks, ...rest }: Partial<Values>, version: string | undefined): Promise<unknown> {
  const { shields } = await readSettings();
  const others = shields.filter((shield) => shield !== 'block');
  const body = {
    ...rest,
    ...(blocks !== undefined && { enabled: blocks, shields: blocks ? [...others, 'block' as const] : others }),
  };
  return api.PATCH('/attack-protection/brute-force-protection', { ...ifStill(version), body });
}

function Counting({ edit }: { readonly edit: Edit<Values> }) {
  const { values, set } = edit;
  const most = values.mode === PER_MACHINE ? MOST.machine : MOST.everywhere;
  return (
    <>
      <RadioGroup
        fills="mode"
        label={LABELS.mode}
        value={values.mode}
        onChange={(mode) => set({ mode: mode as Values['mode'] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value={PER_MACHINE}
            label="Per account and IP address"
            description="An attacker who guesses passwords blocks only their own IP address, not the account’s owner."
          />
          <Radio
            value="count_per_identifier"
            label="Per account, from everywhere"
            description="Stops attacks from many IP addresses sooner. However, anybody can then block an account for 15 minutes."
          />
        </Stack>
      </RadioGroup>
      <NumberInput
        fills="max_attempts"
        label={LABELS.max_attempts}
        description={`Within 15 minutes, at most ${most}. After that, even the right password is refused until the time is over.`}
        min={1}
        max={most}
        value={values.max_attempts}
        onChange={(number) => set({ max_attempts: Number(number) })}
      />
    </>
  );
}

function PasswordForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit<Values>({ loaded, reload: read, write });
  return (
    <LimitForm
      edit={edit}
      labels={LABELS}
      networks="IP addresses or networks such as your office (10.0.0.0/8). They are counted separately, with a limit of 100 wrong passwords per account."
    >
      <Switch
        label="Limit wrong passwords per account"
        description="If off, the server’s own limits apply: in 15 minutes, 50 from one IP address and 100 from everywhere."
        checked={edit.values.blocks}
        onChange={(event) => edit.set({ blocks: event.currentTarget.checked })}
      />
      {edit.values.blocks && <Counting edit={edit} />}
    </LimitForm>
  );
}

export function PasswordLimit() {
  const query = useQuery({ queryKey: ['attack-protection', 'address'], queryFn: read, staleTime: 0 });
  return (
    <Limit title="Limit per account" query={query}>
      {(loaded) => <PasswordForm loaded={loaded} />}
    </Limit>
  );
}
