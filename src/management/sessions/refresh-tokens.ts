/**
 * `/users/{user_id}/refresh-tokens` and `/refresh-tokens/{id}`. The id is that of the login's family, the same after each rotation and the same that
 * Actions are told; a token itself is never shown.
 */
import type { RefreshTokenRecord } from '../../ports/directory/sessions.js';
import { notFound } from '../api/errors.js';
import type { Operation, Wire } from '../api/operation.js';
import { listOf, replyOf } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';

function toWire(token: RefreshTokenRecord): Wire {
  return {
    id: token.id,
    user_id: token.userId,
    client_id: token.clientId,
    session_id: token.sessionId ?? null,
    rotating: token.isRotating,
    created_at: token.createdAt.toISOString(),
    last_exchanged_at: token.lastExchangedAt?.toISOString() ?? null,
    idle_expires_at: token.idleExpiresAt.toISOString(),
    expires_at: token.expiresAt.toISOString(),
    resource_servers: token.audience === undefined ? [] : [{ audience: token.audience, scopes: token.scope }],
    refresh_token_metadata: token.metadata,
  };
}

const REPLY = replyOf({
  id: 'string',
  user_id: 'string',
  client_id: 'string',
  session_id: { type: ['string', 'null'] },
  rotating: 'boolean',
  created_at: 'string',
  last_exchanged_at: { type: ['string', 'null'] },
  idle_expires_at: 'string',
  expires_at: 'string',
  resource_servers: listOf(replyOf({ audience: 'string', scopes: 'string' })),
  refresh_token_metadata: 'object',
});

/** The operations on `/users/{user_id}/refresh-tokens` and `/refresh-tokens/{id}`. */
export function refreshTokenOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/users/{user_id}/refresh-tokens',
      summary: 'List the refresh tokens of a user',
      status: 200,
      reply: REPLY,
      list: { key: 'tokens', form: 'object', checkpoint: true },
      refusals: [404],
      async run(call) {
        const page = await call.directory.sessions.listTokens(await getUserId(call), call.now, call.paging.request);
        return { page: { ...page, items: page.items.map(toWire) } };
      },
    },
    {
      method: 'delete',
      path: '/users/{user_id}/refresh-tokens',
      summary: 'Delete the refresh tokens of a user',
      status: 202,
      refusals: [404],
      async run(call) {
        await call.directory.sessions.revokeTokens(await getUserId(call), call.now);
        return {};
      },
    },
    {
      method: 'get',
      path: '/refresh-tokens/{id}',
      summary: 'Get a refresh token',
      status: 200,
      reply: REPLY,
      refusals: [404],
      async run(call) {
        const token = await call.directory.sessions.findToken(call.params.id ?? '', call.now);
        if (token === undefined) throw notFound('The refresh token does not exist.');
        return { body: toWire(token) };
      },
    },
    {
      method: 'delete',
      path: '/refresh-tokens/{id}',
      summary: 'Delete a refresh token',
      status: 202,
      refusals: [],
      async run(call) {
        const userId = await call.directory.sessions.revokeToken(call.params.id ?? '', call.now);
        return userId === undefined ? {} : { log: { userId } };
      },
    },
  ];
}
