/**
 * Shows how the server would decide if a person with this address signed in now. The server runs no login for this and
 * writes nothing.
 */
import { Alert, Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { findReason } from '../../lines/refusal-table';
import { Trace } from '../../lines/Trace';
import { fillNames } from '../../lines/tell-line';
import { tellTrace } from '../../lines/tell-trace';
import { FailureNote } from '../../parts/FailureNote';
import type { Explanation, Organization } from './answers';
import { useEnablements } from './queries';

const OUTCOMES: Readonly<Record<Explanation['outcome'], { readonly says: string; readonly color: string }>> = {
  admitted: { says: 'Yes, they could sign in', color: 'green' },
  proof_required: { says: 'Yes, after they verify that the account is theirs', color: 'yellow' },
  refused: { says: 'No, they would be refused', color: 'red' },
};

const ADMITTED: Readonly<Record<string, string>> = {
  member: 'They are a member.',
  invited: 'They have a pending invitation. Signing in accepts it.',
  auto: 'Auto-membership makes them a member.',
};

/** Returns the reason of a decision as a sentence. If there are no words for the rule that decided, names the rule. */
function sayWhy({ outcome, rule }: Explanation, title: string): string {
  if (outcome === 'admitted') return ADMITTED[rule] ?? `The rule ${rule} gives them access.`;
  const row = findReason(rule);
  return row === undefined ? `The rule is ${rule}.` : fillNames(row.when, { organization_name: title });
}

function Told({ explanation, title }: { readonly explanation: Explanation; readonly title: string }) {
  const { color, ...said } = OUTCOMES[explanation.outcome];
  const says = explanation.factor_required === undefined ? said.says : 'Yes, after a second factor';
  return (
    <Stack gap="sm">
      <Alert color={color} variant="light" title={says} role="status">
        <Text size="sm">{sayWhy(explanation, title)}</Text>
      </Alert>
      <details>
        <summary>Show the steps</summary>
        <Trace steps={tellTrace(explanation.trace, explanation.outcome === 'refused')} />
      </details>
    </Stack>
  );
}

export interface ExplainedProps {
  readonly organization: Organization;
  readonly email: string | undefined;
  readonly name: string;
}

export function Explained({ organization, email, name }: ExplainedProps) {
  const [connection, setConnection] = useState<string | null>(null);
  const enablements = useEnablements(organization.id);
  const asking = useMutation({
    mutationFn: async () => {
      const body = { email: email ?? '', ...(connection !== null && { connection_id: connection }) };
      const { data } = await api.POST('/organizations/{id}/explain', {
        params: { path: { id: organization.id } },
        body,
      });
      return data;
    },
  });
  if (email === undefined) return null;
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        Could {name} sign in now?
      </Title>
      <Group align="end">
        <Select
          label="Connection"
          data={enablements.items.map((item) => ({ value: item.connection_id, label: item.connection.name }))}
          value={connection}
          onChange={setConnection}
          placeholder="chosen by their address"
          clearable
          w={280}
        />
        <Button variant="default" onClick={() => asking.mutate()} loading={asking.isPending}>
          Check access
        </Button>
      </Group>
      {asking.error && <FailureNote error={asking.error} />}
      {asking.data && <Told explanation={asking.data} title={organization.display_name} />}
    </Stack>
  );
}
