/**
 * The condition of auto-membership, tested while typed: on members who have signed in by the connection, on this
 * browser's last test sign-in, and on typed claims. The server evaluates it, as it does for logins; testing saves
 * nothing.
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
      title={`The last try: ${last.email ?? 'no address'}`}
      origin={
        <>
          Of the set-up’s try, <Moment at={last.at} />. This browser alone has these claims: they are gone with its two
          pages.
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
        label="Try it on these claims"
        description="As the identity provider sends them. Claims about the token itself (iss, aud, amr) are not kept of people: type them here."
        value={text}
        onChange={onChange}
        validationError="This is no JSON"
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
          {may('read:organization_members') && may('read:users') && <TryOnPeople {...part} />}
          <OnLastTry {...part} />
          <OnTyped place={place} condition={condition} text={claims} onChange={setClaims} />
        </>
      )}
      <Text size="sm" c="dimmed">
        Such as <Code>email_domain == "acme.example" && claims.department == "Sales"</Code>
      </Text>
    </Stack>
  );
}
