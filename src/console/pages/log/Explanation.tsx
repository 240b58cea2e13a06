/**
 * Shows how the server would decide if the person of a log line signed in now. Asks the API's `explain`, which decides
 * as a login does and writes nothing.
 */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { addressOf, type LogLine, type TraceLine } from '../../lines/answers';
import { findReason } from '../../lines/refusal-table';
import { Trace } from '../../lines/Trace';
import { fillNames } from '../../lines/tell-line';
import { tellTrace } from '../../lines/tell-trace';
import { FailureNote } from '../../parts/FailureNote';

interface Answer {
  readonly outcome: string;
  readonly rule: string;
  /** Why they would be asked for a second factor; absent if they would not. */
  readonly factor_required?: string;
  readonly trace: readonly TraceLine[];
}

function tellOutcome({ outcome, rule, factor_required: factor }: Answer, line: LogLine): string {
  if (outcome === 'admitted')
    return factor === undefined ? 'They could sign in.' : 'They could sign in after a second factor.';
  if (outcome !== 'refused') return 'They could sign in after they verify that the account is theirs.';
  const row = findReason(rule);
  return row === undefined ? 'They would be refused.' : `They would be refused: ${fillNames(row.when, line)}`;
}

function useAnswer(line: LogLine, organizationId: string, email: string, wanted: boolean) {
  return useQuery({
    queryKey: ['organizations', 'explain', organizationId, email, line.connection_id],
    queryFn: async () => {
      const { data } = await api.POST('/organizations/{id}/explain', {
        params: { path: { id: organizationId } },
        body: { email, ...(line.connection_id !== undefined && { connection_id: line.connection_id }) },
      });
      return data;
    },
    enabled: wanted,
    staleTime: 0,
  });
}

function Asked({ line, organizationId, email }: { line: LogLine; organizationId: string; email: string }) {
  const [wanted, setWanted] = useState(false);
  const { data, error, isFetching, refetch } = useAnswer(line, organizationId, email, wanted);
  const ask = () => (wanted ? void refetch() : setWanted(true));
  return (
    <section aria-labelledby="explain">
      <Title order={2} size="h4" id="explain" mb="xs">
        Current access
      </Title>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Runs the same six steps for {email}, assuming that their company confirms who they are. Nothing is saved, and
          no Actions run.
        </Text>
        <Group>
          <Button variant="default" loading={isFetching} onClick={ask}>
            {data === undefined ? 'Check access' : 'Check again'}
          </Button>
        </Group>
        {error && <FailureNote error={error} />}
        {data && (
          <>
            <Text fw={600} role="status">
              {tellOutcome(data, line)}
            </Text>
            <details>
              <summary>Show the steps</summary>
              <Trace steps={tellTrace(data.trace, data.outcome === 'refused')} />
            </details>
          </>
        )}
      </Stack>
    </section>
  );
}

export function Explanation({ line }: { readonly line: LogLine }) {
  const email = addressOf(line);
  const { organization_id: organizationId, details } = line;
  if (organizationId === undefined || email === undefined || details?.trace === undefined) return null;
  return <Asked line={line} organizationId={organizationId} email={email} />;
}
