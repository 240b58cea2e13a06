/**
 * The evidence that a rule writes into the trace beside its answer: an administrator reads it in the log and in `explain`, and has nothing else to find
 * out by why somebody is in or not. One line for each way in which a rule of linking or admission can answer.
 */
import { describe, expect, test } from 'vitest';
import { admit } from '../../src/login/4-admit.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import type { Proof, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  ACME,
  AT,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  DANA,
  databaseOf,
  identityOf,
  invitationOf,
  ownProofOf,
  passwordProofOf,
  resolvedOf,
  ssoOf,
} from '../support/login-facts.js';

type Evidence = Readonly<Record<string, unknown>>;

const UNPROVED = { enablement: { provedDomains: [] } } as const;
const UNVOUCHED = { ...UNPROVED, identity: { emailVerified: false } } as const;
const SEVERAL = candidateOf({ otherOrganizations: 1 });
const ELSEWHERE = candidateOf({ membership: 'none' });
const EXPECTED = { candidate: candidateOf(), identityId: 'idn_1', by: 'subject' } as const;
const issuer = 'https://idp.acme.example';
const bound = (boundSubject: string, boundIssuer?: string) => candidateOf({ boundSubject, boundIssuer });
const NOBODY = { byEmail: [] } as const;

describe('linking', () => {
  const evidenceOf = (changes: Changes, rule: string) => {
    const trace = newTrace();
    resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, trace);
    return trace.lines.findLast((line) => line.rule === rule)?.evidence;
  };

  test.each<readonly [name: string, rule: string, Changes, Evidence]>([
    ['an address that parses', 'address_strict', {}, { email: DANA }],
    [
      'an address that does not, as it was sent',
      'address_strict',
      { identity: { email: 'Dana <d@acme.example>' } },
      { email: 'Dana <d@acme.example>' },
    ],
    ['no address', 'address_strict', { identity: { email: undefined } }, { email: null }],
    [
      'whose domain it is and what the IdP says',
      'address_vouched',
      {},
      {
        domain: 'acme.example',
        domain_proved_here: true,
        domain_proved_elsewhere: false,
        idp_email_verified: true,
      },
    ],
    ['an identity that nobody is bound to', 'bound_identity', {}, { known: false }],
    [
      'an identity that is bound',
      'bound_identity',
      { candidates: { bound: bound('idp-dana') } },
      { user_id: 'auth0|dana' },
    ],
    ['one member', 'one_candidate', {}, { user_id: 'auth0|dana' }],
    ['two members', 'one_candidate', { candidates: { byEmail: [candidateOf(), SEVERAL] } }, { candidates: 2 }],
    [
      'a member bound to another subject',
      'one_candidate',
      { candidates: { byEmail: [bound('idp-other', issuer)] } },
      { user_id: 'auth0|dana', bound_to_another_subject: true },
    ],
    [
      'an invited newcomer',
      'one_candidate',
      { ticket: invitationOf(), candidates: NOBODY },
      { user_id: null, invited: true },
    ],
    [
      'an invited person with an account',
      'one_candidate',
      { ticket: invitationOf(), candidates: { byEmail: [ELSEWHERE] } },
      { user_id: 'auth0|dana', invited: true },
    ],
    [
      'an invited person with two accounts',
      'one_candidate',
      { ticket: invitationOf(), candidates: { byEmail: [ELSEWHERE, ELSEWHERE] } },
      { candidates: 2 },
    ],
    ['a member', 'belongs_here', {}, { user_id: 'auth0|dana' }],
    ['no member with this address', 'belongs_here', { candidates: NOBODY }, { member_with_this_address: false }],
    [
      'linking is switched off',
      'linking_allowed',
      { enablement: { linkExistingMembers: 'never' } },
      { link_existing_members: 'never' },
    ],
    ['silent, by the domain', 'silent_or_proof', {}, { silent: true, domain_proved: true }],
    ['silent, by a membership that was used', 'silent_or_proof', UNPROVED, { silent: true, domain_proved: false }],
    [
      'asked for a proof, and why',
      'silent_or_proof',
      { candidates: { byEmail: [SEVERAL] } },
      { because: 'member_of_several_organizations' },
    ],
    [
      'proved, and why it was asked for',
      'silent_or_proof',
      { candidates: { byEmail: [SEVERAL] }, ownProof: ownProofOf() },
      { own_proof: 'code', because: 'member_of_several_organizations' },
    ],
    [
      'an invited newcomer under a proved domain',
      'silent_or_proof',
      { ticket: invitationOf(), candidates: NOBODY },
      { newcomer: true, domain_proved: true },
    ],
    [
      'an invited person who proved the account',
      'silent_or_proof',
      { ticket: invitationOf(), candidates: { byEmail: [ELSEWHERE] }, ownProof: ownProofOf({ by: 'password' }) },
      { own_proof: 'password' },
    ],
    [
      'expected by subject',
      'pre_provisioned',
      { candidates: { expected: EXPECTED } },
      { user_id: 'auth0|dana', by: 'subject' },
    ],
    [
      'expected by an address that nobody vouches for',
      'pre_provisioned',
      { ...UNVOUCHED, candidates: { expected: { ...EXPECTED, by: 'email' } } },
      { by: 'email', vouched: false },
    ],
    [
      'expected, but bound to another subject',
      'pre_provisioned',
      { candidates: { expected: { ...EXPECTED, candidate: bound('idp-other', issuer) } } },
      { bound_to_another_subject: true },
    ],
    [
      'an identity that the former issuer named',
      'issuer_changed',
      { candidates: { ...NOBODY, formerIssuer: 'https://old.example' } },
      { issuer, bound_by: 'https://old.example' },
    ],
    [
      'a member whom no issuer is known to have named',
      'issuer_changed',
      { candidates: { byEmail: [bound('old-42', undefined)] } },
      { issuer, bound_by: null },
    ],
    [
      'a subject that opened another account once',
      'issuer_changed',
      { candidates: { ...NOBODY, formerAccount: 'oidc|acme-oidc|idp-dana' } },
      { issuer, former_account: 'oidc|acme-oidc|idp-dana' },
    ],
  ])('%s: %s', (_name, rule, changes, evidence) => expect(evidenceOf(changes, rule)).toEqual(evidence));
});

