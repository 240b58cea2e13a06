/**
 * The input and output of each step: Attempt -> Identified -> Authenticated -> Resolved -> Admitted -> Agreed ->
 * CommitPlan. Each step's input is the output of the one before, and the plan needs Admitted and Agreed, so the
 * compiler checks their order. All are immutable.
 */

import type { ActionReport, Effect, FactorCommand, TriggerId } from '../domain/actions/action.js';
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
import type { Client, Organization, OrganizationConnection, Tenant } from '../domain/tenant.js';
import type { CallbackInput, Remembered } from '../ports/connector.js';
import type { Candidate, UserIdPrefix } from '../ports/login-store.js';
import type { KnownDevice } from './attempt-limits.js';
import type { FactorAnswer, KeptCredential, KeptFactor, RememberedBrowser } from './factor-stages.js';

import type { OwnProof, ProofAnswer } from './questions.js';

export type {
  AddressQuestion,
  OwnProof,
  PendingProof,
  ProofAgain,
  ProofAnswer,
  ProofQuestion,
} from './questions.js';

export type Credential =
  /** No proof: the login failed before the person was asked for any. */
  | { readonly kind: 'none' }
  /** The browser came back from an IdP. `fingerprint`: version of the connection's settings when it left. */
  | {
      readonly kind: 'callback';
      readonly connectionId: string;
      readonly fingerprint: string;
      readonly remembered: Remembered;
      readonly redirectUri: string;
      /** When the browser left for the IdP. */
      readonly sentAt: Date;
      readonly input: CallbackInput;
    }
  | { readonly kind: 'password'; readonly email: Email; readonly password: string }
  /** The browser's answer by a passkey, without a typed address; `challenge`: the one that this browser's login holds. */
  | { readonly kind: 'passkey'; readonly response: string; readonly challenge: string }
  | { readonly kind: 'session'; readonly session: BrowserSession; readonly sessionHash: Buffer }
  /** A proof from an earlier request of this login. */
  | Exclude<KeptProof, { readonly kind: 'session' }>;

/** One run of a trigger's Actions, for the log. */
export interface ActionExecution {
  readonly trigger: TriggerId;
  readonly end: 'done' | 'denied' | 'redirect' | 'factor' | 'failed';
  readonly reason?: string;
  readonly results: readonly ActionReport[];
}

/** The membership in an Action's event: whether it existed before this login, and how it was or will be created. */
export interface ActionMembership {
  readonly exists: boolean;
  readonly via: string;
}

/** An IdP's claims, kept while the person chooses an organization: for Actions, and for the stored identity. */
export interface SaidByProvider {
  /** The claims, as the identity stores them. */
  readonly data: Readonly<Record<string, unknown>>;
  /** True when the identity is already bound to the account. */
  readonly isBound: boolean;
}

/**
 * The proof that the browser keeps sealed during a login: JSON, valid as long as the connection is unchanged. A session
 * stays in its own cookie and is looked up again.
 */
export type KeptProof =
  /** An identity that an IdP sent. `ownProof`: the person's proof since then that an account or mailbox is theirs. */
  | {
      readonly kind: 'identity';
      readonly identity: ExternalIdentity;
      readonly fingerprint: string;
      readonly ownProof: OwnProof | undefined;
    }
  /** An account that a password, a passkey or a bound identity proved. */
  | {
      readonly kind: 'known';
      readonly userId: string;
      readonly connectionId: string;
      /** Version of the connection's settings at the proof. If they changed since, the proof admits nobody. */
      readonly fingerprint: string;
      /** Milliseconds since the epoch. */
      readonly authenticatedAt: number;
      /** {@link digestCredential} of the right password; undefined for an external identity. */
      readonly credentialDigest: string | undefined;
      /** The person's subject at the IdP that proved the account; undefined for a password. */
      readonly subject?: string | undefined;
      /** The person's session at the IdP, if the IdP named one. */
      readonly idpSession?: IdpSession | undefined;
      /** The address that the IdP sent with its proof; absent once the person has seen it on a page. */
      readonly assertedEmail?: string | undefined;
      readonly said?: SaidByProvider | undefined;
      /** Set when the IdP that proved the account said that the person passed a second factor there. */
      readonly passedFactor?: true;
      /** The passkey that proved the account. The proof ends when it is deleted. */
      readonly passkey?: KeptFactor;
      /** Set when a password or passkey was given in a login into this organization, not before a choice at the picker. */
      readonly givenHere?: true;
    }
  | {
      readonly kind: 'sign_up';
      readonly email: Email;
      readonly password: string;
      readonly name: string | undefined;
      /** True when the person typed a code mailed to the address. Not needed with an invitation's ticket. */
      readonly addressProved: boolean;
    }
  | { readonly kind: 'session'; readonly userId: string };

