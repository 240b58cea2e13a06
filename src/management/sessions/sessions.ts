/**
 * `/users/{user_id}/sessions` and `/sessions/{id}`: the browsers in which a person is signed in. Deleting a session
 * keeps its refresh tokens, revoking it revokes them too, as on Auth0. The device of a session (`device`) is not
 * stored.
 */
import { isEnterprise } from '../../domain/tenant.js';
import type { SessionRecord } from '../../ports/directory/sessions.js';
import { insufficientScopes, notFound } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, openTo, replyOf } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';
import { parseMetadata } from './metadata.js';

const noSession = () => notFound('The session does not exist.');

function toWire(session: SessionRecord): Wire {
  const authenticatedAt = session.authenticatedAt.toISOString();
  const first = { name: isEnterprise(session.strategy) ? 'federated' : 'pwd', timestamp: authenticatedAt };
  return {
    id: session.id,
    user_id: session.userId,
    created_at: session.createdAt.toISOString(),
    updated_at: session.lastUsedAt.toISOString(),
    authenticated_at: authenticatedAt,
    last_interacted_at: session.lastUsedAt.toISOString(),
    idle_expires_at: session.idleExpiresAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
    clients: session.clientIds.map((clientId) => ({ client_id: clientId })),
    authentication: { methods: [first, ...session.methods] },
    session_metadata: session.metadata,
  };
}

const METHOD = openTo(replyOf({ name: 'string' }));
const REPLY = replyOf({
  id: 'string',
  user_id: 'string',
  created_at: 'string',
  updated_at: 'string',
  authenticated_at: 'string',
  idle_expires_at: 'string',
  expires_at: 'string',
  last_interacted_at: 'string',
  clients: listOf(replyOf({ client_id: 'string' })),
  authentication: replyOf({ methods: listOf(METHOD) }),
  session_metadata: ANY_OBJECT,
});

async function revoke(call: Call): Promise<Reply> {
  // delete:refresh_tokens also opens the endpoint, but alone must not revoke sessions.
  if (!call.caller.scopes.has('delete:sessions')) throw insufficientScopes(['delete:sessions']);
  const userId = await call.directory.sessions.revoke(call.params.id ?? '', call.now);
  if (userId === undefined) throw noSession();
  return { log: { userId } };
}

/** Returns the operations on `/users/{user_id}/sessions` and `/sessions/{id}`. */
export function sessionOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/users/{user_id}/sessions',
      summary: 'List the sessions of a user',
      status: 200,
      reply: REPLY,
      list: { key: 'sessions', form: 'object', checkpoint: true },
      refusals: [404],
      async run(call) {
        const page = await call.directory.sessions.list(await getUserId(call), call.now, call.paging.request);
        return { page: { ...page, items: page.items.map(toWire) } };
      },
    },
    {
      method: 'delete',
      path: '/users/{user_id}/sessions',
      summary: 'Delete the sessions of a user',
      status: 202,
      refusals: [404],
      async run(call) {
        await call.directory.sessions.endAll(await getUserId(call));
        return {};
      },
    },
    {
      method: 'get',
      path: '/sessions/{id}',
      summary: 'Get a session',
      status: 200,
      reply: REPLY,
      refusals: [404],
      async run(call) {
        const session = await call.directory.sessions.find(call.params.id ?? '', call.now);
        if (session === undefined) throw noSession();
        return { body: toWire(session) };
      },
    },
    {
      method: 'patch',
      path: '/sessions/{id}',
      summary: 'Update a session',
      status: 200,
      reply: REPLY,
      refusals: [404],
      async run(call) {
        const body = call.body as { readonly session_metadata?: Wire | null };
        const metadata = parseMetadata('session_metadata', body.session_metadata);
        const session = await call.directory.sessions.setMetadata(call.params.id ?? '', metadata, call.now);
        if (session === undefined) throw noSession();
        return { body: toWire(session), log: { userId: session.userId } };
      },
    },
    {
      method: 'delete',
      path: '/sessions/{id}',
      summary: 'Delete a session',
      status: 202,
      refusals: [],
      async run(call) {
        const userId = await call.directory.sessions.end(call.params.id ?? '');
        return userId === undefined ? {} : { log: { userId } };
      },
    },
    {
      method: 'post',
      path: '/sessions/{id}/revoke',
      summary: 'Revoke a session with its refresh tokens',
      status: 202,
      refusals: [404],
      run: revoke,
    },
  ];
}
