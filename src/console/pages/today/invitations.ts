/** Reads the invitations that nobody has accepted yet, across all organizations. */
import { useQuery } from '@tanstack/react-query';
import type { Row } from '../../api/answers';
import { api } from '../../api/client';
import { type List, useList } from '../../api/list';

export type AnyInvitation = Row<'/invitations'>;

export const STATES = ['waiting', 'expired'] as const;
export type InvitationState = (typeof STATES)[number];

/**
 * The cache key that the organizations' pages use too: when they send or revoke an invitation, these lists are read
 * again.
 */
const KEY = ['organizations', 'invitations'] as const;
const A_PAGE = 50;

/**
 * Reads the invitations of one state: pending ones, next to expire first, or expired ones, newest first. With `find`:
 * those whose address begins with `find`, in the order of addresses.
 */
export function useInvitations(state: InvitationState, find: string | undefined): List<AnyInvitation> {
  return useList([...KEY, 'list', state, find ?? ''], async (from) => {
    const narrowed = find === undefined ? {} : { starts_with: find };
    const query = { state, take: A_PAGE, ...narrowed, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/invitations', { params: { query } });
    const { invitations, next } = data;
    return { items: invitations, next };
  });
}

async function readSome(state: InvitationState, most: number) {
  const query = { state, per_page: most, include_totals: true };
  const { data } = await api.GET('/invitations', { params: { query } });
  return data;
}

/** Reads the pending invitations that expire next, at most `most`, and how many are pending and expired. */
export const useNextToEnd = (most: number) =>
  useQuery({
    queryKey: [...KEY, 'next', most],
    queryFn: async () => {
      const [waiting, expired] = await Promise.all([readSome('waiting', most), readSome('expired', 1)]);
      return { next: waiting.invitations, waiting: waiting.total, expired: expired.total };
    },
  });
