/** Step 1: which client, organization, connections and invitation, and why a request about them cannot be used. It looks at no person yet. */
import { describe, expect, test } from 'vitest';
import {
  checkOrganizationChosen,
  checkTarget,
  findTarget,
  type IdentifyInput,
  identify,
  looksLikeOrganizationId,
} from '../../src/login/1-identify.js';
import { newTrace } from '../../src/login/trace.js';
import type { LoginTarget, TargetQuery } from '../../src/ports/login-store.js';
import { ACME, AT, attemptOf, authenticatedOf, DANA, invitationOf } from '../support/login-facts.js';

const { tenant, client, organization, connections } = authenticatedOf();
const TARGET: LoginTarget = { tenant, client, organization, connections, invitation: undefined, audienceKnown: true };
const { organization: _acme, ...WITHOUT } = attemptOf().request;
const NAMES = { tenant: { ...tenant, allowOrganizationName: true } };
const NOWHERE = { organization: undefined };

interface Asked {
  readonly target?: Partial<LoginTarget>;
  readonly request?: Partial<IdentifyInput['request']>;
  /** The request names no organization. */
  readonly alone?: true;
  readonly chosen?: string;
}

function inputOf({ request, alone, chosen }: Asked): IdentifyInput {
  return { at: AT, request: { ...(alone ? WITHOUT : attemptOf().request), ...request }, organizationId: chosen };
}

function check(asked: Asked) {
  const trace = newTrace();
  const answer = checkTarget({ ...TARGET, ...asked.target }, inputOf(asked), trace);
  return { answer, trace, code: 'kind' in answer ? answer.code : 'pass', line: trace.lines.at(-1) };
}

test.each<readonly [string, Asked, string]>([
  ['everything fits', {}, 'pass'],
  ['no organization is named: that is asked later', { alone: true, target: NOWHERE }, 'pass'],
  ['the organization was chosen at the prompt', { alone: true, chosen: ACME.id }, 'pass'],
  [
    'the address to go back to is not the application’s (open redirect, code theft)',
    { request: { redirectUri: 'https://evil.example/callback' } },
    'identify.callback_mismatch',
  ],
  [
    'the application knows no organizations',
    { target: { client: { ...client, organizationUsage: 'deny' } } },
    'identify.organization_not_allowed',
  ],
  [
    'the application knows none, and one was chosen at the prompt',
    { alone: true, chosen: ACME.id, target: { client: { ...client, organizationUsage: 'deny' } } },
    'identify.organization_not_allowed',
  ],
  [
    'the application knows none, and none is named',
    { alone: true, target: { ...NOWHERE, client: { ...client, organizationUsage: 'deny' } } },
    'pass',
  ],
  ['a name where names are not allowed', { request: { organization: 'acme' } }, 'identify.organization_not_an_id'],
  ['a name where they are', { request: { organization: 'acme' }, target: NAMES }, 'pass'],
  [
    'the organization is blocked',
    { target: { organization: { ...ACME, blocked: true } } },
    'identify.organization_blocked',
  ],
  ['the organization has no connection', { target: { connections: [] } }, 'identify.no_connections'],
  [
    'nothing is enabled, and no organization is named',
    { alone: true, target: { ...NOWHERE, connections: [] } },
    'pass',
  ],
])('%s', (_name, asked, code) => expect(check(asked).code).toBe(code));

