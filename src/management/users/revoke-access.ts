/**
 * `POST /users/{id}/revoke-access`: revokes one session of a person, or all of them, with their refresh tokens unless
 * these are to stay.
 */
import { badBody, insufficientScopes } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { getUserId } from './user-of-path.js';

interface RevokeBody {
  readonly session_id?: string;
  readonly preserve_refresh_tokens?: boolean;
}

async function revoke(call: Call): Promise<Reply> {
  const { session_id: sessionId, preserve_refresh_tokens: keepsTokens = false } = call.body as RevokeBody;
  // The endpoint accepts either scope, but each permits only its own part.
  const needed = ['delete:sessions', ...(keepsTokens ? [] : ['delete:refresh_tokens'])];
  if (!needed.every((scope) => call.caller.scopes.has(scope))) throw insufficientScopes(needed);
  const userId = await getUserId(call);
  const { sessions } = call.directory;
  if (sessionId === undefined) {
    await sessions.endAll(userId);
    if (!keepsTokens) await sessions.revokeTokens({ userId }, call.now);
    return { log: { userId } };
  }
  const session = await sessions.find(sessionId, call.now);
  // Attack: a session of somebody else is revoked by the path of a user whom the caller may change.
  if (session?.userId !== userId) throw badBody('The user has no such session.');
  await (keepsTokens ? sessions.end(sessionId) : sessions.revoke(sessionId, call.now));
  return { log: { userId } };
}

/** Returns the operation. */
export function revokeAccessOperations(): Operation[] {
  return [
    {
      method: 'post',
      path: '/users/{id}/revoke-access',
      summary: 'Revoke the sessions and refresh tokens of a user',
      status: 202,
      refusals: [404],
      run: revoke,
    },
  ];
}
