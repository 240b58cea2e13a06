/**
 * The admission table, row by row and in its order (docs/linking-rule.md, "Admit"). Each case changes one thing; what is
 * expected is the admission or the refusal, and the line of the trace that names the rule.
 */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { admit } from '../../src/login/4-admit.js';
import type { Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  ACME,
  AT,
  authenticatedOf,
  candidateOf,
  DANA,
  databaseOf,
  identityOf,
  invitationOf,
  linesOf,
  ownProofOf,
  passwordProofOf,
  resolvedOf,
  ssoOf,
} from '../support/login-facts.js';

const MEMBER = { kind: 'existing', candidate: candidateOf({ boundSubject: 'idp-dana' }), bind: undefined } as const;
const OUTSIDER = { ...MEMBER, candidate: candidateOf({ membership: 'none' }) } as const;
const NEWCOMER = {
  kind: 'new',
  email: DANA,
  vouchedBy: 'idp',
  idPrefix: { text: 'oidc|acme-oidc', known: true },
} as const;
const AUTO = { enablement: ssoOf({ assignMembershipOnLogin: true }) } as const;
const OTHER = 'sam@acme.example' as Email;
const SIGN_UP = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true } as const;

function admitOn(changes: Partial<Resolved>) {
  const trace = newTrace();
  const answer = admit(resolvedOf(changes), AT, trace);
  const words =
    'kind' in answer
      ? `refuse ${answer.code}`
      : [
          answer.admission.rule,
          answer.admission.createMembership && `joins as ${answer.admission.createMembership}`,
          answer.admission.invitation && `uses ${answer.admission.invitation.id}`,
          answer.admission.roles.length > 0 && `gets ${answer.admission.roles.join()}`,
        ]
          .filter(Boolean)
          .join(', ');
  return { answer, words, lines: linesOf(trace), trace };
}

type Row = readonly [name: string, changes: Partial<Resolved>, answer: string, line: string];

function cases(rows: readonly Row[]): void {
  test.each(rows)('case=%s', (_name, changes, answer, line) => {
    const { words, lines } = admitOn(changes);
    expect(words).toBe(answer);
    expect(lines.filter((one) => !one.endsWith(' pass') || one === line).at(-1)).toBe(line);
  });
}

describe('blocked', () => {
  const blocked = { ...MEMBER, candidate: candidateOf({ account: { blocked: true } }) };
  cases([
    ['a member', { account: blocked }, 'refuse admit.user_blocked', 'admit user_blocked refuse'],
    [
      'goes before an invitation',
      {
        account: { ...blocked, candidate: candidateOf({ account: { blocked: true }, membership: 'none' }) },
        invitation: invitationOf(),
      },
      'refuse admit.user_blocked',
      'admit user_blocked refuse',
    ],
    [
      'goes before a login without organization',
      { account: blocked, organization: undefined },
      'refuse admit.user_blocked',
      'admit user_blocked refuse',
    ],
  ]);
});

describe('a connection that a pilot group tries', () => {
  const piloted = (...pilotEmails: string[]) => ssoOf({ pilotEmails, assignMembershipOnLogin: true });
  const address = candidateOf().account.email ?? '';
  const sessionProof = passwordProofOf({ by: 'session', credential: undefined });
  const ofCompany = candidateOf({ boundSubject: 'idp-dana', mainConnectionId: ssoOf().connection.id });
  const own = { account: { ...MEMBER, candidate: ofCompany }, vouchedEmail: OTHER } as const;
  cases([
    ['a member of the group', { enablement: piloted(address) }, 'member', 'admit member pass'],
    [
      'a member whose company sends an address outside it now',
      { ...own, enablement: piloted(address) },
      'refuse admit.not_in_pilot',
      'admit pilot refuse',
    ],
    [
      'a member whose company sends an address of the group now',
      { ...own, enablement: piloted(OTHER) },
      'member',
      'admit member pass',
    ],
    [
      'a member who is not in it',
      { enablement: piloted('other@acme.example') },
      'refuse admit.not_in_pilot',
      'admit pilot refuse',
    ],
    [
      'a session that it gave before',
      { enablement: piloted('other@acme.example'), proof: sessionProof },
      'refuse authenticate.session_not_usable',
      'admit pilot refuse',
    ],
    [
      'a stranger, where auto-membership is on',
      { enablement: piloted('other@acme.example'), account: OUTSIDER },
      'refuse admit.not_in_pilot',
      'admit pilot refuse',
    ],
  ]);
});

