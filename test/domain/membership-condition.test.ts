/** The language of auto-membership conditions: what it accepts, what it refuses, and that failing means no. */
import { describe, expect, test } from 'vitest';
import { CLAIM_BOUNDS, type ConditionInput, parseCondition } from '../../src/domain/companies/membership-condition.js';

const dana = {
  email: 'dana@acme.example',
  email_domain: 'acme.example',
  claims: {
    groups: ['staff', 'admins'],
    level: 3,
    ratio: 0.5,
    floors: [1, 4],
    manager: null,
    department: { name: 'Sales', floor: 4 },
    email_verified: true,
  },
};

function evaluate(text: string, input: ConditionInput = dana): boolean | string {
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
    ['claims.groups.exists(g, g.lowerAscii().startsWith("adm") && g in ["admins", "owners"])', true],
    ['claims.groups.exists(g, g == email_domain)', false],
    ['claims.department.name.contains("ale") && email.contains(email_domain)', true],
    ['claims.level % 2 == 1', true],
    ['type(claims.level) == int', true],
    ['type(claims.ratio) == double', true],
    ['claims.department.floor % 2 == 0', true],
    ['claims.floors.exists(f, f % 2 == 0)', true],
    ['claims.manager == null', true],
    ['"claims" in claims.groups', false],
    ['claims.groups.exists(g, g == "claims")', false],
    ['timestamp("2026-01-01T00:00:00Z") < timestamp("2026-01-02T00:00:00Z")', true],
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

describe('case=more-claims-than-are-looked-at-is-no', () => {
  const withClaims = (claims: Record<string, unknown>) => ({ ...dana, claims });
  const items = (count: number) => Array.from({ length: count }, () => 'x');

  test.each([
    ['as many values as there may be', items(CLAIM_BOUNDS.values - 2), true],
    ['one more', items(CLAIM_BOUNDS.values - 1), false],
    ['as deep as it may be', JSON.parse('['.repeat(18) + ']'.repeat(18)), true],
    ['deeper', JSON.parse('['.repeat(21) + ']'.repeat(21)), false],
    ['ten thousand levels', JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)), false],
  ])('%s', (_name, list, expected) => {
    expect(evaluate('!has(claims.contractor)', withClaims({ list }))).toBe(expected);
  });

  test('the longer the question that a loop asks, the fewer items it is asked of', () => {
    const question = (parts: number) => `claims.list.exists(g, ${Array(parts).fill('g == "x"').join(' || ')})`;
    const input = withClaims({ list: items(2_000) });
    expect(evaluate(question(1), input)).toBe(true);
    expect(evaluate(question(20), input)).toBe(false);
    expect(evaluate(question(20), withClaims({ list: items(200) }))).toBe(true);
    const sum = (parts: number) => `(${Array(parts).fill('claims.list').join(' + ')}).exists(g, g == "x")`;
    expect(evaluate(sum(3), input)).toBe(true);
    expect(evaluate(sum(20), input)).toBe(false);
  });
});

test('the more often claims are read, the fewer there may be: lists that are added up are copied each time', () => {
  const sum = (parts: number) => `size(${Array(parts).fill('claims.list').join(' + ')}) > 0`;
  const input = (count: number) => ({ ...dana, claims: { list: Array.from({ length: count }, () => 'x') } });
  expect(evaluate(sum(5), input(4_000))).toBe(true);
  expect(evaluate(sum(60), input(4_000))).toBe(false);
  expect(evaluate(sum(60), input(20))).toBe(true);
  const text = (parts: number) => `size(${Array(parts).fill('claims.text').join(' + ')}) > 0`;
  const long = { ...dana, claims: { text: 'x'.repeat(60_000) } };
  expect(evaluate(text(3), long)).toBe(true);
  expect(evaluate(text(60), long)).toBe(false);
});

