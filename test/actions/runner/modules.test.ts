/**
 * Modules that Actions load by `require('actions:NAME')`: their scope, their secrets and packages, and the attempts to get more by a name, by
 * what a module keeps, or without a module that is not there any more.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { TriggerResult } from '../../../src/ports/action-runner.js';
import { EVENT, login, run, type Source, startRunner, toProgram } from './support.js';

const leftovers: unknown[] = [];
/** One process, so that the second execution is in the first one's where that is used again. */
const runner = startRunner({
  maxProcesses: 1,
  log: {
    debug: (fields) => leftovers.push((fields as { leftover: unknown }).leftover),
    info: () => {},
    warn: () => {},
  },
});
afterAll(() => runner.close());

const claim = (value: string) => `api.idToken.setCustomClaim('got', ${value});`;
const got = ({ effects }: TriggerResult) =>
  effects.flatMap((effect) => (effect.kind === 'claim' ? [effect.value] : []));
const use = (body: string, ...modules: NonNullable<Source['modules']>): Source => ({ code: login(body), modules });

async function runOnce(...sources: readonly Source[]): Promise<TriggerResult> {
  leftovers.length = 0;
  return run(runner, toProgram('post-login', ...sources));
}

describe('a module', () => {
  test('is loaded by its name, with its own packages and the secrets that it alone has', async () => {
    const code = `const _ = require('lodash');
      const seen = typeof event;
      exports.greet = (name) => ({ greeting: 'Hello, ' + _.upperFirst(name), secrets: actions.secrets, seen });`;
    const mine = { name: 'greeter', code, dependencies: [{ name: 'lodash', version: '4' }], secrets: { K: 'module' } };
    const source = use(
      `${claim("{ ...require('actions:greeter').greet('ada'), mine: event.secrets, actions: typeof actions }")}`,
      mine,
    );
    const result = await runOnce({ ...source, secrets: { K: 'action' } });
    expect(result.end).toEqual({ kind: 'done' });
    expect(got(result)).toEqual([
      {
        greeting: 'Hello, Ada',
        secrets: { K: 'module' },
        seen: 'undefined',
        mine: { K: 'action' },
        actions: 'undefined',
      },
    ]);
    expect(leftovers, 'the process is used again').toEqual([]);
  });

  test('of another version is another module', async () => {
    const of = (number: number) => ({ name: 'shared', number, code: `module.exports = ${number};` });
    const body = `api.idToken.setCustomClaim('v' + require('actions:shared'), true);`;
    const { effects } = await runOnce(use(body, of(1)), use(body, of(2)));
    expect(effects).toMatchObject([{ name: 'v1' }, { name: 'v2' }]);
  });

  test('may declare the names that its scope has, and its exception has its own lines', async () => {
    const code =
      'const actions = 1, setTimeout = 2;\nexports.fail = () => {\n  throw new Error("within " + actions);\n};';
    const { end } = await runOnce(use(`require('actions:shared').fail();`, { code }));
    expect(end).toMatchObject({ kind: 'failed', failure: 'threw', message: 'within 1' });
    expect(end).toMatchObject({ detail: expect.stringMatching(/actions:shared:3:9[\s\S]*action-1\.js:2:/) });
  });

  test('that throws at its top throws again at the next require', async () => {
    const code = 'throw new Error("broken");';
    const body = `const tried = () => { try { require('actions:shared'); } catch (error) { return error.message; } };
      ${claim('[tried(), tried()]')}`;
    expect(got(await runOnce(use(body, { code })))).toEqual([['broken', 'broken']]);
  });

  test('cannot close the function around it', async () => {
    const code = '}); globalThis.stolen = 1; (function () {';
    const { end } = await runOnce(use(`require('actions:shared');`, { code }));
    expect(end).toMatchObject({ kind: 'failed', failure: 'threw', message: expect.stringContaining("'}'") });
    expect(leftovers).toEqual([]);
  });
});

