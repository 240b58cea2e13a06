/**
 * The stories that the stage plays; those with Actions are in playbook-actions.ts. Sentences about Auth0 repeat what
 * its documentation and its users report.
 */
import {
  createAccount,
  invite,
  type Operator,
  removePerson,
  restoreMember,
  setBreakGlass,
  setRollout,
  type Tenant,
} from '../operator.js';
import { CAST, PASSWORD, type Person } from '../people.js';
import {
  endsUnprovedPassword,
  gains,
  invitationUsed,
  isIn,
  isRefused,
  keepsPassword,
  nothingButTheCounter,
  nothingIsLeft,
  onlyTheMail,
  sameUser,
} from './judge.js';
import { STORIES_WITH_ACTIONS } from './playbook-actions.js';
import { MALLORY } from './playbook-mallory.js';
import type { Act, Check, Seen, Story } from './stories.js';

const NEWCOMER = { users: 1, identities: 1, members: 1, member_roles: 1 };
const IDENTIFIER_BY_PASSWORD = (person: Person) => ({
  says: `${person.name} types the address and asks for the password`,
  fill: { username: person.email },
  press: 'button[value=password]',
});

async function restoreSetting(operator: Operator, tenant: Tenant): Promise<void> {
  await setRollout(operator, tenant, 'optional');
}

/** Sends an invitation for a role; the browser starts at the link in the mail. */
function inviting(
  person: Person,
  role: 'editor' | 'approver',
  remember?: (tenant: Tenant, operator: Operator) => Promise<string>,
) {
  return async (operator: Operator, tenant: Tenant) => {
    const userId = await remember?.(tenant, operator);
    await invite(operator, tenant, person, [tenant.roles[role]]);
    return { mailTo: person.email, ...(userId !== undefined && { remembered: { userId } }) };
  };
}

async function findUserId(operator: Operator, person: Person): Promise<string> {
  const [user] = await operator.sdk.users.listUsersByEmail({ email: person.email });
  return String(user?.user_id);
}

async function judgeStranger(seen: Seen, person: Person): Promise<readonly Check[]> {
  const left = await seen.operator.sdk.users.listUsersByEmail({ email: person.email });
  return [
    isRefused(seen, person.name, 'admit.not_a_member'),
    nothingIsLeft(seen.ledger),
    { says: `The Management API knows nobody called ${person.email}.`, ok: left.length === 0 },
  ];
}

function judgeNewcomer(seen: Seen, person: Person): readonly Check[] {
  return [
    isIn(seen, person.name),
    gains(seen.ledger, 'One user, one identity, one membership with the role; no password.', NEWCOMER),
    invitationUsed(seen.ledger),
  ];
}

const strangerAct: Act = {
  title: 'Uninvited',
  person: CAST.sam,
  judge: (seen) => judgeStranger(seen, CAST.sam),
};

function rememberUser(person: Person): NonNullable<Act['prepare']> {
  return async (operator) => ({ remembered: { userId: await findUserId(operator, person) } });
}

const first: readonly Story[] = [
  {
    id: '01',
    title: 'Invited newcomer',
    person: CAST.ivy,
    lives: 'Ivy opens the link in the mail, signs in at Acme, and is in with the role of the invitation.',
    elsewhere: 'the same. This is the case that works everywhere.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await removePerson(operator, tenant, CAST.ivy);
    },
    acts: [
      {
        title: 'Ivy accepts',
        person: CAST.ivy,
        prepare: inviting(CAST.ivy, 'editor'),
        judge: (seen) => judgeNewcomer(seen, CAST.ivy),
      },
    ],
  },
  {
    id: '02',
    title: 'Password member',
    person: CAST.dana,
    lives:
      'Dana so far had a password. Dana types the address, is sent to Acme’s sign-in, and is in as the same user as before.',
    elsewhere:
      'the company sign-in is a new account that is no member: “user … is not part of the org_… organization”. No Action runs.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await restoreMember(operator, tenant, CAST.dana);
    },
    acts: [
      {
        title: 'Dana signs in',
        person: CAST.dana,
        prepare: rememberUser(CAST.dana),
        judge: (seen) => [
          isIn(seen, 'Dana'),
          gains(seen.ledger, 'One identity more; no new user, no new member.', { identities: 1 }),
          sameUser(seen.ledger, seen.remembered.userId),
          keepsPassword(seen.ledger),
        ],
      },
    ],
  },
  {
    id: '03',
    title: 'Stranger',
    person: CAST.sam,
    lives: 'Sam works at Acme and proves it, but nobody invited Sam: the answer is no, with a number to quote.',
    elsewhere: 'refused as well, but the user record is created before the membership is looked at, and stays.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await removePerson(operator, tenant, CAST.sam);
    },
    acts: [strangerAct],
  },
  {
    id: '05',
    title: 'Refused, then invited',
    person: CAST.sam,
    lives: 'Sam is refused, asks an administrator, is invited, and gets in exactly as Ivy did.',
    elsewhere: 'with auto-membership on, the refused Sam is a member already, and an invitation leads nowhere.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await removePerson(operator, tenant, CAST.sam);
    },
    acts: [
      strangerAct,
      {
        title: 'Invited',
        person: CAST.sam,
        prepare: inviting(CAST.sam, 'editor'),
        judge: (seen) => judgeNewcomer(seen, CAST.sam),
      },
    ],
  },
];

