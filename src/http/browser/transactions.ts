/**
 * Unfinished logins. Nothing of them is stored on the server: each lives in an encrypted, authenticated cookie of its own (a long one
 * in several, pieces.ts), so it is bound to its browser, two tabs do not disturb each other, and leaving it unfinished leaves
 * nothing behind. The name of the cookie ends in the transaction's id, which is also its additional data: a cookie moved under
 * another name does not open. Bounded in number, in bytes together (the oldest goes) and in age.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionExecution, Kept, KeptProof, PendingProof } from '../../login/stages.js';
import type { Remembered } from '../../ports/connector.js';
import { clearCookie, cookieName, readCookies, setCookie } from './cookies.js';
import { countPieces, joinPieces, pieceName, toPieces } from './pieces.js';

/** An hour: long enough for a slow IdP with a second factor, and for a code by mail. */
export const TRANSACTION_SECONDS = 3600;
/** Six tabs. */
const MAX_TRANSACTIONS = 6;
/**
 * Most bytes of all of them in a request's header: fewer than proxies accept in one line by default (nginx and Apache: 8 kB). Otherwise six
 * forms that another site posts to /authorize would leave so much that every later request of the browser is refused. The newest is kept
 * whatever its size (at most 19 kB): its application asked for it.
 */
const MAX_BYTES_TOGETHER = 7_000;
/** Most bytes of unpacked JSON. No more is ever sealed, so a text that unpacks to more is refused. */
const MAX_PLAIN_BYTES = 262_144;
/** Most cookies of ours that one answer clears: more than there are, unless somebody plants them. */
const MAX_CLEARED = 40;
export const TRANSACTION_PREFIX = 'vestibule_login_';

/** The task of the person before the login goes on, one at a time, and the data kept meanwhile. */
export type Waiting =
  /** Prove an account of their own; or the address, where the domain of the company's sign-in is not proved. */
  | { readonly for: 'proof'; readonly kept: Kept; readonly pending: PendingProof; readonly domainUnproved?: true }
  /** Type in the code that was mailed for an open sign-up: nothing is proved yet, and the password stays sealed in here until then. */
  | {
      readonly for: 'sign_up_code';
      readonly signUp: { readonly email: string; readonly password: string; readonly name?: string };
      readonly pending: PendingProof;
    }
  /** Confirm the address that the IdP returned. */
  | {
      readonly for: 'confirmation';
      readonly kept: Kept;
      readonly typed: string;
      readonly cameBack: string;
      readonly place: string;
    }
  /** Finish the redirect of an Action. */
  | { readonly for: 'action'; readonly kept: Kept };

export interface LoginTransaction {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly request: AuthorizationRequest;
  /** Chosen at the organization prompt, by an invitation, at the picker, or by an Action. */
  readonly organizationId?: string;
  /** True when an Action chose it for the typed address: for another address Actions run again. */
  readonly routed?: boolean;
  /** Name of the database that an Action chose for that address. */
  readonly database?: string;
  /** The runs of the tenant's Actions so far, for the log. */
  readonly executions?: readonly ActionExecution[];
  readonly username?: string;
  readonly invitationAccepted?: boolean;
  /** The redirect to an IdP that is under way. */
  readonly upstream?: {
    readonly connectionId: string;
    readonly fingerprint: string;
    readonly remembered: Remembered;
    /** Milliseconds since the epoch. */
    readonly sentAt: number;
  };
  /** The proof that waits for the choice of an organization; `email` is for the pages. */
  readonly picking?: { readonly proof: KeptProof; readonly email: string };
  readonly waiting?: Waiting;
  /** Set when another person is to sign in: the next IdP is asked not to answer from a session of its own. */
  readonly anew?: true;
}

