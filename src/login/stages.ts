/**
 * The input and output of each step: Attempt -> Identified -> Authenticated -> Resolved -> Admitted -> Agreed -> CommitPlan. The input of
 * a step is the output of the one before, and the plan needs Admitted and Agreed, so the compiler checks their order. All are immutable.
 */

import type { ActionReport, Effect, TriggerId } from '../domain/actions/action.js';
import type { AuthorizationRequest } from '../domain/authorization-request.js';
import type {
  BrowserSession,
  ExternalIdentity,
  IdpSession,
  Invitation,
  PasswordCredential,
  Voucher,
} from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';
import type { Client, Connection, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { CallbackInput, Remembered } from '../ports/connector.js';
import type { Candidate, UserIdPrefix } from '../ports/login-store.js';
import type { KnownDevice } from './attempt-limits.js';

/** The credential that the person brings. */
export type Credential =
  /** None yet: the login ended before anything was asked. */
  | { readonly kind: 'none' }
  /** The browser came back from an IdP; `fingerprint` is the connection's at the redirect. */
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
 * Proof of one's own account, asked for by the linking rule: a code mailed to `email`, or the account's old password. `userId` is the
 * account that the question is about; undefined when there was none (the question is the same).
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
  /** The account that the question is about; undefined when there was none. */
  readonly userId?: string;
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** No mail went out: there were too many for this address. */
  readonly unsent?: true;
}

/** The person's typed answer to it. */
export interface ProofAnswer {
  readonly pending: PendingProof;
  readonly by: OwnProof['by'];
  readonly typed: string;
}

/** An execution of the tenant's code, for the log. */
export interface ActionExecution {
  readonly trigger: TriggerId;
  readonly end: 'done' | 'denied' | 'redirect' | 'failed';
  readonly reason?: string;
  readonly results: readonly ActionReport[];
}

/** The membership in an Action's event: whether it existed before this login, and by which way it came or will come. */
export interface ActionMembership {
  readonly exists: boolean;
  readonly via: string;
}

/** The word of an IdP in this login about a person whose account it proved: for Actions, and for the identity's data. */
export interface SaidByProvider {
  /** The claims, as the identity keeps them. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The identity is bound to the account already. */
  readonly isBound: boolean;
}

/**
 * The proof in the form in which it waits in the browser's sealed transaction: JSON, and valid as long as the connection is unchanged. A
 * session stays in its own cookie and is looked up again.
 */
export type KeptProof =
  /** An identity that an IdP sent; `ownProof` is the proof that the person was asked for since. */
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
      /** The connection's at the proof: settings that have been replaced since let nobody in. */
      readonly fingerprint: string;
      /** Milliseconds since the epoch. */
      readonly authenticatedAt: number;
      /** {@link digestCredential} of the password that fitted; undefined when it was an external identity. */
      readonly credentialDigest: string | undefined;
      /** The subject at the connection by which the account was proved; undefined for a password. */
      readonly subject?: string | undefined;
      /** The session at the IdP, if that proved the account and named one. */
      readonly idpSession?: IdpSession | undefined;
      /** The address that the IdP sent, if the person proved the account a moment ago and has not been shown the address yet. */
      readonly assertedEmail?: string | undefined;
      readonly said?: SaidByProvider | undefined;
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
 * The proof and the answers of one login. Of a login's data only these go through reruns and redirects of Actions; stored data is read again
 * instead. A question to the person keeps the proof, the ids and `written`, and the tenant's code is asked again afterwards. Immutable, and
 * JSON: the browser holds it sealed while the person is away.
 */
export interface Kept {
  /** Set only while the person is away. The loop never reads it: on the way back `recallProof` makes it the attempt's `credential`. */
  readonly proof?: KeptProof | undefined;
  /** The question for the address is over: the person has seen it, or the tenant's code or the earlier commit has run. */
  readonly told?: boolean;
  /** Id of an account with a password that this login opens. Kept, because Actions have been told the id. */
  readonly newUserId: string;
  /** Id of the session that this login opens, for the same reason. */
  readonly newSessionId: string;
  /** The executions of the tenant's code, for the log. */
  readonly executions: readonly ActionExecution[];
  /** The account that organization-admission let in, and the revision of the tenant's Actions: other code may answer differently. */
  readonly admission?: { readonly userId: string; readonly roles: readonly string[]; readonly revision: string };
  /** The effects of pre-user-registration for the account that this login opens. */
  readonly registration?: readonly Effect[];
  /** The effects that post-login agreed to, and the account: the agreement covers no other account. */
  readonly agreement?: {
    readonly userId: string;
    readonly wasMember: boolean;
    readonly effects: readonly Effect[];
    /** An Action has redirected the person, and post-login resumes there when they come back. Undefined once it has agreed. */
    readonly pausedAt?: ActionPause;
  };
  /** The earlier commit point is done. `membership` is the one that it wrote, as it stood before. */
  readonly written?: { readonly userId: string; readonly membership: ActionMembership | undefined };
}

/** The point where post-login paused: only the same program can resume there. */
export interface ActionPause {
  readonly programKey: string;
  readonly index: number;
}

