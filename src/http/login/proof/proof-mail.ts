/**
 * Mails a code by which a person proves that an address is theirs. The code is mailed whether or not an account exists,
 * so it reveals nothing. There are limits: codes per address and hour, tries per code, and ten minutes of validity.
 */

import type { FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../../domain/authorization-request.js';
import { mailBrandOf } from '../../../domain/look/brand.js';
import { toMailFacts } from '../../../domain/mail/mail-facts.js';
import type { Email } from '../../../domain/people/email.js';
import { profileData } from '../../../domain/people/root-attributes.js';
import { organizationTitle } from '../../../domain/tenant.js';
import { addSeconds } from '../../../kernel/clock.js';
import { newNumericCode, newSecret } from '../../../kernel/ids.js';
import { countAttempt } from '../../../login/attempt-limits.js';
import type { LoginOutcome } from '../../../login/outcome.js';
import { hashCode } from '../../../login/own-proof.js';
import type { Identified, Kept, KeptProof, PendingProof } from '../../../login/stages.js';
import type { LoginTransaction } from '../../browser/transactions.js';
import type { LoginRoutesDeps } from '../deps.js';
import { wishOf } from '../mail-links/mail-wish.js';

export const CODE_MINUTES = 10;

/**
 * Returns which reason the mail gives for its code. An invited person who chooses a password has already followed a
 * link, so the mail says why that link is not enough. A person who comes from their company's sign-in reads what the
 * code is for.
 */
function reasonOf(to: {
  for: 'sign-up-mail' | 'proof-mail';
  identified: Identified;
}): 'invited' | 'sign_up' | 'sign_in' {
  if (to.for === 'proof-mail') return 'sign_in';
  return to.identified.invitation === undefined ? 'sign_up' : 'invited';
}

/**
 * Mails a code, and returns the data about it that the transaction keeps (`unsent` if too many were mailed already).
 * `for` is the limit that counts it: codes for a typed address are counted apart from codes for a person whom a
 * company's identity provider has just signed in.
 */
export async function mailCode(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  to: {
    for: 'sign-up-mail' | 'proof-mail';
    email: Email;
    userId: string | undefined;
    connectionTitle: string;
    identified: Identified;
    /** The application's request. */
    asked: Pick<AuthorizationRequest, 'extra'>;
  },
): Promise<PendingProof> {
  const { clock, entropy } = deps.pipeline;
  const at = clock.now();
  const id = newSecret(entropy);
  const code = newNumericCode(entropy);
  const tried = {
    email: to.email,
    ip: request.ip,
    userId: to.userId,
    device: deps.devices.find(request),
    rules: to.identified.tenant.attemptRules,
  };
  const counted = await countAttempt(deps.attempts, to.for, tried, at);
  if (counted.allowed) {
    const { organization } = to.identified;
    const brand = mailBrandOf(to.identified, deps.origin);
    await deps.outbox.enqueue(
      {
        id: newSecret(entropy),
        to: to.email,
        template: 'proof_code',
        model: {
          brand,
          code,
          minutes: CODE_MINUTES,
          reason: reasonOf(to),
          organizationTitle: organization ? organizationTitle(organization) : brand.title,
          connectionTitle: to.connectionTitle,
          ip: request.ip,
          wish: wishOf(request, to.asked),
          facts: toMailFacts(to.identified),
        },
      },
      at,
    );
  }
  return {
    id,
    email: to.email,
    ...(to.userId !== undefined && { userId: to.userId }),
    codeHash: hashCode(id, code),
    expiresAt: addSeconds(at, CODE_MINUTES * 60).getTime(),
    ...(!counted.allowed && { unsent: true }),
  };
}

const MAX_CLAIMS_CHARACTERS = 1_200;
const MAX_CLAIM_CHARACTERS = 60;
const MAX_CLAIMS = 15;
const MAX_NAMES_CHARACTERS = 800;

type Claims = Readonly<Record<string, unknown>>;

/** Returns the claims that fit into the cookie, and the names of the others; undefined when all fit. */
function cutClaims(claims: Claims): { claims: Claims; names: readonly string[] } | undefined {
  if (JSON.stringify(claims).length <= MAX_CLAIMS_CHARACTERS) return undefined;
  const all = Object.entries(claims).map(([name, value]) => ({ name, value, length: JSON.stringify(value).length }));
  const kept = new Set(all.filter(({ length }) => length <= MAX_CLAIM_CHARACTERS).slice(0, MAX_CLAIMS));
  // The longest claims come first. If there are too many names as well, Actions still learn that lists of groups are
  // missing.
  let left = MAX_NAMES_CHARACTERS;
  const names = all
    .filter((claim) => !kept.has(claim))
    .sort((one, other) => other.length - one.length)
    .map(({ name }) => name)
    .filter((name) => {
      left -= name.length;
      return left >= 0;
    });
  return { claims: Object.fromEntries([...kept].map(({ name, value }) => [name, value])), names };
}

/**
 * Leaves out long claims if those of a proof do not fit into the cookie. The proof then lists the names of the missing
 * claims.
 */
export function trimClaims<T extends { readonly proof?: KeptProof | undefined }>(transaction: T): T {
  const { proof } = transaction;
  if (proof?.kind === 'identity') {
    const cut = cutClaims(proof.identity.claims);
    if (cut === undefined) return transaction;
    return {
      ...transaction,
      proof: { ...proof, identity: { ...proof.identity, claims: cut.claims, claimsCut: cut.names } },
    };
  }
  const said = proof?.kind === 'known' ? proof.said : undefined;
  const cut = said && cutClaims(said.data);
  if (cut === undefined) return transaction;
  return { ...transaction, proof: { ...proof, said: { ...said, data: profileData(cut.claims, cut.names) } } };
}

/** Returns the title of the connection that returned the identity to be proved. */
export function connectionTitle(identified: Identified, { proof }: Pick<Kept, 'proof'>): string {
  const id = proof?.kind === 'identity' ? proof.identity.connectionId : undefined;
  const connection = identified.connections.find((item) => item.connection.id === id)?.connection;
  return connection?.displayName ?? connection?.name ?? '';
}

/** Mails the code, and returns the transaction that waits for it. */
export async function askForProof(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
  { question, identified, kept }: Extract<LoginOutcome, { readonly kind: 'ask' }>,
): Promise<LoginTransaction> {
  const pending = await mailCode(request, deps, {
    for: 'proof-mail',
    email: question.email,
    userId: question.userId,
    connectionTitle: connectionTitle(identified, kept),
    identified,
    asked: transaction.request,
  });
  const { upstream: _done, ...rest } = transaction;
  const domainUnproved = question.domainUnproved && { domainUnproved: true as const };
  return { ...rest, waiting: { for: 'proof', kept: trimClaims(kept), pending, ...domainUnproved } };
}
