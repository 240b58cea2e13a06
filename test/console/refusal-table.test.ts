/** The console tells each refusal of the server. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findCheckHelp } from '../../src/console/lines/provider-checks.js';
import { findReason, findRefusal } from '../../src/console/lines/refusal-table.js';
import { fillNames } from '../../src/console/lines/tell-line.js';
import { tellRule } from '../../src/console/lines/tell-trace.js';
import { REFUSALS } from '../../src/facts/refusals.js';

test('each code has words, with the names of its line', () => {
  for (const code of Object.keys(REFUSALS)) {
    const row = findRefusal(code);
    const names = { organization_name: 'Acme', connection: 'acme-oidc', client_name: 'Notes' };
    expect([code, fillNames(`${row?.when} ${row?.do}`, names)]).toEqual([
      code,
      expect.not.stringMatching(/[{}]|undef/),
    ]);
    const reason = code.slice(code.indexOf('.') + 1);
    const sameReason = Object.keys(REFUSALS).filter((one) => one.endsWith(`.${reason}`));
    expect(sameReason.map(findRefusal)).toContain(findReason(reason));
  }
  expect(findRefusal('constructor')).toBeUndefined();
});

test('a rule that refuses with a code of its name is told by the row', () => {
  const line = { stage: 'resolve', rule: 'seat_moved', answer: 'refuse', evidence: {} } as const;
  expect(tellRule(line)).toEqual({ says: 'Moved to a new identity.', verdict: 'no' });
});

/** The line of a sign-in whose answer from the company did not pass `check`. */
const lineOf = (check: string) =>
  ({
    log_id: 'log_1',
    date: '2026-11-28T04:07:35.000Z',
    type: 'f',
    details: {
      code: 'authenticate.idp_invalid',
      trace: [{ stage: 'authenticate', rule: 'protocol_proof', answer: 'refuse', evidence: { check } }],
    },
  }) as const;

test('a secret that the provider does not take is named; so is each check of SAML that the guide explains', () => {
  expect(findCheckHelp(lineOf('token.refused'))).toMatch(/secret/);
  const guide = readFileSync(new URL('../../docs/guides/connect-saml.md', import.meta.url), 'utf8');
  const checks = [...guide.matchAll(/^\| (`saml\.[^|]*)/gm)].flatMap(([, cell]) =>
    [...String(cell).matchAll(/`(saml\.\w+)`/g)].map(([, check]) => String(check)),
  );
  expect(checks.length).toBeGreaterThan(10);
  for (const check of checks)
    expect([check, findCheckHelp(lineOf(check))]).toEqual([check, expect.stringMatching(/\.$/)]);
  expect(findCheckHelp(lineOf('saml.status'))).toBeUndefined();
});
