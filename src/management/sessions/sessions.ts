/**
 * `/users/{user_id}/sessions` and `/sessions/{id}`: the browsers in which a person is signed in. As on Auth0, deleting
 * a session keeps its refresh tokens, and revoking it also revokes them. The device of a session (`device`) is not
 * stored.
 */
import { isEnterprise } from '../../domain/tenant.js';
import type { SessionRecord } from '../../ports/directory/sessions.js';
import { insufficientScopes, notFound } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, openTo, replyOf, viewOf } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';
import { parseMetadata } from './metadata.js';

const noSession = () => notFound('The session does not exist.');

/** Returns the authentication methods of a session: first the sign-in itself, then all others. */
function methodsOf({ strategy, authenticatedAt, methods }: SessionRecord) {
  // A passkey is recorded first, with the time of the sign-in.
  const isListed = methods.some(({ name }) => name === 'passkey');
  const name = isEnterprise(strategy) ? 'federated' : 'pwd';
  return isListed ? methods : [{ name, timestamp: authenticatedAt.toISOString() }, ...methods];
}

const METHOD = openTo(replyOf({ name: 'string' }));
const SESSION = viewOf<SessionRecord>({
  id: ['string', ({ id }) => id],
  user_id: ['string', ({ userId }) => userId],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ lastUsedAt }) => lastUsedAt.toISOString()],
  authenticated_at: ['string', ({ authenticatedAt }) => authenticatedAt.toISOString()],
  last_interacted_at: ['string', ({ lastUsedAt }) => lastUsedAt.toISOString()],
  idle_expires_at: ['string', ({ idleExpiresAt }) => idleExpiresAt.toISOString()],
  expires_at: ['string', ({ expiresAt }) => expiresAt.toISOString()],
  clients: [listOf(replyOf({ client_id: 'string' })), ({ clientIds }) => clientIds.map((id) => ({ client_id: id }))],
  authentication: [replyOf({ methods: listOf(METHOD) }), (session) => ({ methods: methodsOf(session) })],
  session_metadata: [ANY_OBJECT, ({ metadata }) => metadata],
});

async function revoke(call: Call): Promise<Reply> {
  // The endpoint also accepts the scope delete:refresh_tokens, but that alone must not permit revoking sessions.
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
      reply: SESSION.schema,
      list: { key: 'sessions', form: 'object', checkpoint: true },
      refusals: [404],
      async run(call) {
        const page = await call.directory.sessions.list(await getUserId(call), call.now, call.paging.request);
        return { page: { ...page, items: page.items.map(SESSION.show) } };
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
      reply: SESSION.schema,
      refusals: [404],
      async run(call) {
        const session = await call.directory.sessions.find(call.params.id ?? '', call.now);
        if (session === undefined) throw noSession();
        return { body: SESSION.show(session) };
      },
    },
    {
      method: 'patch',
      path: '/sessions/{id}',
      summary: 'Update a session',
      reply: SESSION.schema,
      refusals: [404],
      async run(call) {
        const body = call.body as { readonly session_metadata?: Wire | null };
        const metadata = parseMetadata('session_metadata', body.session_metadata);
        const session = await call.directory.sessions.setMetadata(call.params.id ?? '', metadata, call.now);
        if (session === undefined) throw noSession();
        return { body: SESSION.show(session), log: { userId: session.userId } };
      },
    },
    {
      method: 'delete',
      path: '/sessions/{id}',
      summary: 'Delete a session',
      status: 202,
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