describe('the password where the company’s own sign-in is required', () => {
  const byPassword = { enablement: databaseOf(), proof: passwordProofOf(), vouchedEmail: undefined } as const;
  const required = [databaseOf(), ssoOf({ ssoRollout: 'required' })];
  const withEmail = (email: Email | undefined) => ({ ...MEMBER, candidate: candidateOf({ account: { email } }) });
  cases([
    ['optional', byPassword, 'member', 'admit member pass'],
    ['required', { ...byPassword, connections: required }, 'refuse admit.sso_required', 'admit sso_required refuse'],
    [
      'required, and the member is there to break the glass',
      {
        ...byPassword,
        connections: required,
        account: { ...MEMBER, candidate: candidateOf({ membership: { breakGlass: true } }) },
      },
      'member',
      'admit sso_required pass',
    ],
    [
      'required, and the account is no member at all',
      { ...byPassword, connections: required, account: OUTSIDER },
      'refuse admit.sso_required',
      'admit sso_required refuse',
    ],
    [
      'required, for another domain',
      { ...byPassword, connections: required, account: withEmail('olga@gmail.example' as Email) },
      'member',
      'admit member pass',
    ],
    [
      'required, for a domain above',
      { ...byPassword, connections: required, account: withEmail('olga@mail.acme.example' as Email) },
      'member',
      'admit member pass',
    ],
    [
      'required, an account without address',
      { ...byPassword, connections: required, account: withEmail(undefined) },
      'member',
      'admit member pass',
    ],
    [
      'required at a connection that is a database too: it is no company’s sign-in',
      { ...byPassword, connections: [ssoOf({ ssoRollout: 'required' }, { id: 'con_db', strategy: 'auth0' })] },
      'member',
      'admit member pass',
    ],
    ['required: the company’s own sign-in is let in', { connections: required }, 'member', 'admit member pass'],
    [
      'required: neither a session that a password began',
      { ...byPassword, connections: required, proof: passwordProofOf({ by: 'session', credential: undefined }) },
      'refuse admit.sso_required',
      'admit sso_required refuse',
    ],
    [
      'required: a sign-up by invitation is a password too',
      {
        ...byPassword,
        connections: required,
        account: NEWCOMER,
        proof: { kind: 'sign_up', email: DANA, passwordHash: 'x', name: undefined, addressProved: true },
        invitation: invitationOf({ connectionId: undefined }),
      },
      'refuse admit.sso_required',
      'admit sso_required refuse',
    ],
  ]);
});

