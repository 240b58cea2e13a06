/** The effect of a second factor on the next sign-in: each row of docs/linking-rule.md, part 11, as a plan tells it. */
import { describe, expect, test } from 'vitest';
import { type SupportedFactor, toTenantFactors } from '../../src/domain/factors/factor.js';
import { effectOf, type FactorRule, factorRuleOf, type NextSignIn } from '../../src/domain/factors/factor-effect.js';

const ACCEPTS: readonly SupportedFactor[] = ['otp', 'recovery-code'];
const rule = (asks: FactorRule['asks'], accepts = ACCEPTS): FactorRule => ({ asks, accepts });
const PASSWORD: NextSignIn = { has: [], byCompany: false, binds: false, hasOtherWaysIn: true };
const COMPANY: NextSignIn = { has: [], byCompany: true, binds: false, hasOtherWaysIn: false };

test.each<[string, string, FactorRule, NextSignIn]>([
  ['not_asked', 'nobody asks', rule('nobody'), { ...COMPANY, has: ['otp'] }],
  [
    'asked',
    'nobody asks, but the sign-in binds an identity',
    rule('nobody'),
    { ...COMPANY, has: ['otp'], binds: true },
  ],
  [
    'not_asked',
    'a recovery code alone protects nothing',
    rule('nobody'),
    { ...COMPANY, has: ['recovery-code'], binds: true },
  ],
  ['sets_up', 'a password without a factor', rule('everybody'), PASSWORD],
  ['asked', 'a password with one', rule('everybody'), { ...PASSWORD, has: ['otp', 'recovery-code'] }],
  [
    'refused',
    'a password with one that does not count here',
    rule('everybody'),
    { ...PASSWORD, has: ['webauthn-roaming'] },
  ],
  [
    'asked',
    'a passkey counts as this device',
    rule('everybody', ['webauthn-platform', 'otp']),
    { ...PASSWORD, has: ['passkey'] },
  ],
  ['refused', 'a code by mail is asked for nowhere', rule('everybody', ['email']), { ...PASSWORD, has: ['email'] }],
  ['sets_up', 'a company alone', rule('everybody'), COMPANY],
  ['refused', 'a company, and a password beside it', rule('everybody'), { ...COMPANY, hasOtherWaysIn: true }],
  ['asked', 'the same with a factor', rule('everybody'), { ...COMPANY, has: ['otp'], hasOtherWaysIn: true }],
  ['company_checks', 'the company is believed', rule('unless_company'), { ...COMPANY, hasOtherWaysIn: true }],
  [
    'asked',
    'the company is not believed at a binding',
    rule('unless_company'),
    { ...COMPANY, has: ['passkey'], binds: true },
  ],
  ['sets_up', 'the company did not sign them in', rule('unless_company'), PASSWORD],
])('%s: %s', (effect, _why, asked, next) => {
  expect(effectOf(asked, next)).toBe(effect);
});

describe('whom the settings ask', () => {
  const nobody = toTenantFactors({});
  const everybody = toTenantFactors({ policies: ['all-applications'], factors: { otp: true } });
  test.each([
    [nobody, undefined, 'nobody'],
    [nobody, 'required', 'everybody'],
    [nobody, 'required_unless_idp', 'unless_company'],
    [everybody, undefined, 'everybody'],
    [everybody, 'required_unless_idp', 'everybody'],
  ] as const)('%#', (tenant, organization, asks) => {
    expect(factorRuleOf(tenant, organization, ACCEPTS)).toEqual({ asks, accepts: ACCEPTS });
  });
});
