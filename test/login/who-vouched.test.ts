/**
 * Part 9 of the linking rule: who vouched for an address is remembered, and an identity provider's word is good for the login that it comes
 * with and for nothing else. The attack: Evil's IdP asserts somebody's address; the account that it brought has it "verified" from then
 * on, and opens another organization's invitation without its link.
 */
import { describe, expect, test } from 'vitest';
import { parseEmail } from '../../src/domain/people/email.js';
import { hashSecret, systemEntropy } from '../../src/kernel/ids.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import { planCommit } from '../../src/login/plan.js';
import type { Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  ACME,
  AT,
  admittedOf,
  agreedOf,
  attemptOf,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  DANA,
  identityOf,
  invitationOf,
  ownProofOf,
  ssoOf,
} from '../support/login-facts.js';
import { TICKET_BOX } from '../support/ticket-box.js';

const UNPROVED = { provedDomains: [] };
const BOUND = candidateOf({ boundSubject: 'idp-dana' });

function resolveTo(changes: Changes): Resolved {
  const answer = resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, newTrace());
  if ('kind' in answer) throw new Error(answer.kind);
  return answer;
}

describe('who vouched for the address of this login', () => {
  const newcomer = { candidates: { byEmail: [] } };
  test.each<readonly [string, Changes, string | undefined]>([
    ['the organization that proved the domain', newcomer, ACME.id],
    ['the IdP alone', { ...newcomer, enablement: UNPROVED }, 'idp'],
    ['nobody', { ...newcomer, enablement: UNPROVED, identity: { emailVerified: false } }, undefined],
    [
      'nobody, where another organization proved the domain',
      { enablement: UNPROVED, candidates: { byEmail: [], domainProvedElsewhere: true } },
      undefined,
    ],
    [
      'the IdP alone, beside a password',
      { ...newcomer, enablement: UNPROVED, ownProof: ownProofOf({ by: 'password' }) },
      'idp',
    ],
    [
      'the organization, beside the password of another account under the address',
      { ...newcomer, ticket: invitationOf(), ownProof: ownProofOf({ by: 'password', userId: 'auth0|other' }) },
      ACME.id,
    ],
    [
      'nobody but whoever typed the password of an account under it: worth as much as the IdP’s word',
      {
        ...newcomer,
        enablement: UNPROVED,
        identity: { emailVerified: false },
        ownProof: ownProofOf({ by: 'password', userId: undefined }),
      },
      'idp',
    ],
    ['a mailed code', { ...newcomer, enablement: UNPROVED, ownProof: ownProofOf({ userId: undefined }) }, 'mail'],
  ])('case=%s', (_name, changes, voucher) => {
    const resolved = resolveTo(changes);
    expect(resolved.account).toMatchObject({ kind: 'new', vouchedBy: voucher });
  });

  test('case=what the person proved is not what the identity provider is worth', () => {
    const resolved = resolveTo({ ...newcomer, enablement: UNPROVED, ownProof: ownProofOf({ userId: undefined }) });
    expect(resolved).toMatchObject({ account: { vouchedBy: 'mail' }, assertedBy: 'idp' });
  });
});

describe('a stored address', () => {
  const asserted = candidateOf({ boundSubject: 'idp-dana', addressProved: false });
  const silentAboutAddress = { enablement: UNPROVED, identity: { emailVerified: false } };

  test('case=asserted once by an IdP, it proves nothing in a login in which nobody asserts it', () => {
    expect(resolveTo({ ...silentAboutAddress, candidates: { bound: asserted } }).provedEmail).toBeUndefined();
    expect(resolveTo({ ...silentAboutAddress, candidates: { bound: BOUND } }).provedEmail).toBe(DANA);
  });

  test('case=asserted once by an IdP, it is no verified address to bind silently by', () => {
    const changes = { candidates: { byEmail: [candidateOf({ addressProved: false })] } };
    const answer = resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, newTrace());
    expect(answer).toMatchObject({ kind: 'ask', rule: 'local_address_unverified' });
  });
});

test('case=the address that only one of domain and IdP vouches for is the one that this login may rely on', () => {
  const bound = candidateOf({ boundSubject: 'idp-dana', account: { email: parseEmail('old@acme.example') } });
  for (const changes of [{ enablement: UNPROVED }, { identity: { emailVerified: false } }])
    expect(resolveTo({ ...changes, candidates: { bound } })).toMatchObject({ provedEmail: DANA, vouchedEmail: DANA });
});

