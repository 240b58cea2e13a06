/**
 * The state of the reference model: the tenant, its people, and what they hold. Names instead of the server's random ids
 * (`o0`, `c1`, `i3`), plain JSON values, nothing derived. Knows no rule.
 */

export type RuleName = 'member' | 'invited' | 'auto' | 'action' | 'no_organization';

/** The source that vouched for an address: a mail, the operator, an identity provider alone, or an organization by its domain (its name). */
export type Voucher = 'mail' | 'operator' | 'idp' | `o${number}`;

/** In the place of an organization: none. */
export const NOWHERE = '';

export interface Enablement {
  readonly autoMembership: boolean;
  /** Auto-membership is not for contractors, as the company's claims name them; or only for the group Staff of its directory. */
  readonly condition: false | 'contractor' | 'staff';
  /** The group Leads of the directory is `editor` here. */
  readonly leads: boolean;
  readonly link: 'verified_email' | 'never';
  readonly rollout: 'optional' | 'required';
  /** The only people whom the company's connection signs in; empty: everybody. */
  readonly pilot: readonly string[];
  /** Without a button, which its members chose: no address leads there. */
  readonly hidden?: boolean;
  /** Its members switched it off: it stays there, and nobody signs in by it. */
  readonly off?: true | undefined;
  /** Members see it, and may change how their organization uses it. */
  readonly seen?: true;
  /** Changes whenever the enablement is written, or a proof that it leans on ends. */
  readonly revision: number;
}

/** A second factor that an account has. Named by the model; a recovery code has another name each time it is replaced. */
export type FactorKind = 'otp' | 'passkey' | 'webauthn-roaming' | 'recovery-code' | 'email';
export const OWN_KINDS = ['otp', 'passkey', 'webauthn-roaming'] as const;
export type OwnKind = (typeof OWN_KINDS)[number];
/** Kinds to set up on the page of the account: `replace` is a new app in the place of the old one. */
export const OWN_BEGINNINGS = [...OWN_KINDS, 'replace'] as const;
export interface HeldFactor {
  readonly name: string;
  readonly kind: FactorKind;
  /** The source that vouches for it, as for a password; undefined: a stranger may have set it up. */
  readonly voucher: Voucher | undefined;
  /** A login counted an answer of it last at this place of the history; false once the application has a newer code. */
  readonly claimed?: boolean | undefined;
  readonly seq?: number | undefined;
}

/** A factor that was passed, or set up, in a login that is not finished. */
export interface PassedFactor {
  readonly user: string;
  readonly epoch: number;
  /** Undefined where the account had none to ask for. */
  readonly kind?: FactorKind | undefined;
  readonly name?: string | undefined;
  readonly seq?: number | undefined;
  readonly enrolled?: boolean | undefined;
  /** A new recovery code, which the person has to write down. */
  readonly code?: string | undefined;
  readonly seen?: boolean | undefined;
  readonly remembers?: boolean | undefined;
  /** Of a mailed code: where it was mailed. */
  readonly address?: string | undefined;
}

/** The proof of the person before the question for a factor. */
type FactorProof =
  | {
      readonly kind: 'identity';
      readonly idp: number;
      readonly person: Person;
      readonly own?: { readonly by: 'code' | 'password'; readonly user: string | undefined } | undefined;
    }
  | {
      readonly kind: 'password';
      readonly user: string;
      readonly passwordSerial: number;
      /** The passkey that was used in the place of the password. */
      readonly passkey?: string | undefined;
    }
  | {
      readonly kind: 'known';
      readonly user: string;
      readonly person?: Person | undefined;
      readonly passwordSerial: number;
    }
  | { readonly kind: 'session' }
  | { readonly kind: 'signUp'; readonly user: string };

/** The question for a second factor that waits in a browser. */
export interface FactorAsked {
  readonly way: { readonly organization: string; readonly connection: string; readonly invitation: string | undefined };
  readonly fingerprint: string;
  readonly stepUp: boolean | undefined;
  readonly proof: FactorProof;
  readonly user: string;
  /** `seen`: a new recovery code is shown. */
  readonly ask: 'challenge' | 'enrol' | 'seen';
  readonly kinds: readonly string[];
  readonly canRemember: boolean;
  readonly reason: string;
  readonly passed: readonly PassedFactor[];
  /** The address that a code may be mailed to, as it was when the question was asked. */
  readonly mail?: string | undefined;
  /** The code that was mailed last for this question; `late`: so long ago that it has expired. */
  readonly sent?: { readonly name: string; readonly address: string; readonly late: boolean } | undefined;
}