describe('the bound of one reading does not depend on another one', () => {
  const items = (count: number) => ({ ...dana, claims: { list: Array.from({ length: count }, () => 'x') } });
  const question = (parts: number) => `claims.list.exists(g, ${Array(parts).fill('g == "x"').join(' || ')})`;
  const sum = (parts: number) => Array(parts).fill('claims.list').join(' + ');

  test('two loops beside one another have half of what each may have by itself', () => {
    expect(evaluate(question(4), items(1_500))).toBe(true);
    expect(evaluate(`${question(4)} && ${question(4)}`, items(1_500))).toBe(false);
    expect(evaluate(`${question(4)} && ${question(4)}`, items(900))).toBe(true);
  });

  test('a loop over a list that is put together of five has a fifth', () => {
    const loop = `(${sum(5)}).exists(g, g == "x")`;
    expect(evaluate(loop, items(3_000))).toBe(false);
    expect(evaluate(loop, items(1_000))).toBe(true);
  });

  test('a sum reads what was summed up before once more each time', () => {
    expect(evaluate(`size(${sum(20)}) > 0`, items(1_000))).toBe(false);
    expect(evaluate(`size(${sum(20)}) > 0`, items(400))).toBe(true);
  });

  test('questions about the address alone take nothing away', () => {
    const many = Array(10).fill('email.startsWith("dana")').join(' && ');
    expect(evaluate(many, items(9_000))).toBe(true);
  });

  test('a million characters of claims are looked at, and not one more', () => {
    const text = (length: number) => ({ ...dana, claims: { text: 'x'.repeat(length - '{"text":""}'.length) } });
    expect(evaluate('email_domain == "acme.example"', text(1_000_000))).toBe(true);
    expect(evaluate('email_domain == "acme.example"', text(1_000_001))).toBe(false);
  });
});

test('an expression has at most 1,000 characters', () => {
  const text = (length: number) => `email != "${'x'.repeat(length - 'email != ""'.length)}"`;
  expect(evaluate(text(1_000))).toBe(true);
  expect(evaluate(text(1_001))).toContain('more than 1000 characters');
});

test('whoever calls what there is not is told what there is', () => {
  const told = evaluate('email.matches("x")');
  for (const name of ['startsWith', 'contains', 'exists', 'filter']) expect(told).toContain(name);
});

describe('refuses', () => {
  test.each([
    ['', ''],
    ['email ==', ''],
    ['email + 1', ''],
    ['email in ["a", 1]', ''],
    ['email', 'string'],
    ['organization == "x"', 'organization'],
    ['process.exit()', ''],
    ['email.matches("(a+)+$")', 'matches'],
    ['claims.groups.exists(a, claims.groups.exists(b, a == b))', 'loop'],
    ['claims.groups.filter(a, a != "x").exists(b, b == "y")', 'loop'],
    ['claims.groups.exists(g, g in claims.allowed)', 'must not read claims again'],
    ['claims.groups.all(g, claims.text.startsWith(g))', 'must not read claims again'],
    ['claims.text.contains(claims.word)', 'contains() looks for a constant'],
    ['claims.groups.exists(g, g.indexOf(g) == 0)', 'indexOf() looks for a constant'],
    ['duration(claims.text) == duration("1s")', 'duration() is not available'],
    ['cel.bind(a, claims.groups + claims.groups, size(a + a) > 1)', 'bind() is not available'],
    ['claims.text.split("").size() > 1', 'split() is not available'],
    ['claims.groups.join(claims.text) == ""', 'join() is not available'],
    ['bytes(claims.text).json() == {}', 'json() is not available'],
    ['timestamp(1).getHours("Europe/Berlin") == 1', 'getHours() is not available'],
    [`email == "${'x'.repeat(1_000)}"`, '1000 characters'],
    [`${'('.repeat(200)}true${')'.repeat(200)}`, ''],
  ])('%s', (text, why) => {
    const condition = parseCondition(text);
    expect(condition).toHaveProperty('error');
    expect('error' in condition ? condition.error : '').toContain(why);
  });
});
