/**
 * Decides which page comes next in an unfinished login: invitation, organization prompt, the company's identity
 * provider, or the address. Uses the request and the administrator's settings, never whether an account exists.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { parseEmail } from '../../domain/people/email.js';
import { fingerprintOf, isEnterprise, type OrganizationConnection } from '../../domain/tenant.js';
import { refuseConnectorFailure } from '../../login/connector-failure.js';
import { findChosen, findInvitedHome, isSignUpOpen } from '../../login/home-realm.js';
import { isRefusal, refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { redirect } from '../oauth/authorization-answer.js';
import type { LoginRoutesDeps } from './deps.js';
import { newAttempt, refuseHere } from './outcome.js';
import { databaseOf } from './proof/database.js';
import { toStartOptions } from './proof/upstream.js';
import { sendTooLarge } from './too-large.js';
import { INVITATION_PATH, pageUrl } from './urls.js';

/** Saves the transaction and redirects the browser to one of its pages. */
export async function goTo(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  to: { transaction: LoginTransaction; identified: Identified; path: string },
): Promise<FastifyReply> {
  if (!(await deps.transactions.save(request, reply, to.transaction)))
    return sendTooLarge(request, reply, deps, to.identified);
  return redirect(request, reply, pageUrl(to.path, to.transaction.id));
}

/**
 * Returns the transaction without a pending confirmation ("Is this you?"): the identity provider's next answer may be
 * about another person.
 */
function dropConfirmation({ waiting, ...transaction }: LoginTransaction): LoginTransaction {
  return waiting === undefined || waiting.for === 'confirmation' ? transaction : { ...transaction, waiting };
}

/**
 * Sends the browser to the identity provider of `enablement`, and seals everything that the callback needs in the
 * transaction.
 */
export async function goToIdp(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: {
    transaction: LoginTransaction;
    identified: Identified;
    enablement: OrganizationConnection;
    loginHint: string | undefined;
  },
): Promise<FastifyReply> {
  const { identified, enablement, loginHint } = login;
  const { connection } = enablement;
  const before = dropConfirmation(login.transaction);
  const connector = deps.pipeline.redirectConnector(connection.strategy);
  const started =
    connector &&
    (await connector.start(
      connection,
      { transactionId: before.id, redirectUri: `${deps.origin}/login/callback` },
      toStartOptions(before.request, loginHint, before.anew === true),
    ));
  const transaction: LoginTransaction = {
    ...before,
    upstream: {
      connectionId: connection.id,
      fingerprint: fingerprintOf(connection, enablement),
      remembered: started?.ok ? started.remember : {},
      sentAt: deps.pipeline.clock.now().getTime(),
    },
  };
  if (started?.ok) {
    if (!(await deps.transactions.save(request, reply, transaction)))
      return sendTooLarge(request, reply, deps, identified);
    // The browser posts a form if the data is too long for an address, such as a signed request.
    return started.post === undefined
      ? redirect(request, reply, started.url)
      : deps.sendPage(
          reply,
          { page: 'relay', brand: brandOf(identified, deps.origin), action: started.url, fields: started.post },
          { ...identified, request: transaction.request },
        );
  }
  const trace = newTrace({ email: parseEmail(loginHint), connectionId: connection.id });
  const refusal = started
    ? refuseConnectorFailure(started, trace)
    : refuse('identify.connection_not_enabled', `no connector for ${connection.strategy}`);
  await deps.transactions.save(request, reply, transaction);
  return refuseHere(request, reply, deps, {
    attempt: newAttempt(request, deps, transaction, { kind: 'none' }),
    transaction,
    identified,
    refusal,
    trace,
  });
}

/** Returns the address to sign in with: the invited one, else the typed one, else the application's `login_hint`. */
function invitedUsername(identified: Identified, transaction: LoginTransaction): string | undefined {
  return identified.invitation?.inviteeEmail ?? transaction.username ?? transaction.request.loginHint;
}

/** True when an organization has to be chosen before anybody proves anything. */
export function needsOrganizationPrompt(identified: Identified): boolean {
  const { client, organization } = identified;
  return (
    organization === undefined &&
    client.organizationUsage !== 'deny' &&
    client.organizationRequireBehavior === 'pre_login_prompt'
  );
}

/** True when the person signs in first and picks the organization afterwards. */
export function picksOrganizationLater(identified: Identified): boolean {
  const { client, organization } = identified;
  return (
    organization === undefined &&
    client.organizationUsage !== 'deny' &&
    client.organizationRequireBehavior === 'post_login_prompt'
  );
}

/**
 * Refuses an invitation to the database connection when the organization has since required the company's sign-in for
 * the invited address. Then neither a password nor the company's sign-in can accept it. The person learns this before
 * they choose a password, and the inviter has to create another invitation.
 */
export function refuseDeadInvitation(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: { transaction: LoginTransaction; identified: Identified },
): Promise<FastifyReply> {
  const { transaction, identified } = login;
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  const refusal = refuse(
    'admit.invitation_needs_company',
    `invitation ${identified.invitation?.id} names a database connection`,
  );
  return refuseHere(request, reply, deps, { attempt, transaction, identified, refusal, trace: newTrace() });
}

/**
 * Sends the browser to the next page. `identified` is the result of the login's first step (identify) for this request.
 */
export async function goOn(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: { transaction: LoginTransaction; identified: Identified },
): Promise<FastifyReply> {
  const { identified } = login;
  const username = invitedUsername(identified, login.transaction);
  const transaction: LoginTransaction = { ...login.transaction, ...(username !== undefined && { username }) };
  if (identified.invitation && !transaction.invitationAccepted)
    return goTo(request, reply, deps, { transaction, identified, path: INVITATION_PATH });
  if (needsOrganizationPrompt(identified))
    return goTo(request, reply, deps, { transaction, identified, path: '/u/organization' });
  const chosen = findChosen(identified, transaction.request.connection);
  if (chosen && isRefusal(chosen)) {
    const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
    return refuseHere(request, reply, deps, { attempt, transaction, identified, refusal: chosen, trace: newTrace() });
  }
  if (chosen && isEnterprise(chosen.connection.strategy))
    return goToIdp(request, reply, deps, { transaction, identified, enablement: chosen, loginHint: username });
  if (!identified.invitation) {
    const path =
      transaction.request.screenHint === 'signup' && isSignUpOpen(identified, databaseOf(transaction, identified))
        ? '/u/signup'
        : '/u/login/identifier';
    return goTo(request, reply, deps, { transaction, identified, path });
  }
  const home = findInvitedHome(identified, identified.invitation, chosen);
  if (home === 'none') return refuseDeadInvitation(request, reply, deps, { transaction, identified });
  if (home) return goToIdp(request, reply, deps, { transaction, identified, enablement: home, loginHint: username });
  return goTo(request, reply, deps, {
    transaction,
    identified,
    path: databaseOf(transaction, identified) ? '/u/signup' : '/u/login/identifier',
  });
}
