/**
 * Unfinished logins. Nothing of them is stored on the server: each lives in an encrypted, authenticated cookie of its own, so
 * it is bound to its browser, two tabs do not disturb each other, and leaving it unfinished leaves nothing behind.
 * The name of the cookie ends in the transaction's id, which is also its additional data: a cookie moved under another name
 * does not open. Bounded in number (the oldest goes) and in age.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExternalIdentity } from '../../domain/account.js';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionExecution, ActionResume, KeptCredential } from '../../login/stages.js';
import type { RedirectSecrets } from '../../ports/connector.js';
import { clearCookie, cookieName, readCookies, setCookie } from './cookies.js';

/** An hour: long enough for a slow IdP with a second factor, and for a code by mail. */
export const TRANSACTION_SECONDS = 3600;
/** Six tabs. Browsers keep about 180 cookies a host and refuse header lines beyond 16 kB. */
const MAX_TRANSACTIONS = 6;
/** Browsers keep 4,096 bytes of name, value and attributes (RFC 6265 section 6.1). */
export const MAX_COOKIE_CHARACTERS = 3800;
const PREFIX = 'vestibule_login_';

/** What was asked of the person, and what he is to be asked against. The code itself is stored as a hash. */
export interface PendingProof {
  readonly id: string;
  readonly email: string;
  readonly userId?: string;
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** No mail went out: there were too many for this address. */
  readonly unsent?: true;
}

export interface LoginTransaction {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly request: AuthorizationRequest;
  /** Chosen at the organization prompt, by an invitation, at the picker, or by an Action. */
  readonly organizationId?: string;
  /** It was an Action, for the address that was typed: another address is asked about anew. */
  readonly routed?: boolean;
  /** Name of the database that an Action chose for that address. */
  readonly database?: string;
  /** What ran of the tenant's code so far, for the log. */
  readonly executions?: readonly ActionExecution[];
  readonly username?: string;
  readonly invitationAccepted?: boolean;
  /** The redirect to an IdP that is under way. */
  readonly upstream?: {
    readonly connectionId: string;
    readonly fingerprint: string;
    readonly secrets: RedirectSecrets;
    /** Milliseconds since the epoch. */
    readonly sentAt: number;
  };
  /** An external identity that was verified and waits for a proof of its owner's own account, or for the choice of an organization. */
  readonly identity?: { readonly identity: ExternalIdentity; readonly fingerprint: string };
  /** An account that was proved and waits for the choice of an organization. */
  readonly known?: {
    readonly userId: string;
    readonly connectionId: string;
    readonly authenticatedAt: number;
    readonly email: string;
    /** Which stored password it was that fitted. */
    readonly credentialDigest?: string;
    /** By the session of the browser, which is looked up anew. */
    readonly session?: true;
  };
  /** An open sign-up waiting for the mailed code; the password stays sealed in here until then. */
  readonly signUp?: { readonly email: string; readonly password: string; readonly name?: string };
  readonly proof?: PendingProof;
  /** An Action has sent the person elsewhere: where the login goes on, and what was proved. */
  readonly action?: { readonly resume: ActionResume; readonly credential: KeptCredential };
}

export interface Transactions {
  /** A new one for a validated request; put into the answer by {@link save}. */
  start(request: AuthorizationRequest, organizationId: string | undefined): LoginTransaction;
  /** The one that `id` (from the URL or the IdP's `state`) names, if this browser holds it and it is young enough. */
  find(request: FastifyRequest, id: string | undefined): LoginTransaction | undefined;
  /** Puts it into the answer. False when it does not fit into a cookie: then nothing is set. */
  save(request: FastifyRequest, reply: FastifyReply, transaction: LoginTransaction): boolean;
  /** Takes it from the browser: the login ended. */
  end(reply: FastifyReply, transaction: LoginTransaction): void;
}

/** Bytes that an account's id is filled up to: more than ids of the own database have, and longer ones go by steps of it. */
const HIDDEN_LENGTH = 64;
type HiddenProof = Omit<PendingProof, 'userId'> & { readonly account: string };
type Packed = Omit<LoginTransaction, 'proof'> & { readonly proof?: HiddenProof };

