/** The link of a sign-up by a program: what was sealed is opened, and a link that would not open is not made. */
import { expect, test } from 'vitest';
import { openLink, type SealedSignUp, sealLink } from '../src/http/dbconnections/link.js';
import { systemEntropy } from '../src/kernel/ids.js';
import { createSecretBox } from '../src/kernel/seal.js';

const box = createSecretBox(Buffer.alloc(32, 7), 'test', systemEntropy);
const LINK: SealedSignUp = {
  email: 'nora@plain.example' as SealedSignUp['email'],
  subject: 's'.repeat(24),
  name: 'Nora',
  clientId: 'client',
  connection: { id: 'con_1', name: 'Users' },
  expiresAt: new Date(1_000),
};

test('what was sealed is opened', () => {
  expect(openLink(box, sealLink(box, LINK) ?? '')).toEqual(LINK);
  expect(openLink(box, 'AAAA')).toBeUndefined();
});

// A link that is mailed and never opens is worse than a refusal. Control characters take six characters in JSON.
test('each link either opens or is not made', () => {
  let made = 0;
  for (let length = 0; length < 700; length += 1) {
    const token = sealLink(box, { ...LINK, name: '\u0001'.repeat(length) });
    if (token === undefined) continue;
    made += 1;
    expect(openLink(box, token)?.name).toHaveLength(length);
  }
  expect(made).toBeGreaterThan(300);
  expect(made).toBeLessThan(700);
});
