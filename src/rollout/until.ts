/** A write that is found done when its answer was lost. Every single write of a rollout is sent by this function or by the bulk calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RemoteError } from '../remote/exchange.js';

const TRIES = 8;
const FIRST_WAIT_MS = 100;

/** True for a refusal that an earlier try, or a copy of the request, explains: it exists already, or is gone already. */
function isSettled({ end, status }: RemoteError): boolean {
  return end === 'refused' && (status === 404 || status === 409);
}

/**
 * Writes unless `isDone`. A write whose end is unknown is read back and repeated; a refusal that an earlier try explains is read back, since a
 * read may be older than the write. Throws {@link RemoteError} for any other refusal, and when patience ends.
 */
export async function until(isDone: () => Promise<boolean>, write: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; !(await isDone()); attempt += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof RemoteError) || attempt >= TRIES) throw error;
      if (error.end === 'refused' && !isSettled(error)) throw error;
    }
    await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
}
