/**
 * One click that requires a second factor from all members of an organization. Where the tenant has no factor that
 * counts alone, it also switches on those that most people can set up, and says so first.
 */
import { List, Loader, Stack, Text } from '@mantine/core';
import { api } from '../api/client';
import { queryClient } from '../api/query';
import { ConfirmButton } from '../parts/ConfirmButton';
import { FailureNote } from '../parts/FailureNote';
import { FACTORS_KEY, missingFactors, readFactors, switchFactor, useFactors } from './queries';

export interface RequireFactorProps {
  readonly organizationId: string;
  /** The members in the question, for example "members of Acme". */
  readonly who: string;
  /** The consequence for them, in one sentence. */
  readonly effect: string;
  readonly changes: readonly (readonly unknown[])[];
}

function Effect({ effect }: Pick<RequireFactorProps, 'effect'>) {
  const { data, error } = useFactors();
  if (error) return <FailureNote error={error} />;
  if (data === undefined) return <Loader size="sm" aria-label="Reading the factors" />;
  return (
    <Stack gap="xs">
      <List size="sm" spacing={4}>
        {missingFactors(data).length > 0 && (
          <List.Item>
            No second factor is switched on yet. This switches on authenticator apps, passkeys and recovery codes for
            the whole tenant. Others are asked only where an application or an Action asks.
          </List.Item>
        )}
        <List.Item>{effect}</List.Item>
        <List.Item>They stay signed in until then. They are mailed about each factor that is set up.</List.Item>
      </List>
      <Text size="sm">You can undo this at any time. Factors that people have set up stay.</Text>
    </Stack>
  );
}

/** Switches on what is missing, then requires a factor. Rejects with ApiFailure; nothing is required then. */
async function requireFactor(organizationId: string): Promise<unknown> {
  for (const name of missingFactors(await readFactors())) await switchFactor(name, true);
  return api.PATCH('/organizations/{id}', { params: { path: { id: organizationId } }, body: { mfa: 'required' } });
}

export function RequireFactor({ organizationId, who, effect, changes }: RequireFactorProps) {
  const run = async () => {
    await requireFactor(organizationId);
    // Read again before the dialog closes, so that the page then shows the new state.
    const outdated = [FACTORS_KEY, ...changes];
    await Promise.all(outdated.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
  return (
    <ConfirmButton
      verb="Require a second factor"
      question={`Require a second factor from ${who}?`}
      effect={<Effect effect={effect} />}
      run={run}
      changes={[]}
    />
  );
}