/**
 * How a person answers it; `index` picks one of several factors. The last four are about a code by mail: they ask for one, asked for one
 * long ago, type the code that was mailed last, or type an earlier one.
 */
export const ANSWERS = [
  ...(['right', 'wrong', 'used', 'recovery', 'exhausted'] as const),
  ...(['send', 'send long ago', 'mail', 'mail old'] as const),
] as const;
export interface FactorAnswer {
  readonly how: (typeof ANSWERS)[number];
  readonly index: number;
  readonly remember: boolean;
  readonly serial: number;
  readonly asked: FactorAsked;
}

/** A browser that is not asked again. */
export interface Remembered {
  readonly user: string;
  readonly epoch: number;
  readonly kind: FactorKind;
}

export const MFA = ['none', 'required', 'required_unless_idp'] as const;

export interface Organization {
  readonly blocked: boolean;
  /** The people it asks for a second factor, and the factors that it accepts (none named: those of the tenant). */
  readonly mfa: { readonly rule: (typeof MFA)[number]; readonly accepts: readonly string[] };
  /** By connection; absent is not enabled. */
  readonly enabled: Readonly<Record<string, Enablement>>;
  /** `ended`: a proof by DNS reached its end, and no node has looked since. */
  readonly domains: Readonly<Record<string, 'pending' | 'verified' | 'ended'>>;
  /** Those of them that a member proved by a record; an operator confirmed the others. */
  readonly byDns?: readonly string[] | undefined;
}

export type Strategy = 'auth0' | 'oidc' | 'samlp';

export interface Connection {
  /** Index of the identity provider, whose issuer it trusts; undefined for the database of passwords. */
  readonly idp: number | undefined;
  /** By which protocol: the same company speaks both, and is another issuer in each. */
  readonly strategy: Strategy;
  readonly aliases: readonly string[];
  readonly revision: number;
  /** An organization enabled it once, and no operator has said since that it works without one. */
  readonly needsOrganization: boolean;
  /** The organization whose administrators made it. */
  readonly managedBy?: string | undefined;
  /** They wrote its provider in one of two ways, which mean the same. */
  readonly writing?: 0 | 1 | undefined;
  /** They let their company's directory write here, with tokens of their own. */
  readonly provisioned?: boolean | undefined;
}

export interface User {
  readonly email: string | undefined;
  readonly voucher: Voucher | undefined;
  readonly blocked: boolean;
  /** Address under which the password is known, if there is one. */
  readonly passwordFor: string | undefined;
  /** Nothing fits it any more, until a new one is asked for. */
  readonly passwordEnded?: boolean;
  /** The source that vouches for the password: a mailed code or link that its owner showed, a client that may set it; undefined: nobody. */
  readonly passwordBy?: 'mail' | 'operator' | undefined;
  /** How often it was replaced. */
  readonly passwordSerial?: number;
  /** A link set it, and no login with it has passed another factor than a mail since. */
  readonly passwordByLink?: true | undefined;
  readonly factors?: readonly HeldFactor[];
  /** How often they changed, and a number that no two changes of any account share. */
  readonly factorsRevision?: number;
  readonly factorsEpoch?: number;
  /** The block is the directory's, which may take it back. */
  readonly blockedByScim?: true | undefined;
}

/** A token that members made for the directory of their own connection. */
export interface OwnToken {
  readonly connection: string;
  readonly live: boolean;
}

/** Data that a company's directory (SCIM) wrote of an identity that it created. */
interface Provisioned {
  /** Its id at the directory, whichever account it is in. */
  readonly scimId?: string | undefined;
  /** The address that it wrote last. */
  readonly wrote?: string | undefined;
  /** It lets nobody in. */
  readonly closed?: true | undefined;
  readonly groups?: readonly string[] | undefined;
}

export interface Identity extends Provisioned {
  readonly connection: string;
  readonly idp: number;
  readonly subject: string;
  readonly user: string;
  /** It gave its user his id, and cannot be taken away. */
  readonly primary: boolean;
  /** The address that the provider said last, and who vouched for it then: becomes the user's own when it is unlinked. */
  readonly said: { readonly email: string | undefined; readonly voucher: Voucher | undefined };
  /** The provider of a customer's connection changed since: the subject alone says nothing any more. */
  readonly again?: true | undefined;
}

