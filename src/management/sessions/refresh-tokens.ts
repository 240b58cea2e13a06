/**
 * `/users/{user_id}/refresh-tokens` and `/refresh-tokens`. An id is that of the token family, which rotations do not
 * change; Actions get the same id. A token itself is never shown.
 */
import type { RefreshTokenRecord } from '../../ports/directory/sessions.js';
import { badBody, notFound, noUser } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, TEXT_OR_NULL, viewOf } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';
import { parseMetadata } from './metadata.js';

const TOKEN = viewOf<RefreshTokenRecord>({
  id: ['string', ({ id }) => id],
  user_id: ['string', ({ userId }) => userId],
  client_id: ['string', ({ clientId }) => clientId],
  session_id: [TEXT_OR_NULL, ({ sessionId }) => sessionId ?? null],
  rotating: ['boolean', ({ isRotating }) => isRotating],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  last_exchanged_at: [TEXT_OR_NULL, ({ lastExchangedAt }) => lastExchangedAt?.toISOString() ?? null],
  idle_expires_at: ['string', ({ idleExpiresAt }) => idleExpiresAt.toISOString()],
  expires_at: ['string', ({ expiresAt }) => expiresAt.toISOString()],
  resource_servers: [
    listOf(replyOf({ audience: 'string', scopes: 'string' })),
    ({ audience, scope }) => (audience === undefined ? [] : [{ audience, scopes: scope }]),
  ],
  refresh_token_metadata: [ANY_OBJECT, ({ metadata }) => metadata],
});

const noToken = () => notFound('The refresh token does not exist.');

async function list(call: Call): Promise<Reply> {
  const { user_id: userId, client_id: clientId } = call.query as { user_id: string; client_id?: string };
  if ((await call.directory.users.find(userId)) === undefined) throw noUser();
  const page = await call.directory.sessions.listTokens({ userId, clientId }, call.now, call.paging.request);
  return { page: { ...page, items: page.items.map(TOKEN.show) } };
}

async function update(call: Call): Promise<Reply> {
  const body = call.body as { readonly refresh_token_metadata?: Wire | null };
  const metadata = parseMetadata('refresh_token_metadata', body.refresh_token_metadata);
  const token = await call.directory.sessions.setTokenMetadata(call.params.id ?? '', metadata, call.now);
  if (token === undefined) throw noToken();
  return { body: TOKEN.show(token), log: { userId: token.userId } };
}

interface RevokeBody {
  readonly ids?: readonly string[];
  readonly user_id?: string;
  readonly client_id?: string;
  readonly audience?: string;
}

/**
 * Revokes refresh tokens by one of the four combinations of properties that Auth0 accepts. Any other is refused, so
 * that a mistake does not revoke more than intended.
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
      reply: TOKEN.schema,
      list: { key: 'tokens', form: 'object', checkpoint: true },
      refusals: [404],
      async run(call) {
        const page = await call.directory.sessions.listTokens(
          { userId: await getUserId(call) },
          call.now,
          call.paging.request,
        );
        return { page: { ...page, items: page.items.map(TOKEN.show) } };
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
      reply: TOKEN.schema,
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
      run: revoke,
    },
    {
      method: 'patch',
      path: '/refresh-tokens/{id}',
      summary: 'Update a refresh token',
      reply: TOKEN.schema,
      refusals: [404],
      run: update,
    },
    {
      method: 'get',
      path: '/refresh-tokens/{id}',
      summary: 'Get a refresh token',
      reply: TOKEN.schema,
      refusals: [404],
      async run(call) {
        const token = await call.directory.sessions.findToken(call.params.id ?? '', call.now);
        if (token === undefined) throw noToken();
        return { body: TOKEN.show(token) };
      },
    },
    {
      method: 'delete',
      path: '/refresh-tokens/{id}',
      summary: 'Delete a refresh token',
      status: 202,
      async run(call) {
        const userId = await call.directory.sessions.revokeToken(call.params.id ?? '', call.now);
        return userId === undefined ? {} : { log: { userId } };
      },
    },
  ];
}
