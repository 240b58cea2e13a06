/**
 * Connections that a customer's administrator made (ADR 0102): the rules of steps 3 and 4 as pure functions. Every case is red
 * without the rule that it names.
 */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { admit } from '../../src/login/4-admit.js';
import { passedAtCompany } from '../../src/login/company-factor.js';
import { findHomeRealm } from '../../src/login/home-realm.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import { isStop } from '../../src/login/refusals.js';
import { newTrace } from '../../src/login/trace.js';
import {
  ACME,
  AT,
  authenticatedOf,
  type CandidateChanges,
  candidateOf,
  candidatesOf,
  databaseOf,
  invitationOf,
  ownProofOf,
  ssoOf,
} from '../support/login-facts.js';

const MANAGED = { managedByOrganization: ACME.id };
/** A customer's connection; `proved`: the domains that the customer proved by DNS. */
const managed = (proved: readonly string[] = [], more: Parameters<typeof ssoOf>[0] = {}) =>
  ssoOf({ provedDomains: proved, ...more }, MANAGED);

type Changes = Parameters<typeof authenticatedOf>[0];

function decide(changes: Changes) {
  const trace = newTrace();
  const resolved = resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, trace);
  if (isStop(resolved)) return { resolved, answer: resolved, trace };
  return { resolved, answer: admit(resolved, AT, trace), trace };
}

function wordsFor({ answer }: ReturnType<typeof decide>): string {
  if ('kind' in answer && answer.kind === 'ask') return `ask ${answer.email}: ${answer.rule}`;
  if ('kind' in answer && answer.kind === 'refused') return `refuse ${answer.code}`;
  if (!('admission' in answer)) return 'other';
  const { account, admission } = answer;
  const who =
    account.kind === 'new'
      ? `new ${account.vouchedBy ?? 'unverified'}`
      : `${account.candidate.account.userId} ${account.bind?.rule ?? 'bound'}`;
  return `${admission.rule}: ${who}`;
}

const said = (changes: Changes) => wordsFor(decide(changes));

describe('the word of the provider', () => {
  test('links nobody outside a domain that the customer proved', () => {
    expect(said({}), 'for comparison: a connection of the operators').toBe('member: auth0|dana silent');
    const word = ssoOf({ provedDomains: [] });
    expect(said({ enablement: word }), 'and by the word of its provider').toBe('member: auth0|dana silent');
    expect(said({ enablement: managed() })).toBe('refuse admit.not_a_member');
    expect(said({ enablement: managed(['acme.example']) })).toBe('member: auth0|dana silent');
    const { resolved } = decide({ enablement: managed() });
    expect(resolved).toMatchObject({ account: { kind: 'new', vouchedBy: undefined }, provedEmail: undefined });
  });

  test('finds no invitation without its link', () => {
    const candidates = { byEmail: [], invitations: [invitationOf()] };
    expect(said({ enablement: ssoOf({ provedDomains: [] }), candidates })).toContain('ask');
    expect(said({ enablement: managed(), candidates })).toBe('refuse admit.not_a_member');
    expect(said({ enablement: managed(['acme.example']), candidates })).toContain('invited');
  });

  test('fulfils no address that an operator expects', () => {
    const expected = { candidate: candidateOf(), identityId: 'i1', by: 'email' as const };
    expect(said({ enablement: managed(), candidates: { expected, byEmail: [] } })).toBe('refuse admit.not_a_member');
  });

  test('changes no address of an account that it opened', () => {
    const bound = candidateOf({ boundSubject: 'idp-dana', mainConnectionId: 'con_sso' });
    const { resolved } = decide({ enablement: managed(), candidates: { bound } });
    expect(resolved).toMatchObject({ vouchedEmail: undefined, assertedBy: undefined });
  });

  test('a typed password does not lend it a voucher', () => {
    const ticket = invitationOf();
    const more = {
      ticket,
      identity: { emailVerified: false },
      ownProof: ownProofOf({ by: 'password', userId: undefined }),
    };
    const voucherOf = (enablement: ReturnType<typeof ssoOf>) => {
      const { resolved } = decide({ enablement, ...more, candidates: { byEmail: [], invitations: [ticket] } });
      return 'account' in resolved && resolved.account.kind === 'new'
        ? (resolved.account.vouchedBy ?? 'nobody')
        : 'none';
    };
    expect(voucherOf(ssoOf({ provedDomains: [] }))).toBe('idp');
    expect(voucherOf(managed())).toBe('nobody');
  });
});