/**
 * The proof and the Actions' answers of one login. Only these are kept when the steps run again or an Action redirects
 * the person; stored data is read again. While the person answers a question, only the proof, the ids and `written` are
 * kept; Actions are asked again afterwards. Immutable, and JSON: the browser holds it sealed while the person is away.
 */
export interface Kept {
  /** Set only while the person is away. When they come back, `recallProof` makes it the attempt's `credential`. */
  readonly proof?: KeptProof | undefined;
  /**
   * True when the question "is this your address?" need not be asked any more: the person has seen it, or it is too
   * late because tenant code or a commit has run.
   */
  readonly told?: boolean;
  /** Id of the password account that this login creates. Kept between requests: Actions may have stored it. */
  readonly newUserId: string;
  /** Id of the session that this login opens. Kept between requests: Actions may have stored it. */
  readonly newSessionId: string;
  /** The runs of the tenant's code so far, for the log. */
  readonly executions: readonly ActionExecution[];
  /** The account that organization-admission admitted; another `revision` of the Actions may answer differently. */
  readonly admission?: { readonly userId: string; readonly roles: readonly string[]; readonly revision: string };
  /** The effects of pre-user-registration for the account that this login opens. */
  readonly registration?: readonly Effect[];
  /** The effects that post-login requested, and the account that it agreed to. It covers no other account. */
  readonly agreement?: {
    readonly userId: string;
    readonly wasMember: boolean;
    readonly effects: readonly Effect[];
    /** Where post-login resumes after a redirect or a second factor; undefined once post-login has agreed. */
    readonly pausedAt?: ActionPause;
  };
  /** The second factor that the person passed last in this login. */
  readonly factor?: KeptFactor;
  /** Those that they passed before it. The commit claims all of them. */
  readonly earlierFactors?: readonly KeptFactor[];
  /** Factors that an Action asked for in vain while others were usable, for the log. */
  readonly ignoredFactors?: readonly string[];
  /** The offer of a passkey is over. `enrolled`: the one that the person made. `isPutOff`: they want none now. */
  readonly offer?: {
    readonly enrolled?: { readonly id: string; readonly credential: KeptCredential };
    readonly isPutOff?: true;
  };
  /** Set once a commit before post-login has written the account (`before_actions`). `membership`: the one before. */
  readonly written?: { readonly userId: string; readonly membership: ActionMembership | undefined };
}

/**
 * The place where post-login stopped to redirect the person or to ask for a second factor. Only the same version of the
 * Actions can resume there.
 */
export interface ActionPause {
  readonly programKey: string;
  readonly index: number;
  /** The commands of this Action that the person has not fulfilled yet; absent after a redirect. */
  readonly commands?: readonly FactorCommand[];
}

/** One try of a login: the request, the credential, and earlier results that the browser brought back. */
export interface Attempt {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
  /** The browser's preferred languages (`Accept-Language`); for texts only. */
  readonly language?: string | undefined;
  /** Returns false once the browser has closed its connection: work is dropped. Absent where no browser waits. */
  readonly isWanted?: () => boolean;
  readonly transactionId: string;
  readonly request: AuthorizationRequest;
  /** Id of the organization that the person named at the prompt or picker, if the request named none. */
  readonly organizationId: string | undefined;
  /** The database that an Action chose for the typed address; the request's `connection` takes precedence. */
  readonly database?: string | undefined;
  readonly credential: Credential;
  /** The address that the person typed last, or that the request named. It proves nothing and admits nobody. */
  readonly typed?: string | undefined;
  /** The person's answer to the question for a proof. `credential` is then the one that the proof is added to. */
  readonly answer?: ProofAnswer;
  /** The person's answer to the question for a second factor. */
  readonly factorAnswer?: FactorAnswer;
  /** True when a page may offer a passkey: the person did not put it off in this browser. */
  readonly offersPasskey?: boolean;
  /** The accounts for which this browser is remembered. It replaces a factor where that is allowed, and nothing else. */
  readonly remembered?: readonly RememberedBrowser[];
  /** True when a page has shown the person the address that they sign in with, and they continued. */
  readonly told?: true;
  /** The known device of this browser. Used only for the limits of tries: it proves no identity. */
  readonly device?: KnownDevice | undefined;
  /** The browser's present session, which the new session replaces. */
  readonly replaces: { readonly userId: string; readonly sessionHash: Buffer } | undefined;
  /** Runs of the tenant's code before the person proved anything, for the log. */
  readonly executionsSoFar?: readonly ActionExecution[];
  readonly kept?: Kept;
  /** The request by which the person came back from an Action's redirect. */
  readonly came?: {
    readonly method: string;
    readonly query: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, string>>;
  };
  /**
   * Set in a login that asks the person to choose an organization after the proof. `before`: they have not chosen yet.
   * `after`: they chose one, and the proof is tried for it.
   */
  readonly picker?: 'before' | 'after';
}

