/** A link to the form for an invitation, with an address in it already. */
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
    // The link inside an anchor of the library does not know the parameters of its address.
    <Anchor component={Link} to={`/organizations/${id}/invitations/new`} search={search as never}>
      {children}
    </Anchor>
  );
}
