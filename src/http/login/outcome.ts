/**
 * Answers the browser with the outcome of a login: the code, a question, or a refusal. As on Auth0, the application
 * gets a refusal that it can act on. A refusal that only the person can act on is a page with the next step.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasPrompt } from '../../domain/authorization-request.js';
import { brandOf } from '../../domain/look/brand.js';
import { parseEmail } from '../../domain/people/email.js';
import { assertNever } from '../../kernel/assert.js';
import { findRequiredCompany } from '../../login/home-realm.js';
import type { LoginOutcome } from '../../login/outcome.js';
import { logRefusal } from '../../login/record-refusal.js';
import { REFUSALS, type Refusal, type RefusalCode, rowOf } from '../../login/refusals.js';
import type { ActionExecution, Admitted, Attempt, Identified } from '../../login/stages.js';
import type { Trace } from '../../login/trace.js';
import { preferredLanguage } from '../browser/language.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { userAgentOf } from '../browser/user-agent.js';
import { answerFields, redirect, sendAnswer, toAnswerUrl } from '../oauth/authorization-answer.js';
import type { AnswerAddress } from '../oauth/authorization-parameters.js';
import { type Said, sayLasts, sayRefusal } from '../pages/speech.js';
import type { Words } from '../pages/words/words.js';
import type { LoginRoutesDeps } from './deps.js';
import { databaseOf } from './proof/database.js';
import { askForFactor, trimFactor } from './proof/factor-question.js';
import { askForProof, trimClaims } from './proof/proof-mail.js';
import { tellHere } from './tell-here.js';
import { sendTooLarge } from './too-large.js';
import { ACCOUNT_PATH, COMPANY_PATH, CONFIRM_PATH, FACTOR_PATH, pageUrl } from './urls.js';

/** Returns where and how the application of a transaction gets the answer. */
export function addressOf(transaction: Pick<LoginTransaction, 'request'>): AnswerAddress {
  const { redirectUri, responseMode, state, withoutIss } = transaction.request;
  return { redirectUri, responseMode, state, ...(withoutIss && { withoutIss }) };
}

/**
 * Returns the fields of a refusal for the application: `error`, a description as on Auth0, and the reference number.
 */
export function refusalFields(
  refusal: Pick<Refusal, 'code' | 'description'>,
  reference: string,
): Readonly<Record<string, string>> {
  return {
    error: REFUSALS[refusal.code].oauthError,
    error_description: refusal.description,
    error_reference: reference,
  };
}

/**
 * True when the organization requires the company's sign-in for this person: for their address, or if none was typed,
 * for the connection at which they tried to sign in.
 */
function isCompanyRequired({ username, upstream }: LoginTransaction, identified: Identified): boolean {
  const email = parseEmail(username);
  if (email !== undefined) return findRequiredCompany(identified, email) !== undefined;
  const went = identified.connections.find(({ connection }) => connection.id === upstream?.connectionId);
  return went?.ssoRollout === 'required';
}

const LINKS = {
  atCompany: ({ links }: Words) => links.atCompany,
  again: ({ links }: Words) => links.again,
  emergency: ({ links }: Words) => links.emergency,
  usePassword: ({ links }: Words) => links.usePassword,
  newPassword: ({ forgot }: Words) => forgot.heading,
  back: ({ links }: Words) => links.back,
};

/**
 * Returns links to the next steps, the best one first: the company's sign-in again, then the password for people
 * without an account there. If the organization requires the company's sign-in, only break-glass members may use a
 * password, and the link says so.
 */
function otherWays(
  transaction: LoginTransaction,
  identified: Identified | undefined,
  code: RefusalCode,
): { label: Said; url: string }[] {
  if (code === 'admit.sso_required')
    return [{ label: LINKS.atCompany, url: pageUrl('/u/login/identifier', transaction.id) }];
  // The page advises a new password, which resets the account's limit. The advice is the same for an address without an
  // account.
  if (code === 'authenticate.too_many_attempts' && identified && databaseOf(transaction, identified))
    return [{ label: LINKS.newPassword, url: pageUrl('/u/forgot-password', transaction.id) }];
  if (!code.startsWith('authenticate.idp_') || identified === undefined) return [];
  const again = { label: LINKS.again, url: pageUrl(COMPANY_PATH, transaction.id) };
  if (databaseOf(transaction, identified) === undefined) return [again];
  const label = isCompanyRequired(transaction, identified) ? LINKS.emergency : LINKS.usePassword;
  return [again, { label, url: pageUrl('/u/login/password', transaction.id) }];
}

/**
 * Returns the address that the person was asked to confirm or prove; after an Action's redirect, the address of the
 * kept identity.
 */
