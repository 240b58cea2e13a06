/**
 * Actions of people and administrators, as plain JSON: a history is a tenant and a list of these, so it can be printed, shrunk and
 * played again. Numbers point into lists that only the state knows (invitations, users …) and wrap round, so that an action
 * always means something, also after shrinking took others away.
 */
import fc from '../support/random.js';
import type { Asked, OwnConnection, OwnDomain, OwnInvite, OwnProvider, OwnRole } from './own-actions.js';
import {
  type ANSWERS,
  type FactorKind,
  type Link,
  MFA,
  OWN_BEGINNINGS,
  type Person,
  type TenantCode,
  type Via,
} from './state.js';

export type Action =
  /** To the identity provider: /authorize with the connection, or an accepted invitation. */
  | {
      readonly do: 'leave';
      readonly browser: number;
      readonly organization: number;
      readonly connection: number;
      readonly invitation: number | undefined;
      readonly forced: boolean;
      /** Which application; without it the one that requires an organization. */
      readonly via?: Via;
      /** The address that the person began with. Where another one comes back they are told, and go on: it must change nothing. */
      readonly hint?: string | undefined;
      /** The application asks for a second factor. */
      readonly stepUp?: boolean;
    }
  /** Signs in there as `login` and comes back. */
  | { readonly do: 'return'; readonly browser: number; readonly login: number }
  | {
      readonly do: 'password';
      readonly browser: number;
      readonly organization: number;
      readonly user: number;
      readonly invitation: number | undefined;
      readonly right: boolean;
      readonly via?: Via;
      readonly stepUp?: boolean;
    }
  /** Signs in with one of the passkeys of a person, which is the first proof and a factor. */
  | {
      readonly do: 'passkey';
      readonly browser: number;
      readonly organization: number;
      readonly user: number;
      readonly index: number;
      readonly via?: Via;
      readonly stepUp?: boolean;
    }
  | { readonly do: 'pick'; readonly browser: number; readonly organization: number }
  | { readonly do: 'signUp'; readonly browser: number; readonly invitation: number }
  | { readonly do: 'prove'; readonly browser: number; readonly by: 'code' | 'password'; readonly right: boolean }
  | {
      readonly do: 'silent';
      readonly browser: number;
      readonly organization: number;
      readonly via?: Via;
      readonly stepUp?: boolean;
    }
  /** To the question for a second factor that waits: with the factor, or the kind of a new one, that `index` picks. */
  | {
      readonly do: 'answer';
      readonly browser: number;
      readonly how: (typeof ANSWERS)[number];
      readonly index: number;
      readonly remember: boolean;
    }
  /** A link that sets up a second factor is made, opened and answered, or left until it has expired. */
  | {
      readonly do: 'factorTicket';
      readonly user: number;
      readonly kind: 'otp' | 'webauthn-roaming' | undefined;
      /** Also for somebody who has a factor. */
      readonly more: boolean;
    }
  | {
      readonly do: 'useFactorTicket';
      readonly browser: number;
      readonly ticket: number;
      readonly how: 'right' | 'wrong' | 'open';
      readonly index: number;
    }
  | { readonly do: 'expireFactorTicket'; readonly ticket: number }
  /**
   * On the page of their account people set up a factor, in two steps, get a new recovery code, and remove what they have. `late`: a while
   * after they signed in, or after they began.
   */
  | {
      readonly do: 'accountBegin';
      readonly browser: number;
      readonly kind: (typeof OWN_BEGINNINGS)[number];
      readonly late: boolean;
    }
  | { readonly do: 'accountFinish'; readonly browser: number; readonly right: boolean; readonly late: boolean }
  | { readonly do: 'accountRecovery'; readonly browser: number; readonly late: boolean }
  | { readonly do: 'accountRemove'; readonly browser: number; readonly index: number; readonly late: boolean }
  /** They end the session of a browser, which may be their own or another person's, or all of theirs but this one. */
  | { readonly do: 'accountEnd'; readonly browser: number; readonly other: number }
  | { readonly do: 'accountEndOthers'; readonly browser: number }
  | { readonly do: 'logout'; readonly browser: number }
  | { readonly do: 'refresh'; readonly token: number }
  | {
      readonly do: 'invite';
      readonly organization: number;
      readonly email: string;
      readonly connection: number | undefined;
      readonly roles: readonly string[];
      /** The link by which the person accepts; without it the one in the mail. */
      readonly link?: Link;
    }
  | { readonly do: 'revoke'; readonly invitation: number }
  | { readonly do: 'expire'; readonly invitation: number }
  | { readonly do: 'addMember'; readonly organization: number; readonly user: number }
  | { readonly do: 'removeMember'; readonly organization: number; readonly user: number }
  | { readonly do: 'breakGlass'; readonly organization: number; readonly user: number; readonly on: boolean }
  | { readonly do: 'giveRole'; readonly organization: number; readonly user: number; readonly role: string }
  | { readonly do: 'blockUser'; readonly user: number; readonly on: boolean }
  | { readonly do: 'verifyUser'; readonly user: number; readonly on: boolean }
  | { readonly do: 'deleteUser'; readonly user: number }
  | { readonly do: 'blockOrganization'; readonly organization: number; readonly on: boolean }
  | { readonly do: 'enable'; readonly organization: number; readonly connection: number }
  | { readonly do: 'needsOrganization'; readonly connection: number; readonly on: boolean }
  | { readonly do: 'disable'; readonly organization: number; readonly connection: number }
  | { readonly do: 'auto'; readonly organization: number; readonly connection: number; readonly on: boolean }
  | {
      readonly do: 'link';
      readonly organization: number;
      readonly connection: number;
      readonly how: 'verified_email' | 'never';
    }
  | {
      readonly do: 'rollout';
      readonly organization: number;
      readonly connection: number;
      readonly how: 'optional' | 'required';
    }
  | {
      readonly do: 'pilot';
      readonly organization: number;
      readonly connection: number;
      readonly emails: readonly string[];
    }
  | { readonly do: 'proveDomain'; readonly organization: number; readonly domain: string }
  | {
      readonly do: 'loseDomain';
      readonly organization: number;
      readonly domain: string;
      readonly how: 'pending' | 'gone' | 'ended';
    }
  | { readonly do: 'aliases'; readonly connection: number; readonly domains: readonly string[] }
  /** Written again as it is: everything that depends on it has to be proved again. */
  | { readonly do: 'touch'; readonly connection: number }
  | { readonly do: 'idpChange'; readonly idp: number; readonly login: number; readonly person: Person }
  | {
      readonly do: 'expect';
      readonly user: number;
      readonly connection: number;
      readonly by: { readonly subject: string } | { readonly email: string };
    }
  /** As `expect`, by the call for many: for members only, and a line that cannot be right is told in its place. */
  | {
      readonly do: 'prepare';
      readonly organization: number;
      readonly user: number;
      readonly connection: number;
      readonly by: { readonly subject: string } | { readonly email: string };
    }
  | { readonly do: 'withdraw'; readonly organization: number; readonly expected: number }
  /** Not for contractors, as the company's claims name them. */
  | {
      readonly do: 'condition';
      readonly organization: number;
      readonly connection: number;
      readonly on: boolean;
      readonly by?: 'contractor' | 'staff';
    }
  /** A link is made and opened: for a new password, or to confirm the address; by the API, also for a client that may do no more, or in a mail. */
  | { readonly do: 'ticket'; readonly user: number; readonly kind: 'password' | 'weak' | 'marked' | 'verify' | 'mail' }
  /** The connection points at another provider, and its people are expected again. */
  | { readonly do: 'changeIssuer'; readonly connection: number; readonly idp: number }
  | { readonly do: 'expectAgain'; readonly connection: number; readonly by: 'subject' | 'email' }
  /** The applications lose their address, or get it back. */
  | { readonly do: 'callback'; readonly gone: boolean }
  | { readonly do: 'absorb'; readonly user: number; readonly secondary: number }
  | { readonly do: 'unlink'; readonly identity: number }
  /** The membership of a bound identity waits for another subject or address; and back. */
  | {
      readonly do: 'moveSeat';
      readonly identity: number;
      readonly by: { readonly subject: string } | { readonly email: string };
      /** A second account of the same person, which is merged. */
      readonly absorb?: number | undefined;
    }
  | { readonly do: 'restoreSeat'; readonly moved: number; readonly endNew: boolean }
  /** The company's directory: of people whom it created, wherever they were linked to since. */
  | {
      readonly do: 'scimCreate';
      readonly connection: number;
      readonly subject: string;
      readonly email: string;
      readonly active: boolean;
    }
  | { readonly do: 'scimWrite'; readonly target: number; readonly on: boolean; readonly email?: string | undefined }
  | { readonly do: 'scimDelete'; readonly target: number }
  | { readonly do: 'factorSwitch'; readonly name: (typeof FACTOR_SWITCHES)[number]; readonly on: boolean }
  /** The tenant asks everybody for a second factor. */
  | { readonly do: 'factorPolicy'; readonly on: boolean }
  | {
      readonly do: 'organizationMfa';
      readonly organization: number;
      readonly rule: (typeof MFA)[number];
      readonly accepts: readonly string[];
    }
  | { readonly do: 'resetFactors'; readonly user: number }
  | { readonly do: 'forgetBrowsers'; readonly user: number }
  | { readonly do: 'removeFactor'; readonly user: number; readonly kind: FactorKind }
  | { readonly do: 'scimGroup'; readonly target: number; readonly group: ScimGroup; readonly on: boolean }
  /** A member, by the My Organization API. */
  | ({ readonly do: 'ownInvite' } & OwnInvite)
  | { readonly do: 'ownRevoke'; readonly organization: number; readonly actor: number; readonly invitation: number }
  | { readonly do: 'ownRemove'; readonly organization: number; readonly actor: number; readonly user: number }
  | ({ readonly do: 'ownGive' } & OwnRole)
  | ({ readonly do: 'ownTake' } & OwnRole)
  | ({ readonly do: 'ownClaim' } & OwnDomain)
  | ({ readonly do: 'ownDrop' } & OwnDomain)
  | ({ readonly do: 'ownDetach' } & OwnConnection)
  | ({ readonly do: 'ownAssign'; readonly on: boolean } & OwnConnection)
  | ({ readonly do: 'ownRename' } & OwnConnection)
  | ({ readonly do: 'ownProvision' } & OwnConnection)
  | ({ readonly do: 'ownToken' } & OwnConnection)
  /**
   * Their own provider: made, changed to another one, written differently, hidden, switched off, opened to everybody of a
   * domain, deleted, used for a domain and not.
   */
  | ({ readonly do: 'ownConnect' } & OwnProvider)
  | ({ readonly do: 'ownMove' } & OwnProvider)
  | ({ readonly do: 'ownRenew' } & Asked)
  | ({ readonly do: 'ownShow'; readonly on: boolean } & Asked)
  | ({ readonly do: 'ownSwitch'; readonly on: boolean } & Asked)
  | ({ readonly do: 'ownOpen'; readonly on: boolean } & Asked)
  | ({ readonly do: 'ownDelete' } & Asked)
  | ({ readonly do: 'ownUse' } & OwnDomain)
  | ({ readonly do: 'ownLeave' } & OwnDomain)
  /** They let their directory in or shut it out, and make and revoke its tokens. */
  | ({ readonly do: 'ownDirectory'; readonly on: boolean } & Asked)
  | ({ readonly do: 'ownIssue' } & Asked)
  | ({ readonly do: 'ownRevokeToken'; readonly token: number } & Asked)
  /** The directory writes with such a token, also with one that does not count any more. */
  | {
      readonly do: 'ownScimCreate';
      readonly token: number;
      readonly subject: string;
      readonly email: string;
      readonly active: boolean;
    }
  | {
      readonly do: 'ownScimWrite';
      readonly token: number;
      readonly target: number;
      readonly on: boolean;
      readonly email?: string | undefined;
    }
  | { readonly do: 'ownScimDelete'; readonly token: number; readonly target: number }
  /** With the record in DNS, or without it. */
  | ({ readonly do: 'ownVerify'; readonly published: boolean } & OwnDomain);

