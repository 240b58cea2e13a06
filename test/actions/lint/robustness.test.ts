/** No code makes the linter throw, hang or quote a secret. */

import { describe, expect, test } from 'vitest';
import { createContext } from '../../../src/lint/context.js';
import { statementsAfter } from '../../../src/lint/flow.js';
import { lintAction } from '../../../src/lint/lint-action.js';
import { parseAction } from '../../../src/lint/parse-action.js';
import { parseProgram } from '../../../src/lint/parse-program.js';
import { Tree } from '../../../src/lint/tree.js';
import fc from '../../support/random.js';
import { readCorpus } from './corpus.js';

describe('parseAction', () => {
  test('handlers with line and column', () => {
    const code = 'exports.onExecutePostLogin = async () => {};\n  exports.onContinuePostLogin = async () => {};';
    expect(parseAction(code)).toEqual({
      ok: true,
      handlers: [
        { name: 'onExecutePostLogin', line: 1, column: 1 },
        { name: 'onContinuePostLogin', line: 2, column: 3 },
      ],
      mayExportMore: false,
    });
  });

  test.each([
    {
      name: 'a bracket missing',
      code: 'exports.x = async () => {\n  if (a {\n  }\n};',
      line: 2,
      column: 9,
      says: 'Unexpected token',
    },
    { name: 'an end missing', code: 'exports.x = async () => {', line: 1, column: 26, says: 'Unexpected token' },
    { name: 'an import', code: "import { ManagementClient } from 'auth0';", line: 1, column: 1, says: 'CommonJS' },
    {
      name: 'an export',
      code: 'export const onExecutePostLogin = async () => {};',
      line: 1,
      column: 1,
      says: 'CommonJS',
    },
    { name: 'await outside', code: "const x = await fetch('x');", line: 1, column: 17, says: 'CommonJS' },
    {
      name: 'TypeScript',
      code: 'exports.x = async (event: Event) => {};',
      line: 1,
      column: 25,
      says: 'Unexpected token',
    },
    {
      name: 'a name twice',
      code: 'let a;\nlet a;',
      line: 2,
      column: 5,
      says: "Identifier 'a' has already been declared",
    },
    { name: 'nesting without end', code: '('.repeat(200_000), line: 1, column: 1, says: 'nested too deeply' },
  ])('case=$name: 400 with line and column, not a fault', ({ code, line, column, says }) => {
    const parsed = parseAction(code);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.error.message).toContain(says);
    expect({ line: parsed.error.line, column: parsed.error.column }).toEqual({ line, column });
  });

  test.each(['#!/usr/bin/env node\nexports.x = 1;', '', '   \n', 'return;', "'use strict';", '\ufeffexports.x = 1;'])(
    'takes %j',
    (code) => {
      expect(parseAction(code).ok).toBe(true);
    },
  );
});

