/**
 * The frame of the pages about one person: name, state of the account, buttons, tabs. Loads the person once for all
 * these pages.
 */
import { Alert, Badge, Button, Skeleton, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { FailureNote } from '../../parts/FailureNote';
import { Lead } from '../../parts/Lead';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import { nameOf, type User } from './answers';
import { PersonButtons } from './PersonButtons';
import { useUser } from './queries';

const CRUMBS = [{ to: '/people', name: 'People' }];

/** Shows the email address, unless it is already the heading, as for a person without a name. */
function State({ user }: { readonly user: User }) {
  return (
    <Lead id={user.user_id} idName="the id">
      {user.email !== nameOf(user) && <span dir="auto">{user.email ?? 'no email address'}</span>}
      {user.email !== undefined && (
        <Badge component="span" color={user.email_verified ? 'ink' : 'gray'} variant="light" tt="none">
          {user.email_verified ? 'Email verified' : 'Email not verified'}
        </Badge>
      )}
    </Lead>
  );
}

function Loaded({ user, children }: { readonly user: User; readonly children: (user: User) => ReactNode }) {
  const own = `/people/${encodeURIComponent(user.user_id)}`;
  return (
    <Page title={nameOf(user)} lead={<State user={user} />} crumbs={CRUMBS} buttons={<PersonButtons user={user} />}>
      {user.blocked === true && (
        <Alert color="red" variant="light" title="Blocked">
          This person cannot sign in to any organization.
        </Alert>
      )}
      <PageTabs
        label={`Sections of ${nameOf(user)}`}
        tabs={[
          { to: own, name: 'Identities' },
          { to: `${own}/factors`, name: 'Second factors' },
          { to: `${own}/organizations`, name: 'Organizations' },
          { to: `${own}/sessions`, name: 'Sessions' },
          { to: `${own}/log`, name: 'Log' },
        ]}
      />
      {children(user)}
    </Page>
  );
}

export interface PersonFrameProps {
  readonly userId: string;
  children(user: User): ReactNode;
}

export function PersonFrame({ userId, children }: PersonFrameProps) {
  const { data, error, refetch } = useUser(userId);
  if (data !== undefined) return <Loaded user={data}>{children}</Loaded>;
  return (
    <Page title="Person" crumbs={CRUMBS}>
      {error === null ? (
        <Stack aria-busy>
          <Skeleton height={36} />
          <Skeleton height={160} />
        </Stack>
      ) : (
        <Stack align="start">
          <FailureNote error={error} onRetry={() => void refetch()} />
          <Button component={Link} to="/people" variant="default">
            Find another person
          </Button>
        </Stack>
      )}
    </Page>
  );
}
