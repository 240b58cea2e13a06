/**
 * Step 3 where no identity provider answered: an account that was proved by itself (a password, a session, what waited at the picker), a
 * sign-up; what is asked of the store; and whom `id_token_hint` allows to be answered about.
 */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { checkHintedUser, resolve } from '../../src/login/3-resolve.js';
import type { Authenticated, Proof, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  ACME,
  AT,
  attemptOf,
  authenticatedOf,
  candidateOf,
  candidatesOf,
  DANA,
  databaseOf,
  identityOf,
  invitationOf,
  passwordProofOf,
  resolvedOf,
  ssoOf,
} from '../support/login-facts.js';

const unreachable = () => {
  throw new Error('this must not be asked');
};
const byPassword = { ...authenticatedOf(), enablement: databaseOf(), proof: passwordProofOf() };
const byCompany = (subject?: string): Authenticated => ({
  ...authenticatedOf(),
  enablement: ssoOf(),
  proof: passwordProofOf({ by: 'known', credential: undefined, subject }),
});

interface Found {
  readonly candidate?: ReturnType<typeof candidateOf>;
  readonly invitations?: Resolved['invitations'];
  readonly domainProvedElsewhere?: boolean;
}

async function resolveKnown(authenticated: Authenticated, found: Found | 'gone' = {}) {
  const trace = newTrace();
  const asked: unknown[] = [];
  const findAccount = async (query: unknown) => {
    asked.push(query);
    const facts = { candidate: candidateOf(), invitations: [], domainProvedElsewhere: false };
    return found === 'gone' ? undefined : { ...facts, ...found };
  };
  const answer = await resolve(authenticated, AT, { findAccount, findCandidates: unreachable }, trace);
  return { answer, asked, line: trace.lines.at(-1), trace };
}

describe('an account that was proved by itself', () => {
  test('is asked for with its standing in this organization, at this connection', async () => {
    const { asked } = await resolveKnown(byPassword);
    expect(asked).toEqual([{ userId: 'auth0|dana', organizationId: ACME.id, connectionId: 'con_db' }]);
    const alone = await resolveKnown({ ...byPassword, organization: undefined });
    expect(alone.asked).toEqual([{ userId: 'auth0|dana', organizationId: undefined, connectionId: 'con_db' }]);
  });

  test('is that account, bound to nothing new; nobody vouches for its address in this login', async () => {
    const invitations = [invitationOf()];
    const { answer, line, trace } = await resolveKnown(byPassword, { invitations });
    expect(answer).toEqual({
      ...byPassword,
      account: { kind: 'existing', candidate: candidateOf(), bind: undefined },
      provedEmail: DANA,
      vouchedEmail: undefined,
      assertedBy: undefined,
      invitations,
      domainProvedElsewhere: false,
      reliedDomains: [],
      reliedUnclaimedDomain: undefined,
      reliedOnNoOthers: false,
    });
    expect(line).toEqual({ stage: 'resolve', rule: 'account', answer: 'pass', evidence: { user_id: 'auth0|dana' } });
    expect(trace.subject.email).toBe(DANA);
  });

  test('that is gone: the session is of no use any more', async () => {
    const { answer, line } = await resolveKnown(byPassword, 'gone');
    expect(answer).toMatchObject({ kind: 'refused', code: 'authenticate.session_not_usable' });
    expect(line).toEqual({ stage: 'resolve', rule: 'account', answer: 'refuse', evidence: { user_id: 'auth0|dana' } });
  });

  const unproved = candidateOf({ addressProved: false });
  test.each<readonly [string, Found, Partial<Resolved>]>([
    [
      'proved here: the domain does not matter',
      { domainProvedElsewhere: true },
      { provedEmail: DANA, domainProvedElsewhere: false, reliedUnclaimedDomain: undefined },
    ],
    [
      'proved by nobody, in a domain that nobody else has proved: it is leaned on that it stays so',
      { candidate: unproved },
      { provedEmail: undefined, domainProvedElsewhere: false, reliedUnclaimedDomain: 'acme.example' },
    ],
    [
      'proved by nobody, in the domain of another organization',
      { candidate: unproved, domainProvedElsewhere: true },
      { provedEmail: undefined, domainProvedElsewhere: true, reliedUnclaimedDomain: undefined },
    ],
    [
      'none',
      { candidate: candidateOf({ account: { email: undefined }, addressProved: false }) },
      { provedEmail: undefined, domainProvedElsewhere: false, reliedUnclaimedDomain: undefined },
    ],
  ])('has an address, %s', async (_name, found, expected) => {
    const { answer } = await resolveKnown(byPassword, found);
    if ('kind' in answer) throw new Error(answer.kind);
    const { provedEmail, domainProvedElsewhere, reliedUnclaimedDomain } = answer;
    expect({ provedEmail, domainProvedElsewhere, reliedUnclaimedDomain }).toEqual(expected);
  });
});

