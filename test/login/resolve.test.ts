/** Step 3 where the connection opens no accounts: who is known goes on, who is not is refused. */
import { describe, expect, test } from 'vitest';
import { resolve } from '../../src/login/3-resolve.js';
import { newTrace } from '../../src/login/trace.js';
import {
  AT,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  invitationOf,
  linesOf,
} from '../support/login-facts.js';

async function resolveUnder(when: string | undefined, changes: Changes) {
  const authenticated = authenticatedOf(changes);
  const { enablement } = authenticated;
  const options = when === undefined ? {} : { set_user_root_attributes: when };
  const trace = newTrace();
  const reads = {
    findCandidates: async () => candidatesOf(changes.candidates),
    findAccount: () => {
      throw new Error('this must not be asked');
    },
  };
  const connection = { ...enablement.connection, options };
  const answer = await resolve({ ...authenticated, enablement: { ...enablement, connection } }, AT, reads, trace);
  return { answer, last: linesOf(trace).at(-1) };
}

const STRANGER: Changes = { candidates: { byEmail: [] } };

describe('never_on_login', () => {
  test.each<readonly [string, Changes]>([
    ['a stranger', STRANGER],
    ['a stranger without organization', { ...STRANGER, organization: 'none' }],
    ['an invited stranger', { ...STRANGER, ticket: invitationOf() }],
  ])('case=%s gets no account', async (_name, changes) => {
    const { answer, last } = await resolveUnder('never_on_login', changes);
    expect(answer).toMatchObject({ kind: 'refused', code: 'resolve.no_account' });
    expect(last).toBe('resolve newcomer refuse');
  });

  test.each<readonly [string, Changes]>([
    ['bound before', { candidates: { bound: candidateOf({ boundSubject: 'idp-dana' }) } }],
    ['a member by his address', {}],
    ['pre-provisioned', { candidates: { expected: { candidate: candidateOf(), identityId: 'i', by: 'subject' } } }],
  ])('case=%s: goes on', async (_name, changes) => {
    expect((await resolveUnder('never_on_login', changes)).answer).toMatchObject({ account: { kind: 'existing' } });
  });
});

test.each([undefined, 'on_each_login', 'on_first_login'])('case=%s: a stranger is a new account', async (when) => {
  expect((await resolveUnder(when, STRANGER)).answer).toMatchObject({ account: { kind: 'new' } });
});
