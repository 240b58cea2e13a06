/**
 * The frame of every page of a login: finds the transaction that `state` names in this browser, reads what it is about, and
 * hands both to the page's own code. A page never trusts a form for anything that the transaction holds.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { identify } from '../../login/1-identify.js';
import { REFUSALS, refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { brandOf } from './brand.js';
import type { LoginRoutesDeps } from './deps.js';
import { newAttempt, refuseHere } from './outcome.js';
import { recordRefusedRequest } from './refused-request.js';

export interface Step {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: LoginRoutesDeps;
  readonly transaction: LoginTransaction;
  readonly identified: Identified;
  /** Posted fields; empty for a GET. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Single text values of a posted form or a query, each cut at `maxCharacters`; the first of a repeated one. */
export function readFields(source: unknown, maxCharacters = 4000): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [name, raw] of Object.entries((source ?? {}) as Record<string, unknown>)) {
    const value = Array.isArray(raw) ? raw[0] : raw;
    if (typeof value === 'string') fields[name] = value.slice(0, maxCharacters).replaceAll('\u0000', '');
  }
  return fields;
}

/** The page for a transaction that this browser does not hold: late, foreign, finished or forged (login CSRF, session swap). */
export async function sendUnknownTransaction(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
): Promise<FastifyReply> {
  const { title, sentence, advice, status } = REFUSALS['authenticate.unknown_transaction'];
  const path = request.url.split('?')[0] ?? '';
  const refusal = refuse('authenticate.unknown_transaction', `${request.method} ${path}`);
  const trace = newTrace();
  trace.add('authenticate', 'transaction', 'refuse', { path });
  const reference = await recordRefusedRequest(request, deps, { refusal, trace });
  return deps.sendPage(
    reply,
    {
      page: 'refusal',
      brand: brandOf(undefined, undefined),
      title,
      sentence,
      advice,
      reference,
      signedInAs: undefined,
      links: [],
    },
    status,
  );
}

/** Reads what the transaction is about; undefined when the answer was sent already. */
export async function findIdentified(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
): Promise<Identified | undefined> {
  const trace = newTrace();
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  const identified = await identify(attempt, deps.pipeline.reads, trace);
  if (!('kind' in identified)) return identified;
  await refuseHere(request, reply, deps, { attempt, transaction, identified: undefined, refusal: identified, trace });
  return undefined;
}

/** Registers a page: `show` for GET, `submit` for POST. */
export function registerStep(
  app: FastifyInstance,
  deps: LoginRoutesDeps,
  path: string,
  routes: {
    show: (step: Step) => Promise<FastifyReply> | FastifyReply;
    submit: (step: Step) => Promise<FastifyReply> | FastifyReply;
  },
): void {
  const run = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { state } = readFields(request.query);
    const transaction = deps.transactions.find(request, state);
    if (transaction === undefined) return sendUnknownTransaction(request, reply, deps);
    const identified = await findIdentified(request, reply, deps, transaction);
    if (identified === undefined) return reply;
    const step = {
      request,
      reply,
      deps,
      transaction,
      identified,
      fields: readFields(request.method === 'POST' ? request.body : undefined),
    };
    return request.method === 'POST' ? routes.submit(step) : routes.show(step);
  };
  app.get(path, run);
  app.post(path, run);
}
