/** The language of auto-membership conditions: what it accepts, what it refuses, and that failing means no. */
import { describe, expect, test } from 'vitest';
import { parseCondition } from '../../src/domain/membership-condition.js';

const dana = {
  email: 'dana@acme.example',
  email_domain: 'acme.example',
  claims: { groups: ['staff', 'admins'], level: 3, ratio: 0.5, department: { name: 'Sales' }, email_verified: true },
};

function evaluate(text: string, input = dana): boolean | string {
  const condition = parseCondition(text);
  return 'error' in condition ? `refused: ${condition.error}` : condition.evaluate(input);
}

describe('evaluates', () => {
  test.each([
    ['email_domain == "acme.example"', true],
    ['email_domain == "evil.example"', false],
    ['"admins" in claims.groups', true],
    ['claims.groups.exists(g, g == "staff")', true],
    ['claims.groups.all(g, g.startsWith("a"))', false],
    ['claims.level == 3', true],
    ['claims.level >= 4', false],
    ['claims.ratio < 1.0', true],
    ['claims.department.name == "Sales"', true],
    ['claims.email_verified', true],
    ['has(claims.groups) && email.endsWith("@acme.example")', true],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('case=failing-is-no', () => {
  test.each([
    ['claims.missing == "x"'],
    ['claims.groups == 3'],
    ['claims.level'],
    ['claims.department.name.size() > claims.groups'],
  ])('%s', (text) => {
    expect(evaluate(text)).toBe(false);
  });
});

describe('refuses', () => {
  test.each([
    ['', ''],
    ['email ==', ''],
    ['email + 1', ''],
    ['email', 'string'],
    ['organization == "x"', 'organization'],
    ['process.exit()', ''],
    ['email.matches("(a+)+$")', 'matches'],
    ['claims.groups.exists(a, claims.groups.exists(b, a == b))', 'loop'],
    [`email == "${'x'.repeat(1_000)}"`, '1000 characters'],
    [`${'('.repeat(200)}true${')'.repeat(200)}`, ''],
  ])('%s', (text, why) => {
    const condition = parseCondition(text);
    expect(condition).toHaveProperty('error');
    expect('error' in condition ? condition.error : '').toContain(why);
  });
});
