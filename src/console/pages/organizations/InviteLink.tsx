/** A link to the invitation form with an address filled in. */
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export interface InviteLinkProps {
  readonly id: string;
  readonly email?: string | undefined;
  readonly children: ReactNode;
}

export function InviteLink({ id, email, children }: InviteLinkProps) {
  const search = email === undefined ? {} : { email };
  return (
    // The library's anchor does not know the types of the route's parameters.
    <Anchor component={Link} to={`/organizations/${id}/invitations/new`} search={search as never}>
      {children}
    </Anchor>
  );
}
