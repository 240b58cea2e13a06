/**
 * Where the browser goes next in an unfinished login: invitation, organization prompt, the company's IdP, the address. Decides by
 * what the request and the administrator's settings say, never by whether an account exists.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseEmail } from '../../domain/email.js';
import { fingerprintOf, isEnterprise, type OrganizationConnection } from '../../domain/tenant.js';
import { newSecret } from '../../kernel/ids.js';
import { refuseConnectorFailure } from '../../login/2-authenticate.js';
import { findChosen, findHomeRealm, isSignUpOpen } from '../../login/home-realm.js';
import { refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { redirect } from '../oauth/authorization-answer.js';
import { databaseOf } from './database.js';
import type { LoginRoutesDeps } from './deps.js';
import { newAttempt, refuseHere } from './outcome.js';
import { sendTooLarge } from './too-large.js';
import { toStartOptions } from './upstream.js';
import { pageUrl } from './urls.js';

/** Saves the transaction and sends the browser to one of its pages. */
export async function goTo(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  to: { transaction: LoginTransaction; identified: Identified; path: string },
): Promise<FastifyReply> {
  if (!deps.transactions.save(request, reply, to.transaction)) return sendTooLarge(request, reply, deps, to.identified);
  return redirect(request, reply, pageUrl(to.path, to.transaction.id));
}

/** Sends the browser to the IdP of `enablement`, with everything the way back needs sealed in the transaction. */
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
  const { entropy } = deps.pipeline;
  const secrets = {
    state: `${login.transaction.id}.${newSecret(entropy)}`,
    nonce: newSecret(entropy),
    codeVerifier: newSecret(entropy),
  };
  const transaction: LoginTransaction = {
    ...login.transaction,
    upstream: {
      connectionId: connection.id,
      fingerprint: fingerprintOf(connection, enablement),
      secrets,
      sentAt: deps.pipeline.clock.now().getTime(),
    },
  };
  const connector = deps.pipeline.redirectConnector(connection.strategy);
  const started =
    connector &&
    (await connector.start(
      connection,
      secrets,
      `${deps.origin}/login/callback`,
      toStartOptions(transaction.request, loginHint),
    ));
  if (started?.ok) {
    if (!deps.transactions.save(request, reply, transaction)) return sendTooLarge(request, reply, deps, identified);
    return redirect(request, reply, started.url);
  }
  const trace = newTrace({ email: parseEmail(loginHint), connectionId: connection.id });
  const refusal = started
    ? refuseConnectorFailure(started, trace)
    : refuse('identify.connection_not_enabled', `no connector for ${connection.strategy}`);
  deps.transactions.save(request, reply, transaction);
  return refuseHere(request, reply, deps, {
    attempt: newAttempt(request, deps, transaction, { kind: 'none' }),
    transaction,
    identified,
    refusal,
    trace,
  });
}

/** Where an invited person goes after accepting: to the IdP, or to a new password. */
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

/** True when credentials come first and the organization is picked afterwards. */
export function picksOrganizationLater(identified: Identified): boolean {
  const { client, organization } = identified;
  return (
    organization === undefined &&
    client.organizationUsage !== 'deny' &&
    client.organizationRequireBehavior === 'post_login_prompt'
  );
}

/** Sends the browser on. `identified` is what the request was found to be about. */
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
    return goTo(request, reply, deps, { transaction, identified, path: '/u/invitation' });
  if (needsOrganizationPrompt(identified))
    return goTo(request, reply, deps, { transaction, identified, path: '/u/organization' });
  const chosen = findChosen(identified, transaction.request.connection);
  if (chosen && 'kind' in chosen) {
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
  const home = chosen ? undefined : findHomeRealm(identified, identified.invitation.inviteeEmail);
  if (home) return goToIdp(request, reply, deps, { transaction, identified, enablement: home, loginHint: username });
  return goTo(request, reply, deps, {
    transaction,
    identified,
    path: databaseOf(transaction, identified) ? '/u/signup' : '/u/login/identifier',
  });
}