/**
 * The cookie's text is secret, its length is not: an id that is there for addresses with an account only would tell whoever has
 * asked which those are. So it is filled up, also when there is none, and sealed once more, since what is sealed does not
 * compress (CRIME: text that the attacker chose, compressed together with a secret).
 */
function hideAccount(box: SecretBox, { proof, ...rest }: LoginTransaction): Packed {
  if (proof === undefined) return rest;
  const { userId = '', ...visible } = proof;
  const plain = Buffer.from(userId, 'utf8');
  const filled = Buffer.alloc(Math.max(1, Math.ceil(plain.length / HIDDEN_LENGTH)) * HIDDEN_LENGTH);
  plain.copy(filled);
  const account = box.seal(filled, `login:${rest.id}:account`).toString('base64url');
  return { ...rest, proof: { ...visible, account } };
}

function showAccount(box: SecretBox, { proof, ...rest }: Packed): LoginTransaction {
  if (proof === undefined) return rest;
  const { account, ...visible } = proof;
  const userId = box.open(Buffer.from(account, 'base64url'), `login:${rest.id}:account`)?.replace(/\0+$/, '') ?? '';
  return { ...rest, proof: { ...visible, ...(userId !== '' && { userId }) } };
}

/** `box` has the purpose `cookies`. */
export function createTransactions(deps: {
  box: SecretBox;
  clock: Clock;
  entropy: Entropy;
  origin: string;
}): Transactions {
  const { box, clock, entropy, origin } = deps;
  const prefix = cookieName(PREFIX, origin);

  function open(id: string, value: string | undefined): LoginTransaction | undefined {
    if (value === undefined || !/^[A-Za-z0-9]{16}$/.test(id)) return undefined;
    const plain = box.openBytes(Buffer.from(value, 'base64url'), `login:${id}`);
    if (plain === undefined) return undefined;
    const transaction = showAccount(box, JSON.parse(inflateRawSync(plain).toString('utf8')) as Packed);
    return transaction.startedAt + TRANSACTION_SECONDS * 1000 > clock.now().getTime() ? transaction : undefined;
  }

  function close(transaction: LoginTransaction): string {
    const packed = deflateRawSync(Buffer.from(JSON.stringify(hideAccount(box, transaction)), 'utf8'), { level: 3 });
    return box.seal(packed, `login:${transaction.id}`).toString('base64url');
  }

  /** The cookie's text; undefined when it is too long. What ran is left out first: better a line without it than no login. */
  function closeToFit(transaction: LoginTransaction): string | undefined {
    const { executions, ...rest } = transaction;
    const value = close(transaction);
    if (value.length <= MAX_COOKIE_CHARACTERS) return value;
    return executions === undefined ? undefined : closeToFit(rest);
  }

  /** Takes the oldest from the browser when there are too many, and those that do not open any more. */
  function makeRoom(request: FastifyRequest, reply: FastifyReply, keep: string): void {
    const mine = Object.entries(readCookies(request)).filter(
      ([name]) => name.startsWith(prefix) && name !== prefix + keep,
    );
    const others = mine.map(([name, value]) => ({
      id: name.slice(prefix.length),
      startedAt: open(name.slice(prefix.length), value)?.startedAt,
    }));
    const alive = others
      .filter((item) => item.startedAt !== undefined)
      .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
    const gone = [...others.filter((item) => item.startedAt === undefined), ...alive.slice(MAX_TRANSACTIONS - 1)];
    for (const { id } of gone) if (/^[A-Za-z0-9]+$/.test(id)) clearCookie(reply, origin, PREFIX + id);
  }

  return {
    start(request, organizationId) {
      return {
        id: randomAlphanumeric(entropy, 16),
        startedAt: clock.now().getTime(),
        request,
        ...(organizationId !== undefined && { organizationId }),
      };
    },
    find(request, id) {
      return id === undefined ? undefined : open(id, readCookies(request)[prefix + id]);
    },
    save(request, reply, transaction) {
      const value = closeToFit(transaction);
      if (value === undefined) return false;
      makeRoom(request, reply, transaction.id);
      setCookie(reply, origin, PREFIX + transaction.id, value, TRANSACTION_SECONDS);
      return true;
    },
    end(reply, transaction) {
      clearCookie(reply, origin, PREFIX + transaction.id);
    },
  };
}