export interface Transactions {
  /** A new one for a validated request; put into the answer by {@link save}. */
  start(request: AuthorizationRequest, organizationId: string | undefined): LoginTransaction;
  /** The one that `id` (from the URL or the IdP's `state`) names, if this browser holds it and it is young enough. */
  find(request: FastifyRequest, id: string | undefined): LoginTransaction | undefined;
  /** Puts it into the answer. False when it does not fit into cookies: then no cookie is set. */
  save(request: FastifyRequest, reply: FastifyReply, transaction: LoginTransaction): boolean;
  /** Clears its cookies: the login ended. */
  end(reply: FastifyReply, transaction: LoginTransaction): void;
}

/** Bytes to which an account's id is padded: more than ids of our own database have. Longer ids are padded to a multiple of it. */
const HIDDEN_LENGTH = 64;
/** Version of the sealed form; another version is refused like an old transaction. Goes up with every change that readers must know. */
const FORM = 2;

/** `account` is the sealed account id of a pending proof. */
type Packed = LoginTransaction & { readonly form: typeof FORM; readonly account?: string };

/**
 * The cookie's text is secret, its length is not: an id that is present only for addresses with an account would tell an attacker which
 * addresses have one. So the id is padded, also when there is none, and sealed once more, since sealed text does not compress (CRIME: text
 * that the attacker chose, compressed together with a secret).
 */
function hideAccount(box: SecretBox, transaction: LoginTransaction): Packed {
  const { waiting } = transaction;
  if (waiting === undefined || !('pending' in waiting)) return { ...transaction, form: FORM };
  const { userId = '', ...visible } = waiting.pending;
  const plain = Buffer.from(userId, 'utf8');
  const filled = Buffer.alloc(Math.max(1, Math.ceil(plain.length / HIDDEN_LENGTH)) * HIDDEN_LENGTH);
  plain.copy(filled);
  const account = box.seal(filled, `login:${transaction.id}:account`).toString('base64url');
  return { ...transaction, waiting: { ...waiting, pending: visible }, account, form: FORM };
}

function showAccount(box: SecretBox, { account, form: _form, ...transaction }: Packed): LoginTransaction {
  const { waiting } = transaction;
  if (account === undefined || waiting === undefined || !('pending' in waiting)) return transaction;
  const sealed = Buffer.from(account, 'base64url');
  const userId = box.open(sealed, `login:${transaction.id}:account`)?.split('\0', 1)[0] ?? '';
  return { ...transaction, waiting: { ...waiting, pending: { ...waiting.pending, ...(userId !== '' && { userId }) } } };
}

type Cookies = Readonly<Record<string, string | undefined>>;

/** Bytes of one cookie in the header of a request. */
const weigh = (name: string, value: string): number => name.length + value.length + '=; '.length;

/** Names of the cookies of each transaction, by its id. */
function groupById(cookies: Cookies, prefix: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of Object.keys(cookies)) {
    if (!name.startsWith(prefix)) continue;
    const [id = ''] = name.slice(prefix.length).split('.', 1);
    const known = groups.get(id);
    if (known === undefined) groups.set(id, [name]);
    else known.push(name);
  }
  return groups;
}

/** Names of the cookies that an answer sets so far. */
function namesSetBy(reply: FastifyReply): string[] {
  const lines = reply.getHeader('set-cookie');
  if (lines === undefined) return [];
  return [lines].flat().map((line) => String(line).split('=', 1)[0] ?? '');
}

