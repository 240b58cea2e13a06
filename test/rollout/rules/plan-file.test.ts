/** A plan is read only as it was written: any byte that differs is refused. */

import { expect, test } from 'vitest';
import {
  PlanError,
  type PlanHead,
  type PlanPerson,
  parsePlan,
  toPlanLines,
} from '../../../src/tenant-tools/rollout/plan-file.js';
import fc from '../../support/random.js';

const HEAD: PlanHead = {
  vestibule_rollout: 1,
  made_at: '2026-03-01T12:00:00.000Z',
  tenant: { origin: 'https://login.example', kind: 'vestibule' },
  organization: { id: 'org_1', name: 'acme', title: 'Acme' },
  connection: { id: 'con_1', name: 'acme-oidc', strategy: 'oidc' },
  directory: null,
  domains: ['acme.example'],
  settings: [],
  withheld: [],
  totals: { silent: 1 },
  prepare: 1,
  state: 'f00',
};
const PEOPLE: readonly PlanPerson[] = [
  {
    user_id: 'auth0|1',
    email: 'ann@acme.example',
    name: 'Änn',
    class: 'silent',
    prepare: { subject: 's1' },
    evidence: { used_before: true },
    state: 'abc',
  },
  { user_id: null, email: 'new@acme.example', class: 'unknown', evidence: {} },
];
const TEXT = [
  ...toPlanLines(
    HEAD,
    PEOPLE.map((person) => JSON.stringify(person)),
  ),
]
  .map((line) => `${line}\n`)
  .join('');

test('what was written is read back', () => {
  expect(parsePlan(TEXT)).toMatchObject({ head: HEAD, people: PEOPLE });
  // An editor may drop the last line break; the plan is whole all the same.
  expect(parsePlan(TEXT.slice(0, -1)).digest).toBe(parsePlan(TEXT).digest);
});

test('any changed byte is refused', () => {
  const bytes = Buffer.from(TEXT);
  for (let at = 0; at < bytes.length - 1; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => parsePlan(changed.toString('utf8')), `byte ${at}`).toThrow(PlanError);
  }
});

test('property: any piece that is cut out, doubled or put in is refused', () => {
  fc.assert(
    fc.property(
      fc.nat(TEXT.length - 2),
      fc.integer({ min: 1, max: 60 }),
      fc.string({ maxLength: 9 }),
      (at, length, put) => {
        const end = Math.min(at + length, TEXT.length - 1);
        const others = [
          TEXT.slice(0, at) + TEXT.slice(end),
          TEXT.slice(0, end) + TEXT.slice(at),
          TEXT.slice(0, at) + put + TEXT.slice(at),
        ];
        for (const text of others) {
          if (text !== TEXT && `${text}\n` !== TEXT) expect(() => parsePlan(text)).toThrow(PlanError);
        }
      },
    ),
  );
});

test.each([
  ['nothing', '', 'is no plan'],
  ['one line', '{"digest":"x"}', 'is no plan'],
  ['another file', '{"a":1}\n{"digest":"x"}\n', 'no plan of vestibule rollout'],
  ['another version', TEXT.replace('"vestibule_rollout":1', '"vestibule_rollout":9'), 'has version 9'],
  ['without its last line', TEXT.split('\n').slice(0, -2).join('\n'), 'cut off'],
])('case=%s says what it is', (_, text, says) => {
  expect(() => parsePlan(text)).toThrow(says);
});
