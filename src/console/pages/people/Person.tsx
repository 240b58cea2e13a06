/**
 * The page of one person: their identities, who vouched for their address, and the sign-in limits that apply to them
 * now.
 */
import { Skeleton, Stack, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { Facts } from '../../parts/Facts';
import { FailureNote } from '../../parts/FailureNote';
import { Moment } from '../../parts/Moment';
import type { User } from './answers';
import { IdentityCard } from './IdentityCard';
import { Limits } from './Limits';
import { MovedSeats } from './MovedSeats';
import { PersonFrame } from './PersonFrame';
import { useEvidence } from './queries';
import { Voucher } from './Voucher';

const route = getRouteApi('/people/$userId');

function Identities({ user }: { readonly user: User }) {
  const { data, error, refetch } = useEvidence(user.user_id);
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={160} aria-busy />;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ['Address verified by', <Voucher key="voucher" voucher={data.email_vouched_by} />],
          ['Account created', <Moment key="since" at={user.created_at} />],
          ['Last sign-in', <Moment key="last" at={user.last_login} />],
          ['Sign-ins', String(user.logins_count ?? 0)],
        ]}
      />
      <Title order={2} size="h4">
        Identities
      </Title>
      {data.identities.map((identity) => (
        <IdentityCard
          key={identity.identity_id}
          user={user}
          identity={identity}
          isOnly={data.identities.length === 1}
        />
      ))}
    </Stack>
  );
}

export function Person() {
  const { userId } = route.useParams();
  return (
    <PersonFrame userId={userId}>
      {(user) => (
        <Stack gap="xl">
          <Limits user={user} />
          <Identities user={user} />
          <MovedSeats user={user} />
        </Stack>
      )}
    </PersonFrame>
  );
}
