/** Which organizations a change leaves without a way in beside their identity provider. */
import { expect, test } from 'vitest';
import { type BreakGlass, lostBreakGlass } from '../../src/domain/break-glass.js';

const acme = (flagged: boolean, usable: boolean): BreakGlass => ({
  organizationId: 'org_acme',
  name: 'acme',
  flagged,
  usable,
});

test.each<readonly [string, BreakGlass, BreakGlass, boolean]>([
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
