/**
 * Begins a sign-in to the page of the account: an ordinary login at one of the person's applications, with all of its
 * rules. The browser comes back to the page, and nobody can redeem the login's code: the verifier of its challenge is
 * discarded. Never signs anybody in by itself.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import { MULTI_FACTOR } from '../../domain/factors/factor.js';
import { brandOf } from '../../domain/look/brand.js';
import { hashSecret, newReference, newSecret } from '../../kernel/ids.js';
import { checkTarget, findTarget } from '../../login/1-identify.js';
import { isRefusal } from '../../login/refusals.js';
import { newTrace } from '../../login/trace.js';
import { goOn } from '../login/flow.js';
import { newAttempt, refuseHere } from '../login/outcome.js';
import type { AccountDeps } from './deps.js';

/** The application and the organization of a sign-in. */
export interface SignInPlace {
  readonly clientId: string;
  readonly organizationId?: string | undefined;
}

/** Most applications that are read to find the only one. */
const FEW = 10;

/** Returns the tenant's only application for people; undefined when there are several, or none. */
async function findOnlyApplication({ own: { directory } }: AccountDeps): Promise<SignInPlace | undefined> {
  const operators = await directory.operators.find();
  const { items } = await directory.clients.list({ isGlobal: false }, { limit: FEW });
  const usable = items.filter(
    ({ clientId, callbacks, grantTypes }) =>
      clientId !== operators?.clientId && callbacks.length > 0 && grantTypes.includes('authorization_code'),
  );
  const [only, ...others] = usable;
  return only === undefined || others.length > 0 ? undefined : { clientId: only.clientId };
}

/** Shows that the person has to sign in at an application first: nothing says which one is theirs. */
async function sendNoApplication(reply: FastifyReply, deps: AccountDeps): Promise<FastifyReply> {
  const place = { tenant: await deps.pipeline.reads.findTenant() };
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandOf(place, deps.origin),
      title: ({ account }) => account.startTitle,
      sentence: ({ account }) => account.startSentence,
      advice: ({ account }) => account.startAdvice,
      reference: newReference(deps.pipeline.entropy),
      technical: undefined,
      links: [],
    },
    place,
    401,
  );
}

interface Wish {
  readonly place: SignInPlace | undefined;
  /** The person's address, if they are signed in. */
  readonly loginHint?: string | undefined;
  /** True to ask for a second factor as well. */
  readonly withFactor?: boolean;
}

/**
 * Sends the browser to the sign-in. `prompt=login`: a session alone never suffices. Shows a page when no application is
 * known.
 */
export async function startSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: AccountDeps,
  { place, loginHint, withFactor }: Wish,
): Promise<FastifyReply> {
  const { reads, clock, entropy } = deps.pipeline;
  const at = clock.now();
  const { clientId, organizationId } = place ?? (await findOnlyApplication(deps)) ?? {};
  if (clientId === undefined) return sendNoApplication(reply, deps);
  const asked = {
    clientId,
    responseMode: 'query',
    scope: 'openid',
    prompt: ['login'],
    codeChallenge: hashSecret(newSecret(entropy)).toString('base64url'),
    ...(organizationId !== undefined && { organization: organizationId }),
    ...(loginHint !== undefined && { loginHint }),
    // No code by mail, which changes no factor; but also a factor that the tenant no longer accepts.
    ...(withFactor && { changesFactors: true as const, extra: { acr_values: MULTI_FACTOR } }),
  } as const satisfies Partial<AuthorizationRequest>;
  const input = { at, request: { ...asked, redirectUri: '' }, organizationId: undefined };
  const target = await findTarget(input, reads);
  const [redirectUri] = target?.client.callbacks ?? [];
  if (target === undefined || redirectUri === undefined) return sendNoApplication(reply, deps);
  const started = deps.transactions.start({ ...asked, redirectUri }, target.organization?.id);
  const transaction = { ...started, opens: 'account' } as const;
  const trace = newTrace();
  const identified = checkTarget(target, { ...input, request: transaction.request }, trace);
  if (!isRefusal(identified)) return goOn(request, reply, deps, { transaction, identified });
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  return refuseHere(request, reply, deps, { attempt, transaction, identified: undefined, refusal: identified, trace });
}
