/**
 * Unfinished logins, each in the sealed cookies of its browser (unfinished.ts): two tabs do not disturb each other, and
 * an abandoned login leaves nothing behind. Defines what a login keeps meanwhile; never lets its length reveal whether
 * an account exists.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionExecution, Kept, KeptProof, PendingProof } from '../../login/stages.js';
import type { Remembered } from '../../ports/connector.js';
import type { UnfinishedWork } from './unfinished.js';

/** The person's pending task, one at a time, and the data kept meanwhile. */
export type Waiting =
  /** Prove their own account, or the address when the domain of the company's sign-in is not proved. */
  | { readonly for: 'proof'; readonly kept: Kept; readonly pending: PendingProof; readonly domainUnproved?: true }
  /**
   * Type the code that was mailed for an open sign-up. Nothing is proved yet, and the password stays sealed in here
   * until then.
   */
  | {
      readonly for: 'sign_up_code';
      readonly signUp: { readonly email: string; readonly password: string; readonly name?: string };
      readonly pending: PendingProof;
    }
  /** The person must confirm the address that the IdP returned. */
  | {
      readonly for: 'confirmation';
      readonly kept: Kept;
      readonly typed: string;
      readonly cameBack: string;
      readonly place: string;
    }
  /** The person must come back from an Action's redirect. */
  | { readonly for: 'action'; readonly kept: Kept };

export interface LoginTransaction {
  readonly id: string;
  /** When the login began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly request: AuthorizationRequest;
  /** Chosen at the organization prompt, by an invitation, at the picker, or by an Action. */
  readonly organizationId?: string;
  /** True when an Action chose it for the typed address: Actions run again for another address. */
  readonly routed?: boolean;
  /** Name of the database that an Action chose for that address. */
  readonly database?: string;
  /** Earlier runs of the tenant's Actions, for the log. */
  readonly executions?: readonly ActionExecution[];
  readonly username?: string;
  readonly invitationAccepted?: boolean;
  /** The pending redirect to an IdP. */
  readonly upstream?: {
    readonly connectionId: string;
    readonly fingerprint: string;
    readonly remembered: Remembered;
    /** When the browser left for the IdP, in milliseconds since the epoch. */
    readonly sentAt: number;
  };
  /** The proof kept until an organization is chosen; `email` is for the pages. */
  readonly picking?: { readonly proof: KeptProof; readonly email: string };
  readonly waiting?: Waiting;
  /** Set when another person should sign in: the next IdP is asked not to use its own session. */
  readonly anew?: true;
}

export interface Transactions {
  /** Starts a transaction for a validated request; {@link save} puts it into the answer. */
  start(request: AuthorizationRequest, organizationId: string | undefined): LoginTransaction;
  /**
   * Finds the transaction that `id` (from the URL or the IdP's `state`) names, if this browser holds it and it has not
   * expired. Throws {@link Fault}.
   */
  find(request: FastifyRequest, id: string | undefined): Promise<LoginTransaction | undefined>;
  /**
   * Adds the transaction to the answer's cookies. Returns false when there is no room for the transaction: then no
   * cookie is set. Throws {@link Fault}.
   */
  save(request: FastifyRequest, reply: FastifyReply, transaction: LoginTransaction): Promise<boolean>;
  /** Removes a finished transaction from the browser. */
  end(reply: FastifyReply, transaction: LoginTransaction): Promise<void>;
}

/**
 * Length in bytes to which an account's id is padded, so that its length tells nothing: more than ids of this server's
 * own database have. Longer ids are padded to a multiple.
 */
const HIDDEN_LENGTH = 64;
/** A transaction as it is stored; `account` is the sealed account id of a pending proof. */
type Packed = LoginTransaction & { readonly account?: string };

/**
 * Hides whether a pending proof has an account. The cookie's text is secret, but not its length. Attack: an id present
 * only for addresses with an account tells which addresses have one. So the id is padded, also when there is none, and
 * sealed separately, since sealed text does not compress (CRIME: text chosen by the attacker, compressed together with
 * a secret).
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

/** Creates the store of login transactions. `box` has the purpose `cookies`. */
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
      // The executions are for the log alone: they may use further cookies, but no row.
      const { executions, ...rest } = transaction;
      const { id, startedAt } = transaction;
      const content = hideAccount(box, rest);
      const fuller = executions && { ...content, executions };
      return unfinished.save(request, reply, { kind: 'login', id, startedAt, content, fuller });
    },
    end: (reply, { id }) => unfinished.end(reply, id),
  };
}