describe('nothing is kept in a module', () => {
  const code = `let seen = []; exports.remember = (who) => [...seen, seen.push(who)].slice(0, -1);`;
  const remember = claim(`require('actions:shared').remember(event.user.user_id)`);

  test('case=two-logins: the second does not see the first person', async () => {
    const program = toProgram('post-login', use(remember, { code }));
    const eventOf = (name: string) => ({ ...EVENT, user: { ...(EVENT.user as object), user_id: name } });
    leftovers.length = 0;
    expect(got(await run(runner, program, { event: eventOf('auth0|first') }))).toEqual([[]]);
    expect(got(await run(runner, program, { event: eventOf('auth0|second') }))).toEqual([[]]);
    expect(leftovers, 'both were in one process').toEqual([]);
  });

  test('case=two-actions: the second of one login has exports of its own, and each has the same ones twice', async () => {
    const body = `const shared = require('actions:shared'); shared.mark ??= event.transaction.protocol;
      const own = shared === require('actions:shared'); shared.count = (shared.count ?? 0) + 1;
      api.idToken.setCustomClaim('got' + Math.random(), [own, shared.count]);`;
    expect(got(await runOnce(use(body, { code }), use(body, { code })))).toEqual([
      [true, 1],
      [true, 1],
    ]);
  });

  test('case=changed-secrets: a module that changes its secrets changes them for itself', async () => {
    const changing = { code: `actions.secrets.K += '!'; module.exports = actions.secrets.K;`, secrets: { K: 'v' } };
    const program = toProgram('post-login', use(claim(`require('actions:shared')`), changing));
    for (let turn = 0; turn < 2; turn += 1) expect(got(await run(runner, program))).toEqual(['v!']);
  });

  test('case=polluted-prototype: the process is given up', async () => {
    const polluting = { code: `Object.prototype.isAdmin = true; Array.prototype.map.of = 1;` };
    const program = toProgram('post-login', use(`require('actions:shared'); ${claim('{}.isAdmin')}`, polluting));
    leftovers.length = 0;
    expect(got(await run(runner, program))).toEqual([true]);
    const other = toProgram('post-login', use(claim('typeof {}.isAdmin')));
    expect(got(await run(runner, other))).toEqual(['undefined']);
    expect(leftovers).toEqual([expect.stringContaining('Object.prototype')]);
  });
});

describe('names', () => {
  const tried = (name: string) =>
    `try { require(${JSON.stringify(name)}); } catch (error) { ${claim('error.message')} }`;

  test.each(['../x', 'fs', '/etc/passwd', '__proto__', 'constructor', 'lodash', 'actions:x', '', ' '])(
    'case=%j is nothing but a name',
    async (name) => {
      const source = use(claim(`require(${JSON.stringify(`actions:${name}`)})`), {
        name,
        code: `module.exports = 'own';`,
      });
      expect(got(await runOnce(source))).toEqual(['own']);
      expect(leftovers).toEqual([]);
    },
  );

  test('case=builtin: a module takes the place of none of Node’s own', async () => {
    const body = claim(`[typeof require('crypto').randomUUID, require('lodash').VERSION.slice(0, 2)]`);
    const fakes = ['crypto', 'lodash'].map((name) => ({ name, code: `module.exports = 'fake';` }));
    expect(got(await runOnce(use(body, ...fakes)))).toEqual([['function', '4.']]);
  });

  test.each([
    'actions:other',
    'actions:__proto__',
    'actions:toString',
    'actions:../shared',
    'actions:shared ',
    'shared',
  ])('case=%s is not among the modules', async (name) => {
    const [message] = got(await runOnce(use(tried(name), { code: '' })));
    expect(message).toContain(`Cannot find module '${name}'`);
  });

  test('case=of-another-action: a module is for the Actions that name it', async () => {
    const [message] = got(await runOnce(use('', { code: '' }), use(tried('actions:shared'))));
    expect(message).toContain('it is not among the modules of the Action action-2');
  });

  test('case=nested: a module cannot require another one', async () => {
    const outer = { name: 'outer', code: `require('actions:shared');` };
    const { end } = await runOnce(use(`require('actions:outer');`, outer, { code: '' }));
    expect(end).toMatchObject({ kind: 'failed', message: expect.stringContaining('a module cannot require another') });
  });
});

test('case=lost: an Action whose module is not stored any more does not run, nor does one before it, whatever it catches', async () => {
  const lost = { name: 'rules', number: 7, code: undefined };
  const careless = use(`try { require('actions:rules').check(event); } catch {} ${claim('true')}`, lost);
  const result = await runOnce(use(claim('true')), careless);
  expect(result.end).toEqual({
    kind: 'failed',
    failure: 'module',
    message:
      'the Action action-2 needs a module that is not stored any more: give it another version of the module, and deploy it',
    detail: expect.stringContaining('(rules, version 7)'),
  });
  expect(result.effects).toEqual([]);
  expect(result.reports).toMatchObject([{ name: 'action-2', error: { message: expect.stringContaining('module') } }]);
});