/** Seals transactions into the texts of cookies whose names begin with `prefix`, and opens them. */
function createForm(box: SecretBox, clock: Clock, prefix: string) {
  function open(id: string, cookies: Cookies): LoginTransaction | undefined {
    if (!/^[A-Za-z0-9]{16}$/.test(id)) return undefined;
    const value = joinPieces(cookies, prefix + id);
    if (value === undefined) return undefined;
    const plain = box.openBytes(Buffer.from(value, 'base64url'), `login:${id}`);
    if (plain === undefined) return undefined;
    const text = inflateRawSync(plain, { maxOutputLength: MAX_PLAIN_BYTES }).toString('utf8');
    const packed = JSON.parse(text) as Packed;
    if (packed.form !== FORM) return undefined;
    const transaction = showAccount(box, packed);
    return transaction.startedAt + TRANSACTION_SECONDS * 1000 > clock.now().getTime() ? transaction : undefined;
  }

  /** The sealed text; undefined for more than any cookies could hold. */
  function close(transaction: LoginTransaction): string | undefined {
    const plain = Buffer.from(JSON.stringify(hideAccount(box, transaction)), 'utf8');
    if (plain.length > MAX_PLAIN_BYTES) return undefined;
    return box.seal(deflateRawSync(plain, { level: 3 }), `login:${transaction.id}`).toString('base64url');
  }

  /** The texts of the cookies; undefined when they are too long. Runs of Actions are kept only where they need no further cookie. */
  function closeToFit({ executions, ...rest }: LoginTransaction): readonly string[] | undefined {
    const without = close(rest);
    if (without === undefined) return undefined;
    if (executions === undefined) return toPieces(without);
    const whole = close({ ...rest, executions });
    const fits = whole !== undefined && countPieces(whole.length) <= countPieces(without.length);
    return toPieces(fits ? whole : without);
  }

  return { open, closeToFit };
}

/** `box` has the purpose `cookies`. */
export function createTransactions(deps: {
  box: SecretBox;
  clock: Clock;
  entropy: Entropy;
  origin: string;
}): Transactions {
  const { box, clock, entropy, origin } = deps;
  const prefix = cookieName(TRANSACTION_PREFIX, origin);

  const { open, closeToFit } = createForm(box, clock, prefix);

  /** Clears the oldest transactions when they are too many or too large together, and those that do not open any more. */
  function makeRoom(cookies: Cookies, reply: FastifyReply, keep: string, own: readonly string[]): void {
    const mine = groupById(cookies, prefix);
    mine.delete(keep);
    const alive: { id: string; startedAt: number }[] = [];
    // A header full of planted names must not cost a decryption each.
    for (const id of [...mine.keys()].slice(0, MAX_CLEARED)) {
      const startedAt = open(id, cookies)?.startedAt;
      if (startedAt !== undefined) alive.push({ id, startedAt });
    }
    let bytes = own.reduce((sum, value) => sum + weigh(prefix + keep, value), 0);
    for (const [index, { id }] of alive.sort((a, b) => b.startedAt - a.startedAt).entries()) {
      for (const name of mine.get(id) ?? []) bytes += weigh(name, cookies[name] ?? '');
      // Transactions older than the first one cleared are cleared too: whether a login can go on must not depend on another's size.
      if (index >= MAX_TRANSACTIONS - 1 || bytes > MAX_BYTES_TOGETHER) break;
      mine.delete(id);
    }
    clear(reply, [...mine.values()].flat());
  }

  function clear(reply: FastifyReply, names: readonly string[]): void {
    const ours = names.map((name) => TRANSACTION_PREFIX + name.slice(prefix.length));
    for (const name of ours.filter((one) => /^\w+(\.\d)?$/.test(one)).slice(0, MAX_CLEARED))
      clearCookie(reply, origin, name);
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
      return id === undefined ? undefined : open(id, readCookies(request));
    },
    save(request, reply, transaction) {
      const pieces = closeToFit(transaction);
      if (pieces === undefined) return false;
      const cookies = readCookies(request);
      makeRoom(cookies, reply, transaction.id, pieces);
      for (const [index, piece] of pieces.entries())
        setCookie(reply, origin, TRANSACTION_PREFIX + pieceName(transaction.id, index), piece, TRANSACTION_SECONDS);
      // Clears the pieces of an earlier, longer version. One that stays does no harm: the first piece says how many there are.
      const names = pieces.map((_, index) => prefix + pieceName(transaction.id, index));
      clear(
        reply,
        (groupById(cookies, prefix).get(transaction.id) ?? []).filter((name) => !names.includes(name)),
      );
      return true;
    },
    end(reply, { id }) {
      const whole = prefix + id;
      const known = [...Object.keys(readCookies(reply.request)), ...namesSetBy(reply)];
      clear(reply, [...new Set([whole, ...known.filter((name) => name.startsWith(`${whole}.`))])]);
    },
  };
}