function addressWaiting(waiting: LoginTransaction['waiting']): string | undefined {
  if (waiting === undefined) return undefined;
  if (waiting.for === 'factor') return undefined;
  if (waiting.for === 'action')
    return waiting.kept.proof?.kind === 'identity' ? waiting.kept.proof.identity.email : undefined;
  return waiting.for === 'confirmation' ? waiting.cameBack : waiting.pending.email;
}

/**
 * Returns the address of the person who signs in, and the link to enter another one. The typed address is not returned
 * if the identity provider may have returned another person.
 */
function whoSignsIn(
  transaction: LoginTransaction,
  code: RefusalCode,
): { signedInAs: string | undefined; editUrl?: string } {
  const { waiting, picking, upstream, username } = transaction;
  const cameBack = upstream !== undefined && !code.startsWith('authenticate.') && code !== 'admit.sso_required';
  const typed = cameBack || username === '' ? undefined : username;
  const signedInAs = addressWaiting(waiting) ?? (picking?.email || typed);
  return { signedInAs, ...(!rowOf(code).over && { editUrl: pageUrl('/u/login/identifier', transaction.id) }) };
}

/**
 * Returns sentences to show instead of those in the table of refusals: for a limit (with its advice), or from an
 * Action.
 */
function saySpecial({ limit, lasts, sentence }: Refusal): { readonly sentence?: Said; readonly advice?: Said } {
  const advice = sayLasts(lasts);
  if (limit !== undefined) return { sentence: ({ limits }) => limits[limit], ...advice };
  return sentence === undefined ? { ...advice } : { sentence };
}

export interface RefusedOutcome {
  readonly refusal: Refusal;
  readonly reference: string;
  readonly identified: Identified | undefined;
}

/**
 * Sends a refusal to the application, or shows it to the person; with the application's setting `refusals: page`, first
 * the one and then the other.
 */
export async function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
  { refusal, reference, identified }: RefusedOutcome,
): Promise<FastifyReply> {
  const address = addressOf(transaction);
  const fields = refusalFields(refusal, reference);
  const brand = brandOf(identified ?? {}, deps.origin);
  const { status, ...row } = rowOf(refusal.code);
  // The application did not ask for a sign-in to the page of the account, so it gets no answer to one.
  const shown = transaction.opens === 'account' ? 'without_way_back' : row.shown;
  const place = { ...identified, request: transaction.request };
  const hasWayBack = shown !== 'without_way_back';
  const silent = hasPrompt(transaction.request, 'none') && hasWayBack;
  if (shown === undefined) {
    const { id, request: asked, organizationId } = transaction;
    const { signedInAs } = whoSignsIn(transaction, refusal.code);
    const told = { id, asked, organizationId, client: identified?.client, refusal, reference, signedInAs };
    if (await tellHere(request, reply, deps, told)) return reply;
  }
  if (shown === undefined || silent) {
    await deps.transactions.end(reply, transaction);
    return sendAnswer(request, reply, deps, { address, fields, brand, place });
  }
  const back = toAnswerUrl(
    { ...address, responseMode: address.responseMode === 'fragment' ? 'fragment' : 'query' },
    answerFields(deps, address, fields),
  );
  const links = [
    ...otherWays(transaction, identified, refusal.code),
    ...(hasWayBack ? [{ label: LINKS.back, url: back }] : []),
  ];
  return deps.sendPage(
    reply,
    {
      page: 'refusal',
      brand,
      ...sayRefusal(refusal.code),
      ...saySpecial(refusal),
      reference,
      ...whoSignsIn(transaction, refusal.code),
      links,
    },
    place,
    status,
  );
}

/** Logs a refusal that was decided outside the pipeline, and sends its page or redirect. */
export async function refuseHere(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: {
    attempt: Attempt;
    transaction: LoginTransaction;
    identified: Identified | undefined;
    refusal: Refusal;
    trace: Trace;
    executions?: readonly ActionExecution[];
  },
): Promise<FastifyReply> {
  const outcome = await logRefusal(login, deps.pipeline);
  return sendRefusal(request, reply, deps, login.transaction, outcome);
}

/**
 * Returns an Action's redirect address with `state` added, which the other site has to return to /continue (Auth0,
 * "Redirect with Actions").
 */
function withState(url: string, state: string): string {
  const target = new URL(url);
  target.searchParams.set('state', state);
  return target.href;
}

/**
 * True when the person presented a credential of their own in this login. Only then is the browser remembered as a
 * known device; an identity provider's assertion is not enough. Attack: a company signs in as its own people, and gets
 * extra attempts at their passwords for each browser that it invents.
 */
function showedOwnProof({ proof }: Admitted): boolean {
  if (proof.kind === 'identity') return proof.ownProof !== undefined;
  return proof.kind === 'sign_up' || proof.credential !== undefined || proof.passkey !== undefined;
}

