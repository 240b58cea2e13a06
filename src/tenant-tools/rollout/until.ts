/** A write that is found done when its answer was lost. Every single write of a rollout is sent by this function or by the bulk calls. */
import { RemoteError } from '../remote/exchange.js';
import type { Endpoint } from '../remote/tenant.js';

const TRIES = 8;

/** True for a refusal that an earlier try, or a copy of the request, explains: it exists already, or is gone already. */
function isSettled({ end, status }: RemoteError): boolean {
  return end === 'refused' && (status === 404 || status === 409);
}

/**
 * Writes unless `isDone`, to `tenant`. A write whose end is unknown is read back and repeated; a refusal that an earlier try explains is read back, since a
 * read may be older than the write. Any other refusal is read back once. Throws {@link RemoteError} for one after which it is not done, and when
 * patience ends.
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
        // The same may be said in other words: of a user who is linked already, Auth0 says that there is no such user (400).
        if (await isDone()) return;
        throw error;
      }
    }
    await tenant.pause(attempt);
  }
}
