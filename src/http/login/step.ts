/**
 * The frame of all pages of a login. Finds the transaction that `state` names in this browser, runs the login's first
 * step (identify) for it, and passes both to the page's own code. Never takes from a form any data that the transaction
 * holds.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { identify } from '../../login/1-identify.js';
import { isRefusal, refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { type Form, MalformedForm } from '../form.js';
import { redirect } from '../oauth/authorization-answer.js';
import type { SpeechPlace } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';
import { newAttempt, refuseHere } from './outcome.js';
import { sendRefusedRequest } from './refused-request.js';
import { INVITATION_PATH, pageUrl, REFUSED_CONTINUE_PATH, REFUSED_PATH } from './urls.js';

export interface Step {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: LoginRoutesDeps;
  readonly transaction: LoginTransaction;
  readonly identified: Identified;
  /** Posted fields; empty for a GET. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A request to a page, with the means to answer it. */
export type Visit = Pick<Step, 'request' | 'reply' | 'deps'>;

/** Returns the facts that decide the language of this step's pages. */
export function speechPlaceOf({ identified, transaction }: Pick<Step, 'identified' | 'transaction'>): SpeechPlace {
  return { ...identified, request: transaction.request };
}

/**
 * Finds the error in the fields of a form or a query. Errors are the NUL character, a field longer than `maxCharacters`
 * (or than `longer` allows for its name), and a repeated field. Attack (parameter pollution): one reader uses the first
 * value of a repeated field, another the last. Never shortens a value: a shortened password is a different one.
 */
export function checkFields(
  source: unknown,
  maxCharacters: number,
  longer: Readonly<Record<string, number>> = {},
): MalformedForm | undefined {
  if (source instanceof MalformedForm) return source;
  for (const [name, value] of Object.entries((source ?? {}) as Form)) {
    const most = Object.hasOwn(longer, name) ? (longer[name] ?? maxCharacters) : maxCharacters;
    if (typeof value !== 'string') return new MalformedForm('A field was sent more than once');
    if (value.includes('\0')) return new MalformedForm('A field has a character that is not allowed');
    if (value.length > most) return new MalformedForm(`A field is longer than ${most} characters`);
  }
  return undefined;
}

/**
 * Returns the fields of a form or a query. Throws {@link MalformedForm} for the errors that {@link checkFields} finds;
 * the answer is then 400.
 */
export function readFields(
  source: unknown,
  maxCharacters = 4000,
  longer: Readonly<Record<string, number>> = {},
): Readonly<Record<string, string>> {
  const wrong = checkFields(source, maxCharacters, longer);
  if (wrong) throw wrong;
  return { ...((source ?? {}) as Readonly<Record<string, string>>) };
}

/** Returns one field, even if others are malformed. Undefined when it is absent, repeated, or has a NUL character. */
export function readField(source: unknown, name: string): string | undefined {
  const value = source instanceof MalformedForm ? undefined : ((source ?? {}) as Form)[name];
  return typeof value === 'string' && !value.includes('\0') ? value : undefined;
}

/**
 * Shows the page for a transaction that this browser does not hold: expired, finished, of another browser, or forged. A
 * person who came back to a login that was refused gets the page of the refusal again. `named` is the id of the login,
 * if it is not the query's `state`: an identity provider's answer names it elsewhere.
 * Attack (login CSRF, session swap): somebody makes another person's browser continue the attacker's login.
 */
export async function sendUnknownTransaction(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  named: string | undefined = readField(request.query, 'state'),
): Promise<FastifyReply> {
  const refused = await deps.refused.find(request, named);
  const path = request.url.split('?')[0] ?? '';
  if (refused !== undefined && path !== REFUSED_PATH && path !== REFUSED_CONTINUE_PATH)
    return redirect(request, reply, pageUrl(REFUSED_PATH, refused.id));
  const refusal = refuse('authenticate.unknown_transaction', `${request.method} ${path}`);
  const trace = newTrace();
  trace.add('authenticate', 'transaction', 'refuse', { path });
  return sendRefusedRequest(request, reply, deps, { refusal, trace });
}

/** Runs the login's first step (identify) for the transaction. Returns undefined when a refusal was sent. */
export async function findIdentified(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
): Promise<Identified | undefined> {
  const trace = newTrace();
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  const identified = await identify(attempt, deps.pipeline.reads, trace);
  if (!isRefusal(identified)) return identified;
  await refuseHere(request, reply, deps, { attempt, transaction, identified: undefined, refusal: identified, trace });
  return undefined;
}

/** Registers a page of a login: `show` answers GET, `submit` answers POST. */
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
    const transaction = await deps.transactions.find(request, readField(request.query, 'state'));
    if (transaction === undefined) return sendUnknownTransaction(request, reply, deps);
    const identified = await findIdentified(request, reply, deps, transaction);
    if (identified === undefined) return reply;
    // Attack: somebody steps back from the page of an invitation, and an ordinary sign-in accepts it.
    if (identified.invitation && !transaction.invitationAccepted && path !== INVITATION_PATH)
      return redirect(request, reply, pageUrl(INVITATION_PATH, transaction.id));
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