describe('an organization that is not there', () => {
  const FORM = 'must only contain lowercase letters, digits, dashes and underscores';
  const LENGTH = 'name must have between 1 and 50 characters';
  test.each([
    ['an id', 'org_ABCDEFGHIJKLMN01', 'identify.unknown_organization', undefined],
    ['no id by its length', 'org_ABC', 'identify.organization_not_an_id', undefined],
    ['no id: something before it', 'org_xorg_ABCDEFGHIJKLMN01', 'identify.organization_not_an_id', undefined],
    ['no id: something after it', 'org_ABCDEFGHIJKLMN012', 'identify.organization_not_an_id', undefined],
    ['a name', 'acme', 'identify.unknown_organization', undefined],
    ['a name in capitals, with all signs that there may be', 'A-c_m3', 'identify.unknown_organization', undefined],
    ['a name of one letter', 'a', 'identify.unknown_organization', undefined],
    ['a name of 50 letters', 'a'.repeat(50), 'identify.unknown_organization', undefined],
    ['a name of 51 letters', 'a'.repeat(51), 'identify.organization_name', LENGTH],
    ['no name: a blank', 'acme inc', 'identify.organization_name', FORM],
    ['no name: a dash before it', '-acme', 'identify.organization_name', FORM],
    ['no name: a dash after it', 'acme-', 'identify.organization_name', FORM],
    ['no name: nothing', '', 'identify.organization_name', FORM],
  ])('%s', (_name, wanted, code, problem) => {
    const { answer } = check({ request: { organization: wanted }, target: { ...NAMES, ...NOWHERE } });
    expect(answer).toMatchObject({ kind: 'refused', code, detail: `no organization "${wanted}"` });
    if (problem !== undefined) expect(answer).toMatchObject({ description: expect.stringContaining(problem) });
  });

  test('chosen at the prompt, and deleted since', () => {
    expect(check({ alone: true, chosen: 'org_ABCDEFGHIJKLMN01', target: NOWHERE }).code).toBe(
      'identify.unknown_organization',
    );
  });
});

describe('an invitation', () => {
  const request = { invitation: 'ticket' };
  const invitation = invitationOf();
  test.each<readonly [string, Asked, string, string]>([
    ['that fits', { request, target: { invitation } }, 'pass', ''],
    [
      'without its organization',
      { alone: true, request, target: NOWHERE },
      'identify.invitation_not_found',
      'invitation without organization',
    ],
    ['that is not there', { request }, 'identify.invitation_not_found', 'no such ticket in this organization'],
    [
      'of another application',
      { request, target: { invitation: invitationOf({ clientId: 'other' }) } },
      'identify.invitation_not_found',
      'the ticket was made for the client other',
    ],
    [
      'that somebody has used',
      { request, target: { invitation: invitationOf({ consumedAt: AT }) } },
      'identify.invitation_not_found',
      'used at 2026-03-01T10:00:00.000Z',
    ],
    [
      'that expires in this moment',
      { request, target: { invitation: invitationOf({ expiresAt: AT }) } },
      'identify.invitation_not_found',
      'expired at 2026-03-01T10:00:00.000Z',
    ],
  ])('%s', (_name, asked, code, detail) => {
    const { answer, code: found } = check(asked);
    expect(found).toBe(code);
    expect('kind' in answer ? answer.detail : '').toBe(detail);
  });

  test('that cannot be used: every reason has the same text for the application', () => {
    const texts = [{ request }, { request, target: { invitation: invitationOf({ consumedAt: AT }) } }].map((asked) => {
      const { answer } = check(asked);
      return 'kind' in answer ? answer.description : undefined;
    });
    expect(new Set(texts).size).toBe(1);
  });
});

describe('the log', () => {
  test('is told what the login is about', () => {
    const invitation = invitationOf();
    const { trace } = check({ request: { invitation: 'ticket' }, target: { invitation } });
    expect(trace.subject).toEqual({ organizationId: ACME.id, invitation, email: DANA });
    expect(check({ alone: true, target: NOWHERE }).trace.subject).toEqual({});
  });

  test('has one line: what was found', () => {
    const invitation = invitationOf();
    const line = (evidence: Record<string, unknown>) => ({
      stage: 'identify',
      rule: 'target',
      answer: 'pass',
      evidence,
    });
    expect(check({ request: { invitation: 'ticket' }, target: { invitation } }).trace.lines).toEqual([
      line({ client: 'Notebook', organization: 'acme', invitation: 'uinv_1' }),
    ]);
    expect(check({ alone: true, target: NOWHERE }).trace.lines).toEqual([line({ client: 'Notebook' })]);
  });

  test('has one line: what was refused, and which invitation it was', () => {
    const line = (rule: string, evidence: Record<string, unknown>) => [
      { stage: 'identify', rule, answer: 'refuse', evidence },
    ];
    const invitation = invitationOf({ clientId: 'other' });
    expect(check({ request: { invitation: 'ticket' }, target: { invitation } }).trace.lines).toEqual(
      line('invitation_not_found', {
        detail: 'the ticket was made for the client other',
        invitation: 'uinv_1',
        invitee: DANA,
      }),
    );
    expect(check({ target: { organization: { ...ACME, blocked: true } } }).trace.lines).toEqual(
      line('organization_blocked', { detail: ACME.id }),
    );
    expect(check({ target: { connections: [] } }).trace.lines).toEqual(
      line('no_connections', { organization: ACME.id }),
    );
  });
});