describe('what a company’s identity proved earlier', () => {
  const REFUSED = 'authenticate.session_not_usable';
  test.each<readonly [string, Authenticated, string | undefined, string]>([
    ['the account is bound to that very subject', byCompany('idp-dana'), 'idp-dana', 'existing'],
    ['the account is bound, and no subject is remembered', byCompany(), 'idp-dana', 'existing'],
    ['another subject has been linked in its place', byCompany('idp-dana'), 'idp-other', REFUSED],
    ['it was unlinked', byCompany('idp-dana'), undefined, REFUSED],
    ['it was unlinked, and no subject is remembered', byCompany(), undefined, REFUSED],
    ['a password is no identity of a company', byPassword, undefined, 'existing'],
  ])('%s', async (_name, authenticated, boundSubject, expected) => {
    const { answer, line } = await resolveKnown(authenticated, { candidate: candidateOf({ boundSubject }) });
    expect('kind' in answer ? answer.kind === 'refused' && answer.code : answer.account.kind).toBe(expected);
    const rule = expected === REFUSED ? 'bound_identity refuse' : 'account pass';
    expect(`${line?.rule} ${line?.answer}`).toBe(rule);
    expect(line?.evidence).toEqual({ user_id: 'auth0|dana' });
  });
});

describe('a sign-up', () => {
  const signUp = (addressProved: boolean): Proof => ({
    kind: 'sign_up',
    email: DANA,
    passwordHash: 'h',
    name: undefined,
    addressProved,
  });
  test.each([
    ['whose address a code proved', true, 'mail', DANA],
    ['whose address nobody proved yet', false, undefined, undefined],
  ])('%s opens a new account, and leans on nothing', async (_name, proved, vouchedBy, provedEmail) => {
    const authenticated = { ...byPassword, proof: signUp(proved) };
    const trace = newTrace();
    const reads = { findAccount: unreachable, findCandidates: unreachable };
    expect(await resolve(authenticated, AT, reads, trace)).toEqual({
      ...authenticated,
      account: { kind: 'new', email: DANA, vouchedBy, idPrefix: undefined },
      provedEmail,
      vouchedEmail: undefined,
      assertedBy: undefined,
      invitations: [],
      domainProvedElsewhere: false,
      reliedDomains: [],
      reliedUnclaimedDomain: undefined,
      reliedOnNoOthers: false,
    });
    expect(trace.lines).toEqual([{ stage: 'resolve', rule: 'account', answer: 'pass', evidence: { newcomer: true } }]);
  });
});

