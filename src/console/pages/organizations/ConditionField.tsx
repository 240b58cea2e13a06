/**
 * The form field for the condition of auto-membership. Tests the condition while it is typed: on members who have
 * signed in by the connection, on this browser's last test sign-in, and on typed claims. The server evaluates it as in
 * a login, and saves nothing.
 */
import { Alert, Code, JsonInput, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useLastTry } from '../../last-tries';
import { FailureNote } from '../../parts/FailureNote';
import { Textarea } from '../../parts/inputs';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { type Claims, type Place, parseClaims, useVerdict, type Verdict } from './conditions';
import { TriedPerson } from './TriedPerson';
import { TryOnPeople } from './TryOnPeople';

const EXAMPLE = `{
  "email": "nora@acme.example",
  "groups": ["staff"]
}`;

const MONOSPACE = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };
const WAIT_MS = 300;

function Answer({ verdict }: { readonly verdict: Verdict }) {
  if (!verdict.usable)
    return (
      <Alert color="red" variant="light" title="The condition is not valid" role="status">
        <Text size="sm">{verdict.error}</Text>
      </Alert>
    );
  return (
    <Alert
      color={verdict.holds ? 'green' : 'yellow'}
      variant="light"
      title={verdict.holds ? 'Met: this person becomes a member' : 'Not met: this person is refused'}
      role="status"
    >
      <Text size="sm">
        {verdict.email === undefined ? 'The claims contain no email address.' : `Email address: ${verdict.email}.`}{' '}
        {verdict.reads_groups && 'The condition uses SCIM groups, but this test has none.'}
      </Text>
    </Alert>
  );
}

interface TryProps {
  readonly place: Place;
  readonly condition: string;
  onCopy(claims: Claims): void;
}

function OnLastTry({ place, condition, onCopy }: TryProps) {
  const last = useLastTry(place.connectionId);
  const { data } = useVerdict(place.id, condition, last?.claims, last?.email);
  if (last === undefined) return null;
  return (
    <TriedPerson
      title={`Last test sign-in: ${last.email ?? 'no address'}`}
      origin={
        <>
          From the test on the set-up pages, <Moment at={last.at} />. Only this browser has these claims. They are lost
          when you close both pages.
        </>
      }
      holds={data?.holds}
      claims={last.claims}
      onCopy={onCopy}
    />
  );
}

function OnTyped({
  place,
  condition,
  text,
  onChange,
}: Omit<TryProps, 'onCopy'> & { readonly text: string; onChange(text: string): void }) {
  const [given] = useDebouncedValue(text, WAIT_MS);
  const verdict = useVerdict(place.id, condition, parseClaims(given));
  return (
    <>
      <JsonInput
        label="Test with these claims"
        description="Enter claims as the identity provider sends them. Claims about the token itself (iss, aud, amr) are not stored, so add them here if the condition uses them."
        value={text}
        onChange={onChange}
        validationError="This is not valid JSON"
        autosize
        minRows={4}
        maxRows={14}
        styles={MONOSPACE}
      />
      {verdict.error && <FailureNote error={verdict.error} />}
      {verdict.data && <Answer verdict={verdict.data} />}
    </>
  );
}

export interface ConditionFieldProps {
  readonly place: Place;
  readonly value: string;
  onChange(condition: string): void;
  readonly disabled: boolean;
}

export function ConditionField({ place, value, onChange, disabled }: ConditionFieldProps) {
  const [claims, setClaims] = useState(EXAMPLE);
  const [condition] = useDebouncedValue(value.trim(), WAIT_MS);
  const may = usePowers();
  const part = { place, condition, onCopy: (copied: Claims) => setClaims(JSON.stringify(copied, null, 2)) };
  return (
    <Stack gap="sm">
      <Textarea
        fills="auto_membership_condition"
        label="Condition"
        description="A CEL expression with email, email_domain, claims and scim_groups. Only people who meet it become members. If empty, everybody does."
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
          {may('read:organization_members') && may('read:users') && <TryOnPeople {...part} />}
          <OnLastTry {...part} />
          <OnTyped place={place} condition={condition} text={claims} onChange={setClaims} />
        </>
      )}
      <Text size="sm" c="dimmed">
        Example: <Code>email_domain == "acme.example" && claims.department == "Sales"</Code>
      </Text>
    </Stack>
  );
}
