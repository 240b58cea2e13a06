/**
 * What goes into each step and what comes out: Attempt -> Identified -> Authenticated -> Resolved -> Admitted -> CommitPlan.
 * The input of a step is the output of the one before, so the compiler checks their order. All values are immutable.
 */

import type { BrowserSession, ExternalIdentity, Invitation, PasswordCredential, Voucher } from '../domain/account.js';
import type { ActionReport, Effect, TriggerId } from '../domain/action.js';
import type { AuthorizationRequest } from '../domain/authorization-request.js';
import type { Email } from '../domain/email.js';
import type { Client, Connection, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { CallbackInput, Remembered } from '../ports/connector.js';
import type { Candidate, UserIdPrefix } from '../ports/login-store.js';
import type { KnownDevice } from './attempt-limits.js';

/** What the person brings. */
export type Credential =
  /** Nothing yet: the login ended before anything was asked. */
  | { readonly kind: 'none' }
  /** The browser came back from an IdP; `fingerprint` is that of the connection when it left. */
  | {
      readonly kind: 'callback';
      readonly connectionId: string;
      readonly fingerprint: string;
      readonly remembered: Remembered;
      readonly redirectUri: string;
      /** When the browser left. */
      readonly sentAt: Date;
      readonly input: CallbackInput;
    }
  | { readonly kind: 'password'; readonly email: Email; readonly password: string }
  | { readonly kind: 'session'; readonly session: BrowserSession; readonly sessionHash: Buffer }
  /** Proved earlier in this browser transaction. */
  | Exclude<KeptProof, { readonly kind: 'session' }>;

/**
 * Proof of one's own account, asked for by the linking rule: a code mailed to `email`, or the account's old password.
 * `userId` is the account it was asked for; undefined when there was none (the question is the same).
 */
export interface OwnProof {
  readonly by: 'code' | 'password';
  readonly email: Email;
  readonly userId: string | undefined;
}

/** The proof that a person was asked for: the code itself is stored as a hash. */
export interface PendingProof {
  readonly id: string;
  readonly email: string;
  /** Of the account that it was asked for; undefined when there was none. */
  readonly userId?: string;
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** No mail went out: there were too many for this address. */
  readonly unsent?: true;
}

/** What the person typed in answer to it. */
export interface ProofAnswer {
  readonly pending: PendingProof;
  readonly by: OwnProof['by'];
  readonly typed: string;
}

/** What ran, for the log. */
export interface ActionExecution {
  readonly trigger: TriggerId;
  readonly end: 'done' | 'denied' | 'redirect' | 'failed';
  readonly reason?: string;
  readonly results: readonly ActionReport[];
}

/** The membership that an Action asks about: whether it was there before this login, and through what it came or will come. */
export interface ActionMembership {
  readonly exists: boolean;
  readonly via: string;
}

/**
 * What was proved, in the form in which it waits in the browser's sealed transaction: JSON, and good for as long as the connection is as it
 * was. A session stays in its own cookie and is looked up anew.
 */
export type KeptProof =
  /** An identity that an IdP answered for; `ownProof` is what was asked for since. */
  | {
      readonly kind: 'identity';
      readonly identity: ExternalIdentity;
      readonly fingerprint: string;
      readonly ownProof: OwnProof | undefined;
    }
  /** An account, by a password or by an identity that is bound to it. */
  | {
      readonly kind: 'known';
      readonly userId: string;
      readonly connectionId: string;
      /** That of the connection when it was proved: nobody is let in by settings that have been replaced since. */
      readonly fingerprint: string;
      /** Milliseconds since the epoch. */
      readonly authenticatedAt: number;
      /** {@link digestCredential} of the password that fitted; undefined when it was an external identity. */
      readonly credentialDigest: string | undefined;
      /** The subject at the connection by which the account was proved; undefined for a password. */
      readonly subject?: string | undefined;
      /** The address that the IdP sent, where one proved the account a moment ago and nobody has been shown it yet. */
      readonly assertedEmail?: string | undefined;
    }
  | {
      readonly kind: 'sign_up';
      readonly email: Email;
      readonly password: string;
      readonly name: string | undefined;
      /** A code mailed to the address was typed in: open sign-up. An invitation's ticket stands for it otherwise. */
      readonly addressProved: boolean;
    }
  | { readonly kind: 'session'; readonly userId: string };

/**
 * What one login has proved and heard: it goes through reruns, questions to the person and redirects, and is all that does. What was read is
 * read again instead. Immutable, and JSON: the browser holds it sealed while the person is away.
 */
export interface Kept {
  /** Undefined until step 2 has an answer that waits. */
  readonly proof?: KeptProof | undefined;
  /** The person has been told who they are about to be, or need not be. Nobody is told twice, and nobody after the tenant's code was asked. */
  readonly told?: boolean;
  /** Id of an account with a password that this login opens: Actions have been told. */
  readonly newUserId: string;
  /** Id of the session that this login opens, for the same reason. */
  readonly newSessionId: string;
  /** What ran of the tenant's code, for the log. */
  readonly executions: readonly ActionExecution[];
  /** Whom organization-admission let in, and at which revision of the tenant's Actions: other code may say something else. */
  readonly admission?: { readonly userId: string; readonly roles: readonly string[]; readonly revision: string };
  /** What pre-user-registration gave the account that this login opens. */
  readonly registration?: readonly Effect[];
  /** What post-login agreed to, about whom: it has agreed to nobody else. */
  readonly agreement?: {
    readonly userId: string;
    readonly wasMember: boolean;
    readonly effects: readonly Effect[];
    /** It has sent the person elsewhere, and goes on there when they come back. Undefined once it has agreed. */
    readonly pausedAt?: ActionPause;
  };
  /** The earlier commit point is behind us. Of a membership that it wrote: how it stood before. */
  readonly written?: { readonly userId: string; readonly membership: ActionMembership | undefined };
}

/** Where post-login stands: other code cannot go on in the place of the one that was running. */
export interface ActionPause {
  readonly programKey: string;
  readonly index: number;
}

export interface Attempt {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
  /** What the browser prefers (`Accept-Language`); for words alone. */
  readonly language?: string | undefined;
  readonly transactionId: string;
  readonly request: AuthorizationRequest;
  /** Chosen at a prompt or picker, when the request named none. */
  readonly organizationId: string | undefined;
  /** Name of the database that an Action chose for the typed address; the request's own `connection` goes before it. */
  readonly database?: string | undefined;
  readonly credential: Credential;
  /** The address that was typed so far, or that the request named; it proves nothing, and decides nothing about who may enter. */
  readonly typed?: string | undefined;
  /** The proof of their own account or mailbox that the person was asked for, beside what waits in `credential`. */
  readonly answer?: ProofAnswer;
  /** The person has seen who they are about to be, and went on: at the page that asks so, or at the picker. */
  readonly told?: true;
  /** What this browser is known as, for the limits of tries alone: it proves nobody. */
  readonly device?: KnownDevice | undefined;
  /** The session this browser holds, to be replaced by a new one. */
  readonly replaces: { readonly userId: string; readonly sessionHash: Buffer } | undefined;
  /** What ran of the tenant's code before anything was proved, for the log. */
  readonly executionsSoFar?: readonly ActionExecution[];
  /** What this login has heard so far. */
  readonly kept?: Kept;
  /** The request by which the person came back from where an Action had sent them. */
  readonly came?: {
    readonly method: string;
    readonly query: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, string>>;
  };
  /** The organization is picked after the proof: it is yet to be chosen, or was chosen since. */
  readonly picker?: 'before' | 'after';
}

/** Step 1: who asks, for which organization, over which connections. */
export interface Identified {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly organization: Organization | undefined;
  readonly connections: readonly OrganizationConnection[];
  readonly invitation: Invitation | undefined;
}

/** What was proved, whole. */
export type Proof =
  | { readonly kind: 'identity'; readonly identity: ExternalIdentity; readonly ownProof: OwnProof | undefined }
  | {
      readonly kind: 'account';
      readonly userId: string;
      readonly by: 'password' | 'session' | 'known';
      readonly authenticatedAt: Date;
      /** The subject of the identity that proved it earlier: in its place another may have been linked since. */
      readonly subject?: string | undefined;
      /** The credential that fitted, for the commit's re-check. */
      readonly credential: PasswordCredential | undefined;
      /** A better hash of the same password, when the stored one is of an older kind. */
      readonly rehash: string | undefined;
    }
  | {
      readonly kind: 'sign_up';
      readonly email: Email;
      readonly passwordHash: string;
      readonly name: string | undefined;
      readonly addressProved: boolean;
    };

/** Step 2. */
export interface Authenticated extends Identified {
  readonly enablement: OrganizationConnection;
  readonly fingerprint: string;
  readonly proof: Proof;
}

/** How an identity gets to an existing account. */
export interface Binding {
  /** The rule that allows it. */
  readonly rule: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  /** A pre-provisioned identity that it replaces. */
  readonly replacesExpected: string | undefined;
}

export type ResolvedAccount =
  | { readonly kind: 'existing'; readonly candidate: Candidate; readonly bind: Binding | undefined }
  | {
      readonly kind: 'new';
      readonly email: Email | undefined;
      readonly vouchedBy: Voucher | undefined;
      /** Of an account that an IdP brings. */
      readonly idPrefix: UserIdPrefix | undefined;
    };

/** Step 3: which account this is. */
export interface Resolved extends Authenticated {
  readonly account: ResolvedAccount;
  /** The address that this login may rely on for admission: verified by the IdP, by the domain, by the person or here. */
  readonly provedEmail: Email | undefined;
  /** The address in the IdP's answer, if somebody who may has vouched for it. */
  readonly vouchedEmail: Email | undefined;
  /** What the IdP's own answer is worth for that address, whatever the person proved besides. */
  readonly assertedBy: Voucher | undefined;
  /** Invitations of this organization for that address that nobody has used; some may have expired. */
  readonly invitations: readonly Invitation[];
  readonly domainProvedElsewhere: boolean;
  /** Domains whose proof by the organization was leaned on. */
  readonly reliedDomains: readonly string[];
  /** A domain of which it was leaned on that no other organization has proved it. */
  readonly reliedUnclaimedDomain: string | undefined;
  /** The silent binding leaned on there being no other organization. */
  readonly reliedOnNoOthers: boolean;
}

/** The answer "first prove that the account is yours". The same question whether or not there is an account. */
export interface ProofQuestion {
  readonly kind: 'ask';
  readonly email: Email;
  readonly userId: string | undefined;
  readonly hasPassword: boolean;
  /** Why it is asked: the number of the rule that did not hold. */
  readonly rule: string;
}

/** The proof that was typed does not fit: the same question once more. */
export interface ProofAgain {
  readonly kind: 'again';
  readonly triesLeft: number;
}

/** The answer "you began with one address, and the company's sign-in came back with another: is this you?" */
export interface AddressQuestion {
  readonly kind: 'confirm';
  readonly typed: Email;
  readonly cameBack: Email;
  /** Where the person signed in. */
  readonly connection: Connection;
}

export type AdmissionRule = 'member' | 'invited' | 'auto' | 'action' | 'no_organization';

/** Step 4: in, and why. */
export interface Admitted extends Resolved {
  readonly admission: {
    readonly rule: AdmissionRule;
    readonly createMembership: 'invited' | 'auto' | 'action' | undefined;
    readonly roles: readonly string[];
    readonly invitation: Invitation | undefined;
  };
}

/** Step 5: what the tenant's code agreed to, and asked for. */
export interface Agreed {
  /** Of the account, existing or about to be. */
  readonly userId: string;
  /** Id of the session that the login opens, unless the browser's goes on. */
  readonly newSessionId: string;
  readonly effects: readonly Effect[];
  readonly executions: readonly ActionExecution[];
}
