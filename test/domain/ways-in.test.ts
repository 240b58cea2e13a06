/** Which organizations a change leaves without a way in beside their identity provider. */
import { expect, test } from 'vitest';
import { lostBreakGlass, lostOwner, type WaysIn } from '../../src/domain/people/ways-in.js';

const acme = (flagged: boolean, usable: boolean): WaysIn => ({
  organizationId: 'org_acme',
  name: 'acme',
  flagged,
  usable,
  owned: false,
  ownerCanSignIn: false,
});

test.each<readonly [string, WaysIn, WaysIn, boolean]>([
  ['nothing changed', acme(true, true), acme(true, true), false],
  ['the flag is gone', acme(true, true), acme(false, false), true],
  ['the flag of one who could not use it is gone', acme(true, false), acme(false, false), true],
  ['the flag stays and nobody can use it any more', acme(true, true), acme(true, false), true],
  ['there was no flag before', acme(false, false), acme(false, false), false],
  ['there is a flag now', acme(false, false), acme(true, false), false],
  ['somebody can use it now', acme(true, false), acme(true, true), false],
])('%s: lost %s', (_name, before, after, lost) => {
  expect(lostBreakGlass([before], [after])).toEqual(lost ? [after] : []);
});

test('an organization that required nothing before the change has lost nothing', () => {
  expect(lostBreakGlass([], [acme(false, false)])).toEqual([]);
});

test('organizations are told apart by their id', () => {
  const beta = { ...acme(true, true), organizationId: 'org_beta', name: 'beta' };
  const gone = { ...beta, flagged: false, usable: false };
  expect(lostBreakGlass([acme(true, true), beta], [acme(true, true), gone])).toEqual([gone]);
});

const operators = (owned: boolean, ownerCanSignIn: boolean): WaysIn => ({
  ...acme(false, false),
  owned,
  ownerCanSignIn,
});

test.each<readonly [string, WaysIn, WaysIn, boolean]>([
  ['nothing changed', operators(true, true), operators(true, true), false],
  ['the owner is gone', operators(true, true), operators(false, false), true],
  ['an owner who could not sign in is gone', operators(true, false), operators(false, false), true],
  ['the owner stays and cannot sign in any more', operators(true, true), operators(true, false), true],
  ['there was no owner before', operators(false, false), operators(false, false), false],
])('%s: lost the owner %s', (_name, before, after, lost) => {
  expect(lostOwner([before], [after])).toBe(lost);
  expect(lostBreakGlass([before], [after])).toEqual([]);
});
