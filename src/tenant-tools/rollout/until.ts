/**
 * Sends a write, and counts it as done if a read shows so after a lost answer. Most single writes of a rollout are sent
 * by this function; settings.ts and the bulk calls repeat their own writes.
 */
import { RemoteError } from '../remote/exchange.js';
import type { Endpoint } from '../remote/tenant.js';

const TRIES = 8;

/**
 * True for a refusal that an earlier attempt, or a copy of the request, explains: the object exists already (409), or
 * is already gone (404).
 */
function isSettled({ end, status }: RemoteError): boolean {
  return end === 'refused' && (status === 404 || status === 409);
}

/**
 * Writes to `tenant` unless `isDone`. A write with an unknown result is read back and repeated. A refusal that an
 * earlier attempt explains is read back several times, since a read may be older than the write. Any other refusal is
 * read back once. Throws {@link RemoteError} if it is still not done, or the attempts are used up.
 */
export async function until(
  tenant: Pick<Endpoint, 'pause'>,
  isDone: () => Promise<boolean>,
  write: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; !(await isDone()); attempt += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof RemoteError) || attempt >= TRIES) throw error;
      if (error.end === 'refused' && !isSettled(error)) {
        // For a user who is already linked Auth0 answers that there is no such user (400).
        if (await isDone()) return;
        throw error;
      }
    }
    await tenant.pause(attempt);
  }
}