describe('auto-membership', () => {
  const candidates = { byEmail: [] };
  const on = { assignMembershipOnLogin: true };

  test('admits people of a domain that the customer proved, and nobody else', () => {
    expect(said({ enablement: ssoOf({ ...on, provedDomains: [] }), candidates })).toBe('auto: new idp');
    expect(said({ enablement: managed([], on), candidates })).toBe('refuse admit.not_a_member');
    expect(said({ enablement: managed(['acme.example'], on), candidates })).toBe(`auto: new ${ACME.id}`);
    const stranger = { email: 'sam@elsewhere.example' };
    expect(said({ enablement: managed(['acme.example'], on), identity: stranger, candidates })).toBe(
      'refuse admit.not_a_member',
    );
  });

  test('relies on the domain also for an account that is bound already', () => {
    const bound = candidateOf({ boundSubject: 'idp-dana', membership: 'none' });
    const { answer } = decide({ enablement: managed(['acme.example'], on), candidates: { bound } });
    expect(answer).toMatchObject({ admission: { rule: 'auto', roles: [] }, reliedDomains: ['acme.example'] });
  });
});

describe('the claims', () => {
  test('of a second factor count only in a domain that the customer proved', () => {
    const claims = { amr: ['mfa'] };
    const passed = (enablement: ReturnType<typeof ssoOf>) => {
      const bound = candidateOf({ boundSubject: 'idp-dana' });
      const { resolved } = decide({ enablement, identity: { claims }, candidates: { bound } });
      return 'account' in resolved && passedAtCompany(resolved);
    };
    expect(passed(ssoOf({ provedDomains: [] }))).toBe(true);
    expect(passed(managed())).toBe(false);
    expect(passed(managed(['acme.example']))).toBe(true);
  });
});

describe('the way to the provider', () => {
  const found = (item: ReturnType<typeof ssoOf>) =>
    findHomeRealm({ connections: [item, databaseOf()], organization: ACME, invitation: undefined }, 'dana@acme.example')
      ?.connection.id;

  test('ends with the proof of the domain, unless an operator requires it', () => {
    expect(found(ssoOf({ provedDomains: [] }))).toBe('con_sso');
    expect(found(managed())).toBeUndefined();
    expect(found(managed(['acme.example']))).toBe('con_sso');
    expect(found(managed([], { ssoRollout: 'required' }))).toBe('con_sso');
  });
});

describe('after the provider changed', () => {
  const lapsed = (changes: CandidateChanges = {}) =>
    candidateOf({ boundSubject: 'idp-dana', provesAgain: 'i1', ...changes });
  const again = (changes: CandidateChanges = {}, more: Partial<Changes> = {}) =>
    decide({ enablement: managed(['acme.example']), candidates: { bound: lapsed(changes) }, ...more });

  test('a member of a proved domain is bound again by the address', () => {
    const { resolved } = again();
    expect(resolved).toMatchObject({
      account: { bind: { rule: 'silent', replacesExpected: 'i1' } },
      reliedDomains: ['acme.example'],
      reliedOnNoOthers: true,
    });
  });

  test.each<[string, CandidateChanges, Partial<Changes>, string]>([
    ['another address is asserted', {}, { identity: { email: 'mo@acme.example' } }, 'provider_changed'],
    ['no address is asserted', {}, { identity: { email: undefined } }, 'provider_changed'],
    ['the domain is not proved', {}, { enablement: managed() }, 'provider_changed'],
    ['they belong to another organization too', { otherOrganizations: 1 }, {}, 'member_of_several_organizations'],
    ['nobody ever vouched for the address', { addressProved: false }, {}, 'local_address_unverified'],
  ])('asks for a proof of the account: %s', (_case, changes, more, rule) => {
    expect(wordsFor(again(changes, more))).toBe(`ask dana@acme.example: ${rule}`);
    const ownProof = ownProofOf({ email: 'dana@acme.example' as Email, userId: 'auth0|dana' });
    const { resolved } = again(changes, { ...more, ownProof });
    expect(resolved).toMatchObject({ account: { bind: { rule: 'own_proof', replacesExpected: 'i1' } } });
    const another = ownProofOf({ email: 'mo@acme.example' as Email, userId: 'auth0|dana' });
    expect(wordsFor(again(changes, { ...more, ownProof: another })), 'a proof of another mailbox').toContain('ask');
  });

  test('refuses where there is nothing to prove, and tells nothing of an account that left', () => {
    expect(wordsFor(again({ account: { email: undefined } }))).toBe('refuse resolve.issuer_changed');
    const left = { membership: 'none' as const };
    expect(wordsFor(again(left, { identity: { email: 'mo@acme.example' } }))).toBe('refuse resolve.issuer_changed');
    expect(wordsFor(again(left))).toBe('ask dana@acme.example: provider_changed');
  });

  test('a subject that was expected before is no proof either', () => {
    const expected = {
      ...{ candidate: candidateOf({ otherOrganizations: 1 }), identityId: 'i2' },
      ...{ by: 'subject' as const, provesAgain: true as const },
    };
    const enablement = managed(['acme.example']);
    expect(said({ enablement, candidates: { expected } })).toBe(
      'ask dana@acme.example: member_of_several_organizations',
    );
  });
});
