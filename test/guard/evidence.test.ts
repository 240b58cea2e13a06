/** Verdicts on members whose log says little: cases that no login of the double brings about. */
import { describe, expect, test } from 'vitest';
import { type Evidence, judgeMember } from '../../src/guard/evidence.js';
import type { LogLine } from '../../src/guard/tenant-reads.js';

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