describe('an external identity', () => {
  const resolveWith = async (authenticated: Authenticated, candidates = candidatesOf()) => {
    const asked: unknown[] = [];
    const trace = newTrace();
    const findCandidates = async (query: unknown) => {
      asked.push(query);
      return candidates;
    };
    const answer = await resolve(authenticated, AT, { findAccount: unreachable, findCandidates }, trace);
    return { answer, asked, trace };
  };

  test('is asked for by connection, issuer and subject; its address only as far as it parses strictly', async () => {
    const query = {
      connectionId: 'con_sso',
      idPrefix: 'oidc|acme-oidc',
      issuer: 'https://idp.acme.example',
      subject: 'idp-dana',
      email: DANA,
      organizationId: ACME.id,
    };
    expect((await resolveWith(authenticatedOf({ identity: { email: 'Dana@ACME.example' } }))).asked).toEqual([query]);
    const broken = authenticatedOf({ organization: 'none', identity: { email: 'Dana <dana@acme.example>' } });
    expect((await resolveWith(broken)).asked).toEqual([{ ...query, email: undefined, organizationId: undefined }]);
  });

  test('that leads to an account: the log is told whose; a newcomer is nobody yet', async () => {
    expect((await resolveWith(authenticatedOf())).trace.subject).toEqual({ userId: 'auth0|dana' });
    const stranger = await resolveWith(authenticatedOf(), candidatesOf({ byEmail: [] }));
    expect(stranger.trace.subject).toEqual({});
  });

  test('of a connection that opens no accounts: who is asked for a proof is asked all the same', async () => {
    const { connection } = ssoOf({}, { options: { set_user_root_attributes: 'never_on_login' } });
    const several = candidatesOf({ byEmail: [candidateOf({ otherOrganizations: 1 })] });
    expect((await resolveWith(authenticatedOf({ enablement: { connection } }), several)).answer).toMatchObject({
      kind: 'ask',
    });
    const { answer, trace } = await resolveWith(
      authenticatedOf({ enablement: { connection } }),
      candidatesOf({ byEmail: [] }),
    );
    expect(answer).toMatchObject({ kind: 'refused', code: 'resolve.no_account' });
    expect(trace.lines.at(-1)?.evidence).toEqual({ opens_accounts: false });
  });
});

describe('the user whom id_token_hint speaks of', () => {
  const newcomer: Resolved['account'] = { kind: 'new', email: DANA, vouchedBy: 'idp', idPrefix: undefined };
  const sam: Resolved['account'] = {
    kind: 'existing',
    candidate: candidateOf({ account: { userId: 'auth0|sam', email: 'sam@acme.example' as Email } }),
    bind: undefined,
  };
  const session = passwordProofOf({ by: 'session', credential: undefined });
  const identity: Proof = { kind: 'identity', identity: identityOf(), ownProof: undefined };

  test.each<readonly [string, Partial<Resolved>, string | undefined, string | undefined]>([
    ['nobody is named: anybody is an answer', { account: sam }, undefined, undefined],
    ['nobody is named, and it is a newcomer', { account: newcomer }, undefined, undefined],
    ['it is the one who is named', {}, 'auth0|dana', undefined],
    ['it is somebody else, by the company’s sign-in', { account: sam }, 'auth0|dana', 'resolve.other_user'],
    ['it is a newcomer', { account: newcomer }, 'auth0|dana', 'resolve.other_user'],
    [
      'it is somebody else, by a password',
      { account: sam, proof: passwordProofOf() },
      'auth0|dana',
      'resolve.other_user',
    ],
    [
      'it is somebody else’s session, which is no answer; the one who is named may sign in',
      { account: sam, proof: session },
      'auth0|dana',
      'authenticate.session_not_usable',
    ],
  ])('%s', (_name, changes, hintedUserId, code) => {
    const trace = newTrace();
    const request = { ...attemptOf().request, ...(hintedUserId !== undefined && { hintedUserId }) };
    const refusal = checkHintedUser(resolvedOf({ proof: identity, ...changes }), attemptOf({ request }), trace);
    expect(refusal?.code).toBe(code);
    const found = changes.account?.kind === 'existing' ? 'auth0|sam' : null;
    const evidence = { hinted: 'auth0|dana', found };
    const line = { stage: 'resolve', rule: 'hinted_user', answer: 'refuse', evidence };
    expect(trace.lines).toEqual(code === undefined ? [] : [line]);
  });
});
