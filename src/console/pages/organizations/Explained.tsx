/** "Would they come in now?": the server runs the decision for an address, without a login, and this tells the answer. Writes nothing. */
import { Alert, Button, Code, Group, List, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { FailureNote } from '../../parts/FailureNote';
import type { Explanation, Organization, Step } from './answers';
import { useEnablements } from './queries';

const OUTCOMES: Readonly<Record<Explanation['outcome'], { readonly says: string; readonly color: string }>> = {
  admitted: { says: 'Yes: they would come in', color: 'green' },
  proof_required: { says: 'Yes, after one question: a proof that the account is theirs', color: 'yellow' },
  refused: { says: 'No: they would be refused', color: 'red' },
};

const RULES: Readonly<Record<string, string>> = {
  member: 'They are a member.',
  invited: 'An invitation waits for them; signing in accepts it.',
  auto: 'Auto-membership makes them a member.',
  not_a_member: 'They are no member, no invitation waits for them, and auto-membership does not apply.',
  user_blocked: 'The account is blocked.',
  sso_required: 'They would use a password, and the company’s sign-in is required for their address.',
  not_in_pilot: 'The connection is for a pilot group, and they are not in it.',
  wrong_password: 'There is no password for this address that could be used.',
  organization_blocked: 'The organization is blocked.',
  no_connections: 'The organization has no connection.',
  no_visible_connections: 'All connections of the organization are hidden.',
};

const ANSWERS: Readonly<Record<Step['answer'], string>> = { pass: 'passed', ask: 'asks', refuse: 'refused' };

function Told({ explanation }: { readonly explanation: Explanation }) {
  const { says, color } = OUTCOMES[explanation.outcome];
  return (
    <Alert color={color} variant="light" title={says} role="status">
      <Text size="sm">
        {RULES[explanation.rule] ?? 'The rule that decides is named at the right.'} <Code>{explanation.rule}</Code>
      </Text>
      <details>
        <summary>Step by step</summary>
        <List size="sm" type="ordered" mt="xs">
          {explanation.trace.map((step, index) => (
            // The same rule may stand in a trace twice.
            // biome-ignore lint/suspicious/noArrayIndexKey: a trace is never reordered.
            <List.Item key={index}>
              {step.stage}: <Code>{step.rule}</Code> {ANSWERS[step.answer]}
              <Text c="dimmed" size="sm" style={{ overflowWrap: 'anywhere' }}>
                {JSON.stringify(step.evidence ?? {})}
              </Text>
            </List.Item>
          ))}
        </List>
      </details>
    </Alert>
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
      return data as unknown as Explanation;
    },
  });
  if (email === undefined) return null;
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        Would {name} come in now?
      </Title>
      <Group align="end">
        <Select
          label="They sign in with"
          data={enablements.items.map((item) => ({ value: item.connection_id, label: item.connection.name }))}
          value={connection}
          onChange={setConnection}
          placeholder="whatever their address leads to"
          clearable
          w={280}
        />
        <Button variant="default" onClick={() => asking.mutate()} loading={asking.isPending}>
          Ask
        </Button>
      </Group>
      {asking.error && <FailureNote error={asking.error} />}
      {asking.data && <Told explanation={asking.data} />}
    </Stack>
  );
}
