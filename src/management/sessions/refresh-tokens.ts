/**
 * `/users/{user_id}/refresh-tokens` and `/refresh-tokens`. The id is that of the token family: unchanged by rotations,
 * and the one that Actions get. A token itself is never shown.
 */
import type { RefreshTokenRecord } from '../../ports/directory/sessions.js';
import { badBody, notFound, noUser } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, TEXT_OR_NULL } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';
import { parseMetadata } from './metadata.js';

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
  session_id: TEXT_OR_NULL,
  rotating: 'boolean',
  created_at: 'string',
  last_exchanged_at: TEXT_OR_NULL,
  idle_expires_at: 'string',
  expires_at: 'string',
  resource_servers: listOf(replyOf({ audience: 'string', scopes: 'string' })),
  refresh_token_metadata: ANY_OBJECT,
});

const noToken = () => notFound('The refresh token does not exist.');

async function list(call: Call): Promise<Reply> {
  const { user_id: userId, client_id: clientId } = call.query as { user_id: string; client_id?: string };
  if ((await call.directory.users.find(userId)) === undefined) throw noUser();
  const page = await call.directory.sessions.listTokens({ userId, clientId }, call.now, call.paging.request);
  return { page: { ...page, items: page.items.map(toWire) } };
}

async function update(call: Call): Promise<Reply> {
  const body = call.body as { readonly refresh_token_metadata?: Wire | null };
  const metadata = parseMetadata('refresh_token_metadata', body.refresh_token_metadata);
  const token = await call.directory.sessions.setTokenMetadata(call.params.id ?? '', metadata, call.now);
  if (token === undefined) throw noToken();
  return { body: toWire(token), log: { userId: token.userId } };
}

interface RevokeBody {
  readonly ids?: readonly string[];
  readonly user_id?: string;
  readonly client_id?: string;
  readonly audience?: string;
}

/**
 * Revokes by one of Auth0's four combinations. Any other is refused, so that a mistake does not revoke more than
 * intended.
 */
async function revoke(call: Call): Promise<Reply> {
  const { ids, user_id: userId, client_id: clientId, audience } = call.body as RevokeBody;
  const { sessions } = call.directory;
  if (ids !== undefined) {
    if (userId !== undefined || clientId !== undefined || audience !== undefined)
      throw badBody('ids cannot be combined with user_id, client_id or audience.');
    for (const id of ids) await sessions.revokeToken(id, call.now);
    return {};
  }
  if (userId === undefined) throw badBody('Either ids or user_id is needed.');
  if (audience !== undefined && clientId === undefined) throw badBody('audience needs client_id beside it.');
  await sessions.revokeTokens({ userId, clientId, audience }, call.now);
  return { log: { userId } };
}

function operationsOfUser(): Operation[] {
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
        const page = await call.directory.sessions.listTokens(
          { userId: await getUserId(call) },
          call.now,
          call.paging.request,
        );
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
        await call.directory.sessions.revokeTokens({ userId: await getUserId(call) }, call.now);
        return {};
      },
    },
  ];
}

/** Returns the operations on `/users/{user_id}/refresh-tokens` and `/refresh-tokens`. */
export function refreshTokenOperations(): Operation[] {
  return [
    ...operationsOfUser(),
    {
      method: 'get',
      path: '/refresh-tokens',
      summary: 'List the refresh tokens of a user, of one client or of all',
      status: 200,
      reply: REPLY,
      list: { key: 'refresh_tokens', form: 'object', checkpoint: true },
      fields: true,
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path: '/refresh-tokens/revoke',
      summary: 'Revoke refresh tokens',
      status: 202,
      refusals: [],
      run: revoke,
    },
    {
      method: 'patch',
      path: '/refresh-tokens/{id}',
      summary: 'Update a refresh token',
      status: 200,
      reply: REPLY,
      refusals: [404],
      run: update,
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
        if (token === undefined) throw noToken();
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
