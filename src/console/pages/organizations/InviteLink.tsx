/** A link to the form that invites people, with the address filled in if one is given. */
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
    // The cast is needed because Mantine's anchor does not know the types of a route's parameters.
    <Anchor component={Link} to={`/organizations/${id}/invitations/new`} search={search as never}>
      {children}
    </Anchor>
  );
}
