/**
 * Unfinished logins (transactions), each in sealed cookies of its browser (unfinished.ts). So two tabs do not disturb
 * each other, and an abandoned login leaves nothing on the server. Defines the data that a login keeps until it is
 * finished. The length of that data must never reveal whether an account exists.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { FactorQuestion, SentCode } from '../../login/factor-stages.js';
import type { ActionExecution, Kept, KeptProof, PendingProof } from '../../login/stages.js';
import type { Remembered } from '../../ports/connector.js';
import type { UnfinishedWork } from './unfinished.js';

/** The task that the person has to do next, and the data kept until then. */
export type Waiting =
  /**
   * The person must prove that they own an existing account. With `domainUnproved`: that they own the address, because
   * the organization has not proved its domain.
   */
  | { readonly for: 'proof'; readonly kept: Kept; readonly pending: PendingProof; readonly domainUnproved?: true }
  /**
   * The person must type the code that was mailed for an open sign-up. Nothing is proved yet; the password stays in
   * this sealed cookie until then.
   */
  | {
      readonly for: 'sign_up_code';
      readonly signUp: { readonly email: string; readonly password: string; readonly name?: string };
      readonly pending: PendingProof;
    }
  /** The person must confirm the address that the identity provider returned ("Is this you?"). */
  | {
      readonly for: 'confirmation';
      readonly kept: Kept;
      readonly typed: string;
      readonly cameBack: string;
      readonly place: string;
    }
  /** The person is asked for a second factor, or sets one up. */
  | {
      readonly for: 'factor';
      readonly kept: Kept;
      readonly question: FactorQuestion;
      /** Id of the question, under which the tries are counted. */
      readonly questionId: string;
      /** The secret that the page offers for an authenticator app. */
      readonly secret: string;
      /** The challenge of the WebAuthn ceremony, base64url, and the handle of a new credential. */
      readonly challenge: string;
      readonly userHandle: string;
      /** The code that was mailed last, without its digits. */
      readonly sent?: SentCode;
    }
  /** The person must come back from an Action's redirect. */
  | { readonly for: 'action'; readonly kept: Kept };

export interface LoginTransaction {
  readonly id: string;
  /** When the login began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly request: AuthorizationRequest;
  /**
   * Id of the organization that was chosen at the organization prompt, by an invitation, at the picker, or by an
   * Action.
   */
  readonly organizationId?: string;
  /** True when an Action chose the organization for the typed address. Then Actions run again for another address. */
  readonly routed?: boolean;
  /** Name of the database connection that an Action chose for the typed address. */
  readonly database?: string;
  /** Earlier runs of the tenant's Actions, for the log. */
  readonly executions?: readonly ActionExecution[];
  readonly username?: string;
  readonly invitationAccepted?: boolean;
  /** The redirect to an identity provider that the browser has not returned from. */
  readonly upstream?: {
    readonly connectionId: string;
    readonly fingerprint: string;
    readonly remembered: Remembered;
    /** When the browser left for the identity provider, in milliseconds since the epoch. */
    readonly sentAt: number;
  };
  /** The proof, kept until the person picks an organization; `email` is for the pages. */
  readonly picking?: { readonly proof: KeptProof; readonly email: string };
  readonly waiting?: Waiting;
  /** The challenge of the address page for a passkey, until it is answered; base64url. */
  readonly passkeyChallenge?: string;
  /** Set when the person signs in to their account's page: the browser goes there, and the application gets no answer. */
  readonly opens?: 'account';
  /** Set when another person wants to sign in: the next identity provider is asked to ignore its own session. */
  readonly anew?: true;
}

export interface Transactions {
  /** Starts a transaction for a validated request. Call {@link save} to add it to the answer. */
  start(request: AuthorizationRequest, organizationId: string | undefined): LoginTransaction;
  /**
   * Finds the transaction `id` if this browser holds it and it has not expired. `id` comes from the URL or from the
   * identity provider's `state`. Throws {@link Fault}.
   */
  find(request: FastifyRequest, id: string | undefined): Promise<LoginTransaction | undefined>;
  /**
   * Adds the transaction to the answer's cookies. Returns false, and sets no cookie, when there is no room for the
   * transaction. Throws {@link Fault}.
   */
  save(request: FastifyRequest, reply: FastifyReply, transaction: LoginTransaction): Promise<boolean>;
  /** Removes a finished transaction from the browser. */
  end(reply: FastifyReply, transaction: LoginTransaction): Promise<void>;
}

/**
 * Length in bytes to which an account's id is padded, so that its length reveals nothing. Ids of this server's own
 * database are shorter; longer ids are padded to a multiple of it.
 */
const HIDDEN_LENGTH = 64;
/** A transaction as the cookie stores it; `account` is the sealed account id of a pending proof. */
type Packed = LoginTransaction & { readonly account?: string };

/**
 * Hides whether a pending proof has an account. The cookie's text is secret, but its length is not. Attack: if only
 * addresses with an account had an id in the cookie, its length would tell which have one. So the id is padded, and
 * padding is stored even without an id. It is sealed separately, because sealed text does not compress: compressed
 * together with text that the attacker chooses, the length could reveal the id (CRIME).
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

/** Creates the store of login transactions. `box` seals with the key for cookies. */
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
      // The runs of Actions are only for the log. They may take further cookies, but are left out where the login would
      // otherwise be stored in the database because its cookies are full.
      const { executions, ...rest } = transaction;
      const { id, startedAt } = transaction;
      const content = hideAccount(box, rest);
      const fuller = executions && { ...content, executions };
      return unfinished.save(request, reply, { kind: 'login', id, startedAt, content, fuller });
    },
    end: (reply, { id }) => unfinished.end(reply, id),
  };
}
