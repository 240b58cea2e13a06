/**
 * Unfinished logins: each in the sealed cookies of its browser (unfinished.ts), so that two tabs do not disturb each other and a login that
 * is left leaves nothing behind. Knows what a login keeps on its way, and what its length must not tell.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionExecution, Kept, KeptProof, PendingProof } from '../../login/stages.js';
import type { Remembered } from '../../ports/connector.js';
import type { UnfinishedWork } from './unfinished.js';

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
  /** The one that `id` (from the URL or the IdP's `state`) names, if this browser holds it and it is young enough. Throws {@link Fault}. */
  find(request: FastifyRequest, id: string | undefined): Promise<LoginTransaction | undefined>;
  /** Puts it into the answer. False when there is no room for it: then no cookie is set. Throws {@link Fault}. */
  save(request: FastifyRequest, reply: FastifyReply, transaction: LoginTransaction): Promise<boolean>;
  /** Takes it back from the browser: the login ended. */
  end(reply: FastifyReply, transaction: LoginTransaction): Promise<void>;
}

/** Bytes to which an account's id is padded: more than ids of our own database have. Longer ids are padded to a multiple of it. */
const HIDDEN_LENGTH = 64;
/** `account` is the sealed account id of a pending proof. */
type Packed = LoginTransaction & { readonly account?: string };

/**
 * The cookie's text is secret, its length is not: an id that is present only for addresses with an account would tell an attacker which
 * addresses have one. So the id is padded, also when there is none, and sealed once more, since sealed text does not compress (CRIME: text
 * that the attacker chose, compressed together with a secret).
 */
function hideAccount(box: SecretBox, transaction: LoginTransaction): Packed {
  const { waiting } = transaction;
  if (waiting === undefined || !('pending' in waiting)) return transaction;
  const { userId = '', ...visible } = waiting.pending;
  const plain = Buffer.from(userId, 'utf8');
  const filled = Buffer.alloc(Math.max(1, Math.ceil(plain.length / HIDDEN_LENGTH)) * HIDDEN_LENGTH);
  plain.copy(filled);
  const account = box.seal(filled, `login:${transaction.id}:account`).toString('base64url');
  return { ...transaction, waiting: { ...waiting, pending: visible }, account };
}

function showAccount(box: SecretBox, { account, ...transaction }: Packed): LoginTransaction {
  const { waiting } = transaction;
  if (account === undefined || waiting === undefined || !('pending' in waiting)) return transaction;
  const sealed = Buffer.from(account, 'base64url');
  const userId = box.open(sealed, `login:${transaction.id}:account`)?.split('\0', 1)[0] ?? '';
  return { ...transaction, waiting: { ...waiting, pending: { ...waiting.pending, ...(userId !== '' && { userId }) } } };
}

/** `box` has the purpose `cookies`. */
export function createTransactions(deps: {
  box: SecretBox;
  clock: Clock;
  entropy: Entropy;
  unfinished: UnfinishedWork;
}): Transactions {
  const { box, clock, entropy, unfinished } = deps;
  return {
    start(request, organizationId) {
      return {
        id: randomAlphanumeric(entropy, 16),
        startedAt: clock.now().getTime(),
        request,
        ...(organizationId !== undefined && { organizationId }),
      };
    },
    async find(request, id) {
      const packed = (await unfinished.find(request, 'login', id)) as Packed | undefined;
      return packed && showAccount(box, packed);
    },
    save(request, reply, transaction) {
      // The executions are for the log alone: they take further cookies, but cause no row.
      const { executions, ...rest } = transaction;
      const { id, startedAt } = transaction;
      const content = hideAccount(box, rest);
      const fuller = executions && { ...content, executions };
      return unfinished.save(request, reply, { kind: 'login', id, startedAt, content, fuller });
    },
    end: (reply, { id }) => unfinished.end(reply, id),
  };
}
