/**
 * Creates and revokes links to the set-up pages. Only the answer contains the ticket's secret, and only the dialog that
 * shows it keeps it.
 */
import { api } from '../../api/client';
import type { Connection } from './answers';

export const LIFETIMES = [
  { seconds: 3_600, label: 'an hour, to test it yourself' },
  { seconds: 86_400, label: 'a day' },
  { seconds: 432_000, label: 'five days' },
] as const;

export interface TicketWish {
  readonly organizationId: string;
  /** Name of the new connection. */
  readonly name: string;
  /** Lifetime in seconds, as a text. */
  readonly seconds: string;
}

export interface Ticket {
  readonly url: string;
  readonly profileId: string;
  /** Id of the ticket, `sst_…`, by which it is revoked. */
  readonly id: string;
  readonly seconds: number;
}

/** Returns the tenant's first profile, since every ticket belongs to one; creates a plain profile if there is none. */
async function getProfile(): Promise<string> {
  const { data } = await api.GET('/self-service-profiles', { params: { query: { per_page: 1, page: 0 } } });
  const [first] = data;
  if (first !== undefined) return first.id;
  const made = await api.POST('/self-service-profiles', { body: { name: 'Set-up by customers' } });
  return made.data.id;
}

/** Creates a link. Rejects with the API's refusal, for example when another organization also uses the connection. */
export async function makeTicket(connection: Connection | undefined, wish: TicketWish): Promise<Ticket> {
  const profileId = await getProfile();
  const { data } = await api.POST('/self-service-profiles/{id}/sso-ticket', {
    params: { path: { id: profileId } },
    body: {
      ...(connection === undefined
        ? { connection_config: { name: wish.name.trim() } }
        : { connection_id: connection.id }),
      enabled_organizations: [{ organization_id: wish.organizationId }],
      ttl_sec: Number(wish.seconds),
    },
  });
  const { ticket } = data;
  const [id = ''] = (new URL(ticket).searchParams.get('ticket') ?? '').split('.');
  return { url: ticket, profileId, id, seconds: Number(wish.seconds) };
}

/** Revokes a link at once. */
export async function endTicket({ profileId, id }: Ticket): Promise<void> {
  await api.POST('/self-service-profiles/{profileId}/sso-ticket/{id}/revoke', {
    params: { path: { profileId, id } },
  });
}