export const FACTOR_SWITCHES = ['otp', 'webauthn-roaming', 'webauthn-platform', 'recovery-code', 'email'] as const;
export const SCIM_GROUPS = ['Staff', 'Leads'] as const;
type ScimGroup = (typeof SCIM_GROUPS)[number];

/** How a history begins. */
export interface Tenant {
  readonly organizations: readonly {
    readonly enabled: readonly {
      readonly connection: number;
      readonly autoMembership: boolean;
      readonly link: 'verified_email' | 'never';
      readonly rollout: 'optional' | 'required';
    }[];
    readonly domains: readonly string[];
  }[];
  /** Those of the three enterprise connections that speak SAML; the others OpenID Connect. */
  readonly saml?: readonly number[];
  /** Their directories write here, by SCIM. */
  readonly directory?: boolean;
  /** The second factors that it accepts, and whether it asks everybody for one. Without it nobody has one. */
  readonly factors?: { readonly accepts: readonly string[]; readonly required: boolean } | undefined;
  /** Of the three enterprise connections. */
  readonly aliases: readonly (readonly string[])[];
  readonly users: readonly {
    readonly email: string;
    readonly verified: boolean;
    readonly members: readonly {
      readonly organization: number;
      readonly used: boolean;
      readonly breakGlass: boolean;
      readonly roles: readonly string[];
    }[];
  }[];
  readonly people: readonly (readonly Person[])[];
  /** Actions, in histories that are asked for with them. */
  readonly code?: TenantCode;
}

export interface History {
  readonly tenant: Tenant;
  readonly actions: readonly Action[];
}

export const DOMAINS = ['acme.example', 'beta.example', 'free.example'] as const;
export const ROLES = ['editor', 'auditor'] as const;
export const IDPS = 2;
/** Identity provider of the enterprise connections c0, c1, c2: two share an issuer, and subjects are shared by all. */
export const CONNECTION_IDPS = [0, 1, 0] as const;
export const LOGINS = 5;
/** In the place of a number: the last of the list. */
export const NEWEST = -1;
export const BROWSERS = 3;

/** Addresses that are one, nearly one and not one: `+` and dots mean something, ASCII case does not. */
const ADDRESSES = [
  'dana@acme.example',
  'sam@acme.example',
  'd.ana@acme.example',
  'dana@beta.example',
  'olga@beta.example',
  'sam@free.example',
] as const;
const SPELLINGS = ['DANA@Acme.example', 'dana@acme.example.', 'd\u0131na@acme.example', 'dana@acme.example@x.example'];
const SUBJECTS = ['s1', 'S1', 's2', 's3', 's4', `s1${'x'.repeat(253)}`, `S1${'x'.repeat(253)}`];

const address = fc.constantFrom(...ADDRESSES);
const domain = fc.constantFrom(...DOMAINS);
const roles = fc.subarray([...ROLES]);
const small = fc.nat({ max: 11 });
const organization = fc.nat({ max: 2 });
/** An organization, or a person, that every tenant has: it stays the same when others are added. */
const oneOfTwo = fc.nat({ max: 1 });
const enterprise = fc.nat({ max: 2 });
/** 3 is the database. */
const anyConnection = fc.nat({ max: 3 });
const provider = fc.nat({ max: IDPS - 1 });
const browser = fc.nat({ max: BROWSERS - 1 });
const login = fc.nat({ max: LOGINS - 1 });
const mostly = (value: boolean) => fc.constantFrom(value, value, value, !value);
const link = fc.constantFrom<'verified_email' | 'never'>('verified_email', 'verified_email', 'verified_email', 'never');
const rollout = fc.constantFrom<'optional' | 'required'>('optional', 'optional', 'optional', 'required');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const subject = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...SUBJECTS) },
  { weight: 1, arbitrary: fc.constant('ſ1') },
);

