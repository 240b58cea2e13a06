/** A call of the My Account API by the person of a token, and the line about a refused change. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newLogId } from '../../kernel/ids.js';
import type { Asker, OwnDeps } from '../../management/my-account/changes.js';
import type { Person } from '../../management/my-account/person.js';
import type { AccessTokenVerifier } from '../../ports/token-issuer.js';
import type { Problem } from '../problem.js';

export interface MeDeps {
  readonly own: OwnDeps;
  readonly verifier: AccessTokenVerifier;
}

/** A route gets the person of the token. */
export interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: MeDeps;
  readonly asker: Asker;
  readonly person: Person;
  /** The `{id}` of the path. */
  readonly id: string;
}

/** Most characters of the reason in a line: it may repeat a name of the request. */
const MOST_CHARACTERS = 200;

/**
 * Appends the line about a refused change, by Auth0's type. It tells a person's administrator that somebody tried to change
 * how they sign in. Holds no secret: the reason is a sentence of this server.
 */
export async function logRefused(
  { entropy, clock, directory }: OwnDeps,
  { userId, clientId, from }: Asker,
  { message, code }: Problem,
  method: string,
): Promise<void> {
  const at = clock.now();
  await directory.ledger.append({
    ...{ logId: newLogId(entropy, at), date: at, type: 'my_account_authentication_method_failed' },
    ...{ description: message.slice(0, MOST_CHARACTERS), userId, ip: from.ip },
    ...(clientId !== '' && { clientId }),
    ...(from.userAgent !== undefined && { userAgent: from.userAgent.slice(0, 512) }),
    details: { code, method },
  });
}