/** Output of step 1: the client, the organization, the connections. */
export interface Identified {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly organization: Organization | undefined;
  readonly connections: readonly OrganizationConnection[];
  readonly invitation: Invitation | undefined;
}

export type Proof =
  | { readonly kind: 'identity'; readonly identity: ExternalIdentity; readonly ownProof: OwnProof | undefined }
  | {
      readonly kind: 'account';
      readonly userId: string;
      readonly by: 'password' | 'passkey' | 'session' | 'known';
      readonly authenticatedAt: Date;
      /** Subject of the identity that proved the account earlier: it may have been unlinked since. */
      readonly subject?: string | undefined;
      /** The person's session at the IdP that proved the account. */
      readonly idpSession?: IdpSession | undefined;
      /** Present when an IdP proved the account in this login, before the person chose an organization. */
      readonly said?: SaidByProvider | undefined;
      /** Set when that IdP said that the person passed a second factor. */
      readonly passedFactor?: true;
      /** The matching credential, for the commit's check under lock. */
      readonly credential: PasswordCredential | undefined;
      /** The passkey that proved the account, now or earlier in this login. It counts as a second factor too. */
      readonly passkey?: KeptFactor | undefined;
      /** Of a passkey of this request: the database connection by which the account signs in. */
      readonly databaseId?: string | undefined;
      /** A stronger hash of the same password, when the stored one is of an older kind. */
      readonly rehash: string | undefined;
    }
  | {
      readonly kind: 'sign_up';
      readonly email: Email;
      readonly passwordHash: string;
      readonly name: string | undefined;
      readonly addressProved: boolean;
    };

/** Output of step 2: the connection and the verified proof. */
export interface Authenticated extends Identified {
  readonly enablement: OrganizationConnection;
  readonly fingerprint: string;
  readonly proof: Proof;
}

/** How an identity is bound to an existing account. */
export interface Binding {
  /** Name of the rule that allows the binding. */
  readonly rule: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Id of the pre-provisioned identity that this one replaces; undefined if it replaces none. */
  readonly replacesExpected: string | undefined;
}

export type ResolvedAccount =
  | { readonly kind: 'existing'; readonly candidate: Candidate; readonly bind: Binding | undefined }
  | {
      readonly kind: 'new';
      readonly email: Email | undefined;
      readonly vouchedBy: Voucher | undefined;
      /** Prefix of the new account's user id; undefined for an account with a password. */
      readonly idPrefix: UserIdPrefix | undefined;
    };

/** Output of step 3: the account, existing or new. */
export interface Resolved extends Authenticated {
  readonly account: ResolvedAccount;
  /** The address that counts for admission: an accepted source vouches for it now, or did when it was stored. */
  readonly provedEmail: Email | undefined;
  /** The address in the IdP's answer, if an accepted source vouched for it. */
  readonly vouchedEmail: Email | undefined;
  /** The organization or IdP that vouches for `vouchedEmail` by the IdP's answer, without a proof by the person. */
  readonly assertedBy: Voucher | undefined;
  /** Unused invitations of this organization for the person's address; some may have expired. */
  readonly invitations: readonly Invitation[];
  readonly domainProvedElsewhere: boolean;
  /** The person's groups in the company's directory; undefined when no condition asks for them. */
  readonly scimGroups: readonly string[] | undefined;
  /** Domains that the decision relied on because the organization has proved them. The commit checks them. */
  readonly reliedDomains: readonly string[];
  /** The address's domain, if the decision would differ had another organization proved it. The commit checks it. */
  readonly reliedUnclaimedDomain: string | undefined;
  /** True if the account was bound without a question, because its person is in no other organization. */
  readonly reliedOnNoOthers: boolean;
}

export type AdmissionRule = 'member' | 'invited' | 'auto' | 'action' | 'no_organization';

/** Output of step 4: the person may enter, by this rule. */
export interface Admitted extends Resolved {
  readonly admission: {
    readonly rule: AdmissionRule;
    readonly createMembership: 'invited' | 'auto' | 'action' | undefined;
    readonly roles: readonly string[];
    readonly invitation: Invitation | undefined;
  };
}

/**
 * Output of step 5: the effects that tenant code requested. In a commit before post-login, those of earlier triggers.
 */
export interface Agreed {
  /** The account's id, existing or new. */
  readonly userId: string;
  /** Id of the session that the login opens, unless the browser's session continues. */
  readonly newSessionId: string;
  readonly effects: readonly Effect[];
  readonly executions: readonly ActionExecution[];
  /** The second factors that the person passed in this login, the last one last. */
  readonly factors?: readonly KeptFactor[];
  /** Factors that an Action asked for in vain while others were usable, for the log. */
  readonly ignoredFactors?: readonly string[] | undefined;
  /** The answer to the offer of a passkey. */
  readonly offered?: Kept['offer'];
}