const person: fc.Arbitrary<Person> = fc.record({
  subject,
  email: fc.oneof(
    { weight: 14, arbitrary: address as fc.Arbitrary<string | undefined> },
    { weight: 2, arbitrary: fc.constantFrom(...SPELLINGS) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  verified: fc.constantFrom<Person['verified']>(true, true, true, true, false, 'true', undefined),
  contractor: fc.constantFrom(false, false, true),
  factor: fc.constantFrom(false, false, true),
});

const tenants: fc.Arbitrary<Tenant> = fc.record({
  organizations: fc.array(
    fc.record({
      enabled: fc.uniqueArray(fc.record({ connection: anyConnection, autoMembership: mostly(false), link, rollout }), {
        selector: (item) => item.connection,
        minLength: 3,
        maxLength: 4,
      }),
      domains: fc.subarray([...DOMAINS], { maxLength: 2 }),
    }),
    { minLength: 2, maxLength: 3 },
  ),
  // A share, since each answer is signed and each signature checked.
  saml: fc.oneof(
    { weight: 3, arbitrary: fc.constant<readonly number[]>([]) },
    { weight: 1, arbitrary: fc.subarray([0, 1, 2], { minLength: 1 }) as fc.Arbitrary<readonly number[]> },
  ),
  directory: fc.constantFrom(false, true),
  factors: fc.option(
    fc.record({
      accepts: fc.oneof(
        fc.constantFrom(['otp'], ['otp', 'recovery-code'], ['otp', 'email'], [...FACTOR_SWITCHES]) as fc.Arbitrary<
          readonly string[]
        >,
        fc.subarray([...FACTOR_SWITCHES] as string[]),
      ),
      required: fc.constantFrom(false, false, false, true),
    }),
    { nil: undefined, freq: 2 },
  ),
  aliases: fc.tuple(...CONNECTION_IDPS.map(() => fc.subarray([...DOMAINS] as string[], { maxLength: 2 }))),
  users: fc.uniqueArray(
    fc.record({
      email: address,
      verified: mostly(true),
      members: fc.uniqueArray(fc.record({ organization, used: fc.boolean(), breakGlass: mostly(false), roles }), {
        selector: (item) => item.organization,
        maxLength: 2,
      }),
    }),
    { selector: (item) => item.email, minLength: 2, maxLength: 5 },
  ),
  people: fc.tuple(...Array.from({ length: IDPS }, () => fc.array(person, { minLength: LOGINS, maxLength: LOGINS }))),
});

type Names = Action['do'];
type Of<N extends Names> = Omit<Extract<Action, { do: N }>, 'do'>;
function act<N extends Names>(name: N, fields: { [K in keyof Of<N>]: fc.Arbitrary<Of<N>[K]> }): fc.Arbitrary<Action> {
  return fc.record(fields as Record<string, fc.Arbitrary<unknown>>).map((rest) => ({ do: name, ...rest }) as Action);
}

const stepUp = fc.constantFrom(false, false, false, false, true);
const via = fc.constantFrom<Via>('main', 'main', 'main', 'alone', 'picker');

const answers = fc.constantFrom<(typeof ANSWERS)[number]>(
  ...(['right', 'right', 'right', 'right', 'right', 'right', 'wrong', 'used', 'recovery', 'exhausted'] as const),
  ...(['send', 'send long ago', 'mail', 'mail old'] as const),
);

const ticketKind = fc.constantFrom<'otp' | 'webauthn-roaming' | undefined>(
  undefined,
  undefined,
  'otp',
  'webauthn-roaming',
);
const beginning = fc.constantFrom<(typeof OWN_BEGINNINGS)[number]>('otp', 'otp', 'otp', ...OWN_BEGINNINGS);
const ticketAnswer = fc.constantFrom<'right' | 'wrong' | 'open'>('right', 'right', 'right', 'wrong', 'open');

/** An operator knows the subject, or only the address. */
const expectedBy = fc.oneof(
  fc.record({ subject: fc.constantFrom(...SUBJECTS) }) as fc.Arbitrary<{ subject: string } | { email: string }>,
  fc.record({ email: address }),
);

const ACTIONS: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Action>])[] = [
  [
    16,
    act('leave', {
      browser,
      organization,
      connection: enterprise,
      invitation: optional(small),
      forced: mostly(true),
      via,
      hint: fc.option(address, { nil: undefined, freq: 2 }),
      stepUp,
    }),
  ],
  [24, act('return', { browser, login })],
  [
    10,
    act('password', {
      browser,
      organization,
      user: small,
      invitation: optional(small),
      right: mostly(true),
      via,
      stepUp,
    }),
  ],
  [3, act('signUp', { browser, invitation: small })],
  [14, act('prove', { browser, by: fc.constantFrom('code', 'code', 'password'), right: mostly(true) })],
  [7, act('silent', { browser, organization, via: fc.constantFrom<Via>('main', 'main', 'alone'), stepUp })],
  [2, act('logout', { browser })],
  [6, act('refresh', { token: small })],
  [5, act('pick', { browser, organization })],
  [10, act('answer', { browser, how: answers, index: fc.nat({ max: 3 }), remember: fc.boolean() })],
  [
    8,
    act('invite', {
      organization,
      email: address,
      connection: optional(anyConnection),
      roles,
      link: fc.constantFrom<Link>('mail', 'mail', 'mail', 'application', 'reader'),
    }),
  ],
  [1, act('revoke', { invitation: small })],
  [1, act('expire', { invitation: small })],
  [3, act('addMember', { organization, user: small })],
  [3, act('removeMember', { organization, user: small })],
  [1, act('breakGlass', { organization, user: small, on: fc.boolean() })],
  [1, act('giveRole', { organization, user: small, role: fc.constantFrom(...ROLES) })],
  [2, act('blockUser', { user: small, on: fc.boolean() })],
  [1, act('verifyUser', { user: small, on: fc.boolean() })],
  [1, act('deleteUser', { user: small })],
  [1, act('blockOrganization', { organization, on: mostly(false) })],
  [2, act('enable', { organization, connection: anyConnection })],
  [1, act('disable', { organization, connection: anyConnection })],
  [1, act('needsOrganization', { connection: enterprise, on: fc.boolean() })],
  [2, act('auto', { organization, connection: anyConnection, on: fc.boolean() })],
  [1, act('link', { organization, connection: enterprise, how: link })],
  [1, act('rollout', { organization, connection: enterprise, how: rollout })],
  [1, act('pilot', { organization, connection: enterprise, emails: fc.subarray([...ADDRESSES] as string[]) })],
  [2, act('proveDomain', { organization, domain })],
  [1, act('loseDomain', { organization, domain, how: fc.constantFrom('pending', 'gone', 'ended') })],
  [1, act('aliases', { connection: enterprise, domains: fc.subarray([...DOMAINS] as string[]) })],
  [1, act('touch', { connection: anyConnection })],
  [4, act('idpChange', { idp: fc.nat({ max: IDPS - 1 }), login, person })],
  [3, act('expect', { user: small, connection: enterprise, by: expectedBy })],
  [3, act('prepare', { organization, user: small, connection: enterprise, by: expectedBy })],
  [2, act('withdraw', { organization, expected: small })],
  [
    1,
    act('condition', {
      organization,
      connection: anyConnection,
      on: mostly(true),
      by: fc.constantFrom<'contractor' | 'staff'>('contractor', 'staff'),
    }),
  ],
  [3, act('ticket', { user: small, kind: fc.constantFrom('password', 'weak', 'marked', 'verify', 'mail') })],
  [1, act('changeIssuer', { connection: enterprise, idp: fc.nat({ max: IDPS - 1 }) })],
  [1, act('expectAgain', { connection: enterprise, by: fc.constantFrom('subject', 'email') })],
  [1, act('callback', { gone: fc.constantFrom(false, false, true) })],
  [2, act('absorb', { user: small, secondary: small })],
  [2, act('unlink', { identity: small })],
  [
    3,
    act('moveSeat', {
      identity: small,
      by: fc.oneof(
        fc.record({ subject: fc.constantFrom(...SUBJECTS) }) as fc.Arbitrary<{ subject: string } | { email: string }>,
        fc.record({ email: address }),
      ),
      absorb: fc.option(small, { nil: undefined, freq: 2 }),
    }),
  ],
  [2, act('restoreSeat', { moved: small, endNew: fc.boolean() })],
  [3, act('scimCreate', { connection: enterprise, subject, email: address, active: mostly(true) })],
  [3, act('scimWrite', { target: small, on: fc.boolean(), email: fc.option(address, { nil: undefined, freq: 1 }) })],
  [1, act('scimDelete', { target: small })],
  [
    2,
    act('organizationMfa', {
      organization,
      rule: fc.constantFrom(...MFA),
      accepts: fc.constantFrom<readonly string[]>(
        ...([[], [], ['otp'], ['webauthn-roaming'], ['webauthn-platform', 'otp'], ['otp', 'email']] as const),
      ),
    }),
  ],
  [1, act('factorPolicy', { on: mostly(false) })],
  [1, act('factorSwitch', { name: fc.constantFrom(...FACTOR_SWITCHES), on: mostly(true) })],
  [2, act('factorTicket', { user: small, kind: ticketKind, more: fc.boolean() })],
  [3, act('useFactorTicket', { browser, ticket: small, how: ticketAnswer, index: fc.nat({ max: 1 }) })],
  [1, act('expireFactorTicket', { ticket: small })],
  [
    3,
    act('passkey', {
      browser,
      organization,
      user: small,
      index: fc.nat({ max: 1 }),
      via: fc.constantFrom<Via>('main', 'main', 'main', 'alone'),
      stepUp,
    }),
  ],
  [3, act('accountBegin', { browser, kind: beginning, late: mostly(false) })],
  [3, act('accountFinish', { browser, right: mostly(true), late: mostly(false) })],
  [1, act('accountRecovery', { browser, late: mostly(false) })],
  [2, act('accountRemove', { browser, index: small, late: mostly(false) })],
  [1, act('accountEnd', { browser, other: browser })],
  [1, act('accountEndOthers', { browser })],
  [1, act('resetFactors', { user: small })],
  [1, act('forgetBrowsers', { user: small })],
  [
    1,
    act('removeFactor', {
      user: small,
      kind: fc.constantFrom<FactorKind>('otp', 'webauthn-roaming', 'passkey', 'recovery-code'),
    }),
  ],
  [3, act('scimGroup', { target: small, group: fc.constantFrom(...SCIM_GROUPS), on: mostly(true) })],
  [4, act('ownInvite', { organization, actor: small, email: address, connection: optional(anyConnection), roles })],
  [1, act('ownRevoke', { organization, actor: small, invitation: small })],
  [3, act('ownRemove', { organization, actor: small, user: small })],
  [3, act('ownGive', { organization, actor: small, user: small, role: fc.constantFrom(...ROLES) })],
  [3, act('ownTake', { organization, actor: small, user: small, role: fc.constantFrom(...ROLES) })],
  [2, act('ownClaim', { organization, actor: small, domain })],
  [3, act('ownVerify', { organization, actor: small, domain, published: mostly(true) })],
  [2, act('ownDrop', { organization, actor: small, domain })],
  [2, act('ownDetach', { organization, actor: small, connection: anyConnection })],
  [3, act('ownAssign', { organization, actor: small, connection: anyConnection, on: fc.boolean() })],
  [1, act('ownRename', { organization, actor: small, connection: anyConnection })],
  [1, act('ownProvision', { organization, actor: small, connection: anyConnection })],
  [1, act('ownToken', { organization, actor: small, connection: anyConnection })],
  [1, act('ownConnect', { organization, actor: small, idp: provider })],
  [1, act('ownMove', { organization, actor: small, idp: provider })],
  [1, act('ownRenew', { organization, actor: small })],
  [1, act('ownShow', { organization, actor: small, on: fc.boolean() })],
  [2, act('ownSwitch', { organization, actor: small, on: fc.boolean() })],
  [1, act('ownOpen', { organization, actor: small, on: mostly(true) })],
  [1, act('ownDelete', { organization, actor: small })],
  [2, act('ownUse', { organization, actor: small, domain })],
  [1, act('ownLeave', { organization, actor: small, domain })],
  [1, act('ownDirectory', { organization, actor: small, on: mostly(true) })],
  [1, act('ownIssue', { organization, actor: small })],
  [1, act('ownRevokeToken', { organization, actor: small, token: small })],
  [1, act('ownScimCreate', { token: small, subject, email: address, active: mostly(true) })],
  [
    2,
    act('ownScimWrite', {
      token: small,
      target: small,
      on: fc.boolean(),
      email: fc.option(address, { nil: undefined, freq: 1 }),
    }),
  ],
  [1, act('ownScimDelete', { token: small, target: small })],
];

