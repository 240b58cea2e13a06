/**
 * Histories that once showed a difference between model and server, whichever of the two was wrong. Each is played by every run of
 * the tests. New ones come from the soak, as it prints them. Some were written by hand: what chance meets too rarely.
 */
import { type History, NEWEST, type Tenant } from './actions.js';
import type { ANSWERS, OWN_BEGINNINGS } from './state.js';

export interface Regression {
  readonly name: string;
  readonly history: History;
  /** Outcomes that it has to reach, as play.ts names them. */
  readonly sees?: readonly string[];
}

const enabled = (connection: number, changes: Partial<Tenant['organizations'][number]['enabled'][number]> = {}) =>
  ({ connection, autoMembership: false, link: 'verified_email', rollout: 'optional', ...changes }) as const;

const DANA = { subject: 's1', email: 'dana@acme.example', verified: true } as const;
const nobody = { subject: 's9', email: undefined, verified: undefined } as const;

/** Two organizations with c0 and the database; Dana at the first provider; a password account for her. */
function tenant(changes: Partial<Tenant> = {}): Tenant {
  return {
    organizations: [
      { enabled: [enabled(0), enabled(3)], domains: [] },
      { enabled: [enabled(0), enabled(3)], domains: [] },
    ],
    aliases: [[], [], []],
    users: [{ email: 'dana@acme.example', verified: true, members: [] }],
    people: [
      [DANA, nobody, nobody, nobody, nobody],
      [nobody, nobody, nobody, nobody, nobody],
    ],
    ...changes,
  };
}

const leave = { do: 'leave', browser: 0, organization: 0, connection: 0, invitation: undefined, forced: true } as const;
const comeBack = { do: 'return', browser: 0, login: 0 } as const;

/** Ada administers o0, by a password; Dana is a member there. */
const ADA = { organization: 0, actor: 1 } as const;
const inO0 = (roles: readonly string[]) => [{ organization: 0, used: false, breakGlass: false, roles: [...roles] }];
const withOwn = (): Tenant =>
  tenant({
    users: [
      { email: 'dana@acme.example', verified: true, members: inO0([]) },
      { email: 'ada@acme.example', verified: true, members: inO0(['editor']) },
    ],
  });
const leaveOwn = { ...leave, connection: 4 } as const;
const proving = (domain: string) =>
  [
    { do: 'ownClaim', ...ADA, domain },
    { do: 'ownVerify', ...ADA, domain, published: true },
    { do: 'ownUse', ...ADA, domain },
  ] as const;

/** Without an organization, over the connection of a company. */
const leaveAlone = { ...leave, via: 'alone' } as const;
const cutOff = [0, 1].map((organization) => ({ do: 'disable', organization, connection: 0 }) as const);

const SAM = { subject: 's2', email: 'sam@acme.example', verified: true } as const;
/** Somebody opens an account under Sam's address in o1 by a link that the application was to deliver. */
const PLANT = [
  { do: 'invite', organization: 1, email: SAM.email, connection: 3, roles: [], link: 'application' },
  { do: 'signUp', browser: 0, invitation: NEWEST },
] as const;
const tries = (organization: number) =>
  ({ do: 'password', browser: 0, organization, user: NEWEST, invitation: undefined, right: true }) as const;
const withSam = () => tenant({ people: [[SAM, nobody, nobody, nobody, nobody], tenant().people[1] ?? []] });

/** Dana has an application, in an organization that asks for a factor; codes by mail are on. */
const withMail = (): Tenant => ({
  ...tenant({ factors: { accepts: ['email', 'otp', 'recovery-code'], required: false } }),
  users: [
    {
      email: DANA.email,
      verified: true,
      members: [{ organization: 0, used: false, breakGlass: false, roles: [] }],
    },
  ],
});
const comes = { do: 'password', browser: 0, organization: 0, user: 0, invitation: undefined, right: true } as const;
const answers = (how: (typeof ANSWERS)[number]) =>
  ({ do: 'answer', browser: 0, how, index: 0, remember: false }) as const;
