/**
 * Keeps a trial sign-in in the browser's cookies while the browser is at the identity provider (unfinished.ts). It ties
 * the provider's answer to this browser, this set-up and the tried settings. Expires after one hour. The connector
 * accepts the answer only for the request that was sent.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Remembered } from '../../ports/connector.js';
import type { UnfinishedWork } from '../browser/unfinished.js';

export interface Trial {
  /** Id of the trial, 16 letters and digits. The provider's answer names it. */
  readonly id: string;
  readonly setupId: string;
  /** Digest of the tried settings. */
  readonly digest: string;
  readonly remembered: Remembered;
  /** When the browser left for the provider, in milliseconds since the epoch. */
  readonly sentAt: number;
}

interface Keeper {
  readonly unfinished: UnfinishedWork;
}

/** Adds the trial to the answer's cookies. Returns false when there is no room for it. */
export function keepTrial(request: FastifyRequest, reply: FastifyReply, { unfinished }: Keeper, trial: Trial) {
  return unfinished.save(request, reply, { kind: 'try', id: trial.id, startedAt: trial.sentAt, content: trial });
}

/** Finds the trial `id`, if this browser holds it and it has not expired. */
export async function findTrial(request: FastifyRequest, { unfinished }: Keeper, id: string | undefined) {
  return (await unfinished.find(request, 'try', id)) as Trial | undefined;
}

/** Removes a finished trial from the browser. */
export function endTrial(reply: FastifyReply, { unfinished }: Keeper, id: string): Promise<void> {
  return unfinished.end(reply, id);
}
