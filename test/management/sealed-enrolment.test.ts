/**
 * Attack: Mallory begins to set up a factor of hers, and brings the sealed text into the session of somebody else, who
 * finishes it. The text opens for its own person, session and ticket alone.
 */
import { describe, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { isInTime, readEnrolment, sealEnrolment } from '../../src/management/my-account/sealed-enrolment.js';

const AT = new Date('2026-03-01T10:00:00Z');
const box = createSecretBox(Buffer.alloc(32, 1), 'test', systemEntropy);
const ticket = { ticketHash: Buffer.alloc(32, 2) };
const DANA = { userId: 'auth0|dana', sessionId: 'ses_dana' };
const BY_TICKET = { userId: 'auth0|dana', sessionId: undefined, ticket };
const FIELDS = { k: 'otp', i: 'totp|dev_1', x: 'JBSWY3DPEHPK3PXP' };

const seal = (holder: Parameters<typeof sealEnrolment>[1]) => sealEnrolment(box, holder, 7, FIELDS, AT);

test.each([
  ['a session', DANA],
  ['a ticket, without a session', BY_TICKET],
  ['a ticket, beside a session', { ...DANA, ticket }],
])('opens with its fields and the version of the factors where it was begun: by %s', (_name, holder) => {
  expect(readEnrolment(box, holder, seal(holder))).toMatchObject({ ...FIELDS, r: '7' });
});

describe('does not open', () => {
  test.each([
    ['for another person with the same session id', DANA, { ...DANA, userId: 'auth0|mallory' }],
    ['for another person with the same ticket', BY_TICKET, { ...BY_TICKET, userId: 'auth0|mallory' }],
    ['in another session of the person', DANA, { ...DANA, sessionId: 'ses_other' }],
    ['without a session', DANA, { ...DANA, sessionId: undefined }],
    ['in a session, where it was begun without one', { ...DANA, sessionId: undefined }, DANA],
    ['by a ticket, where it was begun in the session', DANA, { ...DANA, ticket }],
    ['in the session alone, where it was begun by a ticket', { ...DANA, ticket }, DANA],
    ['by another ticket', BY_TICKET, { ...BY_TICKET, ticket: { ticketHash: Buffer.alloc(32, 3) } }],
  ])('%s', (_name, begun, other) => {
    expect(readEnrolment(box, other, seal(begun))).toBeUndefined();
  });

  test('when it was sealed with another key, or for another purpose', () => {
    const other = createSecretBox(Buffer.alloc(32, 9), 'test', systemEntropy);
    expect(readEnrolment(other, DANA, seal(DANA))).toBeUndefined();
    expect(readEnrolment(box, DANA, box.seal('{}', 'another').toString('base64url'))).toBeUndefined();
  });
});

test('is valid for ten minutes', () => {
  const fields = readEnrolment(box, DANA, seal(DANA)) ?? {};
  const after = (ms: number) => new Date(AT.getTime() + ms);
  expect([isInTime(fields, after(10 * 60_000 - 1)), isInTime(fields, after(10 * 60_000))]).toEqual([true, false]);
  expect(isInTime({}, AT)).toBe(false);
});
