/** Which members of an organization must have a second factor, and which factors it accepts. */
import { Stack, Text, Title } from '@mantine/core';
import type { SentBodyOf } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { useMayRequire } from '../../factors/operators';
import { RequireFactor } from '../../factors/RequireFactor';
import { FACTOR_CHOICES } from '../../factors/words';
import { EditForm } from '../../parts/EditForm';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { useEdit } from '../../parts/use-edit';
import { readServerFacts } from '../../server-facts';
import type { Organization } from './answers';
import { ORGANIZATIONS, readOrganization } from './queries';

type Values = { readonly mfa: string; readonly mfa_factors: readonly string[] };

const FIELDS: FieldsOf<Values> = {
  mfa: {
    kind: 'radios',
    label: 'Who must have a second factor',
    start: 'none',
    of: [
      {
        value: 'none',
        label: 'Nobody',
        description: 'Except where the tenant, an application or an Action asks for one.',
      },
      {
        value: 'required',
        label: 'All members',
        description: 'Also members whose company’s identity provider checks one. They are asked twice.',
      },
      {
        value: 'required_unless_idp',
        label: 'Members whose company did not check one',
        description:
          'Members with a password, and those whose identity provider does not say that it checked a second factor (the claim amr).',
      },
    ],
  },
  mfa_factors: {
    kind: 'checks',
    label: 'Factors that this organization accepts',
    description: 'Choose none to accept all that the tenant accepts. A recovery code is always accepted.',
    of: FACTOR_CHOICES.filter(({ value }) => value !== 'recovery-code'),
    isShown: ({ mfa }) => mfa !== 'none',
  },
};

const toForm = (organization: Organization) => toValues(FIELDS, organization);

function FactorForm({ organization }: { readonly organization: Organization }) {
  const { id } = organization;
  const edit = useEdit<Values>({
    fields: FIELDS,
    loaded: toForm(organization),
    reload: async () => carry(await readOrganization(id), toForm),
    async write(changes, version) {
      const body = toBody<SentBodyOf<'/organizations/{id}', 'patch'>>(FIELDS, changes);
      await api.PATCH('/organizations/{id}', { ...ifStill(version), params: { path: { id } }, body });
      await queryClient.invalidateQueries({ queryKey: ORGANIZATIONS });
    },
  });
  return <EditForm edit={edit} scope="update:mfa_policies" lock="disabled" />;
}

export function SecondFactor({ organization }: { readonly organization: Organization }) {
  const mayRequire = useMayRequire();
  const { id, display_name: title, mfa = 'none' } = organization;
  const isOperators = id === readServerFacts().organizationId;
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        Second factor
      </Title>
      {isOperators && <Text>These are the operators of this server.</Text>}
      {mfa === 'none' && mayRequire && (
        <Stack align="start" gap="xs">
          <Text size="sm">
            This organization asks nobody for a second factor. One click changes that for all its members.
          </Text>
          <RequireFactor
            organizationId={id}
            who={`all members of ${title}`}
            effect={`Members of ${title} set up a factor at their next sign-in, and are then asked for it at each sign-in, or, in a browser that they let remember them, after 30 days or 7 days without a visit.`}
            changes={[ORGANIZATIONS]}
          />
        </Stack>
      )}
      <FactorForm key={id} organization={organization} />
    </Stack>
  );
}
