/** Which mails about a new factor have the link that removes it: those about the first one, but not an operator's. */
import { describe, expect, test } from 'vitest';
import { openStop } from '../../src/domain/ticket.js';
import { factorMail } from '../../src/http/oauth/factors/notices.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import type { KeptFactor } from '../../src/login/factor-stages.js';
import { planFactorMail } from '../../src/login/plan-factor.js';
import { AT, admittedOf, attemptOf, candidateOf, DANA } from '../support/login-facts.js';
import { TICKET_BOX } from '../support/ticket-box.js';

const deps = { entropy: systemEntropy, origin: 'https://login.example', ticketBox: TICKET_BOX };
const KNOWN = candidateOf({ boundSubject: 'idp-dana' });
const { userId } = KNOWN.account;

const base = { userId, revision: 1, at: AT.getTime() };
const passed: KeptFactor = { ...base, kind: 'otp', id: 'otp|dev_1' };
const enrolled: KeptFactor = { ...base, kind: 'otp', id: 'otp|dev_2', enrolled: {} };
const later: KeptFactor = { ...enrolled, earlier: { kind: 'passkey', id: 'passkey|dev_3' } };
const offered = { enrolled: { id: 'passkey|dev_4', credential: {} } } as never;

/** The link in the first of these mails, opened as the server does it; undefined where the mail has none. */
function stopIn([mail]: readonly { readonly model: object }[]) {
  const { url } = { ...mail?.model } as { readonly url?: string };
  if (url === undefined) return undefined;
  const { origin, pathname, searchParams } = new URL(url);
  expect(origin + pathname).toBe(`${deps.origin}/u/stop-factor`);
  return openStop(TICKET_BOX, searchParams.get('ticket') ?? '');
}

describe('in a login', () => {
  const stopOf = (
    factors: readonly KeptFactor[],
    more: { offered?: never; revision?: number; operators?: true; byPasskey?: true } = {},
  ) => {
    const candidate = { ...KNOWN, factorsRevision: more.revision ?? 0 };
    const admitted = admittedOf({ account: { kind: 'existing', candidate, bind: undefined } });
    const proof = more.byPasskey ? ({ kind: 'account', passkey: passed } as never) : admitted.proof;
    const { organization } = admitted;
    const place = more.operators && organization ? { ...organization, isOfOperators: true as const } : organization;
    return stopIn(
      planFactorMail(
        { factors, offered: more.offered },
        { ...admitted, proof, organization: place },
        attemptOf(),
        deps,
      ),
    );
  };

  test('the first factor: sealed with the account, its address and the time', () => {
    const sealed = { userId, email: DANA, at: AT };
    expect(stopOf([enrolled])).toMatchObject(sealed);
    expect(stopOf([enrolled], { revision: 4 }), 'after all were removed').toMatchObject(sealed);
    expect(stopOf([], { offered })).toMatchObject(sealed);
    expect(stopOf([], { offered, revision: 4 }), 'a passkey after all were removed').toMatchObject(sealed);
  });

  test.each([
    ['a second one, after the first was passed', [passed, enrolled], {}],
    ['one after a passkey', [later], {}],
    ['a passkey after the app was passed', [passed], { offered }],
    ['a passkey after one of another device', [], { offered, byPasskey: true }],
    ['one of an operator', [enrolled], { operators: true }],
  ] as const)('%s: none', (_name, factors, more) => {
    expect(stopOf(factors, more)).toBeUndefined();
  });
});

describe('at the token endpoint', () => {
  const { organization, tenant, client } = admittedOf({
    account: { kind: 'existing', candidate: KNOWN, bind: undefined },
  });
  const target = { organization, tenant, client } as never;
  const stopOf = (own: readonly unknown[]) =>
    stopIn(
      factorMail(
        deps,
        { to: DANA, userId },
        { target, own: own as never },
        { change: 'added', factor: 'otp' },
        { ip: '203.0.113.7', at: AT },
      ),
    );

  test('beside an address for codes, or nothing: a link; beside a factor: none', () => {
    const sealed = { userId, email: DANA, at: AT };
    expect(stopOf([])).toMatchObject(sealed);
    expect(stopOf([{ kind: 'email' }, { kind: 'recovery-code' }])).toMatchObject(sealed);
    expect(stopOf([{ kind: 'passkey' }])).toBeUndefined();
    expect(stopOf([{ kind: 'webauthn-platform' }])).toBeUndefined();
  });
});
