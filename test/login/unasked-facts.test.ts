/** A fact that no rule looked up is told as such in the trace, never as a "no". */
import { describe, expect, test } from 'vitest';
import { formatExplanation } from '../../src/cli/explanation.js';
import { RULE_WORDS } from '../../src/console/lines/rule-words.js';
import { findUnasked, UNASKED } from '../../src/facts/unasked.js';
import { admit } from '../../src/login/4-admit.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import { newTrace } from '../../src/login/trace.js';
import { withUnaskedFacts } from '../../src/login/unasked-facts.js';
import {
  AT,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  identityOf,
  resolvedOf,
} from '../support/login-facts.js';

const UNVOUCHED = { enablement: { provedDomains: [] }, identity: { emailVerified: false } } as const;
const NOBODY = { byEmail: [] } as const;

function linesOf(changes: Changes) {
  const trace = newTrace();
  const authenticated = authenticatedOf(changes);
  if (authenticated.proof.kind !== 'identity') throw new Error('the facts are about an identity');
  const wrapped = withUnaskedFacts(trace, authenticated.proof.identity);
  const answer = resolveIdentity(authenticated, candidatesOf(changes.candidates), AT, wrapped);
  const bare = newTrace();
  expect(resolveIdentity(authenticated, candidatesOf(changes.candidates), AT, bare)).toEqual(answer);
  expect(trace.lines.map(({ rule, answer: said }) => [rule, said])).toEqual(
    bare.lines.map(({ rule, answer: said }) => [rule, said]),
  );
  expect([trace.subject, wrapped.subject]).toEqual([bare.subject, bare.subject]);
  return trace.lines;
}

const evidenceOf = (changes: Changes, rule: string) =>
  linesOf(changes).findLast((line) => line.rule === rule)?.evidence;

describe('whether a member has the address', () => {
  test.each<readonly [name: string, Changes, object]>([
    ['looked up, nobody', { candidates: NOBODY }, { member_with_this_address: false }],
    [
      'nobody vouches, and nobody has it',
      { ...UNVOUCHED, candidates: NOBODY },
      { member_with_this_address: 'not_looked_up', because: 'address_not_vouched' },
    ],
    [
      'nobody vouches, and a member has it',
      UNVOUCHED,
      { member_with_this_address: 'not_looked_up', because: 'address_not_vouched' },
    ],
    [
      'the domain is another organization’s',
      { enablement: { provedDomains: [] }, candidates: { ...NOBODY, domainProvedElsewhere: true } },
      { member_with_this_address: 'not_looked_up', because: 'domain_proved_elsewhere' },
    ],
    [
      'the company sent none',
      { identity: { email: undefined }, candidates: NOBODY },
      { member_with_this_address: 'not_looked_up', because: 'no_address' },
    ],
    ['linking is switched off', { enablement: { linkExistingMembers: 'never' } }, { member_with_this_address: true }],
    [
      'the member is another subject’s',
      {
        candidates: { byEmail: [candidateOf({ boundSubject: 'idp-other', boundIssuer: 'https://idp.acme.example' })] },
      },
      { member_with_this_address: true },
    ],
  ])('%s', (_name, changes, expected) => expect(evidenceOf(changes, 'belongs_here')).toEqual(expected));

  test('a member who is linked is named as before', () => {
    expect(evidenceOf({}, 'belongs_here')).toEqual({ user_id: 'auth0|dana' });
  });
});

describe('what the identity provider says of the address', () => {
  test.each<readonly [name: string, identity: NonNullable<Changes['identity']>, said: unknown]>([
    ['true', { emailVerified: true, claims: { email_verified: true } }, true],
    ['false', { emailVerified: false, claims: { email_verified: false } }, false],
    ['a text', { emailVerified: false, claims: { email_verified: 'true' } }, false],
    ['Entra’s own claim', { emailVerified: false, claims: { xms_edov: false } }, false],
    ['nothing', { emailVerified: false, claims: {} }, 'not_said'],
  ])('%s', (_name, identity, said) =>
    expect(evidenceOf({ enablement: { provedDomains: [] }, identity }, 'address_vouched')).toMatchObject({
      idp_email_verified: said,
    }),
  );
});

test('invitations are not looked up by an address that nobody vouches for', () => {
  const said = (provedEmail: ReturnType<typeof resolvedOf>['provedEmail']) => {
    const trace = newTrace();
    const account = { kind: 'existing', candidate: candidateOf({ membership: 'none' }), bind: undefined } as const;
    admit(resolvedOf({ account, provedEmail, invitations: [] }), AT, trace);
    return trace.lines.find(({ rule }) => rule === 'invited')?.evidence;
  };
  expect(said(undefined)).toEqual({ invitation: 'not_looked_up' });
  expect(said(identityOf().email as ReturnType<typeof resolvedOf>['provedEmail'])).toEqual({ invitation: null });
});

describe.each(Object.keys(UNASKED))('the words for %s', (because) => {
  const evidence = { member_with_this_address: 'not_looked_up', because };

  test('the console says why, and what to do', () => {
    const words = RULE_WORDS['resolve.belongs_here'];
    const said = typeof words === 'function' ? words(evidence) : words;
    expect(said).toEqual({ verdict: 'nothing', says: expect.stringContaining(String(findUnasked(evidence)?.do)) });
  });

  test('the command says it for a refusal, and not for somebody who is let in', () => {
    const line = { stage: 'resolve', rule: 'belongs_here', answer: 'pass', evidence } as const;
    const print = (outcome: 'refused' | 'admitted') =>
      formatExplanation(
        {
          outcome,
          rule: 'not_a_member',
          userId: undefined,
          factorRequired: undefined,
          remedy: undefined,
          trace: [line],
        },
        'dana@acme.example',
        { id: 'org_1', title: 'Acme' },
        { width: 1_000, colourful: false },
      ).join('\n');
    expect(print('refused')).toContain(`Members were not looked up, because ${findUnasked(evidence)?.because}.`);
    expect(print('admitted')).not.toContain('Members were not looked up');
  });
});