/** One try of a login: the request, the credential, and the earlier turns' results that the browser brought back. */
export interface Attempt {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
  /** The browser's preferred languages (`Accept-Language`); for texts only. */
  readonly language?: string | undefined;
  /** False once the browser's connection has closed: work that has not begun is dropped. Absent where nobody can leave. */
  readonly isWanted?: () => boolean;
  readonly transactionId: string;
  readonly request: AuthorizationRequest;
  /** Chosen at a prompt or picker, when the request named none. */
  readonly organizationId: string | undefined;
  /** Name of the database that an Action chose for the typed address; the request's own `connection` takes precedence. */
  readonly database?: string | undefined;
  readonly credential: Credential;
  /** The last typed address, or the one in the request; it proves nothing, and decides nothing about who may enter. */
  readonly typed?: string | undefined;
  /** The person's answer to the question for an own proof, beside the waiting `credential`. */
  readonly answer?: ProofAnswer;
  /** The person has seen the address they are about to sign in with, and went on: at that page, or at the picker. */
  readonly told?: true;
  /** The known device of this browser, for the limits of tries alone: it proves no identity. */
  readonly device?: KnownDevice | undefined;
  /** The session of this browser, which a new one replaces. */
  readonly replaces: { readonly userId: string; readonly sessionHash: Buffer } | undefined;
  /** Executions of the tenant's code before any proof, for the log. */
  readonly executionsSoFar?: readonly ActionExecution[];
  /** The kept state of this login so far. */
  readonly kept?: Kept;
  /** The request by which the person came back from an Action's redirect. */
  readonly came?: {
    readonly method: string;
    readonly query: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, string>>;
  };
  /** `before`: the person proves first, and no organization is picked yet. `after`: it is picked, and the proof is tried for it. */
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

/** A verified proof. */
export type Proof =
  | { readonly kind: 'identity'; readonly identity: ExternalIdentity; readonly ownProof: OwnProof | undefined }
  | {
      readonly kind: 'account';
      readonly userId: string;
      readonly by: 'password' | 'session' | 'known';
      readonly authenticatedAt: Date;
      /** The subject of the identity that proved it earlier: another identity may have been linked in its place since. */
      readonly subject?: string | undefined;
      /** The session at the IdP of that identity. */
      readonly idpSession?: IdpSession | undefined;
      /** Where the IdP was asked in this login, before the organization was picked. */
      readonly said?: SaidByProvider | undefined;
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

/** How an identity is bound to an existing account. */
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
      /** For an account that an IdP creates. */
      readonly idPrefix: UserIdPrefix | undefined;
    };

/** Step 3: the account. */
export interface Resolved extends Authenticated {
  readonly account: ResolvedAccount;
  /** The address that this login may rely on for admission: verified by the IdP, by the domain, by the person or here. */
  readonly provedEmail: Email | undefined;
  /** The address in the IdP's answer, if somebody who is allowed to has vouched for it. */
  readonly vouchedEmail: Email | undefined;
  /** The voucher for that address by the IdP's own answer alone, without the person's own proof. */
  readonly assertedBy: Voucher | undefined;
  /** Invitations of this organization for that address that nobody has used; some may have expired. */
  readonly invitations: readonly Invitation[];
  readonly domainProvedElsewhere: boolean;
  /** The person's groups in the company's directory; undefined where no condition asks for them. */
  readonly scimGroups: readonly string[] | undefined;
  /** Domains that the organization has proved and that the decision relied on. */
  readonly reliedDomains: readonly string[];
  /** A domain for which the decision relied on no other organization having proved it. */
  readonly reliedUnclaimedDomain: string | undefined;
  /** The silent binding relied on the account having no other organization. */
  readonly reliedOnNoOthers: boolean;
}

/** The question "first prove that the account is yours": the same whether or not there is an account. */
export interface ProofQuestion {
  readonly kind: 'ask';
  readonly email: Email;
  readonly userId: string | undefined;
  readonly hasPassword: boolean;
  /** Why it is asked: the name of the rule that did not hold. */
  readonly rule: string;
  /** Everybody is asked, with and without an account: the organization has not proved the domain, so its IdP cannot vouch for the address. */
  readonly domainUnproved?: true;
}

/** The typed proof does not fit: the same question once more. */
export interface ProofAgain {
  readonly kind: 'again';
  readonly triesLeft: number;
}

/** The question "you began with one address, and the company's sign-in came back with another: is this you?" */
export interface AddressQuestion {
  readonly kind: 'confirm';
  readonly typed: Email;
  readonly cameBack: Email;
  /** The connection where the person signed in. */
  readonly connection: Connection;
}

export type AdmissionRule = 'member' | 'invited' | 'auto' | 'action' | 'no_organization';

/** Step 4: the person may enter, by this rule. */
export interface Admitted extends Resolved {
  readonly admission: {
    readonly rule: AdmissionRule;
    readonly createMembership: 'invited' | 'auto' | 'action' | undefined;
    readonly roles: readonly string[];
    readonly invitation: Invitation | undefined;
  };
}

/** Step 5: the effects that the tenant's code asked for. At the end it has agreed; at the earlier commit point post-login was not asked yet. */
export interface Agreed {
  /** The account's id, existing or new. */
  readonly userId: string;
  /** Id of the session that the login opens, unless the browser's session continues. */
  readonly newSessionId: string;
  readonly effects: readonly Effect[];
  readonly executions: readonly ActionExecution[];
}
