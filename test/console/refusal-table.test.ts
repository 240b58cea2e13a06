/** The console tells each refusal of the server, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findCheckHelp } from '../../src/console/lines/provider-checks.js';
import { REFUSAL_TABLE } from '../../src/console/lines/refusal-table.js';
import { REFUSALS } from '../../src/login/refusals.js';

test('each code has its row and nothing more', () => {
  expect(Object.keys(REFUSAL_TABLE).sort()).toEqual(Object.keys(REFUSALS).sort());
});

test('each row says what stood against it, in whole sentences', () => {
  for (const [code, { short, why, next }] of Object.entries(REFUSAL_TABLE)) {
    expect([code, short]).toEqual([code, expect.stringMatching(/^\S[^.]{3,40}$/)]);
    for (const sentence of [why, next ?? why]) expect([code, sentence]).toEqual([code, expect.stringMatching(/\.$/)]);
  }
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