/** The changes that an administrator may make at any moment. */
const change = fc.oneof(...ACTIONS.slice(10).map(([weight, arbitrary]) => ({ weight, arbitrary })));

/** One visit of a person: the way to the provider, sometimes a change meanwhile, the way back, sometimes the proof. */
const visit: fc.Arbitrary<readonly Action[]> = fc
  .tuple(
    browser,
    ACTIONS[0]?.[1] as fc.Arbitrary<Action>,
    login,
    fc.option(change, { freq: 2 }),
    ACTIONS[4]?.[1] as fc.Arbitrary<Action>,
  )
  .map(([one, leave, who, meanwhile, prove]) => [
    { ...leave, browser: one } as Action,
    ...(meanwhile ? [meanwhile] : []),
    { do: 'return', browser: one, login: who },
    { ...prove, browser: one } as Action,
  ]);

const single = fc
  .oneof(...ACTIONS.map(([weight, arbitrary]) => ({ weight, arbitrary })))
  .map((action) => [action] as readonly Action[]);

/** Somebody is at the provider, is invited, opens the link, sometimes after a change, comes back, and gives the proof if it is asked for. */
const invited: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    named: fc.boolean(),
    organization,
    login,
    who: person,
    roles,
    meanwhile: fc.option(change, { freq: 1 }),
    by: fc.constantFrom<'code' | 'password'>('code', 'code', 'password'),
    again: fc.boolean(),
  })
  .map(
    ({ browser: one, connection, named, organization: where, login: as, who, roles: given, meanwhile, by, again }) => {
      const leave = {
        do: 'leave',
        browser: one,
        organization: where,
        connection,
        invitation: NEWEST,
        forced: true,
      } as const;
      const comeBack = { do: 'return', browser: one, login: as } as const;
      return [
        { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
        {
          do: 'invite',
          organization: where,
          email: ADDRESSES.find((item) => item === who.email) ?? ADDRESSES[0],
          connection: named ? connection : undefined,
          roles: given,
        },
        leave,
        ...(meanwhile ? [meanwhile] : []),
        comeBack,
        { do: 'prove', browser: one, by, right: true },
        ...(again ? [leave, comeBack] : []),
      ];
    },
  );

/** A member who administers the organization: with the role, and one of their tasks or two, and what comes of it. */
const administering: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    organization,
    actor: small,
    other: small,
    role: fc.constantFrom(...ROLES),
    login,
    who: person,
    roles,
    domain,
    task: fc.constantFrom('invite', 'people', 'domain', 'connection'),
    meanwhile: fc.option(change, { freq: 2 }),
  })
  .map(({ browser: one, connection, organization: where, actor, other, login: as, who, domain: name, ...rest }) => {
    const { role, roles: given, task, meanwhile } = rest;
    const own = { organization: where, actor } as const;
    const begun: readonly Action[] = [
      { do: 'addMember', organization: where, user: actor },
      { do: 'giveRole', organization: where, user: actor, role },
    ];
    const change = meanwhile ? [meanwhile] : [];
    const email = ADDRESSES.find((item) => item === who.email) ?? ADDRESSES[0];
    if (task === 'invite')
      return [
        ...begun,
        { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
        { do: 'ownInvite', ...own, email, connection: undefined, roles: role === 'editor' ? given : [] },
        ...change,
        { do: 'leave', browser: one, organization: where, connection, invitation: NEWEST, forced: true },
        { do: 'return', browser: one, login: as },
        { do: 'prove', browser: one, by: 'code', right: true },
      ];
    if (task === 'people')
      return [
        ...begun,
        { do: 'ownGive', ...own, user: other, role: 'auditor' },
        ...change,
        { do: 'ownTake', ...own, user: actor, role },
        { do: 'ownRemove', ...own, user: other },
      ];
    if (task === 'connection')
      return [
        ...begun,
        { do: 'ownAssign', ...own, connection, on: true },
        { do: 'leave', browser: one, organization: where, connection, invitation: undefined, forced: true },
        ...change,
        { do: 'return', browser: one, login: as },
        { do: 'ownDetach', ...own, connection },
      ];
    return [
      ...begun,
      { do: 'ownClaim', ...own, domain: name },
      ...change,
      { do: 'ownVerify', ...own, domain: name, published: true },
      { do: 'leave', browser: one, organization: where, connection, invitation: undefined, forced: true },
      { do: 'return', browser: one, login: as },
      { do: 'ownDrop', ...own, domain: name },
    ];
  });

/** The actions by which `own`'s administrator proves a domain and gives it to their provider. */
const proveDomain = (own: Asked, domain: string): readonly Action[] => [
  { do: 'ownClaim', ...own, domain },
  { do: 'ownVerify', ...own, domain, published: true },
  { do: 'ownUse', ...own, domain },
];

/** Members connect their own provider and use it for a domain; people sign in by it, before and after it is another one. */
const connecting: fc.Arbitrary<readonly Action[]> = fc
  .record({
    ...{ browser, organization, actor: small, user: small, login, who: person, other: person, domain, idp: provider },
    by: fc.constantFrom<'code' | 'password'>('code', 'code', 'password'),
    proves: mostly(true),
    opens: fc.boolean(),
    changes: fc.constantFrom(
      'renew',
      'renew',
      'move',
      'there and back',
      'detach',
      'delete',
      'hide',
      'off',
      'off and on',
    ),
    meanwhile: fc.option(change, { freq: 2 }),
    invites: fc.boolean(),
  })
  .map(({ browser: one, organization: where, actor, user, login: as, who, domain: name, idp, ...rest }) => {
    const { by, changes, other } = rest;
    const own = { organization: where, actor } as const;
    const email = ADDRESSES.find((item) => item === who.email) ?? ADDRESSES[0];
    const come: readonly Action[] = [
      { do: 'leave', browser: one, organization: where, connection: 4 + where, invitation: undefined, forced: true },
      ...(rest.meanwhile ? [rest.meanwhile] : []),
      { do: 'return', browser: one, login: as },
      { do: 'prove', browser: one, by, right: true },
    ];
    const move = (to: number) => ({ do: 'ownMove', ...own, idp: to % IDPS }) as const;
    const changed: Readonly<Record<typeof changes, readonly Action[]>> = {
      renew: [{ do: 'ownRenew', ...own }],
      move: [move(idp + 1)],
      'there and back': [move(idp + 1), move(idp)],
      detach: [{ do: 'ownDetach', ...own, connection: 4 + where }],
      delete: [{ do: 'ownDelete', ...own }],
      off: [
        { do: 'ownSwitch', ...own, on: false },
        { do: 'ownInvite', ...own, email, connection: 4 + where, roles: [] },
      ],
      'off and on': [
        { do: 'ownSwitch', ...own, on: false },
        { do: 'refresh', token: NEWEST },
        { do: 'ownSwitch', ...own, on: true },
      ],
      hide: [
        { do: 'ownShow', ...own, on: false },
        { do: 'ownInvite', ...own, email, connection: undefined, roles: [] },
        { do: 'signUp', browser: one, invitation: NEWEST },
      ],
    };
    return [
      { do: 'addMember', organization: where, user: actor },
      { do: 'giveRole', organization: where, user: actor, role: 'editor' },
      { do: 'addMember', organization: where, user },
      { do: 'idpChange', idp, login: as, person: who },
      { do: 'idpChange', idp: (idp + 1) % IDPS, login: as, person: other },
      { do: 'ownConnect', ...own, idp },
      ...(rest.invites
        ? [{ do: 'invite', organization: where, email, connection: undefined, roles: [] } as const]
        : []),
      ...(rest.proves ? proveDomain(own, name) : []),
      ...(rest.opens ? [{ do: 'ownOpen', ...own, on: true } as const] : []),
      ...come,
      ...changed[changes],
      { do: 'refresh', token: NEWEST },
      { do: 'silent', browser: one, organization: where },
      ...come,
    ];
  });

/** Members let their directory in; it creates, deactivates and writes a person; then its token, or the connection, ends. */
const directing: fc.Arbitrary<readonly Action[]> = fc
  .record({
    ...{
      browser,
      organization: oneOfTwo,
      actor: oneOfTwo,
      login,
      who: person,
      email: address,
      other: address,
      domain,
      idp: provider,
    },
    proves: mostly(true),
    elsewhere: fc.option(organization, { nil: undefined, freq: 2 }),
    changes: fc.constantFrom('nothing', 'renew', 'renew', 'move'),
    ends: fc.constantFrom('revoke', 'shut', 'detach', 'delete', 'off', 'person'),
    meanwhile: fc.option(change, { freq: 2 }),
  })
  .map(({ browser: one, organization: where, actor, login: as, who, domain: name, idp, elsewhere, ...rest }) => {
    const { changes, ends } = rest;
    const own = { organization: where, actor } as const;
    const there = { token: NEWEST, target: NEWEST } as const;
    const come: readonly Action[] = [
      { do: 'leave', browser: one, organization: where, connection: 4 + where, invitation: undefined, forced: true },
      { do: 'return', browser: one, login: as },
      { do: 'prove', browser: one, by: 'code', right: true },
    ];
    // The people whom the directory created wait, or have come, when the provider changes.
    const changed: Readonly<Record<typeof changes, readonly Action[]>> = {
      nothing: [],
      renew: [{ do: 'ownRenew', ...own }],
      move: [{ do: 'ownMove', ...own, idp: (idp + 1) % IDPS }],
    };
    const ended: Readonly<Record<typeof ends, Action>> = {
      revoke: { do: 'ownRevokeToken', ...own, token: NEWEST },
      shut: { do: 'ownDirectory', ...own, on: false },
      detach: { do: 'ownDetach', ...own, connection: 4 + where },
      delete: { do: 'ownDelete', ...own },
      off: { do: 'ownSwitch', ...own, on: false },
      person: { do: 'ownScimDelete', ...there },
    };
    return [
      { do: 'addMember', organization: where, user: actor },
      { do: 'giveRole', organization: where, user: actor, role: 'editor' },
      { do: 'ownConnect', ...own, idp },
      ...(rest.proves ? proveDomain(own, name) : []),
      { do: 'ownDirectory', ...own, on: true },
      { do: 'ownIssue', ...own },
      { do: 'ownScimCreate', token: NEWEST, subject: who.subject, email: rest.email, active: true },
      ...(elsewhere === undefined ? [] : [{ do: 'addMember', organization: elsewhere, user: NEWEST } as const]),
      { do: 'ownScimWrite', ...there, on: true, email: rest.other },
      { do: 'idpChange', idp, login: as, person: who },
      ...changed[changes],
      ...come,
      ...(rest.meanwhile ? [rest.meanwhile] : []),
      { do: 'ownScimWrite', ...there, on: false },
      { do: 'refresh', token: NEWEST },
      ...changed[changes],
      ...come,
      { do: 'ownScimWrite', ...there, on: true },
      ended[ends],
      { do: 'ownScimWrite', ...there, on: false },
      ...come,
    ];
  });

/** An existing member's first sign-in through the company: the account is there, the provider knows the address. */
const firstSignIn: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    organization,
    user: small,
    login,
    who: person,
    by: fc.constantFrom<'code' | 'password'>('code', 'password'),
    meanwhile: fc.option(change, { freq: 1 }),
    beforehand: fc.boolean(),
  })
  .map(({ browser: one, connection, organization: where, user, login: as, who, by, meanwhile, beforehand }) => [
    { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
    { do: 'addMember', organization: where, user },
    ...(beforehand
      ? [{ do: 'password', browser: one, organization: where, user, invitation: undefined, right: true } as const]
      : []),
    { do: 'leave', browser: one, organization: where, connection, invitation: undefined, forced: true },
    { do: 'return', browser: one, login: as },
    ...(meanwhile ? [meanwhile] : []),
    { do: 'prove', browser: one, by, right: true },
    { do: 'refresh', token: NEWEST },
  ]);

/** A session used across organizations: a membership that somebody else wrote, one redirect, then that organization's own provider. */
const acrossOrganizations: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    from: organization,
    to: organization,
    user: small,
    login,
    who: person,
    byPassword: fc.boolean(),
    written: fc.boolean(),
    silently: fc.boolean(),
    again: fc.boolean(),
    by: fc.constantFrom<'code' | 'password'>('code', 'password'),
    via,
  })
  .map(
    ({
      browser: one,
      connection,
      from,
      to,
      user,
      login: as,
      who,
      byPassword,
      written,
      silently,
      again,
      by,
      via: how,
    }) => [
      ...(byPassword
        ? [
            {
              do: 'password',
              browser: one,
              organization: from,
              user,
              invitation: undefined,
              right: true,
              via: how,
            } as const,
          ]
        : [
            { do: 'leave', browser: one, organization: from, connection, invitation: undefined, forced: true } as const,
            { do: 'return', browser: one, login: as } as const,
          ]),
      written
        ? ({ do: 'addMember', organization: to, user } as const)
        : ({ do: 'auto', organization: to, connection: byPassword ? 3 : connection, on: true } as const),
      silently
        ? ({ do: 'silent', browser: one, organization: to } as const)
        : ({ do: 'leave', browser: one, organization: to, connection, invitation: undefined, forced: false } as const),
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
      { do: 'leave', browser: one, organization: to, connection, invitation: undefined, forced: true },
      { do: 'return', browser: one, login: as },
      ...(again ? [{ do: 'prove', browser: one, by, right: true } as const] : []),
      { do: 'refresh', token: NEWEST },
    ],
  );

