/** The guard's Action as text: Auth0 takes it, the linter finds nothing in it, and settings cannot end its strings. */
import { describe, expect, test } from 'vitest';
import { lintAction } from '../../src/actions/lint/index.js';
import { DEFAULT_TEXTS, type GuardSettings, withPlace, writeAction } from '../../src/guard/settings.js';

const SETTINGS: GuardSettings = {
  organizations: [{ id: 'org_1', name: 'acme', connections: ['con_1'], domains: ['acme.example'] }],
  role: 'rol_1',
  since: '2026-01-01T00:00:00.000Z',
  texts: DEFAULT_TEXTS,
};

describe('the code of the guard’s Action', () => {
  test('the linter finds nothing, with auth0 4', () => {
    expect(lintAction({ code: writeAction(SETTINGS), auth0Sdk: 4, trigger: 'post-login' })).toEqual([]);
  });

  test('is far below the 100 kB that Auth0 takes, with a hundred organizations', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      id: `org_${String(index).padStart(16, '0')}`,
      name: `organization-${index}`,
      connections: [`con_${String(index).padStart(16, '0')}`],
      domains: [`customer-${index}.example`],
    }));
    expect(Buffer.byteLength(writeAction({ ...SETTINGS, organizations: many }))).toBeLessThan(100_000);
  });

  test('prints fewer than 256 characters, whatever a failure says', () => {
    const lines = [...writeAction(SETTINGS).matchAll(/console\.log\((.*)\);/g)].map(([, text = '']) => text.length);
    expect(lines.length).toBeGreaterThan(0);
    // What is cut from a failure, and the sentence around it.
    for (const length of lines) expect(length + 120).toBeLessThan(256);
  });

  test('a text with quotes and line separators stays a text', () => {
    const stranger = 'Ask "Dana"\u2028 `x` \\ */ now';
    const code = writeAction({ ...SETTINGS, texts: { ...DEFAULT_TEXTS, stranger } });
    const text = /^const SETTINGS = (\{\n[\s\S]*?\n\});$/m.exec(code)?.[1] ?? '';
    expect(JSON.parse(text).texts.stranger).toBe(stranger);
    expect(code).not.toContain('\u2028');
    expect(lintAction({ code, auth0Sdk: 4, trigger: 'post-login' })).toEqual([]);
  });

  test('a place replaces the one of the same organization, and the order does not depend on when it came', () => {
    const evil = { id: 'org_0', name: 'evil', connections: ['con_2'], domains: [] };
    const once = SETTINGS.organizations.reduce(withPlace, withPlace([], evil));
    expect(withPlace(once, evil)).toEqual([evil, ...SETTINGS.organizations]);
  });
});
