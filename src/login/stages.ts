/**
 * What goes into each step and what comes out: Attempt -> Identified -> Authenticated -> Resolved -> Admitted -> CommitPlan.
 * The input of a step is the output of the one before, so the compiler checks their order. All values are immutable.
 */

import type { BrowserSession, ExternalIdentity, Invitation, PasswordCredential, Voucher } from '../domain/account.js';
import type { ActionReport, Effect, TriggerId } from '../domain/action.js';
import type { AuthorizationRequest } from '../domain/authorization-request.js';
import type { Email } from '../domain/email.js';
import type { Client, Connection, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { CallbackInput, RedirectSecrets } from '../ports/connector.js';
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
      readonly secrets: RedirectSecrets;
      readonly redirectUri: string;
      /** When the browser left. */
      readonly sentAt: Date;
      readonly input: CallbackInput;
    }
  /** An identity verified earlier in this browser transaction; `ownProof` is what was asked for since. */
  | {
      readonly kind: 'identity';
      readonly identity: ExternalIdentity;
      readonly fingerprint: string;
      readonly ownProof: OwnProof | undefined;
    }
  | { readonly kind: 'password'; readonly email: Email; readonly password: string }
  /** An account that was proved earlier in this browser transaction (before an organization was picked, or an Action sent the person elsewhere). */
  | {
      readonly kind: 'known';
      readonly userId: string;
      readonly connectionId: string;
      /** That of the connection when it was proved: nobody is let in by settings that have been replaced since. */
      readonly fingerprint: string;
      readonly authenticatedAt: Date;
      /** {@link digestCredential} of the password that fitted; undefined when it was an external identity. */
      readonly credentialDigest: string | undefined;
      /** The subject at the connection by which the account was proved; undefined for a password. */
      readonly subject?: string | undefined;
      /** The address that the IdP sent, where one proved the account a moment ago and nobody has been shown it yet. */
      readonly assertedEmail?: string | undefined;
    }
  | { readonly kind: 'session'; readonly session: BrowserSession; readonly sessionHash: Buffer }
  | {
      readonly kind: 'sign_up';
      readonly email: Email;
      readonly password: string;
      readonly name: string | undefined;
      /** A code mailed to the address was typed in: open sign-up. An invitation's ticket stands for it otherwise. */
      readonly addressProved: boolean;
    };

/**
 * Proof of one's own account, asked for by the linking rule: a code mailed to `email`, or the account's old password.
 * `userId` is the account it was asked for; undefined when there was none (the question is the same).
 */
export interface OwnProof {
  readonly by: 'code' | 'password';
  readonly email: Email;
  readonly userId: string | undefined;
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

/** What of a proof can be used again when the person comes back; a session is looked up anew. */
export type KeptCredential =
  | Extract<Credential, { readonly kind: 'identity' | 'known' | 'sign_up' }>
  | { readonly kind: 'session' };

/** Where a login goes on after an Action sent the person elsewhere. Travels in the sealed transaction. */
export interface ActionResume {
  /** The code that was running: other code cannot go on in its place. */
  readonly programKey: string;
  readonly index: number;
  readonly effects: readonly Effect[];
  readonly executions: readonly ActionExecution[];
  /** The account that the Actions were asked about, and whether it was a member: they have agreed to nobody else. */
  readonly userId: string;
  readonly wasMember: boolean;
  /** Id of the account that this login opens, which Actions have been told. */
  readonly newUserId: string | undefined;
  /** Id of the session that this login opens. */
  readonly newSessionId: string;
  /** What organization-admission said, and at which revision of the tenant's Actions. */
  readonly admittedByAction:
    | { readonly userId: string; readonly roles: readonly string[]; readonly revision: string }
    | undefined;
  readonly membership: ActionMembership | undefined;
}

/** Step 5's answer "the person has something to do elsewhere first". */
export interface ActionRedirect {
  readonly kind: 'redirect';
  readonly url: string;
  readonly index: number;
  readonly programKey: string;
  readonly effects: readonly Effect[];
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
  /** The person has seen who they are about to be, and went on: at the page that asks so, or at the picker. */
  readonly told?: true;
  /** What this browser is known as, for the limits of tries alone: it proves nobody. */
  readonly device?: KnownDevice | undefined;
  /** The session this browser holds, to be replaced by a new one. */
  readonly replaces: { readonly userId: string; readonly sessionHash: Buffer } | undefined;
  /** What ran of the tenant's code before this attempt, for its line in the log. What is in `resume` has it already. */
  readonly executionsSoFar?: readonly ActionExecution[];
  /** The person came back from where an Action had sent him. */
  readonly resume?: ActionResume & {
    readonly request: {
      readonly method: string;
      readonly query: Readonly<Record<string, string>>;
      readonly body: Readonly<Record<string, string>>;
    };
  };
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
  readonly identity: ExternalIdentity;
  readonly fingerprint: string;
}

/** The answer "you began with one address, and the company's sign-in came back with another: is this you?" */
export interface AddressQuestion {
  readonly kind: 'confirm';
  readonly typed: Email;
  readonly cameBack: Email;
  /** Where the person signed in. */
  readonly connection: Connection;
  /** What was proved, to go on with. */
  readonly credential: KeptCredential;
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
