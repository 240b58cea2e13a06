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
  blocks: 'This limit',
  mode: 'Counted',
  max_attempts: 'Wrong passwords for one address',
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
            label="From one machine"
            description="A stranger who guesses shuts out their own machine, and not the owner of the address."
          />
          <Radio
            value="count_per_identifier"
            label="From everywhere together"
            description="Stops guesses that come from many machines sooner; anybody can then shut an address out for 15 minutes."
          />
        </Stack>
      </RadioGroup>
      <NumberInput
        fills="max_attempts"
        label={LABELS.max_attempts}
        description={`Within 15 minutes; ${most} at most. Then the password is not looked at until the time is over.`}
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
      networks="Addresses or networks (10.0.0.0/8), such as your office. They count apart from everybody else, with 100 wrong passwords for an address."
    >
      <Switch
        label="Limit wrong passwords for one address"
        description="Off: the server’s own bounds hold, 50 from one machine and 100 from everywhere in 15 minutes."
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
    <Limit title="One address" query={query}>
      {(loaded) => <PasswordForm loaded={loaded} />}
    </Limit>
  );
}
