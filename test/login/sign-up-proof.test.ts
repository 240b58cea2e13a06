/**
 * Step 2, sign-up: an account is opened only for an address whose mailbox was shown, and only where somebody invites it or lets everybody
 * in. The pages ask for the code; this is the check behind them, for clients that post past the pages.
 */
import { expect, test } from 'vitest';
import type { LinkCarrier } from '../../src/domain/ticket.js';
import { type AuthenticateDeps, authenticate, proverOf } from '../../src/login/2-authenticate.js';
import type { Attempt } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import { attemptOf, authenticatedOf, DANA, databaseOf, invitationOf } from '../support/login-facts.js';

const never = () => Promise.reject(new Error('not for a sign-up'));
const deps = {
  reads: { findPasswordAccount: async () => undefined },
  attempts: { count: never, change: never },
  passwords: { hash: async (password: string) => `hash of ${password}`, verify: never, needsRehash: () => false },
  redirectConnector: () => undefined,
} as unknown as AuthenticateDeps;

const PASSWORD = 'Correct-horse-7-battery';

interface Case {
  readonly invited: boolean;
  readonly carrier: LinkCarrier | undefined;
  readonly code: boolean;
  readonly open: boolean;
}

async function signUp({ invited, carrier, code, open }: Case): Promise<string> {
  const base = attemptOf();
  const attempt: Attempt = {
    ...base,
    request: {
      ...base.request,
      ...(invited && { invitation: 'ticket' }),
      ...(carrier && { invitationCarrier: carrier }),
    },
    credential: { kind: 'sign_up', email: DANA, password: PASSWORD, name: undefined, addressProved: code },
  };
  const identified = {
    ...authenticatedOf(invited ? { ticket: invitationOf() } : {}),
    connections: [databaseOf({ isSignupEnabled: open })],
  };
  const answer = await authenticate(attempt, identified, proverOf(deps), newTrace());
  if (!('kind' in answer)) return 'proved';
  return answer.kind === 'refused' ? answer.code : answer.kind;
}

const yes = true;
const no = false;

test.each([
  ['the ticket out of the mail', { invited: yes, carrier: 'mail', code: no, open: no }],
  ['the link that an application delivered', { invited: yes, carrier: 'application', code: no, open: no }],
  ['the link that a command printed', { invited: yes, carrier: 'operator', code: no, open: no }],
  ['the ticket and a code', { invited: yes, carrier: undefined, code: yes, open: no }],
  ['an open sign-up and a code', { invited: no, carrier: undefined, code: yes, open: yes }],
] as const)('%s opens an account', async (_name, facts) => {
  expect(await signUp(facts)).toBe('proved');
});

test.each([
  [
    'the ticket alone, which whoever invites may have been shown',
    { invited: yes, carrier: undefined, code: no, open: no },
  ],
  ['the ticket alone where sign-up is open', { invited: yes, carrier: undefined, code: no, open: yes }],
  ['an open sign-up without a code', { invited: no, carrier: undefined, code: no, open: yes }],
  ['a code where nobody invites and nothing is open', { invited: no, carrier: undefined, code: yes, open: no }],
  ['a mailed ticket that is not there any more', { invited: no, carrier: 'mail', code: no, open: yes }],
] as const)('%s does not', async (_name, facts) => {
  expect(await signUp(facts)).toBe('authenticate.sign_up_not_allowed');
});