/**
 * Sends the answer for the pipeline's outcome. Ends the transaction, or keeps it if the person still has something to
 * do.
 */
export async function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
  outcome: LoginOutcome,
): Promise<FastifyReply> {
  switch (outcome.kind) {
    case 'admitted': {
      const { grant, admitted } = outcome;
      const persistent = grant.sessionCookie !== 'non-persistent';
      const lifetimeSeconds = persistent ? admitted.tenant.sessionLifetimeSeconds : undefined;
      if (grant.sessionSecret !== undefined)
        deps.sessions.open(reply, grant.userId, grant.sessionSecret, lifetimeSeconds);
      else if (grant.sessionCookie !== undefined) deps.sessions.keep(request, reply, lifetimeSeconds);
      const isRemembered = deps.devices.find(request)?.remembered.some(({ userId }) => userId === grant.userId);
      if (showedOwnProof(admitted) || grant.remembers || isRemembered)
        deps.devices.keep(request, reply, grant.userId, grant);
      await deps.transactions.end(reply, transaction);
      // The code is dropped: nobody has the verifier of its challenge (account/sign-in.ts).
      if (transaction.opens === 'account') return redirect(request, reply, ACCOUNT_PATH);
      const brand = brandOf(admitted, deps.origin);
      const place = { ...admitted, request: transaction.request };
      const answer = { address: addressOf(transaction), fields: { code: grant.code }, brand, place };
      return sendAnswer(request, reply, deps, answer);
    }
    case 'refused':
      if (outcome.refusal.endsSession) await deps.sessions.revoke(request, reply);
      return sendRefusal(request, reply, deps, transaction, outcome);
    case 'redirect': {
      const { executions: _ran, ...rest } = transaction;
      const away = { ...rest, request: outcome.request, waiting: { for: 'action', kept: outcome.kept } as const };
      if (!(await deps.transactions.save(request, reply, away)))
        return sendTooLarge(request, reply, deps, outcome.identified);
      return redirect(request, reply, withState(outcome.url, transaction.id));
    }
    case 'confirm': {
      const { typed, cameBack, connection } = outcome.question;
      // The browser is back from the identity provider, and the proof is kept in `waiting`, so `upstream` is not needed
      // any more.
      const { upstream: _done, ...rest } = transaction;
      const place = connection.displayName ?? connection.name;
      const waiting = { for: 'confirmation', kept: outcome.kept, typed, cameBack, place } as const;
      // Claims can be too long for the cookie. If they do not fit, the long ones are left out, as for a mailed code.
      const saved =
        (await deps.transactions.save(request, reply, { ...rest, waiting })) ||
        (await deps.transactions.save(request, reply, {
          ...rest,
          waiting: { ...waiting, kept: trimClaims(outcome.kept) },
        }));
      if (!saved) return sendTooLarge(request, reply, deps, outcome.identified);
      return redirect(request, reply, pageUrl(CONFIRM_PATH, transaction.id));
    }
    case 'factor': {
      const asked = askForFactor(deps, transaction, outcome);
      const saved =
        (await deps.transactions.save(request, reply, asked)) ||
        (await deps.transactions.save(request, reply, trimFactor(asked)));
      if (!saved) return sendTooLarge(request, reply, deps, outcome.identified);
      return redirect(request, reply, pageUrl(FACTOR_PATH, transaction.id));
    }
    case 'again':
    case 'factor_again':
      throw new TypeError('only the page that asked for a proof can ask for it again');
    case 'ask': {
      const asked = await askForProof(request, deps, transaction, outcome);
      if (!(await deps.transactions.save(request, reply, asked)))
        return sendTooLarge(request, reply, deps, outcome.identified);
      return redirect(request, reply, pageUrl('/u/proof', asked.id));
    }
    default:
      return assertNever(outcome);
  }
}

/**
 * Builds the attempt, which is the input of the login's steps, from this request: credential, time, IP address and
 * browser.
 */
export function newAttempt(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
  credential: Attempt['credential'],
): Attempt {
  const device = deps.devices.find(request);
  return {
    at: deps.pipeline.clock.now(),
    ip: request.ip,
    userAgent: userAgentOf(request),
    language: preferredLanguage(request.headers['accept-language']),
    isWanted: () => !request.raw.socket.destroyed,
    transactionId: transaction.id,
    request: transaction.request,
    organizationId: transaction.organizationId,
    ...(transaction.database !== undefined && { database: transaction.database }),
    credential,
    typed: transaction.username || transaction.request.loginHint,
    ...((credential.kind === 'password' || credential.kind === 'passkey') && { device }),
    remembered: device?.remembered ?? [],
    offersPasskey: device?.putsOffPasskey !== true,
    replaces: deps.sessions.findReference(request),
    ...(transaction.executions && { executionsSoFar: transaction.executions }),
  };
}