describe('hostile code', () => {
  test.each([
    { name: 'a long sum', code: `exports.x = ${'1+'.repeat(20_000)}1;` },
    { name: 'a long chain', code: `exports.x = a${'.b'.repeat(20_000)};` },
    { name: 'a long chain of calls', code: `exports.x = a${'.b()'.repeat(10_000)};` },
    { name: 'functions in functions', code: `exports.x = ${'() => '.repeat(5000)}1;` },
    { name: 'arrays in arrays', code: `exports.x = ${'['.repeat(3000)}${']'.repeat(3000)};` },
    { name: 'a circle of names', code: 'let a = b; let b = c; let c = a; exports.onExecutePostLogin = a;' },
    {
      name: 'functions that call each other',
      code: 'function a(x) { return b(x); } function b(x) { return a(x); } exports.onExecutePostLogin = (event, api) => a(api).access.deny();',
    },
    {
      name: 'a function that calls itself with more',
      code: 'function a(x) { return a(x.y); } exports.onExecutePostLogin = (event) => a(event);',
    },
    {
      name: 'names of the prototype',
      code: "exports.__proto__ = exports.constructor = (event, api) => api.constructor.prototype.toString(); require('__proto__'); const { ManagementClient } = require('auth0'); new ManagementClient({}).constructor.hasOwnProperty('a');",
    },
    {
      name: 'a wide Action',
      code: `exports.onExecutePostLogin = async (event, api) => {\n${"  if (event.user.email === 'a') api.access.deny('b');\n".repeat(1500)}};`,
    },
    {
      name: 'a long function that is called in a loop',
      code: `function f() { ${'a;'.repeat(4000)} } while (1) { ${'f();'.repeat(3000)} }`,
    },
    {
      name: 'a long async function that is called again and again',
      code: `async function f() { ${'a;'.repeat(20_000)} } exports.x = () => { ${'f();'.repeat(13_000)} };`,
    },
    {
      name: 'conditions that ask a long function',
      code: `function f() { ${'a;'.repeat(10_000)} } exports.onExecutePostLogin = (event, api) => { ${'if (f()) return;'.repeat(3000)} api.access.deny('x'); };`,
    },
  ])('case=$name: an answer within five seconds', ({ code }) => {
    const started = performance.now();
    expect(Array.isArray(lintAction({ code }))).toBe(true);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('what was meant is looked for a hundred times at most, whatever the number of calls that do not exist', () => {
    const head = "const { ManagementClient } = require('auth0'); const m = new ManagementClient({});";
    const calls = Array.from({ length: 300 }, (_, index) => `m.users.getAll${(index + 36).toString(36)}();`).join('\n');
    const parsed = parseProgram(`${head}\n${calls}`);
    const context = parsed.ok ? createContext({ code: `${head}\n${calls}` }, parsed.program) : undefined;
    expect(context?.sdkUses).toHaveLength(300);
    expect(context?.sdkUses.filter(({ suggestion }) => suggestion?.call !== undefined)).toHaveLength(100);
  });

  test('of the statements after one, the nearest are looked at', () => {
    const code = 'try { f(); } catch {}\n'.repeat(1000);
    const parsed = parseProgram(code);
    const tree = parsed.ok ? new Tree(parsed.program, code) : undefined;
    const [first] = tree?.ofType('TryStatement') ?? [];
    expect(tree && first && statementsAfter(tree, first)).toHaveLength(300);
  });

  const corpus = [...readCorpus('bad'), ...readCorpus('clean'), ...readCorpus('realistic')].map(
    ({ source }) => source.code,
  );

  test('property: code with parts cut out, doubled or swapped gets an answer whose places exist', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...corpus), fc.constantFrom(...corpus), fc.nat(), fc.nat(), fc.nat())
      .map(([a, b, i, j, k]) => {
        const tokens = a.split(/(\W)/);
        const others = b.split(/(\W)/);
        const from = i % tokens.length;
        const count = j % 6;
        const put = others.slice(k % others.length, (k % others.length) + count);
        return [...tokens.slice(0, from), ...put, ...tokens.slice(from + (j % 4))].join('');
      });
    fc.assert(
      fc.property(mutated, (code) => {
        const lines = code.split('\n').length;
        for (const { line, column, message, fix } of lintAction({ code, secrets: [] })) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message.length).toBeGreaterThan(0);
          expect(fix.length).toBeGreaterThan(0);
        }
        expect(typeof parseAction(code).ok).toBe('boolean');
      }),
      { numRuns: 1500 },
    );
  });
});

describe('secret-in-code', () => {
  const toCode = (text: string): string => `exports.onExecutePostLogin = async (event, api) => {\n  ${text}\n};`;

  test.each([
    ['a client secret', "const clientSecret = 'Zx81-qQ7rT_0pLm2vB9cX4';", 'Zx81'],
    ['a JWT', "const t = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';", 'eyJ'],
    ['a header', "const h = { Authorization: 'Bearer 9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c' };", '9f8a'],
    ['a private key', "const pem = '-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----';", 'MIIE'],
    ['a fallback', "const apiKey = event.secrets.KEY || 'k7Qp2xV9mZ4tR8wL1nB6';", 'k7Qp'],
    ['a vendor key', `const key = 'gh${'p_'}a8F3kL0qW7zX2cV5bN9mT4yU6iO1pR3sD8eG';`, 'a8F3'],
  ])('case=%s: found, and not quoted', (_name, text, value) => {
    const findings = lintAction({ code: toCode(text) });
    expect(findings.map(({ id }) => id)).toEqual(['secret-in-code']);
    expect(JSON.stringify({ ...findings[0], line: 0 })).not.toContain(value);
  });

  test.each([
    "const clientSecret = 'YOUR_CLIENT_SECRET_1234';",
    "const token = 'https://shop.example/claims/token1';",
    "const tokenParameterName = 'session_token_2026_x';",
    "api.cache.get('management-token-2026');",
    "const key = 'organization:members:2026';",
    "const connection = { password: 'Username-Password-Authentication' };",
    "const id = 'org_KsbBh7Qp2xV9mZ4t';",
  ])('not a secret: %s', (text) => {
    expect(lintAction({ code: toCode(text) })).toEqual([]);
  });
});
