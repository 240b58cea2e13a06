/**
 * The next login finds nothing that an Action planted on something shared. Each attempt keeps a person's name in a place of its
 * own; the process that it was planted in is not used again, or nothing could be planted.
 */
import { afterAll, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { EVENT, login, run, startRunner, toProgram } from './support.js';

const leftovers: unknown[] = [];
const runner: ClosableActionRunner = startRunner({
  maxProcesses: 1,
  log: {
    debug: (fields) => leftovers.push((fields as { leftover: unknown }).leftover),
    info: () => {},
    warn: () => {},
  },
});
afterAll(() => runner.close());

const CLIENT = `new (require('auth0').ManagementClient)({ domain: 'x.example', token: 't' })`;
const PLACES = [
  'Intl.DateTimeFormat',
  'Intl.DateTimeFormat.prototype',
  'Intl.DateTimeFormat.prototype.formatToParts',
  'WebAssembly.Memory',
  'WebAssembly.Memory.prototype',
  'Array.prototype.map',
  'Array.prototype',
  'Math',
  'Buffer.prototype',
  'Uint8Array.prototype',
  'Response.prototype',
  'DOMException.prototype',
  'process.config.variables',
  'process.versions',
  'String.prototype',
  'Date',
  'JSON.parse',
  'Reflect.apply',
  'Promise.all',
  "Object.getOwnPropertyDescriptor(Map.prototype, 'size').get",
  'Object.getPrototypeOf(new Headers().entries())',
  'Object.getPrototypeOf(new URLSearchParams().entries())',
  "Object.getPrototypeOf(new Intl.Segmenter().segment('a'))",
  'performance.mark',
  'crypto.subtle.digest',
  "require('crypto').createHash",
  "require('crypto').createHash.prototype",
  "require('util').promisify",
  "require('http').get",
  "require('lodash').map",
  "require('lodash').map.prototype",
  "Object.getPrototypeOf(require('lodash')([]))",
  "require('axios').create",
  "Object.getPrototypeOf(require('axios').interceptors.request)",
  "require('jose').SignJWT.prototype.sign",
  `Object.getPrototypeOf(${CLIENT})`,
  `Object.getPrototypeOf(${CLIENT}.organizations)`,
  `Object.getPrototypeOf(${CLIENT}.users)`,
  `${CLIENT}.organizations.constructor`,
  `${CLIENT}.organizations.constructor.prototype.get`,
];

async function plantAndLook(plant: string, look: string, version: string): Promise<string | undefined> {
  const code = login(
    `if (event.request.query.first) { try { ${plant} } catch {} return; }\nconsole.log(String(${look}));`,
  );
  const dependencies = [{ name: 'auth0', version }];
  const program = toProgram('post-login', { code, dependencies });
  const first = await run(runner, program, { event: { ...EVENT, request: { query: { first: '1' } } } });
  expect(first.end).toEqual({ kind: 'done' });
  return (await run(runner, program)).reports[0]?.console[0];
}

test.each(
  PLACES.flatMap((place) =>
    place.includes('auth0')
      ? [
          [place, '4'],
          [place, '7'],
        ]
      : [[place, '4']],
  ),
)('nothing stays on %s (SDK %s)', async (place, version = '') => {
  const planted = `(${place}).lastUser = event.user.user_id;`;
  expect(await plantAndLook(planted, `(${place}).lastUser`, version)).toBe('undefined');
});

test.each(['4', '7'])('a method of the SDK %s’s client is the SDK’s own in the next login', async (version) => {
  const part = `Object.getPrototypeOf(${CLIENT}.organizations)`;
  const name = version === '4' ? 'deleteMembers' : 'list';
  const code = `${part}.${name} = function planted() {};`;
  expect(await plantAndLook(code, `${part}.${name}`, version)).not.toContain('planted');
});

test.each([
  [
    'a property',
    `Object.defineProperty(require('lodash').map, 'name', { value: event.user.user_id });`,
    `require('lodash').map.name`,
  ],
  ['a listener', `process.stdout.on('drain', () => {});`, `process.stdout.listenerCount('drain')`],
])('%s that is there is not replaced', async (_, plant, look) => {
  expect(await plantAndLook(plant, look, '4')).not.toMatch(/auth0|1$/);
});

test.each(['4', '7'])(
  'ordinary use of packages and built-ins leaves a process that is used again (SDK %s)',
  async (version) => {
    leftovers.length = 0;
    const program = toProgram('post-login', {
      code: login(`const management = ${CLIENT};
      class Mine extends require('auth0').ManagementClient {}
      function Old() { Error.call(this); }
      require('util').inherits(Old, Error); Old.prototype.constructor = Old; Old.prototype.toString = () => 'old';
      await management.users.get({ id: 'x' }).catch(() => {});
      await require('axios').get('http://127.0.0.1:2').catch(() => {});
      await fetch('http://127.0.0.1:2').catch(() => {});
      require('jsonwebtoken').sign({ a: 1 }, 'x'.repeat(32)); require('lodash').chain([1]).map((x) => x).reverse().value();
      await new (require('jose').SignJWT)({}).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
      require('uuid').v4(); new Intl.DateTimeFormat('en').format(0); new Mine({ domain: 'x.example', token: 't' });
      new Date().toLocaleString(); 'a'.localeCompare('b'); structuredClone({}); new URL('http://x/?a').searchParams.get('a');
      await require('util').promisify(require('zlib').gzip)('x'); require('crypto').createHash('sha256').update('').digest('hex');
      const reply = new Response(new Blob(['x']).stream().pipeThrough(new CompressionStream('gzip')));
      await Promise.all([reply.clone().arrayBuffer(), reply.text()]);
      await fetch('http://127.0.0.1:2', { method: 'POST', body: new URLSearchParams({ a: 'b' }) }).catch((error) => {
        if (error.cause.code !== 'ECONNREFUSED' && error.cause.code !== 'EACCES') throw error;
      });
      new FormData().append('a', new File(['x'], 'x')); structuredClone(new DOMException('x')); new Headers({ a: 'b' }).get('a');
      console.log(process.pid);`),
      dependencies: [{ name: 'auth0', version }],
    });
    const pids = new Set<string | undefined>();
    for (let turn = 0; turn < 3; turn += 1) {
      const { end, reports } = await run(runner, program);
      expect(end).toEqual({ kind: 'done' });
      pids.add(reports[0]?.console[0]);
    }
    expect(leftovers).toEqual([]);
    expect(pids.size).toBe(1);
  },
);

test('who replaces what counts for him still asks for no more than he may', async () => {
  const code = login(`JSON.stringify = () => '{}';
    for (const name of ['a', 'b', 'c']) api.user.setUserMetadata(name, 'x'.repeat(30_000));`);
  const { end } = await run(runner, toProgram('post-login', code));
  expect(end).toMatchObject({ kind: 'failed', failure: 'result' });
  expect((end as { detail: string }).detail).toContain('user_metadata of more than 32768 characters');
});

test('old code may add to what it always could add to', async () => {
  const code = login(`'use strict';
    Date.prototype.addDays = function (days) { return new Date(this.getTime() + days * 864e5); };
    String.prototype.shout = function () { return this.toUpperCase(); };
    BigInt.prototype.toJSON = function () { return String(this); };
    api.idToken.setCustomClaim('later', [new Date(0).addDays(1), 'a'.shout(), 1n]);`);
  const { end, effects } = await run(runner, toProgram('post-login', code));
  expect(end).toEqual({ kind: 'done' });
  expect(effects).toMatchObject([{ name: 'later', value: ['1970-01-02T00:00:00.000Z', 'A', '1'] }]);
});
