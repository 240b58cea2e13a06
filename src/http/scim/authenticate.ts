/**
 * Authenticates a company's directory by a token (`tok_….<64 hex digits>`) of the connection that the path names. Never
 * accepts a token of another connection: the look-up of the token includes the connection.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fitsHash } from '../../kernel/ids.js';
import type { ScimCaller, ScimDeps } from './deps.js';
import { ScimError } from './errors.js';

const TOKEN = /^Bearer (tok_[A-Za-z0-9]{16})\.([0-9a-f]{64})$/i;
const USE_IS_NOTED_EACH_MS = 60_000;

function unauthorized(reply: FastifyReply): never {
  reply.header('www-authenticate', 'Bearer realm="scim"');
  // The answer is the same for every reason: a caller without a valid token must not learn whether a connection exists
  // or a token expired.
  throw new ScimError(401, 'The token is not valid for this connection.');
}

/** Authenticates the caller of a request. Throws 401. */
export async function authenticate(
  { directory, clock }: ScimDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ScimCaller> {
  const { connectionId = '' } = request.params as { connectionId?: string };
  const [, tokenId, secret] = TOKEN.exec(request.headers.authorization ?? '') ?? [];
  if (tokenId === undefined || secret === undefined || connectionId.includes('\0')) unauthorized(reply);
  const found = await directory.scim.findCaller(connectionId, tokenId);
  if (found === undefined || !fitsHash(`${tokenId}.${secret}`, found.hash)) unauthorized(reply);
  const { connection, configuration, token } = found;
  const now = clock.now();
  if (token.expiresAt !== undefined && token.expiresAt.getTime() <= now.getTime()) {
    // The caller had the token's secret, so the operator's log may say that this directory needs a new one.
    request.scimCaller = { connection, configuration, token };
    unauthorized(reply);
  }
  const isStale = now.getTime() - (token.lastUsedAt?.getTime() ?? 0) >= USE_IS_NOTED_EACH_MS;
  if (isStale) await directory.scim.noteUse(connectionId, token.id, now);
  return { connection, configuration, token };
}

/**
 * Throws 403 when the token lacks the scope for the method and the resource. A search is a POST, but needs the scope of
 * a read.
 */
export function checkScope(
  { token }: ScimCaller,
  method: string,
  { resource, reads }: { readonly resource: 'users' | 'groups'; readonly reads?: true },
): void {
  const scope = `${reads ? 'get' : method.toLowerCase()}:${resource}`;
  if (!token.scopes.includes(scope)) throw new ScimError(403, `The token lacks the scope ${scope}.`);
}
