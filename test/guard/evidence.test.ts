/** Verdicts on members whose log says little: cases that no login of the double brings about. */
import { describe, expect, test } from 'vitest';
import { type Evidence, judgeMember } from '../../src/tenant-tools/guard/evidence.js';
import type { LogLine } from '../../src/tenant-tools/guard/tenant-reads.js';

const NOW = new Date('2026-11-27T00:00:00Z');

function evidence(lines: readonly LogLine[]): Evidence {
  return {
    organizationId: 'org_1',
    user: {
      userId: 'oidc|acme|una',
      email: 'una@acme.example',
      identities: [{ connection: 'acme', provider: 'oidc' }],
    },
    roles: [],
    lines,
    invited: new Set(),
    now: NOW,
    minAgeMs: 0,
  };
}

const login = (organizationId: string | undefined): LogLine => ({
  id: '1',
  type: 's',
  at: new Date('2026-11-26T00:00:00Z'),
  organizationId,
  userId: 'oidc|acme|una',
  reason: undefined,
});

describe('a member whose coming the log does not show', () => {
  test('is kept for a login in this organization that was not refused, however often they signed in', () => {
    expect(judgeMember(evidence([login('org_1')]))).toEqual({ class: 'keep', why: 'let-in' });
  });

  test.each([
    ['no login', []],
    ['a login in another organization', [login('org_2')]],
    ['a login that names no organization', [login(undefined)]],
  ])('is for a human to look at, with %s', (_name, lines) => {
    expect(judgeMember(evidence(lines))).toEqual({ class: 'unexplained', why: 'no-line' });
  });
});

describe('a member by auto-membership who accepted an invitation', () => {
  const coming: LogLine = { ...login('org_1'), type: 'organization_member_added', reason: 'auto_membership' };
  const accepted = (organizationId: string, milliseconds: number): LogLine => ({
    ...login(organizationId),
    type: 'si',
    at: new Date(coming.at.getTime() + milliseconds),
  });

  test.each([
    ['later', accepted('org_1', 60_000)],
    ['at the same time: the two lines come in any order', accepted('org_1', -1_000)],
  ])('is kept: accepted %s', (_name, line) => {
    expect(judgeMember(evidence([line, coming]))).toEqual({ class: 'keep', why: 'invited' });
  });

  test.each([
    ['of a seat that is gone', accepted('org_1', -3_600_000)],
    ['to another organization', accepted('org_2', 1_000)],
  ])('is a stranger: an invitation %s', (_name, line) => {
    expect(judgeMember(evidence([coming, line]))).toEqual({ class: 'stranger', line: coming });
  });
});
