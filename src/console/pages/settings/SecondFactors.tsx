/**
 * The second factors that the tenant accepts, and whether everybody must have one. Those for one customer and for
 * operators are on their own pages.
 */
import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { queryClient } from '../../api/query';
import { FACTORS_KEY, readFactors, switchFactor } from '../../factors/queries';
import { countsAlone, FACTOR_CHOICES, isOffered, OFFERED_FACTORS } from '../../factors/words';
import { EditForm } from '../../parts/EditForm';
import type { FieldsOf } from '../../parts/form-fields';
import { Loaded } from '../../parts/Loaded';
import { useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';

type Policy = 'nobody' | 'everybody';
type Verification = 'discouraged' | 'preferred' | 'required';
type Values = {
  readonly factors: readonly string[];
  readonly policy: Policy;
  readonly verification: Verification;
};

/** The API accepts such a policy, because Auth0's provider for Terraform sends it first, and asks nobody until later. */
const isUnmet = (policy: Policy | undefined, factors: readonly string[]) =>
  policy === 'everybody' && !factors.filter(isOffered).some(countsAlone);
const UNMET = 'Nobody could be asked without an authenticator app or security keys. Switch one of them on, too.';

const FIELDS: FieldsOf<Values> = {
  factors: {
    kind: 'checks',
    label: 'Accepted factors',
    description:
      'People choose one of them when they are first asked. Nobody is asked any more for a factor that you switch off.',
    of: FACTOR_CHOICES,
  },
  policy: {
    kind: 'radios',
    label: 'Who must have a second factor',
    of: [
      {
        value: 'nobody',
        label: 'Only members of organizations that require one',
        description: 'Each organization’s settings say whether it requires one. On Auth0: the policy Never.',
      },
      {
        value: 'everybody',
        label: 'Everybody',
        description:
          'Also people with a company’s sign-in, and operators. On Auth0: the policy Always, all-applications.',
      },
    ],
    check: (policy, { factors }) => (isUnmet(policy, factors) ? UNMET : undefined),
  },
  verification: {
    kind: 'radios',
    label: 'PIN or fingerprint at a security key',
    description:
      'A security key follows a password, so that a touch is enough. Passkeys and the factor of a device always ask.',
    of: [
      { value: 'discouraged', label: 'A touch', description: 'The quickest; Auth0 has it so, too.' },
      { value: 'preferred', label: 'Ask where the key can', description: 'A key without PIN passes by a touch.' },
      {
        value: 'required',
        label: 'Always ask',
        description: 'A key without PIN is refused, also one that a person has added before.',
      },
    ],
  },
};

/** The policies are a list, which the API replaces. */
const toPolicies = (policy: Policy) => (policy === 'everybody' ? (['all-applications'] as const) : []);

async function read(): Promise<Values> {
  const [factors, { data }, { data: keys }] = await Promise.all([
    readFactors(),
    api.GET('/guardian/policies'),
    api.GET('/guardian/factors/webauthn-roaming/settings'),
  ]);
  return {
    factors: OFFERED_FACTORS.filter((name) => factors.includes(name)),
    policy: data.length > 0 ? 'everybody' : 'nobody',
    verification: keys.userVerification,
  };
}

/**
 * Writes the switches and the policy in an order in which the API refuses none for the sake of a later one: what is
 * switched on, the policy, what is switched off.
 */
async function write({ factors, policy, verification }: Partial<Values>): Promise<unknown> {
  const wanted = factors ?? (await readFactors());
  if (isUnmet(policy, wanted)) throw new ApiFailure(409, UNMET, undefined);
  const before = await readFactors();
  for (const name of wanted.filter(isOffered)) if (!before.includes(name)) await switchFactor(name, true);
  if (policy !== undefined) await api.PUT('/guardian/policies', { body: [...toPolicies(policy)] });
  if (verification !== undefined)
    await api.PUT('/guardian/factors/webauthn-roaming/settings', { body: { userVerification: verification } });
  for (const name of before) if (!wanted.includes(name)) await switchFactor(name, false);
  return queryClient.invalidateQueries({ queryKey: FACTORS_KEY });
}

function FactorsForm({ loaded }: { readonly loaded: Values }) {
  // The switches need one scope, the policy another one. The roles of operators have both or none.
  const mayPolicy = usePowers()('update:mfa_policies');
  const scope = mayPolicy ? 'update:guardian_factors' : 'update:mfa_policies';
  return <EditForm edit={useEdit({ fields: FIELDS, loaded, reload: read, write })} scope={scope} />;
}

export function SecondFactors() {
  const query = useQuery({ queryKey: [...FACTORS_KEY, 'form'], queryFn: read, staleTime: 0 });
  return (
    <Stack gap="lg">
      <Text maw={640}>
        A second factor protects an account whose password somebody else knows. Require one from a single customer in
        the settings of its{' '}
        <Anchor component={Link} to="/organizations">
          organization
        </Anchor>
        , and from operators under{' '}
        <Anchor component={Link} to="/settings/operators">
          Operators
        </Anchor>
        .
      </Text>
      <Loaded query={query}>{(loaded) => <FactorsForm loaded={loaded} />}</Loaded>
      <Text size="sm" c="dimmed" maw={640}>
        This server sends no text messages and no push notifications, and does not use Duo.
      </Text>
    </Stack>
  );
}
