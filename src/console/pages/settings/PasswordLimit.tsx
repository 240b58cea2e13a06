/** The limit of wrong passwords for one email address. Also shows the server's own limits, which always apply. */
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { carry, ifStill } from '../../api/version';
import { EditForm } from '../../parts/EditForm';
import { type FieldsOf, toValues } from '../../parts/form-fields';
import { useEdit } from '../../parts/use-edit';
import { Limit, NETWORKS, SCOPE, toSwitches } from './Limit';

type Settings = Answer<'/attack-protection/brute-force-protection'>;

type Values = {
  readonly blocks: boolean;
  readonly mode: Settings['mode'];
  readonly max_attempts: number;
  readonly allowlist: readonly string[];
};

const PER_MACHINE = 'count_per_identifier_and_ip';
const MOST = { machine: 50, everywhere: 100 };

const FIELDS: FieldsOf<Values> = {
  blocks: {
    kind: 'switch',
    label: 'Limit wrong passwords per account',
    short: 'Own limit',
    description:
      'If off, the server’s own limits apply: in 15 minutes, 50 from one IP address and 100 from everywhere.',
  },
  mode: {
    kind: 'radios',
    label: 'Count attempts',
    isShown: ({ blocks }) => blocks,
    of: [
      {
        value: PER_MACHINE,
        label: 'Per account and IP address',
        description: 'An attacker who guesses passwords blocks only their own IP address, not the account’s owner.',
      },
      {
        value: 'count_per_identifier',
        label: 'Per account, from everywhere',
        description:
          'Stops attacks from many IP addresses sooner. However, anybody can then block an account for 15 minutes.',
      },
    ],
  },
  max_attempts: {
    kind: 'number',
    label: 'Wrong passwords per account',
    isShown: ({ blocks }) => blocks,
    tell({ mode }) {
      const max = mode === PER_MACHINE ? MOST.machine : MOST.everywhere;
      return {
        max,
        description: `Within 15 minutes, at most ${max}. After that, even the right password is refused until the time is over.`,
      };
    },
    min: 1,
  },
  allowlist: {
    ...NETWORKS,
    label: 'Trusted networks',
    description:
      'IP addresses or networks such as your office (10.0.0.0/8). They are counted separately, with a limit of 100 wrong passwords per account.',
  },
};

async function readSettings(): Promise<Settings> {
  return (await api.GET('/attack-protection/brute-force-protection')).data;
}

const toForm = (settings: Settings): Values => ({
  ...toValues(FIELDS, settings),
  blocks: settings.enabled && settings.shields.includes('block'),
});

const read = async () => carry(await readSettings(), toForm);

async function write({ blocks, ...rest }: Partial<Values>, version: string | undefined): Promise<unknown> {
  const { shields } = await readSettings();
  const body = { ...rest, ...(blocks !== undefined && toSwitches(blocks, shields)) };
  return api.PATCH('/attack-protection/brute-force-protection', { ...ifStill(version), body });
}

function PasswordForm({ loaded }: { readonly loaded: Values }) {
  return <EditForm edit={useEdit({ fields: FIELDS, loaded, reload: read, write })} scope={SCOPE} />;
}

export function PasswordLimit() {
  const query = useQuery({ queryKey: ['attack-protection', 'address'], queryFn: read, staleTime: 0 });
  return (
    <Limit title="Limit per account" query={query}>
      {(loaded) => <PasswordForm loaded={loaded} />}
    </Limit>
  );
}
