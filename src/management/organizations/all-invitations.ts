/**
 * `GET /invitations`, an addition: the pending and the expired invitations of all organizations. Shows no ticket and no
 * link, since everybody who reads one could accept it. The list of one organization shows them.
 */
import type { InvitationState, InvitationSummary } from '../../ports/directory/invitations.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { continuing } from '../api/paging.js';
import { present, replyOf, viewOf } from '../api/wire.js';

const INVITATION = viewOf<InvitationSummary>({
  id: ['string', ({ id }) => id],
  organization_id: ['string', ({ organizationId }) => organizationId],
  organization: [
    replyOf({ name: 'string' }, { display_name: 'string' }),
    (invitation) => present({ name: invitation.organizationName, display_name: invitation.organizationDisplayName }),
  ],
  inviter: [replyOf({ name: 'string' }), ({ inviterName }) => ({ name: inviterName })],
  invitee: [replyOf({ email: 'string' }), ({ inviteeEmail }) => ({ email: inviteeEmail })],
  client_id: ['string', ({ clientId }) => clientId],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  expires_at: ['string', ({ expiresAt }) => expiresAt.toISOString()],
  'connection_id?': ['string', ({ connectionId }) => connectionId],
});

async function list(call: Call): Promise<Reply> {
  // The schema has checked the value.
  const state = call.query.state as InvitationState | undefined;
  const startsWith = call.query.starts_with as string | undefined;
  const request = continuing(call.paging.request, startsWith !== undefined);
  const page = await call.directory.invitations.listEverywhere({ state, now: call.now, startsWith }, request);
  return { page: { ...page, items: page.items.map(INVITATION.show) } };
}

/** Returns the operation `GET /invitations`. */
export function allInvitationOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/invitations',
      summary: 'List the invitations of all organizations',
      reply: INVITATION.schema,
      list: { key: 'invitations', checkpoint: true, byText: true },
      run: list,
    },
  ];
}