describe('what is read', () => {
  const queryOf = async (asked: Asked, homeRealm?: string) => {
    let query: TargetQuery | undefined;
    const reads = {
      findTarget: async (given: TargetQuery) => {
        query = given;
        return TARGET;
      },
    };
    await findTarget({ ...inputOf(asked), homeRealm }, reads);
    return query;
  };

  test('is the client alone where nothing else is named', async () => {
    expect(await queryOf({ alone: true })).toStrictEqual({ clientId: 'app' });
  });

  test('is everything that is named, in one question', async () => {
    const request = { invitation: 'ticket', audience: 'https://api.example' };
    expect(await queryOf({ request }, 'con_sso')).toEqual({
      clientId: 'app',
      organization: ACME.id,
      invitationTicket: 'ticket',
      audience: 'https://api.example',
      homeRealm: 'con_sso',
    });
  });

  test('compares names without regard to case, and ids exactly', async () => {
    expect(await queryOf({ request: { organization: 'AcMe' } })).toMatchObject({ organization: 'acme' });
    expect(await queryOf({ request: { organization: 'org_AcMe' } })).toMatchObject({ organization: 'org_AcMe' });
  });

  test('is the organization that was chosen at the prompt, whatever the request names', async () => {
    expect(await queryOf({ chosen: 'org_Beta' })).toMatchObject({ organization: 'org_Beta' });
  });
});

describe('the step whole', () => {
  const identifyWith = async (target: LoginTarget | undefined) => {
    const trace = newTrace();
    return { answer: await identify(inputOf({}), { findTarget: async () => target }, trace), trace };
  };

  test('refuses a client that is not known', async () => {
    const { answer, trace } = await identifyWith(undefined);
    expect(answer).toMatchObject({ kind: 'refused', code: 'identify.unknown_client', detail: 'app' });
    expect(trace.lines).toEqual([
      { stage: 'identify', rule: 'client', answer: 'refuse', evidence: { client_id: 'app' } },
    ]);
  });

  test('goes on with what was found', async () => {
    expect((await identifyWith(TARGET)).answer).toBe(TARGET);
  });

  test('checks what was found', async () => {
    expect((await identifyWith({ ...TARGET, connections: [] })).answer).toMatchObject({
      code: 'identify.no_connections',
    });
  });
});

test.each<readonly [string, 'require' | 'allow', boolean, string | undefined]>([
  [
    'an application that requires an organization, and none is named',
    'require',
    false,
    'identify.organization_required',
  ],
  ['one that requires it, and it is named', 'require', true, undefined],
  ['one that leaves it open', 'allow', false, undefined],
])('once nothing can be asked any more: %s', (_name, organizationUsage, named, code) => {
  const identified = {
    ...authenticatedOf(named ? {} : { organization: 'none' }),
    client: { ...client, organizationUsage },
  };
  expect(checkOrganizationChosen(identified)?.code).toBe(code);
});

test('an id of an organization is told from a name by its beginning', () => {
  expect(looksLikeOrganizationId('org_x')).toBe(true);
  expect(looksLikeOrganizationId('acme_org_x')).toBe(false);
});
