/**
 * The condition of auto-membership, tried as it is typed on the claims of one person, typed as JSON: claims of past logins are not kept. The
 * server evaluates, since it decides later; nothing is saved by trying.
 */
import { Alert, Code, JsonInput, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { FailureNote } from '../../parts/FailureNote';
import type { Organization } from './answers';

const EXAMPLE = `{
  "email": "nora@acme.example",
  "groups": ["staff"]
}`;

const MONOSPACE = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

interface Verdict {
  readonly usable: boolean;
  readonly holds?: boolean;
  readonly error?: string;
  readonly email?: string;
  readonly reads_groups?: boolean;
}

/** Undefined for a text that is no JSON object. */
function parseClaims(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function useVerdict(id: string, condition: string, claims: string) {
  const [text] = useDebouncedValue(condition.trim(), 300);
  const [given] = useDebouncedValue(claims, 300);
  const parsed = parseClaims(given);
  return useQuery({
    queryKey: ['condition', id, text, given],
    queryFn: async () => {
      const body = { condition: text, ...(parsed && { claims: parsed as Record<string, never> }) };
      const { data } = await api.POST('/organizations/{id}/explain/condition', { params: { path: { id } }, body });
      return data as unknown as Verdict;
    },
    enabled: text !== '' && parsed !== undefined,
    placeholderData: keepPreviousData,
  });
}

function Answer({ verdict }: { readonly verdict: Verdict }) {
  if (!verdict.usable)
    return (
      <Alert color="red" variant="light" title="This is no usable condition" role="status">
        <Text size="sm">{verdict.error}</Text>
      </Alert>
    );
  return (
    <Alert
      color={verdict.holds ? 'green' : 'yellow'}
      variant="light"
      title={verdict.holds ? 'It holds: this person becomes a member' : 'It does not hold: this person is refused'}
      role="status"
    >
      <Text size="sm">
        {verdict.email === undefined ? 'No address was seen in the claims.' : `The address: ${verdict.email}.`}{' '}
        {verdict.reads_groups && 'It asks for groups of the directory (SCIM): there are none in this try.'}
      </Text>
    </Alert>
  );
}

export interface ConditionFieldProps {
  readonly organization: Organization;
  readonly value: string;
  onChange(condition: string): void;
  readonly disabled: boolean;
}

export function ConditionField({ organization, value, onChange, disabled }: ConditionFieldProps) {
  const [claims, setClaims] = useState(EXAMPLE);
  const verdict = useVerdict(organization.id, value, claims);
  return (
    <Stack gap="sm">
      <Textarea
        label="Only if this holds"
        description="An expression over email, email_domain, claims and scim_groups (CEL). Empty: everybody."
        placeholder={`"staff" in claims.groups`}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={1000}
        spellCheck={false}
        disabled={disabled}
        styles={MONOSPACE}
      />
      {value.trim() !== '' && (
        <>
          <JsonInput
            label="Try it on these claims"
            description="As the identity provider sends them: the try in the customer’s set-up shows them, none are kept. Trying saves nothing."
            value={claims}
            onChange={setClaims}
            validationError="This is no JSON"
            autosize
            minRows={4}
            maxRows={14}
            styles={MONOSPACE}
          />
          {verdict.error && <FailureNote error={verdict.error} />}
          {verdict.data && <Answer verdict={verdict.data} />}
        </>
      )}
      <Text size="sm" c="dimmed">
        Such as <Code>email_domain == "acme.example" && claims.department == "Sales"</Code>
      </Text>
    </Stack>
  );
}