const second: readonly Story[] = [
  {
    id: '06',
    title: 'Member invited to SSO',
    person: CAST.dana,
    lives: 'Dana is a member already. The invitation gives one more role and links the company sign-in.',
    elsewhere: 'what an invitation for a member does is not documented; users report that it cannot be used.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await restoreMember(operator, tenant, CAST.dana);
    },
    acts: [
      {
        title: 'Dana accepts',
        person: CAST.dana,
        prepare: inviting(CAST.dana, 'approver', (_tenant, operator) => findUserId(operator, CAST.dana)),
        judge: (seen) => [
          isIn(seen, 'Dana'),
          gains(seen.ledger, 'One identity and one role more; no new user, no new member.', {
            identities: 1,
            member_roles: 1,
          }),
          sameUser(seen.ledger, seen.remembered.userId),
          invitationUsed(seen.ledger),
        ],
      },
    ],
  },
  {
    id: '07',
    title: 'Account, but no member',
    person: CAST.nora,
    lives: 'Nora has had an account for long and is invited to Acme: a code by mail proves whose account it is.',
    elsewhere: 'Nora ends up with two users: the old one with the password, and a new one that is the member.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await removePerson(operator, tenant, CAST.nora);
      await createAccount(operator, CAST.nora, true);
    },
    acts: [
      {
        title: 'Nora accepts',
        person: CAST.nora,
        prepare: inviting(CAST.nora, 'editor', (_tenant, operator) => findUserId(operator, CAST.nora)),
        asked: (ledger) => [onlyTheMail(ledger)],
        judge: (seen) => [
          isIn(seen, 'Nora'),
          gains(seen.ledger, 'One identity, one membership with the role; no second user.', {
            identities: 1,
            members: 1,
            member_roles: 1,
          }),
          sameUser(seen.ledger, seen.remembered.userId),
          invitationUsed(seen.ledger),
        ],
      },
    ],
  },
  {
    id: '08',
    title: 'Member not at the IdP',
    person: CAST.olga,
    lives:
      'Acme’s sign-in does not know Olga. The password still works, until SSO is required; break-glass opens the door again.',
    elsewhere:
      'home realm discovery sends everybody of the domain to the IdP, and people who are unknown there are locked out.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await restoreMember(operator, tenant, CAST.olga);
    },
    leave: restoreSetting,
    acts: [
      {
        title: 'SSO optional',
        person: CAST.olga,
        moves: {
          idp: { says: 'Acme’s IdP does not know Olga, who cancels', press: 'button[value=cancel]' },
          refusal: { says: 'Vestibule offers the password instead', press: 'a[href*="/u/login/password"]' },
        },
        judge: (seen) => [isIn(seen, 'Olga'), gains(seen.ledger, 'Nobody was linked, created or added.', {})],
      },
      {
        title: 'SSO required',
        person: CAST.olga,
        prepare: async (operator, tenant) => {
          await setRollout(operator, tenant, 'required');
          return undefined;
        },
        moves: { identifier: IDENTIFIER_BY_PASSWORD(CAST.olga) },
        endsAt: ['refusal'],
        judge: (seen) => [
          {
            says: 'Once it is required, a clear page tells Olga why the password is not enough.',
            ok: seen.end === 'refusal' && seen.login?.details?.code === 'admit.sso_required',
          },
          nothingButTheCounter(seen.ledger),
        ],
      },
      {
        title: 'Break-glass',
        person: CAST.olga,
        prepare: async (operator, tenant) => {
          await setBreakGlass(operator, tenant, await findUserId(operator, CAST.olga));
          return undefined;
        },
        moves: { identifier: IDENTIFIER_BY_PASSWORD(CAST.olga) },
        judge: (seen) => [{ says: 'A break-glass member is in, although SSO is required.', ok: seen.end === 'inside' }],
      },
    ],
  },
  {
    id: '09',
    title: 'Unverified twin',
    person: CAST.uma,
    lives: 'Nobody ever verified Uma’s address here, so a code is asked for before the company’s sign-in is linked.',
    elsewhere: 'not linked at all; Actions that link by address alone are what account takeovers are made of.',
    restore: async (operator, tenant) => {
      await restoreSetting(operator, tenant);
      await restoreMember(operator, tenant, CAST.uma, { verified: false });
    },
    acts: [
      {
        title: 'Uma signs in',
        person: CAST.uma,
        prepare: rememberUser(CAST.uma),
        asked: (ledger) => [onlyTheMail(ledger)],
        judge: (seen) => [
          isIn(seen, 'Uma'),
          gains(seen.ledger, 'One identity more; no new user, no new member.', { identities: 1 }),
          sameUser(seen.ledger, seen.remembered.userId),
          endsUnprovedPassword(seen.ledger),
        ],
      },
    ],
  },
];

export const STORIES: readonly Story[] = [...first, ...second, ...STORIES_WITH_ACTIONS, MALLORY].sort((a, b) =>
  a.id.localeCompare(b.id),
);

/** Returns the usual move on a page for which the story has no move of its own. */
export function ordinaryMove(
  kind: string,
  person: Person,
): { says: string; fill?: Record<string, string>; press?: string } | undefined {
  const { name, email, key } = person;
  switch (kind) {
    case 'home':
      return { says: `${name} opens the application`, press: '#sign-in' };
    case 'mail':
      return { says: `${name} opens the link in the mail`, press: '#follow' };
    case 'invitation':
      return { says: `${name} accepts the invitation`, press: 'main form button' };
    case 'identifier':
      return { says: `${name} types the address`, fill: { username: email }, press: 'main form button[value=default]' };
    case 'idp':
      return { says: `${name} signs in at Acme`, press: `button[name=login][value="${key}"]` };
    case 'password':
      return {
        says: `${name} types the password`,
        fill: { password: PASSWORD },
        press: 'main form button.button[value=default]',
      };
    default:
      return undefined;
  }
}
