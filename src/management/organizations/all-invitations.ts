/**
 * `GET /invitations`, an addition: the pending and expired invitations of all organizations. Shows no ticket and no
 * link: those are in the list of one organization, and everybody who reads one could accept it.
 */
import type { InvitationState, InvitationSummary } from '../../ports/directory/invitations.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { continuing } from '../api/paging.js';
import { present, replyOf } from '../api/wire.js';

function toWire(invitation: InvitationSummary): Wire {
  return present({
    id: invitation.id,
    organization_id: invitation.organizationId,
    organization: present({ name: invitation.organizationName, display_name: invitation.organizationDisplayName }),
    inviter: { name: invitation.inviterName },
    invitee: { email: invitation.inviteeEmail },
    client_id: invitation.clientId,
    connection_id: invitation.connectionId,
    created_at: invitation.createdAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
  });
}

async function list(call: Call): Promise<Reply> {
  // The schema has checked the value.
  const state = call.query.state as InvitationState | undefined;
  const startsWith = call.query.starts_with as string | undefined;
  const request = continuing(call.paging.request, startsWith !== undefined);
  const page = await call.directory.invitations.listEverywhere({ state, now: call.now, startsWith }, request);
  return { page: { ...page, items: page.items.map(toWire) } };
}

/** Returns the operation `GET /invitations`. */
export function allInvitationOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/invitations',
      summary: 'List the invitations of all organizations',
      status: 200,
      reply: replyOf({
        id: 'string',
        organization_id: 'string',
        organization: replyOf({ name: 'string' }, { display_name: 'string' }),
        inviter: replyOf({ name: 'string' }),
        invitee: replyOf({ email: 'string' }),
        client_id: 'string',
        created_at: 'string',
        expires_at: 'string',
      }),
      list: { key: 'invitations', checkpoint: true, byText: true },
      refusals: [],
      run: list,
    },
  ];
}
