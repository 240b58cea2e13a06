/** The console tells each refusal of the server, and no other. */
import { expect, test } from 'vitest';
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
