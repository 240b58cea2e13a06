/**
 * Tests a condition of auto-membership while it is typed, on members who have signed in by the connection. Shows how
 * many meet it, and the result for each chosen member. Uses the claims of their last sign-in, which the server stores;
 * people who were refused have none stored.
 */
import { Anchor, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import { ArrivalPicker, callArrival } from './ArrivalPicker';
import { count } from './answers';
import { type Arrival, type Claims, type Place, useArrival, useTried } from './conditions';
import { TriedPerson } from './TriedPerson';

type Members = NonNullable<NonNullable<ReturnType<typeof useTried>['data']>['members']>;

interface NumbersProps {
  readonly members: Members;
  onChoose(userId: string): void;
}

function Without({ members: { without, tried, holds }, onChoose }: NumbersProps) {
  const rest = tried - holds - without.length;
  const name = (one: Arrival, index: number) => (
    <span key={one.user_id}>
      {index > 0 && ', '}
      <Anchor component="button" type="button" size="sm" dir="auto" onClick={() => onChoose(one.user_id)}>
        {callArrival(one)}
      </Anchor>
    </span>
  );
  return (
    <Text size="sm">
      Not: {without.map(name)}
      {rest > 0 && ` and ${rest.toLocaleString('en')} more`}. They stay members, because the condition applies only to
      new people.
    </Text>
  );
}

function Numbers({ members, onChoose }: NumbersProps) {
  const { tried, holds, complete, without } = members;
  if (tried === 0)
    return (
      <Text size="sm" c="dimmed">
        No member has signed in with this connection yet.
      </Text>
    );
  const who = complete
    ? `Of the ${count(tried, 'member')} who signed in with this connection`
    : `Of the first ${count(tried, 'member')} who signed in with this connection (others were not tested)`;
  return (
    <div role="status">
      <Text>
        {who}, <b>{holds.toLocaleString('en')}</b> {holds === 1 ? 'meets' : 'meet'} this condition.
      </Text>
      {without.length > 0 && <Without members={members} onChoose={onChoose} />}
    </div>
  );
}

interface OneProps {
  readonly place: Place;
  readonly userId: string;
  readonly holds: boolean | undefined;
  onCopy(claims: Claims): void;
  onRemove(): void;
}

function One({ place, userId, holds, onCopy, onRemove }: OneProps) {
  const { data, error } = useArrival(place, userId);
  if (error) return <FailureNote error={error} />;
  const seen = data?.seen_at;
  return (
    <TriedPerson
      title={data === undefined ? 'Loading' : callArrival(data)}
      origin={
        seen === undefined ? (
          'From their last sign-in with it, which is older than the log'
        ) : (
          <>
            From their last sign-in with it, <Moment at={seen} />
          </>
        )
      }
      holds={data && holds}
      claims={data?.claims}
      scimGroups={data?.scim_groups ?? []}
      onCopy={onCopy}
      onRemove={onRemove}
    />
  );
}

export interface TryOnPeopleProps {
  readonly place: Place;
  readonly condition: string;
  onCopy(claims: Claims): void;
}

export function TryOnPeople({ place, condition, onCopy }: TryOnPeopleProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { data, error } = useTried(place, condition, chosen, true);
  const choose = (id: string) => setChosen((now) => (now.includes(id) ? now : [...now, id]));
  const outcomes = new Map(data?.people?.map(({ user_id: id, holds }) => [id, holds]));
  return (
    <Stack gap="sm">
      {error && <FailureNote error={error} />}
      {data?.members && <Numbers members={data.members} onChoose={choose} />}
      {chosen.map((id) => (
        <One
          key={id}
          place={place}
          userId={id}
          holds={outcomes.get(id)}
          onCopy={onCopy}
          onRemove={() => setChosen((now) => now.filter((other) => other !== id))}
        />
      ))}
      {(data?.members === undefined || data.members.tried > chosen.length) && (
        <ArrivalPicker place={place} chosen={chosen} onChoose={choose} />
      )}
    </Stack>
  );
}