const setsUp = [
  { do: 'organizationMfa', organization: 0, rule: 'required', accepts: [] },
  comes,
  answers('right'),
  answers('right'),
] as const;
/** Dana at the page of her account. */
const begins = (kind: (typeof OWN_BEGINNINGS)[number], late = false) =>
  ({ do: 'accountBegin', browser: 0, kind, late }) as const;
const byPasskey = { do: 'passkey', browser: 0, organization: 0, user: 0, index: 0 } as const;
const finishes = { do: 'accountFinish', browser: 0, right: true, late: false } as const;
const removes = (index: number) => ({ do: 'accountRemove', browser: 0, index, late: false }) as const;
const opens = { do: 'useFactorTicket', browser: 0, ticket: NEWEST, how: 'right', index: 0 } as const;
const isGiven = { do: 'factorTicket', user: 0, kind: undefined, more: false } as const;

export const REGRESSIONS: readonly Regression[] = [
  {
    name: 'a code by mail: wrong without one, an expired one, one of before, the newest, and one of another login',
    sees: [
      'factor challenge organization: send',
      'factor challenge organization: send long ago',
      'factor challenge again organization: mail',
      'factor challenge again organization: mail old',
      'admitted member with a factor: mail',
    ],
    history: {
      tenant: withMail(),
      actions: [
        ...setsUp,
        ...[comes, answers('mail'), answers('send long ago'), answers('mail'), answers('send'), answers('mail')],
        ...[comes, answers('send'), answers('mail old'), answers('send'), answers('mail old'), answers('mail')],
      ],
    },
  },
  {
    name: 'no code by mail after a password that a link set, until it was used with another factor; nor while the address changes',
    sees: ['factor challenge again organization: mail', 'admitted member with a factor: mail'],
    history: {
      tenant: withMail(),
      actions: [
        ...setsUp,
        ...[comes, answers('send')],
        { do: 'ticket', user: 0, kind: 'password' },
        ...[answers('mail'), comes, answers('send'), answers('mail'), answers('right')],
        ...[comes, answers('send'), answers('mail'), comes, answers('send')],
        { do: 'verifyUser', user: 0, on: false },
        answers('mail'),
      ],
    },
  },
  {
    name: 'a first factor at the page of the account: only soon after the sign-in, and once; a second one only after the first was passed',
    sees: [
      'refused account.not_allowed',
      'refused account.changed',
      'done accountFinish',
      'refused account.signed_out',
    ],
    history: {
      tenant: withMail(),
      actions: [
        ...[begins('otp'), comes],
        ...[begins('otp', true), begins('passkey'), begins('otp'), { ...finishes, late: true }],
        ...[{ ...finishes, right: false }, finishes, finishes, begins('replace')],
        ...[{ ...comes, stepUp: true }, answers('right'), begins('otp'), begins('replace'), finishes],
        ...[{ do: 'accountRecovery', browser: 0, late: false } as const, begins('replace')],
        ...[{ ...comes, stepUp: true }, answers('recovery'), answers('right'), begins('replace'), finishes],
      ],
    },
  },
  {
    name: 'what is set up at the page of the account counts in no tenant that stopped accepting it, nor after a reset, nor in another session',
    sees: ['refused account.changed'],
    history: {
      tenant: withMail(),
      actions: [
        ...[comes, begins('otp')],
        ...[{ do: 'factorSwitch', name: 'otp', on: false } as const, finishes],
        ...[{ do: 'factorSwitch', name: 'otp', on: true } as const, begins('otp')],
        ...[{ do: 'forgetBrowsers', user: 0 } as const, finishes, begins('otp'), comes, finishes],
      ],
    },
  },
  {
    name: 'the last factor stays while an organization of the person asks for one, and goes afterwards with the recovery code',
    sees: ['refused account.last', 'done accountRemove', 'refused account.not_allowed'],
    history: {
      tenant: withMail(),
      actions: [
        ...[...setsUp, removes(1), removes(0)],
        ...[begins('replace'), finishes],
        { do: 'organizationMfa', organization: 0, rule: 'none', accepts: [] },
        ...[{ ...removes(0), late: true }, removes(0), removes(0)],
      ],
    },
  },
  {
    name: 'sessions end at the page of the account, with their refresh tokens; a company’s session ends none of the password beside it',
    sees: ['done accountEnd', 'done accountEndOthers', 'refused account.signed_out', 'refused invalid_grant'],
    history: {
      tenant: withMail(),
      actions: [
        ...[comes, { ...comes, browser: 1 }, { do: 'accountEndOthers', browser: 0 } as const],
        ...[
          { do: 'refresh', token: 1 } as const,
          { do: 'refresh', token: 0 } as const,
          { ...begins('otp'), browser: 1 },
        ],
        { do: 'expect', user: 0, connection: 0, by: { subject: 's1' } },
        ...[leave, comeBack, comes, { ...leave, browser: 1 }, { ...comeBack, browser: 1 }],
        ...[{ do: 'accountEndOthers', browser: 1 } as const, { do: 'accountEnd', browser: 1, other: 0 } as const],
        ...[{ do: 'silent', browser: 0, organization: 0 } as const, { do: 'accountEndOthers', browser: 0 } as const],
        ...[{ do: 'accountEnd', browser: 0, other: 0 } as const, begins('otp')],
      ],
    },
  },
  {
    name: 'a passkey of the account page is the first proof and a factor, until the tenant wants another one or it is removed',
    sees: ['admitted member with a factor', 'done accountRemove', 'factor enrol organization'],
    history: {
      tenant: { ...withMail(), factors: { accepts: ['otp', 'webauthn-platform', 'recovery-code'], required: false } },
      actions: [
        ...[comes, begins('passkey'), finishes, byPasskey, begins('otp'), byPasskey],
        ...[{ do: 'organizationMfa', organization: 0, rule: 'required', accepts: ['otp'] } as const, byPasskey],
        ...[answers('right'), answers('right'), byPasskey],
        ...[answers('right'), removes(0), removes(0), byPasskey],
      ],
    },
  },
  {
    name: 'a link for a second factor: an answer that is wrong, the right one, and no second use',
    sees: ['page', 'done useFactorTicket', 'refused authenticate.ticket_not_usable', 'rejected factorTicket'],
    history: {
      tenant: withMail(),
      actions: [isGiven, { ...opens, how: 'wrong' }, opens, { ...opens, browser: 1 }, isGiven],
    },
  },
  {
    name: 'a link for a second factor: expired; revoked by an enrolment, a new password or a block; for a person who has a factor',
    sees: ['page', 'done useFactorTicket', 'refused authenticate.ticket_not_usable'],
    history: {
      tenant: withMail(),
      actions: [
        ...([isGiven, { do: 'expireFactorTicket', ticket: NEWEST }, opens] as const),
        ...([isGiven, { do: 'ticket', user: 0, kind: 'password' }, opens] as const),
        ...([isGiven, { do: 'blockUser', user: 0, on: true }, { do: 'blockUser', user: 0, on: false }, opens] as const),
        ...[isGiven, ...setsUp, opens],
        { do: 'factorSwitch', name: 'webauthn-roaming', on: true },
        { ...isGiven, more: true },
        ...[{ ...opens, browser: 1 }, opens, { ...comes, stepUp: true }, answers('right')],
      ],
    },
  },
  {
    name: 'a company that was cut off: its people and its strangers need an organization as before',
    history: {
      tenant: tenant(),
      actions: [
        { do: 'auto', organization: 0, connection: 0, on: true },
        leave,
        comeBack,
        ...cutOff,
        leaveAlone,
        comeBack,
        { do: 'silent', browser: 0, organization: 0, via: 'alone' },
        { do: 'needsOrganization', connection: 0, on: false },
        leaveAlone,
        comeBack,
        { do: 'enable', organization: 1, connection: 0 },
        { do: 'needsOrganization', connection: 0, on: false },
        { do: 'disable', organization: 1, connection: 0 },
        leaveAlone,
        comeBack,
        { do: 'refresh', token: NEWEST },
      ],
    },
  },
  {
    name: 'an account that was planted by a delivered link enters nowhere by an invitation without its link',
    history: {
      tenant: withSam(),
      actions: [
        ...PLANT,
        { do: 'invite', organization: 0, email: SAM.email, connection: undefined, roles: [] },
        tries(0),
        tries(1),
      ],
    },
  },
  {
    name: 'the password of a planted account ends when its owner proves the mailbox by a code',
    history: {
      tenant: withSam(),
      actions: [
        ...PLANT,
        { do: 'invite', organization: 0, email: SAM.email, connection: 0, roles: [] },
        { ...leave, browser: 1, invitation: NEWEST },
        { ...comeBack, browser: 1 },
        { do: 'prove', browser: 1, by: 'code', right: true },
        tries(1),
        { do: 'refresh', token: 0 },
      ],
    },
  },
  {
    name: 'the password of a planted account ends when its owner opens a link that was mailed',
    history: { tenant: withSam(), actions: [...PLANT, { do: 'ticket', user: NEWEST, kind: 'mail' }, tries(1)] },
  },
  {
    name: 'the password of a planted account ends when the account of a directory is linked to it',
    history: {
      tenant: { ...withSam(), directory: true, users: [] },
      actions: [
        ...PLANT,
        { do: 'scimCreate', connection: 0, subject: SAM.subject, email: SAM.email, active: true },
        { do: 'absorb', user: 0, secondary: NEWEST },
        tries(1),
      ],
    },
  },
  {
    name: 'a password that was set by a link of a client that may set none ends at a silent binding',
    history: {
      tenant: tenant({
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: true, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [{ do: 'ticket', user: 0, kind: 'weak' }, leave, comeBack, tries(0)],
    },
  },
  {
    name: 'a subject outside ASCII is no subject (OpenID Connect Core, section 2)',
    history: {
      tenant: tenant({
        people: [[{ ...DANA, subject: 'ſ1' }, nobody, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [leave, comeBack],
    },
  },
  {
    name: 'a blocked account of an invited person: the proof comes first, then the answer',
    history: {
      tenant: tenant(),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        { do: 'blockUser', user: 0, on: true },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'invited, but nobody vouches for the address: with the ticket a code does',
    history: {
      tenant: tenant({
        users: [{ email: 'sam@acme.example', verified: true, members: [] }],
        people: [[{ ...DANA, verified: false }, nobody, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        leave,
        comeBack,
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: false },
        { do: 'prove', browser: 0, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'a code proves an account that was never verified: linked, and the password ends',
    history: {
      tenant: tenant({
        users: [
          {
            email: 'dana@acme.example',
            verified: false,
            members: [{ organization: 0, used: true, breakGlass: false, roles: ['auditor'] }],
          },
        ],
      }),
      actions: [
        leave,
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
        { do: 'password', browser: 1, organization: 0, user: 0, invitation: undefined, right: true },
      ],
    },
  },
  {
    name: 'whose only home is the provider has the address that it vouches for; unlinked he has what it said last',
    history: {
      tenant: tenant({ organizations: [{ enabled: [enabled(0, { autoMembership: true })], domains: [] }], users: [] }),
      actions: [
        leave,
        comeBack,
        { do: 'idpChange', idp: 0, login: 0, person: { ...DANA, email: 'dana@beta.example' } },
        leave,
        comeBack,
        { do: 'idpChange', idp: 0, login: 0, person: { ...DANA, email: 'sam@free.example', verified: false } },
        leave,
        comeBack,
      ],
    },
  },
  {
    name: 'expected for another user while the question is open: a proof of one account is no use of the other',
    history: {
      tenant: tenant({
        users: [
          { email: DANA.email, verified: true, members: [] },
          {
            email: SAM.email,
            verified: true,
            members: [{ organization: 0, used: false, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [
        { do: 'addMember', organization: 0, user: 0 },
        leave,
        comeBack,
        { do: 'expect', user: 1, connection: 0, by: { subject: DANA.subject } },
        { do: 'prove', browser: 0, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'unlinked after a choice at the picker: what the provider said last, and nobody vouches for another address',
    history: {
      tenant: tenant({ organizations: [{ enabled: [enabled(0, { autoMembership: true })], domains: [] }] }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: [] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
        { do: 'idpChange', idp: 0, login: 0, person: { ...DANA, email: 'sam@free.example' } },
        { ...leave, via: 'picker' },
        comeBack,
        { do: 'unlink', identity: NEWEST },
      ],
    },
  },
  {
    name: 'one subject in two spellings is two people, and at two connections of one issuer too',
    history: {
      tenant: tenant({
        organizations: [
          { enabled: [enabled(0, { autoMembership: true }), enabled(2, { autoMembership: true })], domains: [] },
        ],
        users: [],
        people: [[DANA, { ...DANA, subject: 'S1' }, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        leave,
        comeBack,
        leave,
        { ...comeBack, login: 1 },
        { ...leave, connection: 2 },
        comeBack,
        { do: 'refresh', token: 0 },
        { do: 'refresh', token: 0 },
      ],
    },
  },
  {
    name: 'an address handed on, and its new owner invited: he is asked as everybody is, though the old one keeps the seat',
    history: {
      tenant: tenant({
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: true, breakGlass: false, roles: [] }],
          },
        ],
        people: [[DANA, { ...DANA, subject: 's2' }, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        leave,
        comeBack,
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        { ...leave, browser: 1, invitation: 0 },
        { ...comeBack, browser: 1, login: 1 },
        { do: 'prove', browser: 1, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'linking switched off, and a member invited: another account, but not without the code',
    history: {
      tenant: tenant({
        organizations: [{ enabled: [enabled(0, { link: 'never' }), enabled(3)], domains: [] }],
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: true, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: 0, roles: ['editor'] },
        leave,
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'a member with the ticket, under an address that nobody vouches for: refused, and the invitation lives',
    history: {
      tenant: tenant({
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: true, breakGlass: false, roles: [] }],
          },
        ],
        people: [[{ ...DANA, verified: 'true' }, nobody, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: 0, roles: ['editor'] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'password', browser: 1, organization: 0, user: 0, invitation: undefined, right: true },
      ],
    },
  },
  {
    name: 'one subject expected at two connections: taking one back leaves the other',
    history: {
      tenant: tenant({
        organizations: [{ enabled: [enabled(0), enabled(2)], domains: [] }],
        users: [
          {
            email: 'sam@free.example',
            verified: true,
            members: [{ organization: 0, used: false, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [
        { do: 'expect', user: 0, connection: 0, by: { subject: 's1' } },
        { do: 'expect', user: 0, connection: 2, by: { subject: 's1' } },
        { do: 'unlink', identity: 1 },
        { ...leave, connection: 2 },
        comeBack,
        leave,
        comeBack,
      ],
    },
  },
  {
    name: 'a password proves the account, and the link out of the mail proves the mailbox',
    history: {
      tenant: tenant({ users: [{ email: 'dana@acme.example', verified: false, members: [] }] }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: [] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'password', right: true },
        { do: 'password', browser: 1, organization: 0, user: 0, invitation: undefined, right: true },
      ],
    },
  },
  {
    name: 'invited in a proved domain, and an account that was never verified: its password proves it, and the address',
    history: {
      tenant: tenant({
        organizations: [{ enabled: [enabled(0), enabled(3)], domains: ['acme.example'] }],
        aliases: [['acme.example'], [], []],
        users: [{ email: 'dana@acme.example', verified: false, members: [] }],
      }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: 0, roles: [] },
        leave,
        comeBack,
        { do: 'prove', browser: 0, by: 'password', right: true },
      ],
    },
  },
  {
    name: 'an expectation that never came true is taken back after another subject was bound: what came by the connection ends',
    history: {
      tenant: tenant({
        organizations: [{ enabled: [enabled(0), enabled(3)], domains: [] }],
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: true, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [
        { do: 'expect', user: 0, connection: 0, by: { email: 'sam@free.example' } },
        leave,
        comeBack,
        { do: 'unlink', identity: 1 },
        { do: 'refresh', token: 0 },
      ],
    },
  },
  {
    name: 'merged into another user and unlinked again: he is who he was, with the address that his domain had verified',
    history: {
      tenant: tenant({
        organizations: [{ enabled: [enabled(0)], domains: ['acme.example'] }],
        aliases: [['acme.example'], [], []],
        users: [{ email: 'sam@free.example', verified: true, members: [] }],
        people: [[{ ...DANA, verified: false }, nobody, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        leave,
        comeBack,
        { do: 'absorb', user: 0, secondary: 1 },
        { do: 'unlink', identity: 0 },
        leave,
        comeBack,
      ],
    },
  },
  {
    name: 'a question is open when its invitation is used in another browser: whatever is typed, the invitation is gone',
    history: {
      tenant: tenant({
        people: [[DANA, { ...DANA, subject: 's2' }, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: [] },
        { ...leave, invitation: 0 },
        comeBack,
        { ...leave, browser: 1, invitation: 0 },
        { ...comeBack, browser: 1, login: 1 },
        { do: 'prove', browser: 1, by: 'code', right: true },
        { do: 'prove', browser: 0, by: 'password', right: false },
      ],
    },
  },
  {
    name: 'expected by an address that nobody vouches for, and proved by the password of that account: the expectation came true',
    history: {
      tenant: tenant({
        users: [{ email: 'dana@acme.example', verified: true, members: [] }],
        people: [[{ ...DANA, verified: 'true' }, nobody, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        { do: 'expect', user: 0, connection: 0, by: { email: 'dana@acme.example' } },
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: 0, roles: ['editor'] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'password', right: true },
      ],
    },
  },
  {
    name: 'another subject is expected for the member: their address alone binds nobody, the expected subject comes in',
    history: {
      tenant: tenant({
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: true, breakGlass: false, roles: [] }],
          },
        ],
        people: [[DANA, { ...DANA, subject: 's2' }, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        { do: 'expect', user: 0, connection: 0, by: { subject: 's2' } },
        leave,
        comeBack,
        { ...leave, browser: 1 },
        { ...comeBack, browser: 1, login: 1 },
      ],
    },
  },
  {
    name: 'another subject is expected for the account of an invited person: its password does not bind it',
    history: {
      tenant: tenant(),
      actions: [
        { do: 'expect', user: 0, connection: 0, by: { subject: 's2' } },
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: 0, roles: ['editor'] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'password', right: true },
        { do: 'prove', browser: 0, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'a session does not accept an invitation: it is accepted by signing in',
    history: {
      tenant: tenant({
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 1, used: true, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [
        { do: 'password', browser: 0, organization: 1, user: 0, invitation: undefined, right: true },
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        { do: 'silent', browser: 0, organization: 0 },
        { do: 'password', browser: 0, organization: 0, user: 0, invitation: undefined, right: true },
        { do: 'silent', browser: 0, organization: 0 },
      ],
    },
  },
  {
    name: 'the issuer is changed, the person expected by address, the issuer changed back: no second account of the same id',
    history: {
      tenant: tenant({
        organizations: [
          { enabled: [enabled(0, { autoMembership: true }), enabled(3)], domains: [] },
          { enabled: [enabled(0), enabled(3)], domains: [] },
        ],
        users: [{ email: 'olga@beta.example', verified: true, members: [] }],
        people: [[{ ...DANA, verified: undefined }, nobody, nobody, nobody, nobody], tenant().people[1] ?? []],
      }),
      actions: [
        leave,
        comeBack,
        { do: 'changeIssuer', connection: 0, idp: 1 },
        { do: 'expectAgain', connection: 0, by: 'email' },
        { do: 'changeIssuer', connection: 0, idp: 0 },
        leave,
        comeBack,
      ],
    },
  },
  {
    name: 'a subject that was expected of the former issuer is not the one of the next, with an organization and without',
    history: {
      tenant: tenant({
        people: [
          [nobody, nobody, nobody, nobody, nobody],
          [DANA, nobody, nobody, nobody, nobody],
        ],
      }),
      actions: [
        { do: 'addMember', organization: 0, user: 0 },
        { do: 'expect', user: 0, connection: 0, by: { subject: 's1' } },
        { do: 'changeIssuer', connection: 0, idp: 1 },
        leave,
        comeBack,
        { ...leave, via: 'picker' },
        comeBack,
      ],
    },
  },
  {
    name: 'IT makes an account anew: the second seat is taken in, its subject comes to the first, and both are as before after the way back',
    history: {
      tenant: tenant({
        organizations: [
          { enabled: [enabled(0, { autoMembership: true, link: 'never' }), enabled(3)], domains: [] },
          { enabled: [enabled(0), enabled(3)], domains: [] },
        ],
        users: [{ email: 'olga@beta.example', verified: true, members: [] }],
      }),
      actions: [
        leave,
        comeBack,
        { do: 'idpChange', idp: 0, login: 0, person: { ...DANA, subject: 's2' } },
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'moveSeat', identity: 0, by: { subject: 's2' }, absorb: 2 },
        leave,
        comeBack,
        { do: 'restoreSeat', moved: 0, endNew: false },
        { do: 'restoreSeat', moved: 0, endNew: true },
        leave,
        comeBack,
      ],
    },
  },
  {
    name: 'a directory writes another address into a person who waits: what was proved of the one before does not verify it',
    history: {
      tenant: tenant({ directory: true }),
      actions: [
        { do: 'scimCreate', connection: 0, subject: 's1', email: 'sam@acme.example', active: true },
        { do: 'verifyUser', user: NEWEST, on: true },
        { do: 'absorb', user: 0, secondary: NEWEST },
        { do: 'scimWrite', target: NEWEST, on: true, email: 'olga@beta.example' },
        { do: 'unlink', identity: NEWEST },
      ],
    },
  },
  {
    name: 'over SAML: invited with the link, asked for the code since nobody vouches, provisioned, moved to another group and closed out',
    history: {
      tenant: tenant({ saml: [0], directory: true }),
      actions: [
        { do: 'invite', organization: 0, email: 'dana@acme.example', connection: undefined, roles: ['editor'] },
        { ...leave, invitation: 0 },
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
        { do: 'scimCreate', connection: 0, subject: 's2', email: 'sam@acme.example', active: true },
        { do: 'addMember', organization: 1, user: NEWEST },
        { do: 'scimGroup', target: 0, group: 'Leads', on: true },
        { do: 'idpChange', idp: 0, login: 1, person: { ...DANA, subject: 's2', email: 'sam@acme.example' } },
        { ...leave, organization: 1 },
        { ...comeBack, login: 1 },
        { do: 'scimGroup', target: 0, group: 'Leads', on: false },
        { ...leave, organization: 1 },
        { do: 'scimWrite', target: 0, on: false },
        { ...comeBack, login: 1 },
        { do: 'refresh', token: NEWEST },
      ],
    },
  },
  {
    name: 'a password before the picker, then a second factor: the membership of the organization that asks is not used',
    history: {
      tenant: tenant({
        factors: { accepts: ['otp'], required: true },
        users: [
          {
            email: 'dana@acme.example',
            verified: true,
            members: [{ organization: 0, used: false, breakGlass: false, roles: [] }],
          },
        ],
      }),
      actions: [
        {
          do: 'password',
          browser: 0,
          organization: 0,
          user: 0,
          invitation: undefined,
          right: true,
          via: 'picker',
        },
        { do: 'answer', browser: 0, how: 'right', index: 0, remember: false },
      ],
    },
  },
  {
    name: 'the provider of a customer is written differently: in the proved domain by the address, else by a proof',
    sees: ['done ownConnect', 'done ownUse', 'done ownRenew', 'admitted member', 'asked', 'refused admit.not_a_member'],
    history: {
      tenant: withOwn(),
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        leaveOwn,
        comeBack,
        ...proving('acme.example'),
        leaveOwn,
        comeBack,
        { do: 'ownRenew', ...ADA },
        { do: 'refresh', token: NEWEST },
        leaveOwn,
        comeBack,
        { do: 'ownLeave', ...ADA, domain: 'acme.example' },
        leaveOwn,
        comeBack,
        { do: 'ownRenew', ...ADA },
        leaveOwn,
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
      ],
    },
  },
  {
    name: 'the provider of a customer moves while nobody is known by it, and stays once somebody is',
    sees: ['done ownMove', 'rejected ownMove'],
    history: {
      tenant: withOwn(),
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        { do: 'ownMove', ...ADA, idp: 1 },
        { do: 'ownMove', ...ADA, idp: 0 },
        ...proving('acme.example'),
        leaveOwn,
        comeBack,
        { do: 'ownMove', ...ADA, idp: 1 },
      ],
    },
  },
  {
    name: 'a provider changes while a user of its directory waits: their subject counts no more, and they prove the account',
    sees: ['done ownScimCreate', 'rejected ownMove', 'done ownRenew', 'asked', 'admitted member'],
    history: {
      tenant: { ...withOwn(), ...{ people: withSam().people } },
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        { do: 'ownDirectory', ...ADA, on: true },
        { do: 'ownIssue', ...ADA },
        { do: 'ownScimCreate', token: NEWEST, subject: SAM.subject, email: SAM.email, active: true },
        { do: 'addMember', organization: 0, user: NEWEST },
        { do: 'ownMove', ...ADA, idp: 1 },
        { do: 'ownRenew', ...ADA },
        leaveOwn,
        comeBack,
        { do: 'prove', browser: 0, by: 'code', right: true },
        leaveOwn,
        comeBack,
      ],
    },
  },
  {
    name: 'an operator’s word for a domain, and a domain that the connection does not list, give nobody to a customer’s provider',
    sees: ['rejected ownUse', 'refused admit.not_a_member'],
    history: {
      tenant: withOwn(),
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        { do: 'proveDomain', organization: 0, domain: 'acme.example' },
        { do: 'ownUse', ...ADA, domain: 'acme.example' },
        leaveOwn,
        comeBack,
        { do: 'ownVerify', ...ADA, domain: 'acme.example', published: true },
        leaveOwn,
        comeBack,
      ],
    },
  },
  {
    name: 'a customer opens their provider to a domain that they proved: its people become members, others do not',
    sees: ['rejected ownOpen', 'done ownOpen', 'admitted auto', 'refused admit.not_a_member'],
    history: {
      tenant: { ...withOwn(), ...{ people: withSam().people } },
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        { do: 'ownOpen', ...ADA, on: true },
        ...proving('acme.example'),
        { do: 'ownOpen', ...ADA, on: true },
        leaveOwn,
        comeBack,
        { do: 'removeMember', organization: 0, user: NEWEST },
        { do: 'ownLeave', ...ADA, domain: 'acme.example' },
        leaveOwn,
        comeBack,
      ],
    },
  },
  {
    name: 'no address leads to the provider of a customer that is hidden: an invited person chooses a password',
    sees: ['done ownShow', 'admitted invited'],
    history: {
      tenant: withOwn(),
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        ...proving('acme.example'),
        { do: 'ownShow', ...ADA, on: false },
        { do: 'ownInvite', ...ADA, email: SAM.email, connection: undefined, roles: [] },
        { do: 'signUp', browser: 0, invitation: NEWEST },
        { do: 'ownShow', ...ADA, on: true },
        leaveOwn,
        comeBack,
      ],
    },
  },
  {
    name: 'a customer deletes their provider: whoever has a password stays, and what the provider opened ends',
    sees: ['done ownDelete', 'admitted member', 'refused identify.connection_not_enabled'],
    history: {
      tenant: withOwn(),
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        ...proving('acme.example'),
        leaveOwn,
        comeBack,
        { do: 'ownInvite', ...ADA, email: SAM.email, connection: undefined, roles: [] },
        { do: 'ownDelete', ...ADA },
        { do: 'refresh', token: NEWEST },
        leaveOwn,
        { do: 'ownDelete', ...ADA },
      ],
    },
  },
  {
    name: 'a customer deletes their provider with the account that it brought, but not while another customer has it',
    sees: ['admitted invited', 'rejected ownDelete', 'done ownDelete'],
    history: {
      tenant: { ...withOwn(), ...{ people: withSam().people } },
      actions: [
        { do: 'ownConnect', ...ADA, idp: 0 },
        ...proving('acme.example'),
        { do: 'ownInvite', ...ADA, email: SAM.email, connection: undefined, roles: [] },
        { ...leaveOwn, invitation: NEWEST },
        comeBack,
        { do: 'addMember', organization: 1, user: NEWEST },
        { do: 'ownDelete', ...ADA },
        { do: 'removeMember', organization: 1, user: NEWEST },
        { do: 'ownDelete', ...ADA },
      ],
    },
  },
];
