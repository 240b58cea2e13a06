/** Whether operators must have a second factor: a setting of their organization, which only owners can change. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { OPERATORS_KEY, OPERATORS_NEED_NONE, useMayRequire, useOperatorsMfa } from '../../factors/operators';
import { RequireFactor } from '../../factors/RequireFactor';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { Loaded } from '../../parts/Loaded';
import { readServerFacts } from '../../server-facts';

function StopRequiring({ id }: { readonly id: string }) {
  return (
    <ConfirmButton
      verb="Stop requiring it"
      question="Stop requiring a second factor from operators?"
      effect={
        <Text size="sm">
          A password alone then opens this console, with everything that its owner can do. The factors of operators
          stay, and are asked for again when you require one.
        </Text>
      }
      danger
      run={() => api.PATCH('/organizations/{id}', { params: { path: { id } }, body: { mfa: 'none' } })}
      changes={[OPERATORS_KEY]}
    />
  );
}

const SAYS = {
  none: OPERATORS_NEED_NONE,
  required: 'Every operator needs a second factor. Who has none sets it up at the next sign-in.',
  required_unless_idp:
    'Every operator needs a second factor, except after a company’s sign-in that says that it checked one.',
} as const;

export function OperatorsFactor() {
  const query = useOperatorsMfa();
  const mayRequire = useMayRequire();
  const id = readServerFacts().organizationId;
  return (
    <Stack gap="sm" maw={640}>
      <Title order={2} size="h4">
        Second factor
      </Title>
      <Loaded query={query}>
        {(mfa) => (
          <>
            <Text>{SAYS[mfa]}</Text>
            {mayRequire && (
              <Group>
                {mfa === 'none' ? (
                  <RequireFactor
                    organizationId={id}
                    who="all operators"
                    effect="Every operator, you included, sets up a factor at their next sign-in. You need no factor to switch this on."
                    changes={[OPERATORS_KEY]}
                  />
                ) : (
                  <StopRequiring id={id} />
                )}
              </Group>
            )}
            <Text size="sm" c="dimmed">
              Keep two owners: one can reset the factors of the other, who lost a device.
            </Text>
          </>
        )}
      </Loaded>
    </Stack>
  );
}