describe('member', () => {
  cases([
    ['a member', {}, 'member', 'admit member pass'],
    [
      'an invitation without its ticket is left alone',
      { invitations: [invitationOf()] },
      'member',
      'admit member pass',
    ],
    [
      'with the ticket: a grant of its roles, which uses it up',
      { invitation: invitationOf() },
      'member, uses uinv_1, gets rol_editor',
      'admit member pass',
    ],
    [
      'with the ticket, invited by themselves: no role, but it is used up',
      { invitation: invitationOf({ invitedBy: 'auth0|dana' }) },
      'member, uses uinv_1',
      'admit member pass',
    ],
    [
      'with the ticket, invited by a colleague: its roles',
      { invitation: invitationOf({ invitedBy: 'auth0|olga' }) },
      'member, uses uinv_1, gets rol_editor',
      'admit member pass',
    ],
    [
      'with the ticket of somebody else',
      { invitation: invitationOf({ inviteeEmail: OTHER }) },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    ['goes before auto', { ...AUTO }, 'member', 'admit member pass'],
    [
      'before auto, whatever the condition says',
      { enablement: ssoOf({ assignMembershipOnLogin: true, autoMembershipCondition: 'false' }) },
      'member',
      'admit member pass',
    ],
    [
      'whose address nobody vouches for',
      { provedEmail: undefined, vouchedEmail: undefined },
      'member',
      'admit member pass',
    ],
  ]);
});

describe('invited', () => {
  const invited = { account: NEWCOMER, invitation: invitationOf() } as const;
  const found = { account: NEWCOMER, invitations: [invitationOf()] } as const;
  const JOINS = 'invited, joins as invited, uses uinv_1, gets rol_editor';
  const NO = 'refuse admit.not_a_member';
  const bySession = { proof: passwordProofOf({ by: 'session', credential: undefined }) } as const;
  cases([
    ['with the ticket, a newcomer', invited, JOINS, 'admit invited pass'],
    ['with the ticket, an account from elsewhere', { ...invited, account: OUTSIDER }, JOINS, 'admit invited pass'],
    ['without the ticket, found by the proved address', found, JOINS, 'admit invited pass'],
    [
      'found, but it is a session that would accept it: nobody was asked',
      { ...bySession, account: OUTSIDER, invitations: [invitationOf({ connectionId: undefined })] },
      'refuse authenticate.session_not_usable',
      'admit invited refuse',
    ],
    [
      'found, by a session, with auto-membership: it is not let in by the next rule either',
      { ...bySession, ...AUTO, account: OUTSIDER, invitations: [invitationOf({ connectionId: undefined })] },
      'refuse authenticate.session_not_usable',
      'admit invited refuse',
    ],
    [
      'any connection',
      { ...invited, invitation: invitationOf({ connectionId: undefined }) },
      JOINS,
      'admit invited pass',
    ],
    [
      'without roles',
      { ...invited, invitation: invitationOf({ roles: [] }) },
      'invited, joins as invited, uses uinv_1',
      'admit invited pass',
    ],
    ['goes before auto', { ...invited, ...AUTO }, JOINS, 'admit invited pass'],
    ['found, goes before auto', { ...found, ...AUTO }, JOINS, 'admit invited pass'],
    [
      'the ticket is for another address',
      { ...invited, invitation: invitationOf({ inviteeEmail: OTHER }) },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    [
      'the ticket is for another address, and auto would let him in: refused, so that he sees it',
      { ...invited, ...AUTO, invitation: invitationOf({ inviteeEmail: OTHER }) },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    [
      'the ticket is for another connection',
      { ...invited, invitation: invitationOf({ connectionId: 'con_db' }) },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    [
      'the ticket fits, the address is not proved',
      { ...invited, provedEmail: undefined },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    ['found, but the address is not proved', { ...found, provedEmail: undefined }, NO, 'admit not_a_member refuse'],
    [
      'found, but for another connection',
      { account: NEWCOMER, invitations: [invitationOf({ connectionId: 'con_db' })] },
      NO,
      'admit not_a_member refuse',
    ],
    [
      'found, but for another address',
      { account: NEWCOMER, invitations: [invitationOf({ inviteeEmail: OTHER })] },
      NO,
      'admit not_a_member refuse',
    ],
    [
      'found, but expired this very moment',
      { account: NEWCOMER, invitations: [invitationOf({ expiresAt: AT })] },
      NO,
      'admit not_a_member refuse',
    ],
    [
      'found, but used',
      { account: NEWCOMER, invitations: [invitationOf({ consumedAt: AT })] },
      NO,
      'admit not_a_member refuse',
    ],
    [
      'found: the first live one that fits',
      {
        account: NEWCOMER,
        invitations: [
          invitationOf({ id: 'uinv_expired', expiresAt: AT }),
          invitationOf({ id: 'uinv_elsewhere', connectionId: 'con_db' }),
          invitationOf({ id: 'uinv_live', roles: [] }),
        ],
      },
      'invited, joins as invited, uses uinv_live',
      'admit invited pass',
    ],
  ]);

  test('case=what did not fit is told apart in the trace', () => {
    const evidence = (invitation: ReturnType<typeof invitationOf>) =>
      admitOn({ account: NEWCOMER, invitation }).trace.lines.at(-1)?.evidence;
    expect(evidence(invitationOf({ inviteeEmail: OTHER }))).toMatchObject({
      address_fits: false,
      connection_fits: true,
    });
    expect(evidence(invitationOf({ connectionId: 'con_db' }))).toMatchObject({
      address_fits: true,
      connection_fits: false,
    });
  });
});

describe('invited, with a password', () => {
  const enablement = databaseOf();
  const ticket = invitationOf({ connectionId: undefined });
  const unverified = { ...OUTSIDER, candidate: candidateOf({ account: { emailVerified: false }, membership: 'none' }) };
  const byPassword = { enablement, proof: passwordProofOf(), account: unverified, provedEmail: undefined } as const;
  cases([
    [
      'the ticket stands for the proof of the account’s own address',
      { ...byPassword, invitation: ticket },
      'invited, joins as invited, uses uinv_1, gets rol_editor',
      'admit invited pass',
    ],
    [
      'the wrong account accepts',
      {
        ...byPassword,
        account: { ...unverified, candidate: candidateOf({ account: { email: OTHER }, membership: 'none' }) },
        invitation: ticket,
      },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    [
      'an account without address accepts',
      {
        ...byPassword,
        account: { ...unverified, candidate: candidateOf({ account: { email: undefined }, membership: 'none' }) },
        invitation: ticket,
      },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    [
      'the invitation names the company’s sign-in',
      { ...byPassword, invitation: invitationOf() },
      'refuse admit.invitation_mismatch',
      'admit invited refuse',
    ],
    [
      'without the ticket an unverified address finds no invitation',
      { ...byPassword, invitations: [ticket] },
      'refuse admit.not_a_member',
      'admit not_a_member refuse',
    ],
    [
      'without the ticket a verified one does not either: somebody may have planted it',
      { ...byPassword, account: OUTSIDER, provedEmail: DANA, invitations: [ticket] },
      'refuse admit.not_a_member',
      'admit not_a_member refuse',
    ],
  ]);
});

describe('auto', () => {
  const JOINS = 'auto, joins as auto';
  const NO = 'refuse admit.not_a_member';
  const auto = { ...AUTO, account: NEWCOMER } as const;
  const when = (autoMembershipCondition: string, changes: Partial<Resolved> = {}): Partial<Resolved> => ({
    account: NEWCOMER,
    enablement: ssoOf({ assignMembershipOnLogin: true, autoMembershipCondition }),
    ...changes,
  });
  const withClaims = (claims: Record<string, unknown>) => ({
    proof: { kind: 'identity', identity: identityOf({ claims }), ownProof: undefined } as const,
  });
  cases([
    ['on', auto, JOINS, 'admit auto pass'],
    ['on, an account from elsewhere that is bound', { ...auto, account: OUTSIDER }, JOINS, 'admit auto pass'],
    ['off', { account: NEWCOMER }, NO, 'admit not_a_member refuse'],
    [
      'on, and the address lies in another organization’s domain',
      { ...auto, domainProvedElsewhere: true },
      NO,
      'admit not_a_member refuse',
    ],
    ['a condition on the domain holds', when('email_domain == "acme.example"'), JOINS, 'admit auto pass'],
    ['it does not', when('email_domain == "beta.example"'), NO, 'admit not_a_member refuse'],
    [
      'an address that nobody proved is none',
      when('email_domain == "acme.example"', { provedEmail: undefined }),
      NO,
      'admit not_a_member refuse',
    ],
    ['a condition on the address', when('email.startsWith("dana@")'), JOINS, 'admit auto pass'],
    [
      'a condition on a group holds',
      when('"staff" in claims.groups', withClaims({ groups: ['staff'] })),
      JOINS,
      'admit auto pass',
    ],
    [
      'he is in another group',
      when('"staff" in claims.groups', withClaims({ groups: ['guests'] })),
      NO,
      'admit not_a_member refuse',
    ],
    [
      'the claim is missing: a condition that fails is false',
      when('"staff" in claims.groups', withClaims({})),
      NO,
      'admit not_a_member refuse',
    ],
    ['a condition that does not parse is false', when('email ==== 1'), NO, 'admit not_a_member refuse'],
    ['a condition of another type is false', when('"yes"'), NO, 'admit not_a_member refuse'],
    [
      'the claims were cut on the way, and he proved his own account: not asked twice, and not let in either',
      when('!("contractor" in claims)', {
        proof: { kind: 'identity', identity: identityOf({ claimsCut: ['groups'] }), ownProof: ownProofOf() },
      }),
      NO,
      'admit not_a_member refuse',
    ],
    [
      'a condition on the address holds for a password too, which has no claims',
      {
        account: OUTSIDER,
        proof: passwordProofOf(),
        enablement: databaseOf({
          assignMembershipOnLogin: true,
          autoMembershipCondition: 'email_domain == "acme.example" && !has(claims.groups)',
        }),
      },
      JOINS,
      'admit auto pass',
    ],
    [
      'on for a sign-up, whose address is proved by now',
      { account: NEWCOMER, proof: SIGN_UP, enablement: databaseOf({ assignMembershipOnLogin: true }) },
      JOINS,
      'admit auto pass',
    ],
    [
      'on for the company’s sign-in, but he came with a password',
      {
        account: OUTSIDER,
        proof: passwordProofOf(),
        enablement: databaseOf(),
        connections: [databaseOf(), AUTO.enablement],
      },
      NO,
      'admit not_a_member refuse',
    ],
  ]);

  test('case=the trace says which condition it was and that it did not hold', () => {
    const { trace } = admitOn(when('email_domain == "beta.example"'));
    expect(trace.lines.find((line) => line.rule === 'auto')?.evidence).toEqual({
      auto_membership: true,
      condition: 'email_domain == "beta.example"',
      holds: false,
    });
  });
});

describe('otherwise', () => {
  test('case=the lines of all rules, in their order', () => {
    expect(admitOn({ account: NEWCOMER }).lines).toEqual([
      'admit member pass',
      'admit invited pass',
      'admit auto pass',
      'admit not_a_member refuse',
    ]);
  });

  test('case=the text names organization and user as Auth0 does', () => {
    const described = (changes: Partial<Resolved>) => {
      const { answer } = admitOn(changes);
      return 'kind' in answer ? answer.description : undefined;
    };
    expect(described({ account: NEWCOMER })).toBe(
      `user oidc|acme-oidc|idp-dana is not part of the ${ACME.id} organization`,
    );
    expect(described({ account: OUTSIDER })).toBe(`user auth0|dana is not part of the ${ACME.id} organization`);
    const bySignUp = { account: NEWCOMER, proof: SIGN_UP, enablement: databaseOf() };
    expect(described(bySignUp)).toBe(`user ${DANA} is not part of the ${ACME.id} organization`);
    const nameless = { account: { ...NEWCOMER, idPrefix: undefined }, provedEmail: undefined };
    expect(described(nameless)).toBe(`user unknown is not part of the ${ACME.id} organization`);
  });

  test('case=without organization, a newcomer of a connection that serves organizations has to name his', () => {
    const enablement = ssoOf({ servesOrganizations: true });
    const { words, lines } = admitOn({ organization: undefined, account: NEWCOMER, enablement });
    expect(words).toBe('refuse admit.organization_needed');
    expect(lines).toEqual(['admit no_organization refuse']);
    const signUp = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true } as const;
    const database = databaseOf({ servesOrganizations: true });
    const opened = { organization: undefined, account: NEWCOMER, proof: signUp, enablement: database };
    expect(admitOn(opened).words).toBe('no_organization');
  });

  test('case=without organization there is nothing to be a member of', () => {
    const { words, lines } = admitOn({ organization: undefined, account: NEWCOMER });
    expect(words).toBe('no_organization');
    expect(lines).toEqual(['admit no_organization pass']);
    expect(authenticatedOf({ organization: 'none' }).organization).toBeUndefined();
  });
});