/** An identity that the operator expects of a user, by subject or by address. */
export interface Expected extends Provisioned {
  readonly connection: string;
  readonly subject: string | undefined;
  readonly email: string | undefined;
  readonly user: string;
  /** The provider whose subject is expected, once the connection has moved on from it. */
  readonly idp?: number | undefined;
  /** It takes the place of the identity that gave its user their id, or is that of a user of the directory. */
  readonly primary?: boolean;
  /** The provider of a customer's connection changed since: the person has to prove the account. */
  readonly again?: true | undefined;
  /** The directory's address: becomes the user's own when it is unlinked. */
  readonly said?: Identity['said'];
}

/** A bound identity that was moved away from its user; the latest is the last. */
export interface Moved extends Identity {
  /** The account that the move took in: it comes back with it. */
  readonly absorbed?: {
    readonly name: string;
    readonly user: User;
    readonly identity: Identity;
    readonly members: Readonly<Record<string, Member>>;
  };
}

export interface Member {
  readonly roles: readonly string[];
  readonly breakGlass: boolean;
  readonly used: boolean;
  /** They have come in: a login into the organization was finished. */
  readonly entered: boolean;
  /** The address for which the organization alone vouches: its application delivered the link. */
  readonly vouches?: string;
}

/** Whose hands the link of an invitation went through: the mail's, those of the application that delivers it, a reader's of invitations. */
export type Link = 'mail' | 'application' | 'reader';

export interface Invitation {
  readonly organization: string;
  readonly email: string;
  readonly connection: string | undefined;
  readonly roles: readonly string[];
  readonly link: Link;
  readonly state: 'live' | 'consumed' | 'revoked' | 'expired';
  readonly consumedBy: string | undefined;
  /** The member who invited; undefined: an operator. */
  readonly invitedBy?: string | undefined;
}

/** A link that sets up a second factor, for the address and the version of the factors that the account had when it was made. */
export interface FactorTicket {
  readonly user: string;
  readonly email: string | undefined;
  /** The only kind that it permits; undefined: the person chooses. */
  readonly kind: 'otp' | 'webauthn-roaming' | undefined;
  readonly revision: number;
  readonly state: 'live' | 'used' | 'expired' | 'revoked';
  /** How often an answer was given: the page takes ten forms at once. */
  readonly tries: number;
}

/** Somebody at an identity provider, and what it says about him. */
export interface Person {
  readonly subject: string;
  readonly email: string | undefined;
  readonly verified: boolean | 'true' | undefined;
  readonly contractor?: boolean;
  /** The company checked a second factor, it says. */
  readonly factor?: boolean;
}

export interface Session {
  readonly user: string;
  readonly connection: string;
  readonly factor?:
    | { readonly kind: FactorKind | 'federated'; readonly epoch: number; readonly revision: number }
    | undefined;
}

export interface RefreshToken {
  readonly user: string;
  /** Ends with it where the person ends it on the page of their account. */
  readonly session: string;
  /** {@link NOWHERE} where none was named. */
  readonly organization: string;
  readonly connection: string;
  readonly live: boolean;
}

/** Which application: one that requires an organization, one that takes none, one that lets the person pick afterwards. */
export type Via = 'main' | 'alone' | 'picker';

/** A browser that is at an identity provider. */
export interface Away {
  readonly via: Via;
  readonly organization: string;
  readonly connection: string;
  readonly invitation: string | undefined;
  readonly fingerprint: string;
  readonly stepUp?: boolean | undefined;
}

/** An answer of the identity provider that waits for the person's own proof. */
export interface Question {
  readonly away: Away;
  readonly idp: number;
  readonly person: Person;
  readonly email: string;
  /** Whose password would do. */
  readonly user: string | undefined;
}

/** A proof that waits for the choice of an organization. */
export type Proved =
  | { readonly kind: 'identity'; readonly connection: string; readonly idp: number; readonly person: Person }
  | {
      readonly kind: 'known';
      readonly connection: string;
      readonly user: string;
      /** The claims of a linked identity at this sign-in. */
      readonly person?: Person | undefined;
    }
  | { readonly kind: 'session'; readonly connection: string; readonly user: string };

