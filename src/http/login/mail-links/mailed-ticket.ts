/** Makes the ticket and the mail of a link that a person asks for on a page. Stores neither, and tells nobody. */
import type { FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../../domain/authorization-request.js';
import { mailBrandOf } from '../../../domain/look/brand.js';
import { toMailFacts } from '../../../domain/mail/mail-facts.js';
import { BLOCKED_NAMES, RESET_NAMES } from '../../../domain/mail/mail-template.js';
import type { Email } from '../../../domain/people/email.js';
import { ticketContext, toResetLifetime } from '../../../domain/ticket.js';
import { addSeconds } from '../../../kernel/clock.js';
import { hashSecret, newSecret } from '../../../kernel/ids.js';
import { sealToken } from '../../../kernel/seal.js';
import type { Identified } from '../../../login/stages.js';
import type { MailedTicket } from '../../../ports/account-recovery.js';
import type { LoginReads } from '../../../ports/login-store.js';
import type { LoginRoutesDeps } from '../deps.js';
import { wishOf } from './mail-wish.js';

const KINDS = {
  password: { path: '/u/reset-password', template: 'password_reset', names: RESET_NAMES },
  unblock: { path: '/u/unblock', template: 'blocked_account', names: BLOCKED_NAMES },
} as const;

/** The account that the link is for, as the store finds it. */
export type FoundAccount = NonNullable<Awaited<ReturnType<LoginReads['findPasswordAccount']>>>;

export interface LinkFor {
  readonly request: FastifyRequest;
  readonly deps: Pick<LoginRoutesDeps, 'origin' | 'pipeline' | 'recovery' | 'ticketBox'>;
  readonly identified: Pick<Identified, 'tenant' | 'client' | 'organization'>;
  /** The application's request, if there is one. */
  readonly asked?: Pick<AuthorizationRequest, 'extra'>;
}

/** Returns a new ticket of this kind, and the mail with its link. */
export async function newMailedTicket(
  kind: keyof typeof KINDS,
  { request, deps, identified, asked }: LinkFor,
  found: FoundAccount,
  { email, at }: { readonly email: Email; readonly at: Date },
): Promise<MailedTicket> {
  const { path, template, names } = KINDS[kind];
  const { entropy } = deps.pipeline;
  const secret = newSecret(entropy);
  const { userId } = found.account;
  const expiresAt = addSeconds(at, toResetLifetime(await deps.recovery.findLinkLifetime(names)));
  const ticket = sealToken(deps.ticketBox, { u: userId, r: secret }, ticketContext(kind));
  const model = {
    brand: mailBrandOf(identified, deps.origin),
    url: `${deps.origin}${path}?ticket=${ticket}`,
    expiresAt: expiresAt.toISOString(),
    ip: request.ip,
    wish: wishOf(request, asked),
    facts: toMailFacts(identified),
  };
  return {
    userId,
    ticketHash: hashSecret(secret),
    connectionId: found.credential.connectionId,
    email,
    organizationId: identified.organization?.id,
    clientId: identified.client.clientId,
    at,
    expiresAt,
    mail: { id: newSecret(entropy), to: email, template, model },
  };
}