/** Through the picker: what was proved waits, something changes, the choice is made. */
const picking: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    user: small,
    login,
    who: person,
    where: fc.array(organization, { minLength: 1, maxLength: 3 }),
    join: fc.constantFrom<readonly number[]>([0, 1], [1, 2], [0, 1, 2], [0], []),
    byPassword: fc.boolean(),
    meanwhile: fc.option(change, { freq: 2 }),
    touched: fc.boolean(),
    by: fc.constantFrom<'code' | 'password'>('code', 'password'),
  })
  .map(({ browser: one, connection, user, login: as, who, where, join, byPassword, meanwhile, touched, by }) => {
    const here = { browser: one, organization: join[0] ?? 0, invitation: undefined } as const;
    const back = { do: 'return', browser: one, login: as } as const;
    const bound: readonly Action[] = [
      { do: 'expect', user, connection, by: { subject: who.subject } },
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
      { do: 'leave', ...here, connection, forced: true },
      back,
    ];
    return [
      ...join.map((to) => ({ do: 'addMember', organization: to, user }) as const),
      ...(byPassword ? [] : bound),
      ...(byPassword
        ? [{ do: 'password', ...here, user, right: true, via: 'picker' } as const]
        : [{ do: 'leave', ...here, connection, forced: true, via: 'picker' } as const, back]),
      ...(meanwhile ? [meanwhile] : []),
      ...(touched ? [{ do: 'touch', connection: byPassword ? 3 : connection } as const] : []),
      ...where.map((to) => ({ do: 'pick', browser: one, organization: to }) as const),
      back,
      { do: 'prove', browser: one, by, right: true } as const,
    ];
  });