describe('what is written about it', () => {
  const deps = {
    clock: { now: () => AT, monotonicMs: () => 0 },
    entropy: systemEntropy,
    origin: 'https://login.example',
    ticketBox: TICKET_BOX,
    newCode: () => ({ code: 'code', codeHash: hashSecret('code') }),
  };
  const planOf = (changes: Partial<Resolved>) => {
    const admitted = admittedOf(changes);
    return planCommit(attemptOf(), admitted, deps, newTrace(), agreedOf(admitted)).plan;
  };

  test('case=an address out of another claim says nothing about the claim named email', () => {
    const proof = {
      kind: 'identity',
      identity: identityOf({ claims: { email: 'boss@acme.example' } }),
      ownProof: undefined,
    } as const;
    const vouchedEmail = parseEmail('dana@acme.example');
    expect(
      planOf({ proof, vouchedEmail, assertedBy: ACME.id as 'org_' }).refreshIdentity?.emailVouchedBy,
    ).toBeUndefined();
    const same = { ...proof, identity: identityOf() };
    expect(planOf({ proof: same, vouchedEmail, assertedBy: ACME.id as 'org_' }).refreshIdentity?.emailVouchedBy).toBe(
      ACME.id,
    );
  });
});

describe('the issuer of the connection was changed', () => {
  const answerOf = (changes: Changes) =>
    resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, newTrace());

  test('case=the same subject under another issuer is nobody we know, and no newcomer either', () => {
    expect(answerOf({ candidates: { byEmail: [], formerIssuer: 'https://old.example' } })).toMatchObject({
      kind: 'refused',
      code: 'resolve.issuer_changed',
    });
  });

  test('case=a member whom the former issuer named is not passed over for a newcomer', () => {
    const member = candidateOf({ boundSubject: 'old-42', boundIssuer: 'https://old.example' });
    expect(answerOf({ candidates: { byEmail: [member] } })).toMatchObject({ code: 'resolve.issuer_changed' });
  });

  test('case=changed back: the account that this very subject opened is kept for whoever is expected there', () => {
    const answer = answerOf({ candidates: { byEmail: [], formerAccount: 'oidc|acme-oidc|idp-dana' } });
    expect(answer).toMatchObject({ kind: 'refused', code: 'resolve.issuer_changed' });
    expect('detail' in answer ? answer.detail : '').toContain('oidc|acme-oidc|idp-dana');
  });

  test('case=whom the operator expects is let in', () => {
    const expected = { candidate: candidateOf(), identityId: 'idn_1', by: 'subject' } as const;
    const answer = answerOf({ candidates: { byEmail: [], formerIssuer: 'https://old.example', expected } });
    expect(answer).toMatchObject({ account: { kind: 'existing', bind: { rule: 'pre_provisioned' } } });
  });
});

describe('many tenants sign in over the connection', () => {
  const issuer = (digit: string) =>
    `https://login.microsoftonline.com/${'00000000-0000-4000-8000-00000000000x'.replace('x', digit)}/v2.0`;
  const [mine, theirs] = [issuer('1'), issuer('2')];
  const many = (options: object = {}) =>
    ssoOf({}, { strategy: 'waad', options: { useCommonEndpoint: true, ...options } });
  const answerOf = (changes: Changes, enablement = many()) =>
    resolveIdentity(authenticatedOf({ ...changes, enablement }), candidatesOf(changes.candidates), AT, newTrace());

  test('case=the proof of the domain vouches for no address of theirs: any of them can write any', () => {
    const unverified = { identity: { issuer: mine, emailVerified: false }, candidates: { byEmail: [] } };
    expect(answerOf(unverified)).toMatchObject({ account: { kind: 'new', vouchedBy: undefined }, reliedDomains: [] });
    expect(answerOf(unverified, ssoOf())).toMatchObject({ account: { vouchedBy: ACME.id } });
  });

  test('case=the same subject of another tenant is another person, and nobody has changed an issuer', () => {
    const changes = { identity: { issuer: mine }, candidates: { byEmail: [], formerIssuer: theirs } };
    expect(answerOf(changes)).toMatchObject({ account: { kind: 'new' } });
  });

  test('case=an issuer that is let in no more is a former one', () => {
    const changes = { identity: { issuer: mine }, candidates: { byEmail: [], formerIssuer: 'https://old.example' } };
    expect(answerOf(changes)).toMatchObject({ code: 'resolve.issuer_changed' });
    const listed = many({ allowed_tenants: [mine.split('/')[3]] });
    const left = { ...changes, candidates: { byEmail: [], formerIssuer: theirs } };
    expect(answerOf(left, listed)).toMatchObject({ code: 'resolve.issuer_changed' });
  });
});
