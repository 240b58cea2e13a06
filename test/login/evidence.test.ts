/**
 * What a rule writes into the trace beside its answer: an administrator reads it in the log and in `explain`, and has nothing else to find
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

  test.each<readonly [rule: string, Changes, Evidence]>([
    ['address_strict', {}, { email: DANA }],
    ['address_strict', { identity: { email: 'Dana <d@acme.example>' } }, { email: 'Dana <d@acme.example>' }],
    ['address_strict', { identity: { email: undefined } }, { email: null }],
    [
      'address_vouched',
      {},
      {
        domain: 'acme.example',
        domain_proved_here: true,
        domain_proved_elsewhere: false,
        idp_email_verified: true,
      },
    ],
    ['bound_identity', {}, { known: false }],
    ['bound_identity', { candidates: { bound: bound('idp-dana') } }, { user_id: 'auth0|dana' }],
    ['one_candidate', {}, { user_id: 'auth0|dana' }],
    ['one_candidate', { candidates: { byEmail: [candidateOf(), SEVERAL] } }, { candidates: 2 }],
    [
      'one_candidate',
      { candidates: { byEmail: [bound('idp-other', issuer)] } },
      { user_id: 'auth0|dana', bound_to_another_subject: true },
    ],
    ['one_candidate', { ticket: invitationOf(), candidates: NOBODY }, { user_id: null, invited: true }],
    [
      'one_candidate',
      { ticket: invitationOf(), candidates: { byEmail: [ELSEWHERE] } },
      { user_id: 'auth0|dana', invited: true },
    ],
    ['one_candidate', { ticket: invitationOf(), candidates: { byEmail: [ELSEWHERE, ELSEWHERE] } }, { candidates: 2 }],
    ['belongs_here', {}, { user_id: 'auth0|dana' }],
    ['belongs_here', { candidates: NOBODY }, { member_with_this_address: false }],
    ['linking_allowed', { enablement: { linkExistingMembers: 'never' } }, { link_existing_members: 'never' }],
    ['silent_or_proof', {}, { silent: true, domain_proved: true }],
    ['silent_or_proof', UNPROVED, { silent: true, domain_proved: false }],
    ['silent_or_proof', { candidates: { byEmail: [SEVERAL] } }, { because: 'member_of_several_organizations' }],
    [
      'silent_or_proof',
      { candidates: { byEmail: [SEVERAL] }, ownProof: ownProofOf() },
      { own_proof: 'code', because: 'member_of_several_organizations' },
    ],
    ['silent_or_proof', { ticket: invitationOf(), candidates: NOBODY }, { newcomer: true, domain_proved: true }],
    [
      'silent_or_proof',
      { ticket: invitationOf(), candidates: { byEmail: [ELSEWHERE] }, ownProof: ownProofOf({ by: 'password' }) },
      { own_proof: 'password' },
    ],
    ['pre_provisioned', { candidates: { expected: EXPECTED } }, { user_id: 'auth0|dana', by: 'subject' }],
    [
      'pre_provisioned',
      { ...UNVOUCHED, candidates: { expected: { ...EXPECTED, by: 'email' } } },
      { by: 'email', vouched: false },
    ],
    [
      'pre_provisioned',
      { candidates: { expected: { ...EXPECTED, candidate: bound('idp-other', issuer) } } },
      { bound_to_another_subject: true },
    ],
    [
      'issuer_changed',
      { candidates: { ...NOBODY, formerIssuer: 'https://old.example' } },
      { issuer, bound_by: 'https://old.example' },
    ],
    ['issuer_changed', { candidates: { byEmail: [bound('old-42', undefined)] } }, { issuer, bound_by: null }],
    [
      'issuer_changed',
      { candidates: { ...NOBODY, formerAccount: 'oidc|acme-oidc|idp-dana' } },
      { issuer, former_account: 'oidc|acme-oidc|idp-dana' },
    ],
  ])('%s', (rule, changes, evidence) => expect(evidenceOf(changes, rule)).toEqual(evidence));
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
  const cut: Proof = { kind: 'identity', identity: identityOf({ claimsCut: true }), ownProof: ownProofOf() };
  const session = passwordProofOf({ by: 'session', credential: undefined });

  const evidenceOf = (changes: Partial<Resolved>, rule: string) => {
    const trace = newTrace();
    admit(resolvedOf(changes), AT, trace);
    return trace.lines.findLast((line) => line.rule === rule)?.evidence;
  };

  test.each<readonly [rule: string, Partial<Resolved>, Evidence]>([
    ['user_blocked', { account: member({ account: { blocked: true } }) }, { user_id: 'auth0|dana' }],
    ['sso_required', required, { connection: 'acme-oidc', break_glass: false }],
    [
      'sso_required',
      { ...required, account: member({ membership: { breakGlass: true } }) },
      { connection: 'acme-oidc', break_glass: true },
    ],
    ['member', {}, { user_id: 'auth0|dana', invitation: null }],
    ['member', { invitation: invitationOf() }, { user_id: 'auth0|dana', invitation: 'uinv_1' }],
    ['member', { account: outsider }, { member: false }],
    ['invited', { account: outsider }, { invitation: null }],
    ['invited', { account: outsider, invitation: invitationOf() }, { invitation: 'uinv_1', roles: ['rol_editor'] }],
    [
      'invited',
      {
        account: outsider,
        invitation: invitationOf({ connectionId: undefined, inviteeEmail: 'sam@acme.example' as typeof DANA }),
      },
      { invitation: 'uinv_1', address_fits: false, connection_fits: true },
    ],
    ['invited', { account: outsider, invitations: [invitationOf()], proof: session }, { fresh_proof: false }],
    ['auto', { account: outsider }, { auto_membership: false }],
    [
      'auto',
      { account: outsider, enablement: auto(), domainProvedElsewhere: true },
      { auto_membership: true, domain_proved_elsewhere: true },
    ],
    ['auto', { account: outsider, enablement: auto() }, { applies: true }],
    ['auto', { account: outsider, enablement: auto('true'), proof: cut }, { auto_membership: true, claims_cut: true }],
    [
      'auto',
      { account: outsider, enablement: auto('false') },
      { auto_membership: true, condition: 'false', holds: false },
    ],
    [
      'auto',
      { account: outsider, enablement: auto('email') },
      { auto_membership: true, condition: 'email', holds: false, not_usable: 'it gives string, not bool' },
    ],
    ['auto', { account: outsider, enablement: auto(), proof: session }, { fresh_proof: false }],
    ['not_a_member', { account: outsider }, { email: DANA }],
    ['not_a_member', { account: newcomer, provedEmail: undefined }, { email: null }],
    ['no_organization', { organization: undefined, enablement: databaseOf() }, {}],
    [
      'no_organization',
      { organization: undefined, account: outsider },
      { connection: 'acme-oidc', serves_organizations: false, brought_account: false },
    ],
  ])('%s', (rule, changes, evidence) => expect(evidenceOf(changes, rule)).toEqual(evidence));

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