/**
 * Somebody plants an account under an address by a link that was not mailed to it, or a password in one that is there; its owner comes, by
 * their company, by a mail or by an operator's hand; and the first one tries again.
 */
const planted: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    owner: browser,
    connection: enterprise,
    evil: organization,
    acme: organization,
    email: address,
    login,
    who: person,
    link: fc.constantFrom<Link>('application', 'application', 'reader', 'mail'),
    weak: fc.boolean(),
    comes: fc.constantFrom('company', 'company', 'invited', 'mail', 'linked', 'nobody'),
    joins: fc.boolean(),
    proof: fc.constantFrom<'code' | 'password'>('code', 'code', 'password'),
    meanwhile: fc.option(change, { freq: 3 }),
  })
  .map(({ browser: hers, owner, connection, evil, acme, email, login: as, who, link, weak, comes, joins, ...more }) => {
    const toAcme = { browser: owner, organization: acme, connection, forced: true } as const;
    const back = { do: 'return', browser: owner, login: as } as const;
    const prove = { do: 'prove', browser: owner, by: more.proof, right: true } as const;
    const invite = (organization: number, over: number | undefined, by: Link) =>
      ({ do: 'invite', organization, email, connection: over, roles: [], link: by }) as const;
    const tries = (organization: number) =>
      ({ do: 'password', browser: hers, organization, user: NEWEST, invitation: undefined, right: true }) as const;
    const ways: Readonly<Record<typeof comes, readonly Action[]>> = {
      nobody: [],
      mail: [{ do: 'ticket', user: NEWEST, kind: 'mail' }],
      company: [{ do: 'leave', ...toAcme, invitation: undefined }, back, prove],
      invited: [invite(acme, connection, 'mail'), { do: 'leave', ...toAcme, invitation: NEWEST }, back, prove],
      linked: [
        { do: 'scimCreate', connection, subject: who.subject, email, active: true },
        { do: 'absorb', user: 0, secondary: NEWEST },
      ],
    };
    return [
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: { ...who, email } },
      invite(evil, 3, link),
      { do: 'signUp', browser: hers, invitation: NEWEST },
      ...(weak ? [{ do: 'ticket', user: NEWEST, kind: 'weak' } as const] : []),
      invite(acme, undefined, 'mail'),
      tries(acme),
      ...(joins ? [{ do: 'addMember', organization: acme, user: NEWEST } as const] : []),
      ...(more.meanwhile ? [more.meanwhile] : []),
      ...ways[comes],
      tries(evil),
      tries(acme),
      { do: 'refresh', token: NEWEST },
    ];
  });

/** A company moves to another provider: its people come, are refused, are expected again, and come. */
const moving: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    organization,
    login,
    other: login,
    who: person,
    idp: fc.nat({ max: IDPS - 1 }),
    by: fc.constantFrom<'subject' | 'email'>('subject', 'email'),
    without: fc.boolean(),
    deleted: fc.option(small, { freq: 1 }),
  })
  .map(({ browser: one, connection, organization: where, login: as, other, who, idp, by, without, deleted }) => {
    const there = {
      do: 'leave',
      browser: one,
      organization: where,
      connection,
      invitation: undefined,
      forced: true,
    } as const;
    const back = (person: number) => ({ do: 'return', browser: one, login: person }) as const;
    return [
      { do: 'auto', organization: where, connection, on: true },
      there,
      back(as),
      { do: 'idpChange', idp, login: other, person: who },
      { do: 'changeIssuer', connection, idp },
      ...(deleted === null || deleted === undefined ? [] : [{ do: 'deleteUser', user: deleted } as const]),
      there,
      back(other),
      { do: 'expectAgain', connection, by },
      { ...there, ...(without && { via: 'alone' as const }) },
      back(other),
    ];
  });

/** IT recreates an account: a second membership is added beside the first, is merged, and perhaps comes back. */
const recreated: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    organization,
    login,
    who: person,
    subject: fc.constantFrom(...SUBJECTS),
    first: small,
    second: small,
    comes: fc.boolean(),
    endNew: fc.boolean(),
    meanwhile: fc.option(organization, { freq: 2 }),
  })
  .map(({ browser: one, connection, organization: where, login: as, who, subject, first, second, ...more }) => {
    const idp = CONNECTION_IDPS[connection] ?? 0;
    const come = [
      { do: 'leave', browser: one, organization: where, connection, invitation: undefined, forced: true } as const,
      { do: 'return', browser: one, login: as } as const,
    ];
    const { comes, endNew, meanwhile } = more;
    return [
      { do: 'auto', organization: where, connection, on: true },
      { do: 'idpChange', idp, login: as, person: who },
      ...come,
      { do: 'idpChange', idp, login: as, person: { ...who, subject } },
      ...come,
      { do: 'moveSeat', identity: first, by: { subject }, absorb: second },
      ...(comes ? come : []),
      ...(meanwhile === null || meanwhile === undefined
        ? []
        : [{ do: 'addMember', organization: meanwhile, user: first } as const]),
      { do: 'restoreSeat', moved: NEWEST, endNew },
      ...come,
    ];
  });

/** A linked account and its company, without an organization; and what becomes of an address that only the company asserted. */
const alone: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    organization,
    user: small,
    login,
    who: person,
    left: fc.constantFrom('nobody', 'member', 'company', 'company, allowed'),
    silently: fc.boolean(),
    ticket: fc.option(
      fc.constantFrom<'password' | 'marked' | 'verify' | 'mail'>('password', 'marked', 'verify', 'mail'),
      { freq: 2 },
    ),
    invites: fc.option(organization, { freq: 2 }),
  })
  .map(({ browser: one, connection, organization: where, user, login: as, who, left, silently, ticket, invites }) => [
    { do: 'expect', user, connection, by: { subject: who.subject } },
    { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
    { do: 'leave', browser: one, organization: where, connection, invitation: undefined, forced: true },
    { do: 'return', browser: one, login: as },
    ...(left === 'member' ? [{ do: 'removeMember', organization: where, user } as const] : []),
    // Cut off everywhere; perhaps the operator allows its connection without an organization.
    ...(/company/.test(left)
      ? [0, 1, 2].map((from) => ({ do: 'disable', organization: from, connection }) as const)
      : []),
    ...(/allowed/.test(left) ? [{ do: 'needsOrganization', connection, on: false } as const] : []),
    ...(ticket ? [{ do: 'ticket', user, kind: ticket } as const] : []),
    ...(silently
      ? [{ do: 'silent', browser: one, organization: 0, via: 'alone' } as const]
      : [
          {
            do: 'leave',
            browser: one,
            organization: 0,
            connection,
            invitation: undefined,
            forced: true,
            via: 'alone',
          } as const,
          { do: 'return', browser: one, login: as } as const,
        ]),
    { do: 'refresh', token: NEWEST },
    ...(invites === null || invites === undefined
      ? []
      : [
          {
            do: 'invite',
            organization: invites,
            email: ADDRESSES.find((item) => item === who.email) ?? ADDRESSES[0],
            connection: undefined,
            roles: [],
          } as const,
          { do: 'unlink', identity: NEWEST } as const,
          { do: 'password', browser: one, organization: invites, user, invitation: undefined, right: true } as const,
        ]),
  ]);

/** A directory creates somebody; an operator lets them in, or links them; they sign in while the directory moves, closes and opens them. */
const provisioning: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    connection: enterprise,
    organization,
    login,
    who: person,
    user: small,
    letIn: fc.constantFrom<'staff' | 'added' | 'linked' | 'invited' | 'nobody'>(
      ...(['staff', 'staff', 'added', 'linked', 'linked', 'invited', 'nobody'] as const),
    ),
    group: fc.constantFrom(...SCIM_GROUPS),
    before: fc.option(change, { freq: 1 }),
    closes: fc.constantFrom<'away' | 'after' | 'never'>('away', 'after', 'never'),
    email: fc.option(address, { nil: undefined, freq: 1 }),
    end: fc.constantFrom<readonly Action[]>(
      [],
      [{ do: 'scimDelete', target: NEWEST }],
      [{ do: 'unlink', identity: NEWEST }],
    ),
    reopens: fc.boolean(),
  })
  .map(({ browser: one, connection, organization: where, login: as, who, user, letIn, ...more }) => {
    const email = ADDRESSES.find((item) => item === who.email) ?? ADDRESSES[0];
    const away = {
      do: 'leave',
      browser: one,
      organization: where,
      connection,
      invitation: undefined,
      forced: true,
    } as const;
    const back = { do: 'return', browser: one, login: as } as const;
    const close = { do: 'scimWrite', target: NEWEST, on: false, email: more.email } as const;
    const letsIn: Readonly<Record<typeof letIn, readonly Action[]>> = {
      staff: [
        { do: 'auto', organization: where, connection, on: true },
        { do: 'condition', organization: where, connection, on: true, by: 'staff' },
        { do: 'scimGroup', target: NEWEST, group: 'Staff', on: true },
      ],
      added: [{ do: 'addMember', organization: where, user: NEWEST }],
      linked: [
        { do: 'addMember', organization: where, user },
        { do: 'absorb', user, secondary: NEWEST },
      ],
      invited: [{ do: 'invite', organization: where, email, connection, roles: [] }],
      nobody: [],
    };
    return [
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
      { do: 'scimCreate', connection, subject: who.subject, email, active: true },
      ...letsIn[letIn],
      { do: 'scimGroup', target: NEWEST, group: more.group, on: true },
      away,
      ...(more.before ? [more.before] : []),
      ...(more.closes === 'away' ? [close] : []),
      back,
      { do: 'silent', browser: one, organization: where },
      { do: 'scimGroup', target: NEWEST, group: more.group, on: false },
      { do: 'scimGroup', target: NEWEST, group: 'Leads', on: true },
      ...(more.closes === 'after' ? [close, { do: 'refresh', token: NEWEST } as const] : []),
      ...(more.reopens ? [{ do: 'scimWrite', target: NEWEST, on: true } as const] : []),
      away,
      back,
      { do: 'refresh', token: NEWEST },
      ...more.end,
      away,
      back,
    ];
  });