describe('admission', () => {
  const outsider = { kind: 'existing', candidate: ELSEWHERE, bind: undefined } as const;
  const newcomer = { kind: 'new', email: DANA, vouchedBy: 'idp', idPrefix: undefined } as const;
  const auto = (autoMembershipCondition?: string) => ssoOf({ assignMembershipOnLogin: true, autoMembershipCondition });
  const member = (changes: Parameters<typeof candidateOf>[0]) =>
    ({ kind: 'existing', candidate: candidateOf(changes), bind: undefined }) as const;
  const required = {
    enablement: databaseOf(),
    proof: passwordProofOf(),
    connections: [databaseOf(), ssoOf({ ssoRollout: 'required' })],
  };
  const cut: Proof = { kind: 'identity', identity: identityOf({ claimsCut: ['groups'] }), ownProof: ownProofOf() };
  const session = passwordProofOf({ by: 'session', credential: undefined });

  const evidenceOf = (changes: Partial<Resolved>, rule: string) => {
    const trace = newTrace();
    admit(resolvedOf(changes), AT, trace);
    return trace.lines.findLast((line) => line.rule === rule)?.evidence;
  };

  test.each<readonly [name: string, rule: string, Partial<Resolved>, Evidence]>([
    [
      'a blocked account',
      'user_blocked',
      { account: member({ account: { blocked: true } }) },
      { user_id: 'auth0|dana' },
    ],
    ['the company’s sign-in is required', 'sso_required', required, { connection: 'acme-oidc', break_glass: false }],
    [
      'the company’s sign-in is required, break glass',
      'sso_required',
      { ...required, account: member({ membership: { breakGlass: true } }) },
      { connection: 'acme-oidc', break_glass: true },
    ],
    ['a member', 'member', {}, { user_id: 'auth0|dana', invitation: null }],
    [
      'a member with the ticket of an invitation',
      'member',
      { invitation: invitationOf() },
      { user_id: 'auth0|dana', invitation: 'uinv_1' },
    ],
    ['no member', 'member', { account: outsider }, { member: false }],
    ['no invitation', 'invited', { account: outsider }, { invitation: null }],
    [
      'an invitation that fits',
      'invited',
      { account: outsider, invitation: invitationOf() },
      { invitation: 'uinv_1', roles: ['rol_editor'] },
    ],
    [
      'an invitation for another address',
      'invited',
      {
        account: outsider,
        invitation: invitationOf({ connectionId: undefined, inviteeEmail: 'sam@acme.example' as typeof DANA }),
      },
      { invitation: 'uinv_1', address_fits: false, connection_fits: true },
    ],
    [
      'an invitation by a session',
      'invited',
      { account: outsider, invitations: [invitationOf()], proof: session },
      { fresh_proof: false },
    ],
    ['auto-membership is off', 'auto', { account: outsider }, { auto_membership: false }],
    [
      'auto-membership, under a domain of another organization',
      'auto',
      { account: outsider, enablement: auto(), domainProvedElsewhere: true },
      { auto_membership: true, domain_proved_elsewhere: true },
    ],
    ['auto-membership without a condition', 'auto', { account: outsider, enablement: auto() }, { applies: true }],
    [
      'auto-membership, with claims that were cut',
      'auto',
      { account: outsider, enablement: auto('true'), proof: cut },
      { auto_membership: true, claims_cut: true },
    ],
    [
      'auto-membership on a condition that does not hold',
      'auto',
      { account: outsider, enablement: auto('false') },
      { auto_membership: true, condition: 'false', holds: false },
    ],
    [
      'auto-membership on a condition that is none',
      'auto',
      { account: outsider, enablement: auto('email') },
      { auto_membership: true, condition: 'email', holds: false, not_usable: 'it gives string, not bool' },
    ],
    [
      'auto-membership by a session',
      'auto',
      { account: outsider, enablement: auto(), proof: session },
      { fresh_proof: false },
    ],
    ['no rule admits, with an address that is proved', 'not_a_member', { account: outsider }, { email: DANA }],
    [
      'no rule admits, and no address is proved',
      'not_a_member',
      { account: newcomer, provedEmail: undefined },
      { email: null },
    ],
    [
      'a password without an organization',
      'no_organization',
      { organization: undefined, enablement: databaseOf() },
      {},
    ],
    [
      'a linked account without an organization',
      'no_organization',
      { organization: undefined, account: outsider },
      { connection: 'acme-oidc', serves_organizations: false, brought_account: false },
    ],
  ])('%s: %s', (_name, rule, changes, evidence) => expect(evidenceOf(changes, rule)).toEqual(evidence));

  test('a session that makes nobody a member: the log names the organization', () => {
    const answer = admit(
      resolvedOf({ account: outsider, invitations: [invitationOf()], proof: session }),
      AT,
      newTrace(),
    );
    expect('detail' in answer ? answer.detail : '').toBe(`no membership of ${ACME.id} by what was proved before`);
  });

  test('an account that another connection brought: the log names which', () => {
    const account = member({ membership: 'none', mainConnectionId: 'con_other' });
    const answer = admit(resolvedOf({ organization: undefined, account }), AT, newTrace());
    expect('detail' in answer ? answer.detail : '').toBe('the account came from con_other');
  });
});
