/**
 * Shows how a person's sign-in would be decided now. The server runs the steps of a login with an assumed proof, and
 * writes nothing. Shows the decision first, then the steps with their rules and evidence.
 */
import { Alert, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { Trace } from '../../lines/Trace';
import { tellTrace } from '../../lines/tell-trace';
import { FailureNote } from '../../parts/FailureNote';
import { MakeDialog } from '../../parts/MakeDialog';
import { type Explanation, nameOf, type Organization, type User } from './answers';
import { personKey, useEvidence } from './queries';
import { WayIn } from './WayIn';

interface Question {
  readonly user: User;
  readonly organization: Organization;
}

const OUTCOMES: Readonly<Record<Explanation['outcome'], { readonly color: string; say(place: string): string }>> = {
  admitted: { color: 'ink', say: (place) => `They could sign in to ${place}` },
  proof_required: { color: 'gray', say: (place) => `They would first have to verify the account for ${place}` },
  refused: { color: 'red', say: (place) => `They would be refused at ${place}` },
};

function useExplanation({ user, organization }: Question, connectionId: string | undefined) {
  return useQuery({
    queryKey: [...personKey(user.user_id), 'explain', organization.id, connectionId],
    staleTime: 0,
    queryFn: async () => {
      const { data } = await api.POST('/organizations/{id}/explain', {
        params: { path: { id: organization.id } },
        body: { email: user.email ?? '', ...(connectionId !== undefined && { connection_id: connectionId }) },
      });
      return data;
    },
  });
}

function Answer({ user, organization }: Question) {
  const [connectionId, setConnectionId] = useState<string>();
  const evidence = useEvidence(user.user_id);
  const { data, error, refetch } = useExplanation({ user, organization }, connectionId);
  const place = organization.display_name ?? organization.name;
  return (
    <Stack>
      <Text size="sm">
        Assumes a successful sign-in now with {user.email}. Nothing is saved, and the person is not notified.
      </Text>
      <WayIn identities={evidence.data?.identities ?? []} value={connectionId} onChange={setConnectionId} />
      {error ? <FailureNote error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined && !error && <Skeleton height={120} aria-busy />}
      {data && (
        <>
          <Alert
            color={OUTCOMES[data.outcome].color}
            variant="light"
            title={OUTCOMES[data.outcome].say(place)}
            role="status"
          >
            Deciding rule: <code>{data.rule}</code>
            {data.factor_required !== undefined && <Text size="sm">They would be asked for a second factor.</Text>}
          </Alert>
          <Trace steps={tellTrace(data.trace, data.outcome === 'refused')} />
        </>
      )}
    </Stack>
  );
}

export function ExplainComing({ user, organization }: Question) {
  const place = organization.display_name ?? organization.name;
  if (user.email === undefined)
    return <Text size="sm">This person has no email address, so access cannot be checked.</Text>;
  return (
    <MakeDialog
      verb={
        <>
          Check access
          <VisuallyHidden> ({place})</VisuallyHidden>
        </>
      }
      title={`Access of ${nameOf(user)} to ${place}`}
      wide="xl"
      variant="default"
      size="xs"
    >
      {() => <Answer user={user} organization={organization} />}
    </MakeDialog>
  );
}
