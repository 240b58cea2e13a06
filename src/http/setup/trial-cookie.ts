/**
 * A pending try of the set-up pages: binds the provider's answer to the browser, the set-up and the settings from which
 * it left. Kept in the browser with its other unfinished work; valid for one hour, and its answer for one comparison in
 * the connector.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Remembered } from '../../ports/connector.js';
import type { UnfinishedWork } from '../browser/unfinished.js';

export interface Trial {
  /** Id of the try, 16 letters and digits; the provider's answer names it. */
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

/** Adds the try's cookies to the answer. Returns false when there is no room for them. */
export function keepTrial(request: FastifyRequest, reply: FastifyReply, { unfinished }: Keeper, trial: Trial) {
  return unfinished.save(request, reply, { kind: 'try', id: trial.id, startedAt: trial.sentAt, content: trial });
}

/** Finds the try that `id` names, if this browser holds it and it has not expired. */
export async function findTrial(request: FastifyRequest, { unfinished }: Keeper, id: string | undefined) {
  return (await unfinished.find(request, 'try', id)) as Trial | undefined;
}

/** Removes a finished try from the browser. */
export function endTrial(reply: FastifyReply, { unfinished }: Keeper, id: string): Promise<void> {
  return unfinished.end(reply, id);
}
