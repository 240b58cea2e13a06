/**
 * /u/refused: the page of a refused login, and its button, which sends the application the answer that it would have got
 * at once. Takes text and address only from what this server sealed into the browser's cookies, never from the request.
 * Writes nothing, so the page can be reloaded and opened again by the back button.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import type { Client } from '../../domain/tenant.js';
import { refuse, rowOf } from '../../login/refusals.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTarget } from '../../ports/login-store.js';
import type { RefusedLogin } from '../browser/refused-logins.js';
import { sendAnswer } from '../oauth/authorization-answer.js';
import { findMessageTarget } from '../oauth/web-message.js';
import { type Said, type SpeechPlace, sayRefusal } from '../pages/speech.js';
import type { Words } from '../pages/words/words.js';
import type { LoginRoutesDeps } from './deps.js';
import { refusalFields } from './outcome.js';
import { sendRefusedRequest } from './refused-request.js';
import { readField, sendUnknownTransaction } from './step.js';
import { pageUrl, REFUSED_CONTINUE_PATH, REFUSED_PATH } from './urls.js';

interface Refused {
  readonly refused: RefusedLogin;
  readonly target: LoginTarget;
  readonly place: SpeechPlace;
}

/** Finds the refused login that `state` names in this browser, with the application and its organization as of now. */
async function findRefused(request: FastifyRequest, deps: LoginRoutesDeps): Promise<Refused | undefined> {
  const refused = await deps.refused.find(request, readField(request.query, 'state'));
  if (refused === undefined) return undefined;
  const { clientId, organizationId, uiLocales } = refused;
  const target = await deps.pipeline.reads.findTarget({
    clientId,
    ...(organizationId !== undefined && { organization: organizationId }),
  });
  const extra = uiLocales === undefined ? {} : { ui_locales: uiLocales };
  return target && { refused, target, place: { ...target, request: { extra } } };
}

const back = ({ links }: Words) => links.back;

/** Returns the reason that an Action gave for its denial, in place of the sentence of every denial. */
function sayReason({ code, description }: RefusedLogin['refusal']): { readonly sentence?: Said } {
  return code === 'act.denied' && description.trim() !== '' ? { sentence: description } : {};
}

/**
 * Returns the error that the application gets, for its developers. Attack (phishing): a link to /authorize asks for an
 * API named "Your account is locked, call …", and this server's own page says so. Such a description is not shown.
 */
function technicalOf({ code, description }: RefusedLogin['refusal']): string | undefined {
  const { oauthError, quotesRequest } = rowOf(code);
  return quotesRequest ? undefined : `${oauthError}: ${description}`;
}

async function show(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const found = await findRefused(request, deps);
  if (found === undefined) return sendUnknownTransaction(request, reply, deps);
  const { refused, target, place } = found;
  const { refusal, reference, signedInAs } = refused;
  return deps.sendPage(
    reply,
    {
      page: 'refusal',
      brand: brandOf(target, deps.origin),
      ...sayRefusal(refusal.code),
      ...sayReason(refusal),
      reference,
      technical: technicalOf(refusal),
      signedInAs,
      links: [{ label: back, url: pageUrl(REFUSED_CONTINUE_PATH, refused.id) }],
    },
    place,
    rowOf(refusal.code).status,
  );
}

/**
 * Checks the callback URL again, and for web_message its web origin: an operator may have removed it while the page was
 * open. Returns the reason for the log. Attack (open redirect): the page of this server leads to an address that is not
 * the application's any more.
 */
function findMismatch({ redirectUri, responseMode }: RefusedLogin['address'], client: Client): string | undefined {
  if (!client.callbacks.includes(redirectUri)) return `${redirectUri} is not in the list of allowed callback URLs`;
  if (responseMode !== 'web_message' || findMessageTarget(client, redirectUri) !== undefined) return undefined;
  return `the origin of ${redirectUri} is not among the allowed web origins`;
}

/** Sends the answer to the application. */
async function goOn(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const found = await findRefused(request, deps);
  if (found === undefined) return sendUnknownTransaction(request, reply, deps);
  const { refused, target, place } = found;
  const { state } = refused.address;
  const detail = findMismatch(refused.address, target.client);
  if (detail !== undefined) {
    const trace = newTrace();
    trace.add('identify', 'callback_mismatch', 'refuse', { detail });
    return sendRefusedRequest(request, reply, deps, { refusal: refuse('identify.callback_mismatch', detail), trace });
  }
  return sendAnswer(request, reply, deps, {
    address: { ...refused.address, state },
    fields: refusalFields(refused.refusal, refused.reference),
    brand: brandOf(target, deps.origin),
    place,
  });
}

/** Registers GET /u/refused and GET /u/refused/continue. */
export function registerRefused(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get(REFUSED_PATH, (request, reply) => show(request, reply, deps));
  app.get(REFUSED_CONTINUE_PATH, (request, reply) => goOn(request, reply, deps));
}
