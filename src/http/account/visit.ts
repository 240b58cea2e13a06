/**
 * A request of a signed-in person to the page of their account, and the answers that all of its forms give. Every answer
 * is for the person of the session alone.
 */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { countsAlone } from '../../domain/factors/factor.js';
import type { BrowserSession } from '../../domain/people/account.js';
import type { Asker } from '../../management/my-account/changes.js';
import type { Person } from '../../management/my-account/person.js';
import { ACCOUNT_PATH } from '../login/urls.js';
import type { Said } from '../pages/speech.js';
import type { Words } from '../pages/words/words.js';
import type { AccountDeps } from './deps.js';
import { listSignIns, showAccount } from './show.js';
import { type SignInPlace, startSignIn } from './sign-in.js';

/** A request of a signed-in person. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: AccountDeps;
  readonly session: BrowserSession;
  readonly person: Person;
  readonly asker: Asker;
  readonly at: Date;
}

/** Returns a sentence of the page by its name. */
export const textOf =
  (key: keyof Words['account']) =>
  ({ account }: Words): string =>
    account[key];

/** Shows the page again, with the result named `done`. */
export const goBack = ({ reply }: Pick<Visit, 'reply'>, done: string) =>
  reply.redirect(`${ACCOUNT_PATH}?${new URLSearchParams({ done })}`, 303);

/** Returns the application and the organization of the person's last sign-in, the one of this session if it is known. */
export async function placeOf({ deps, person: { session, user } }: Visit): Promise<SignInPlace | undefined> {
  const lines = await listSignIns(deps, user.userId, 100);
  const own = lines.find(({ date }) => date.getTime() === session?.createdAt.getTime());
  const { clientId, organizationId } = own ?? lines[0] ?? {};
  return clientId === undefined ? undefined : { clientId, organizationId };
}

/** Asks the person to sign in again, with a factor if they have one. */
export async function confirm(visit: Visit): Promise<FastifyReply> {
  const { request, reply, deps, person } = visit;
  const place = await placeOf(visit);
  const withFactor = person.factors.some(countsAlone);
  return startSignIn(request, reply, deps, { place, loginHint: person.user.email, withFactor });
}

/** Shows the page, with a sentence about what happened. */
export function show(
  { request, reply, deps, person, session, at }: Visit,
  said: { notice?: Said | undefined; error?: Said } = {},
): Promise<FastifyReply> {
  const language = deps.devices.find(request)?.language;
  return showAccount(reply, deps, { person, session, at, language }, said);
}
