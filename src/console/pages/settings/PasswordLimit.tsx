/** How many wrong passwords an address may have. Says what holds whatever is set here: the server allows no more than its own bounds. */
import { NumberInput, Radio, Stack, Switch, TagsInput, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { Loaded } from '../../parts/Loaded';
import { SaveBar } from '../../parts/SaveBar';
import { type Edit, useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';

interface Settings {
  readonly enabled: boolean;
  readonly shields: readonly string[];
  readonly mode: string;
  readonly max_attempts: number;
  readonly allowlist: readonly string[];
}

type Values = {
  readonly blocks: boolean;
  readonly mode: string;
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
  return (await api.GET('/attack-protection/brute-force-protection')).data as unknown as Settings;
}

async function read(): Promise<Values> {
  const { enabled, shields, mode, max_attempts, allowlist } = await readSettings();
  return { blocks: enabled && shields.includes('block'), mode, max_attempts, allowlist };
}

/** The API has two switches for one thing: on, and the shield that stops somebody. */
async function write({ blocks, ...rest }: Partial<Values>): Promise<unknown> {
  const { shields } = await readSettings();
  const others = shields.filter((shield) => shield !== 'block');
  const body = {
    ...rest,
    ...(blocks !== undefined && { enabled: blocks, shields: blocks ? [...others, 'block'] : others }),
  };
  return api.PATCH('/attack-protection/brute-force-protection', { body: body as never });
}

function Counting({ edit, disabled }: { readonly edit: Edit<Values>; readonly disabled: boolean }) {
  const { values, set } = edit;
  const most = values.mode === PER_MACHINE ? MOST.machine : MOST.everywhere;
  return (
    <>
      <Radio.Group label={LABELS.mode} value={values.mode} onChange={(mode) => set({ mode })}>
        <Stack gap="xs" mt="xs">
          <Radio
            value={PER_MACHINE}
            disabled={disabled}
            label="From one machine"
            description="A stranger who guesses shuts out their own machine, and not the owner of the address."
          />
          <Radio
            value="count_per_identifier"
            disabled={disabled}
            label="From everywhere together"
            description="Stops guesses that come from many machines sooner; anybody can then shut an address out for 15 minutes."
          />
        </Stack>
      </Radio.Group>
      <NumberInput
        label={LABELS.max_attempts}
        description={`Within 15 minutes; ${most} at most. Then the password is not looked at until the time is over.`}
        min={1}
        max={most}
        value={values.max_attempts}
        onChange={(number) => set({ max_attempts: Number(number) })}
        disabled={disabled}
      />
    </>
  );
}

function LimitForm({ loaded }: { readonly loaded: Values }) {
  const edit = useEdit<Values>({ loaded, reload: read, write });
  const { values, set } = edit;
  const disabled = !usePowers()('update:attack_protection');
  return (
    <Stack component="form" maw={560} onSubmit={(event) => event.preventDefault()}>
      <Switch
        label="Limit wrong passwords for one address"
        description="Off: the server’s own bounds hold, 50 from one machine and 100 from everywhere in 15 minutes."
        checked={values.blocks}
        onChange={(event) => set({ blocks: event.currentTarget.checked })}
        disabled={disabled}
      />
      {values.blocks && <Counting edit={edit} disabled={disabled} />}
      <TagsInput
        label={LABELS.allowlist}
        description="Addresses or networks (10.0.0.0/8), such as your office. They count apart from everybody else, with 100 wrong passwords for an address."
        value={[...values.allowlist]}
        onChange={(allowlist) => set({ allowlist })}
        splitChars={[',', ' ', ';']}
        maxTags={100}
        readOnly={disabled}
      />
      {disabled ? (
        <Text size="sm" c="dimmed">
          Your role shows the limits; an owner changes them.
        </Text>
      ) : (
        <SaveBar edit={edit} labels={LABELS} />
      )}
    </Stack>
  );
}

export function PasswordLimit() {
  const query = useQuery({ queryKey: ['attack-protection', 'address'], queryFn: read, staleTime: 0 });
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        One address
      </Title>
      <Loaded query={query}>{(loaded) => <LimitForm loaded={loaded} />}</Loaded>
    </Stack>
  );
}