/** A person sets a factor up in a login, comes again, and answers, in this browser or another, while something changes. */
const challenged: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    other: browser,
    organization,
    connection: enterprise,
    user: small,
    login,
    who: person,
    asks: fc.constantFrom<'organization' | 'company' | 'tenant' | 'application'>(
      ...(['organization', 'organization', 'company', 'tenant', 'application'] as const),
    ),
    first: fc.constantFrom('password', 'company'),
    later: fc.constantFrom('password', 'password', 'company', 'silent', 'session'),
    hows: fc.array(answers, { minLength: 3, maxLength: 3 }),
    index: fc.nat({ max: 2 }),
    remember: fc.boolean(),
    meanwhile: fc.option(change, { freq: 2 }),
    lost: fc.option(fc.constantFrom('resetFactors', 'forgetBrowsers'), { freq: 2 }),
  })
  .map(
    ({ browser: one, other, organization: where, connection, user, login: as, who, asks, first, later, ...more }) => {
      const { hows, index, remember, meanwhile, lost } = more;
      const asked = asks === 'application' ? { stepUp: true } : {};
      const rule = asks === 'company' ? ('required_unless_idp' as const) : ('required' as const);
      const requires: readonly Action[] =
        asks === 'tenant'
          ? [{ do: 'factorPolicy', on: true }]
          : asks === 'application'
            ? []
            : [{ do: 'organizationMfa', organization: where, rule, accepts: [] }];
      const come = (at: number, by: string, forced: boolean): readonly Action[] =>
        by === 'password'
          ? [{ do: 'password', browser: at, organization: where, user, invitation: undefined, right: true, ...asked }]
          : [
              { do: 'leave', browser: at, organization: where, connection, invitation: undefined, forced, ...asked },
              { do: 'return', browser: at, login: as },
            ];
      const answer = (at: number, how: (typeof ANSWERS)[number]) =>
        ({ do: 'answer', browser: at, how, index, remember }) as const;
      return [
        { do: 'factorSwitch', name: 'otp', on: true },
        { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
        { do: 'addMember', organization: where, user },
        ...requires,
        ...come(one, first, true),
        answer(one, 'right'),
        ...(meanwhile ? [meanwhile] : []),
        answer(one, 'right'),
        ...(later === 'silent'
          ? [{ do: 'silent', browser: one, organization: where, ...asked } as const]
          : come(other, later, later !== 'session')),
        ...(lost ? [{ do: lost, user } as Action] : []),
        ...hows.map((how) => answer(other, how)),
        ...come(other, first, true),
        answer(other, hows[0] ?? 'right'),
        { do: 'refresh', token: NEWEST },
      ];
    },
  );

/** Somebody with a factor comes again, perhaps with a password that a link has just set, and asks for a code by mail. */
const mailed: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    other: browser,
    organization,
    connection: enterprise,
    user: small,
    login,
    who: person,
    byCompany: fc.constantFrom(false, false, true),
    invites: fc.constantFrom<Link | undefined>(undefined, undefined, undefined, 'mail', 'reader'),
    link: fc.constantFrom<'password' | 'weak' | 'marked' | 'mail' | undefined>(
      ...([undefined, undefined, 'password', 'weak', 'marked', 'mail'] as const),
    ),
    sends: fc.constantFrom<'send' | 'send long ago'>('send', 'send', 'send', 'send long ago'),
    meanwhile: fc.option(change, { freq: 2 }),
    types: fc.constantFrom<'mail' | 'mail old'>('mail', 'mail', 'mail old'),
    accepts: fc.constantFrom<readonly string[]>([], [], ['otp', 'email']),
    index: fc.nat({ max: 2 }),
    remember: fc.boolean(),
    again: fc.boolean(),
  })
  .map(({ browser: one, other, organization: where, connection, user, login: as, who, ...more }) => {
    const { index, remember, invites } = more;
    const answer = (at: number, how: (typeof ANSWERS)[number]) =>
      ({ do: 'answer', browser: at, how, index, remember }) as const;
    const byPassword = (at: number, invitation: number | undefined) =>
      ({ do: 'password', browser: at, organization: where, user, invitation, right: true }) as const;
    const email = ADDRESSES.find((item) => item === who.email) ?? ADDRESSES[0];
    const come: readonly Action[] = more.byCompany
      ? [
          { do: 'leave', browser: other, organization: where, connection, invitation: undefined, forced: true },
          { do: 'return', browser: other, login: as },
          { do: 'prove', browser: other, by: 'password', right: true },
        ]
      : [byPassword(other, invites && NEWEST)];
    return [
      { do: 'factorSwitch', name: 'otp', on: true },
      { do: 'factorSwitch', name: 'email', on: true },
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
      { do: 'addMember', organization: where, user },
      { do: 'organizationMfa', organization: where, rule: 'required', accepts: more.accepts },
      byPassword(one, undefined),
      answer(one, 'right'),
      answer(one, 'right'),
      ...(more.link ? [{ do: 'ticket', user, kind: more.link } as const] : []),
      ...(invites
        ? [{ do: 'invite', organization: where, email, connection: undefined, roles: [], link: invites } as const]
        : []),
      ...come,
      answer(other, more.sends),
      ...(more.meanwhile ? [more.meanwhile] : []),
      answer(other, more.types),
      ...(more.again ? [...come, answer(other, 'send'), answer(other, 'mail old'), answer(other, 'mail')] : []),
      { do: 'silent', browser: other, organization: where },
      { do: 'refresh', token: NEWEST },
    ];
  });

