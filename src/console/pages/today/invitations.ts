/** The invitations of all organizations that nobody has accepted yet. Reads only. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type List, useList } from '../../api/list';

export interface AnyInvitation {
  readonly id: string;
  readonly organization_id: string;
  readonly organization: { readonly name: string; readonly display_name?: string };
  readonly inviter: { readonly name: string };
  readonly invitee: { readonly email: string };
  /** ISO 8601, as the next one. */
  readonly created_at: string;
  readonly expires_at: string;
}

export const STATES = ['waiting', 'expired'] as const;
export type InvitationState = (typeof STATES)[number];

/** As the organizations' pages have it: an invitation that is sent or withdrawn there changes these lists. */
const KEY = ['organizations', 'invitations'] as const;
const A_PAGE = 50;

/** One state: those that end next, or those that ended last; or of these the ones whose address begins so, by address. */
export function useInvitations(state: InvitationState, find: string | undefined): List<AnyInvitation> {
  return useList([...KEY, 'list', state, find ?? ''], async (from) => {
    const narrowed = find === undefined ? {} : { starts_with: find };
    const query = { state, take: A_PAGE, ...narrowed, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/invitations', { params: { query } });
    const { invitations, next } = data as unknown as {
      readonly invitations: readonly AnyInvitation[];
      readonly next?: string;
    };
    return { items: invitations, next };
  });
}

async function readSome(state: InvitationState, most: number) {
  const query = { state, per_page: most, include_totals: true };
  const { data } = await api.GET('/invitations', { params: { query } });
  return data as unknown as { readonly total: number; readonly invitations: readonly AnyInvitation[] };
}

/** The few that end next, and how many there are of each state. */
export const useNextToEnd = (most: number) =>
  useQuery({
    queryKey: [...KEY, 'next', most],
    queryFn: async () => {
      const [waiting, expired] = await Promise.all([readSome('waiting', most), readSome('expired', 1)]);
      return { next: waiting.invitations, waiting: waiting.total, expired: expired.total };
    },
  });