export interface Choice {
  readonly stepUp?: boolean | undefined;
  readonly proved: Proved;
  /** Of the connection, when it was proved. */
  readonly revision: number;
  /** Of a password: which one it was, by how often it was replaced. */
  readonly passwordSerial: number;
}

/** A factor that somebody began to set up on the page of their account. Stays in the browser when it is finished. */
export interface Enrolment {
  readonly kind: OwnKind;
  /** The app that the new one is to replace, by its name. */
  readonly replaces?: string | undefined;
  readonly session: string;
  /** How often the factors had changed. */
  readonly revision: number;
}

export interface Browser {
  readonly session: string | undefined;
  readonly enrolment?: Enrolment | undefined;
  readonly away: Away | undefined;
  readonly question: Question | undefined;
  /** The choice at the organization picker. */
  readonly choice: Choice | undefined;
  readonly factor: FactorAsked | undefined;
  /** The people who signed in with it, the last one first, and those of them who are not asked for a factor again. */
  readonly device: readonly string[];
  readonly remembered: readonly Remembered[];
}

/** The people whom post-login denies: those who were no members before this login; those who are no editors; everybody in o1. */
export const DENIALS = ['newcomers', 'no-editors', 'o1'] as const;

export interface TenantCode {
  readonly order: 'after_actions' | 'before_actions';
  readonly denies: (typeof DENIALS)[number] | undefined;
  /** organization-admission: o0 lets strangers in as auditors, o1 denies them, elsewhere it says nothing. */
  readonly admits: boolean;
}

export interface State {
  readonly organizations: Readonly<Record<string, Organization>>;
  readonly connections: Readonly<Record<string, Connection>>;
  readonly users: Readonly<Record<string, User>>;
  readonly identities: readonly Identity[];
  readonly expected: readonly Expected[];
  readonly moved: readonly Moved[];
  /** By `organization user`. */
  readonly members: Readonly<Record<string, Member>>;
  readonly invitations: Readonly<Record<string, Invitation>>;
  /** By identity provider, then by login. */
  readonly people: readonly Readonly<Record<string, Person>>[];
  readonly browsers: readonly Browser[];
  readonly sessions: Readonly<Record<string, Session>>;
  readonly refreshTokens: readonly RefreshToken[];
  readonly tickets: readonly FactorTicket[];
  /** How ids begin, by connection and identity provider: given once, and never to others. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** The applications' address was taken from them. */
  readonly callbackGone: boolean;
  /** The companies' directories write here. */
  readonly hasDirectory: boolean;
  readonly ownTokens: readonly OwnToken[];
  /** The tenant's own Actions; undefined where there are none. */
  readonly code: TenantCode | undefined;
  /** Counts what needs a new name. */
  readonly serial: number;
  /** Which second factors the tenant accepts, and whether it asks everybody for one. */
  readonly factors: { readonly accepts: readonly string[]; readonly required: boolean };
}

/** The database of passwords. */
export const DATABASE = 'db';

export const memberKey = (organization: string, user: string): string => `${organization} ${user}`;

/** The visible outcome of a step. */
export type Outcome =
  | {
      readonly kind: 'admitted';
      readonly user: string;
      readonly organization: string;
      readonly rule: RuleName;
      readonly roles: readonly string[];
      /** By what a need of a second factor was met without a question, where the sign-in has a line of its own. */
      readonly factor?: string | undefined;
      /** The ID token says that a second factor was passed. */
      readonly mfa?: true;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly reason?: string }
  /** A question for a second factor; `again` after a wrong answer. */
  | {
      readonly kind: 'factor';
      readonly ask: string;
      readonly kinds: readonly string[];
      readonly canRemember: boolean;
      readonly reason?: string;
      readonly again?: boolean;
    }
  | { readonly kind: 'asked' }
  /** A refresh token gave new ones. */
  | { readonly kind: 'refreshed'; readonly user: string; readonly organization: string }
  /** At the identity provider. */
  | { readonly kind: 'away' }
  /** On a page of the sign-in: nothing was decided. */
  | { readonly kind: 'page' }
  | { readonly kind: 'done' }
  /** The Management API said no. */
  | { readonly kind: 'rejected'; readonly status: number }
  /** Nothing to act upon; the real server is not asked. */
  | { readonly kind: 'nothing' };
