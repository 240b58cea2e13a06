/**
 * Part 8 of the linking rule: what a company's connection may do without an organization. The attack: somebody's account was linked to a
 * company's identity provider (silently, as it may be); the company then signs in without naming an organization, and holds the tokens
 * of the whole account, after the person left, too.
 */
import { describe, expect, test } from 'vitest';
import { admit } from '../../src/login/4-admit.js';
import type { Proof, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import { AT, candidateOf, databaseOf, passwordProofOf, resolvedOf, ssoOf } from '../support/login-facts.js';

const linked = candidateOf({ boundSubject: 'idp-dana', mainConnectionId: 'con_db' });
const brought = candidateOf({ boundSubject: 'idp-dana', mainConnectionId: 'con_sso' });
const served = ssoOf({ servesOrganizations: true });
const unserved = ssoOf({ servesOrganizations: false });

function admitAlone(changes: Partial<Resolved>): string {
  const answer = admit(resolvedOf({ organization: undefined, ...changes }), AT, newTrace());
  return 'kind' in answer ? answer.code : answer.admission.rule;
}

const existing = (candidate: typeof linked) => ({ kind: 'existing', candidate, bind: undefined }) as const;
const newcomer = {
  kind: 'new',
  email: undefined,
  vouchedBy: undefined,
  idPrefix: { text: 'oidc|acme-oidc', known: true },
} as const;

describe('without an organization', () => {
  test.each<readonly [string, Partial<Resolved>, string]>([
    [
      'a linked account, where organizations use the connection',
      { account: existing(linked), enablement: served },
      'admit.organization_needed',
    ],
    [
      'an account of its own, where organizations use the connection',
      { account: existing(brought), enablement: served },
      'admit.organization_needed',
    ],
    [
      'a newcomer, where organizations use the connection',
      { account: newcomer, enablement: served },
      'admit.organization_needed',
    ],
    [
      'a linked account, where none does',
      { account: existing(linked), enablement: unserved },
      'admit.not_own_connection',
    ],
    [
      'what waited at the picker, where organizations use the connection',
      {
        account: existing(brought),
        enablement: served,
        proof: passwordProofOf({ by: 'known', credential: undefined }),
      },
      'admit.organization_needed',
    ],
    ['an account of its own, where none does', { account: existing(brought), enablement: unserved }, 'no_organization'],
    ['a newcomer, where none does', { account: newcomer, enablement: unserved }, 'no_organization'],
    [
      'a password',
      { account: existing(linked), enablement: databaseOf(), proof: passwordProofOf() },
      'no_organization',
    ],
  ])('case=%s', (_name, changes, answer) => {
    expect(admitAlone(changes)).toBe(answer);
  });

  test.each([
    ['served', served],
    ['not served', unserved],
  ])(
    'case=a session of such a connection is of no use, and the person may sign in otherwise (%s)',
    (_name, enablement) => {
      const proof: Proof = { ...passwordProofOf(), by: 'session', credential: undefined } as Proof;
      expect(admitAlone({ account: existing(linked), enablement, proof })).toBe('authenticate.session_not_usable');
    },
  );
});
