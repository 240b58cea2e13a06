/** Tickets out of mails: what each is sealed for, and that the seal of an invitation shows that its mail was read. */
import { describe, expect, test } from 'vitest';
import { readInvitationTicket, ticketContext, toSealedTicket } from '../../src/domain/ticket.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox, openToken, sealToken } from '../../src/kernel/seal.js';

const box = createSecretBox(Buffer.alloc(32, 1), 'mail', systemEntropy);

test('a ticket for one purpose does not open for the other', () => {
  const token = sealToken(box, { u: 'auth0|dana' }, ticketContext('password'));
  expect(openToken(box, token, ticketContext('password'))).toEqual({ u: 'auth0|dana' });
  expect(openToken(box, token, ticketContext('verify_email'))).toBeUndefined();
});

describe('an invitation', () => {
  // In the tests and not before them: what cannot be sealed is a test that fails.
  const mailed = () => toSealedTicket(box, 'mail', 'TICKET1');

  test('out of the mail: its ticket, and that it was mailed', () => {
    expect(mailed()).toMatch(/^TICKET1\.[A-Za-z0-9_-]+$/);
    expect(readInvitationTicket(box, mailed())).toEqual({ ticket: 'TICKET1', carrier: 'mail' });
  });

  test.each(['application', 'operator'] as const)(
    'out of the link of an %s: its ticket, and who carries it',
    (carrier) => {
      const link = toSealedTicket(box, carrier, 'TICKET1');
      expect(readInvitationTicket(box, link)).toEqual({ ticket: 'TICKET1', carrier });
    },
  );

  test('out of an answer of the Management API: the ticket alone, which says nothing about a mailbox', () => {
    expect(readInvitationTicket(box, 'TICKET1')).toEqual({ ticket: 'TICKET1', carrier: undefined });
  });

  // Attack: somebody who was shown the ticket makes up the seal, or takes that of another invitation.
  test.each([
    ['made up', () => 'TICKET1.AAAA'],
    ['of another ticket', () => mailed().replace('TICKET1', 'TICKET2')],
    ['with something before it', () => `x/${mailed()}`],
    ['with something after it', () => `${mailed()}/x`],
    ['cut off', () => 'TICKET1.'],
    ['without a ticket', () => mailed().replace('TICKET1', '')],
  ])('whose seal is %s: an unknown ticket', (_name, write) => {
    const text = write();
    expect(readInvitationTicket(box, text)).toEqual({ ticket: text, carrier: undefined });
  });
});