/** An administrator has a link made; the person sets a factor up with it, comes with that factor, and wants another one. */
const ticketed: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    other: browser,
    organization,
    user: small,
    kinds: fc.tuple(ticketKind, ticketKind),
    hows: fc.tuple(ticketAnswer, ticketAnswer, ticketAnswer),
    index: fc.nat({ max: 1 }),
    before: fc.option(change, { freq: 2 }),
    ends: fc.constantFrom<'nothing' | 'time' | 'enrolment' | 'link' | 'block'>(
      ...(['nothing', 'nothing', 'nothing', 'time', 'enrolment', 'link', 'block'] as const),
    ),
    more: mostly(true),
  })
  .map(({ browser: one, other, organization: where, user, kinds, hows, index, before, ends, more }) => {
    const use = (at: number, how: (typeof hows)[number]) =>
      ({ do: 'useFactorTicket', browser: at, ticket: NEWEST, how, index }) as const;
    const come = (at: number): readonly Action[] => [
      { do: 'password', browser: at, organization: where, user, invitation: undefined, right: true, stepUp: true },
      { do: 'answer', browser: at, how: 'right', index, remember: false },
      { do: 'answer', browser: at, how: 'right', index, remember: false },
    ];
    const ways: Readonly<Record<typeof ends, readonly Action[]>> = {
      nothing: [],
      time: [{ do: 'expireFactorTicket', ticket: NEWEST }],
      enrolment: come(other),
      link: [{ do: 'ticket', user, kind: 'password' }],
      block: [
        { do: 'blockUser', user, on: true },
        { do: 'blockUser', user, on: false },
      ],
    };
    return [
      { do: 'factorSwitch', name: 'otp', on: true },
      { do: 'addMember', organization: where, user },
      { do: 'factorTicket', user, kind: kinds[0], more: false },
      ...(before ? [before] : []),
      ...ways[ends],
      use(one, hows[0]),
      use(other, hows[1]),
      ...come(one),
      { do: 'factorTicket', user, kind: kinds[1], more },
      use(other, hows[2]),
      use(one, 'right'),
      use(one, 'right'),
    ];
  });

/** A person who is signed in sets a factor up on the page of their account, perhaps a second one, and removes it; something changes meanwhile. */
const selfServed: fc.Arbitrary<readonly Action[]> = fc
  .record({
    browser,
    organization,
    connection: enterprise,
    user: small,
    login,
    who: person,
    byCompany: fc.constantFrom(false, false, false, true),
    stepUp: fc.constantFrom(false, true),
    kinds: fc.tuple(beginning, beginning),
    between: fc.option(change, { freq: 2 }),
    meanwhile: fc.option(change, { freq: 2 }),
    requires: fc.constantFrom<'organization' | 'tenant' | undefined>(undefined, undefined, 'organization', 'tenant'),
    late: mostly(false),
    again: fc.boolean(),
    indexes: fc.tuple(small, small),
  })
  .map(({ browser: one, organization: where, connection, user, login: as, who, kinds, indexes, late, ...more }) => {
    const here = { browser: one, organization: where, invitation: undefined } as const;
    const answer = { do: 'answer', browser: one, how: 'right', index: indexes[0], remember: false } as const;
    const come: readonly Action[] = more.byCompany
      ? [
          { do: 'leave', ...here, connection, forced: true },
          { do: 'return', browser: one, login: as },
        ]
      : [{ do: 'password', ...here, user, right: true, stepUp: more.stepUp }];
    const set = (kind: (typeof kinds)[number], meanwhile: Action | null): readonly Action[] => [
      { do: 'accountBegin', browser: one, kind, late: false },
      ...(meanwhile ? [meanwhile] : []),
      { do: 'accountFinish', browser: one, right: true, late },
    ];
    const requires: readonly Action[] =
      more.requires === 'tenant'
        ? [{ do: 'factorPolicy', on: true }]
        : more.requires === 'organization'
          ? [{ do: 'organizationMfa', organization: where, rule: 'required', accepts: [] }]
          : [];
    return [
      { do: 'factorSwitch', name: 'otp', on: true },
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
      { do: 'addMember', organization: where, user },
      ...come,
      answer,
      answer,
      ...set(kinds[0], more.between),
      ...come,
      answer,
      answer,
      ...set(kinds[1], more.meanwhile),
      { do: 'passkey', browser: one, organization: where, user, index: 0, stepUp: more.stepUp },
      answer,
      answer,
      ...(more.again ? [{ do: 'accountFinish', browser: one, right: true, late: false } as const] : []),
      ...requires,
      { do: 'accountRecovery', browser: one, late },
      { do: 'accountRemove', browser: one, index: indexes[0], late },
      { do: 'accountRemove', browser: one, index: indexes[1], late: false },
      { do: 'silent', browser: one, organization: where },
    ];
  });

/** A person is signed in by two browsers, by the password or the company, and ends sessions in one of them. */
const endsSessions: fc.Arbitrary<readonly Action[]> = fc
  .record({
    ...{ browser, other: browser, organization, connection: enterprise, user: small, login, who: person },
    byCompany: fc.tuple(fc.boolean(), fc.boolean()),
    linked: fc.boolean(),
    meanwhile: fc.option(change, { freq: 2 }),
    ends: fc.constantFrom<'accountEndOthers' | 'accountEnd'>('accountEndOthers', 'accountEndOthers', 'accountEnd'),
  })
  .map(({ browser: one, other, organization: where, connection, user, login: as, who, byCompany, ...more }) => {
    const come = (at: number, isCompany: boolean): readonly Action[] => {
      const here = { browser: at, organization: where, invitation: undefined } as const;
      return isCompany
        ? [
            { do: 'leave', ...here, connection, forced: true },
            { do: 'return', browser: at, login: as },
            { do: 'prove', browser: at, by: 'password', right: true },
          ]
        : [{ do: 'password', ...here, user, right: true }];
    };
    return [
      { do: 'addMember', organization: where, user },
      { do: 'idpChange', idp: CONNECTION_IDPS[connection] ?? 0, login: as, person: who },
      ...(more.linked ? [{ do: 'expect', user, connection, by: { subject: who.subject } } as const] : []),
      ...come(one, byCompany[0]),
      ...come(other, byCompany[1]),
      ...(more.meanwhile ? [more.meanwhile] : []),
      more.ends === 'accountEnd' ? { do: 'accountEnd', browser: one, other } : { do: more.ends, browser: one },
      { do: 'silent', browser: other, organization: where },
      { do: 'silent', browser: one, organization: where },
      { do: 'refresh', token: NEWEST },
    ];
  });

const LEADS_TO_QUESTIONS: readonly Names[] = ['leave', 'return', 'password', 'passkey', 'prove', 'pick', 'signUp'];

/** A person who is asked for a factor mostly answers: nothing happens where nobody is asked. */
function answered(
  actions: readonly Action[],
  hows: readonly (readonly (typeof ANSWERS)[number][])[],
): readonly Action[] {
  return actions.flatMap((action, at) => {
    const isAsked = LEADS_TO_QUESTIONS.includes(action.do) && 'browser' in action;
    const given = isAsked ? (hows[at % hows.length] ?? []) : [];
    return [
      action,
      ...given.map(
        (how, index) =>
          ({
            do: 'answer',
            browser: isAsked ? action.browser : 0,
            how,
            index: at + index,
            remember: at % 2 === 0,
          }) as const,
      ),
    ];
  });
}

/** Random histories of up to `steps` groups of actions. */
export function histories(steps: number): fc.Arbitrary<History> {
  const group = fc.oneof(
    { weight: 6, arbitrary: single },
    { weight: 3, arbitrary: visit },
    { weight: 2, arbitrary: invited },
    { weight: 2, arbitrary: firstSignIn },
    { weight: 2, arbitrary: acrossOrganizations },
    { weight: 2, arbitrary: picking },
    { weight: 2, arbitrary: planted },
    { weight: 1, arbitrary: moving },
    { weight: 1, arbitrary: recreated },
    { weight: 2, arbitrary: alone },
    { weight: 2, arbitrary: provisioning },
    { weight: 4, arbitrary: administering },
    { weight: 4, arbitrary: connecting },
    { weight: 3, arbitrary: directing },
    { weight: 1, arbitrary: endsSessions },
  );
  const answering = fc.oneof(
    { weight: 2, arbitrary: challenged },
    { weight: 1, arbitrary: mailed },
    { weight: 1, arbitrary: ticketed },
    { weight: 2, arbitrary: selfServed },
    { weight: 5, arbitrary: group },
  );
  const given = fc.constantFrom<readonly (typeof ANSWERS)[number][]>(
    ...([
      [],
      ['right'],
      ['right', 'right'],
      ['right', 'right'],
      ['wrong', 'right', 'right'],
      ['recovery', 'right'],
      ['right', 'send', 'mail'],
      ['send', 'mail old', 'mail', 'right'],
    ] as const),
  );
  return tenants.chain((tenant) =>
    fc.record({
      tenant: fc.constant(tenant),
      actions: fc
        .tuple(
          fc.array(tenant.factors ? answering : group, { minLength: 1, maxLength: steps, size: 'max' }),
          fc.array(given, { minLength: 5, maxLength: 5 }),
        )
        .map(([groups, hows]) => groups.flatMap((one) => (tenant.factors ? answered(one, hows) : one))),
    }),
  );
}
