/**
 * Messages of a process, believed or not. A process that an Action took over says anything at all; these are the bytes it might send.
 */
import { describe, expect, test } from 'vitest';
import { FrameReader, toFrame } from '../../../src/actions/frames.js';
import { findOversize, findWrongCommands } from '../../../src/actions/runner/asked-sizes.js';
import { TriggerCaches } from '../../../src/actions/runner/cache.js';
import { parseEffects } from '../../../src/actions/runner/parse-effect.js';
import { parseMessage } from '../../../src/actions/runner/parse-frame.js';
import type { Effect } from '../../../src/domain/actions/action.js';
import { systemClock } from '../../../src/kernel/clock.js';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const result = (more: object) => bytes({ kind: 'result', end: { kind: 'done' }, effects: [], cache: [], ...more });
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe('frames', () => {
  test('are found in whatever pieces they come', () => {
    const stream = Buffer.concat([toFrame({ a: 1 }), toFrame({ b: 'ü' }), toFrame({})]);
    for (const size of [1, 2, 3, 5, 7, 100]) {
      const reader = new FrameReader(1_000);
      const found: string[] = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...reader.read(stream.subarray(at, at + size)).map((frame) => frame.toString()));
      expect(found).toEqual(['{"a":1}', '{"b":"ü"}', '{}']);
    }
  });

  test('a header that promises more than is allowed is refused before anything is kept', () => {
    const reader = new FrameReader(1_000);
    expect(() => reader.read(Buffer.from([255, 255, 255, 255]))).toThrow('a message of 4294967295 bytes');
    expect(() => new FrameReader(1_000).read(Buffer.from([0, 0, 4, 0]))).toThrow(RangeError);
  });
});

describe('messages', () => {
  test.each([
    ['not JSON', Buffer.from('{')],
    ['null', bytes(null)],
    ['a list', bytes([])],
    ['an unknown kind', bytes({ kind: 'grant' })],
    ['a kind of an object’s prototype', bytes({ kind: 'constructor' })],
    ['an end of no kind', result({ end: { kind: 'admitted' } })],
    ['no end', bytes({ kind: 'result', effects: [], cache: [] })],
    ['a reason that is no text', result({ end: { kind: 'denied', reason: {} } })],
    ['a redirect to a script', result({ end: { kind: 'redirect', url: 'javascript:alert(1)', index: 0 } })],
    ['a redirect from nowhere', result({ end: { kind: 'redirect', url: 'https://x', index: '0' } })],
    [
      'a failure of the runner’s own',
      result({ end: { kind: 'failed', failure: 'busy', error: { name: '', message: '', stack: '' } } }),
    ],
    ['a pause for a factor by no Action', result({ end: { kind: 'factor' } })],
    ['a passed factor', result({ effects: [{ kind: 'factor_passed', type: 'otp' }] })],
    ['a recorded factor', result({ effects: [{ kind: 'record_method', method: 'mfa' }] })],
    ['a factor of no kind', result({ effects: [{ kind: 'factor_command', does: 'challenge', types: ['mfa'] }] })],
    ['a command for no factor', result({ effects: [{ kind: 'factor_command', does: 'challenge', types: [] }] })],
    ['a command of another kind', result({ effects: [{ kind: 'factor_command', does: 'pass', types: ['otp'] }] })],
    ['a provider that is not here', result({ effects: [{ kind: 'multifactor', provider: 'duo', remembers: false }] })],
    ['effects that are no list', result({ effects: { length: 1 } })],
    ['an effect of another trigger', result({ effects: [{ kind: 'admit', roles: ['admin'] }] })],
    ['an effect of no kind', result({ effects: [{ kind: '__proto__' }] })],
    ['a cache key that is too long', result({ cache: [{ key: 'x'.repeat(65) }] })],
    ['a duration before the start', bytes({ kind: 'end', durationMs: -1 })],
    ['an index that is none', bytes({ kind: 'begin', index: 0.5 })],
    ['a line that is no text', bytes({ kind: 'line', text: ['x'] })],
  ])('%s is none', (_, message) => {
    expect(parseMessage(message, 'post-login')).toBeUndefined();
  });

  test('a pause for a second factor exists in post-login alone', () => {
    const message = result({ end: { kind: 'factor', index: 0 } });
    expect(parseMessage(message, 'post-login')).toBeDefined();
    expect(parseMessage(message, 'organization-admission')).toBeUndefined();
  });

  test('a redirect exists in post-login alone', () => {
    const message = result({ end: { kind: 'redirect', url: 'https://x', index: 0 } });
    expect(parseMessage(message, 'post-login')).toBeDefined();
    expect(parseMessage(message, 'organization-admission')).toBeUndefined();
  });
});

describe('effects', () => {
  const claim = { kind: 'claim', token: 'id', name: 'a', value: 1 };
  test('are taken over field by field', () => {
    expect(parseEffects([{ ...claim, extra: true }], 'post-login')).toEqual([claim]);
  });

  test.each([
    ['a token of no kind', { ...claim, token: 'refresh' }],
    ['no value', { kind: 'claim', token: 'id', name: 'a' }],
    ['a name that replaces a prototype', { ...claim, name: '__proto__' }],
    ['a member that replaces a prototype', { ...claim, value: JSON.parse('{"a":{"__proto__":{}}}') as unknown }],
    ['a value nested too deep', { ...claim, value: nested(70) }],
    ['a value nested so deep that looking would take the stack', { ...claim, value: nested(100_000) }],
    ['a time before time', { kind: 'session_expiry', at: -1 }],
    ['roles that are no texts', { kind: 'admit', roles: [1] }],
    ['too many roles', { kind: 'admit', roles: Array.from({ length: 51 }, () => 'x') }],
    ['a cookie of no kind', { kind: 'session_cookie', mode: 'forever' }],
    ['a revocation of everything', { kind: 'revoke', what: 'everything', reason: 'x' }],
    ['a list', [claim]],
  ])('%s: none of them is believed', (_, effect) => {
    const isAdmission = 'kind' in effect && effect.kind === 'admit';
    expect(
      parseEffects([...(isAdmission ? [] : [claim]), effect], isAdmission ? 'organization-admission' : 'post-login'),
    ).toBeUndefined();
  });
});

describe('sizes', () => {
  const text = (length: number) => 'x'.repeat(length);
  const many = (kind: 'session_metadata' | 'user_metadata', count: number, value: string | null): Effect[] =>
    Array.from({ length: count }, (_, index) => ({ kind, name: `n${index}`, value }));
  test.each<[string, Effect[], string]>([
    ['metadata in small pieces', many('user_metadata', 40, text(1_000)), 'user_metadata of more than 32768'],
    ['one large piece', [{ kind: 'app_metadata', name: 'a', value: text(32_768) }], 'app_metadata of more than 32768'],
    [
      'claims of one token',
      [
        { kind: 'claim', token: 'id', name: 'a', value: text(60_000) },
        { kind: 'claim', token: 'id', name: 'b', value: text(60_000) },
      ],
      'id token of more than 102400',
    ],
    ['names of a session', many('session_metadata', 26, 'v'), 'session_metadata of more than 25 names'],
    ['text of a session', many('session_metadata', 1, text(256)), 'session_metadata of more than 255 characters'],
    ['no text for a session', [{ kind: 'session_metadata', name: 'a', value: [] }], 'more than 255 characters'],
    ['a name of a session', [{ kind: 'refresh_token_metadata', name: text(256), value: null }], '255 characters'],
  ])('%s: too much', (_, effects, message) => {
    expect(findOversize(effects)).toContain(message);
  });

  test.each<[string, Effect[]]>([
    ['nothing', []],
    ['as much as may be', [{ kind: 'user_metadata', name: 'a', value: text(32_768 - '{"a":""}'.length) }]],
    ['the same name again and again', Array.from({ length: 5 }, () => many('user_metadata', 1, text(30_000))).flat()],
    [
      'as much in each token',
      (['id', 'access'] as const).map((token) => ({ kind: 'claim', token, name: 'a', value: text(60_000) })),
    ],
    ['names that are taken away', many('session_metadata', 100, null)],
    ['25 names of a session', many('session_metadata', 25, text(255))],
    ['what has no value', [{ kind: 'scope', change: 'add', scope: text(200) }]],
  ])('%s: not too much', (_, effects) => {
    expect(findOversize(effects)).toBeUndefined();
  });
});

describe('commands for second factors', () => {
  const command: Effect = { kind: 'factor_command', does: 'challenge', types: ['otp'] };

  test.each([
    ['asked for and then passed over', { kind: 'done' }, [command], /without its pause/],
    ['asked for and replaced by a redirect', { kind: 'redirect', url: 'https://x', index: 0 }, [command], /its pause/],
    ['a pause that asks for nothing', { kind: 'factor', index: 0 }, [], /without a command/],
    ['a fifth one', { kind: 'factor', index: 0 }, Array<Effect>(5).fill(command), /more than 4/],
  ] as const)('%s is no result', (_what, end, effects, text) => {
    expect(findWrongCommands(end, effects, effects)).toMatch(text);
  });

  test('a command with its pause, and a denial, are results', () => {
    expect(findWrongCommands({ kind: 'factor', index: 0 }, [command], [command])).toBeUndefined();
    const denied = { kind: 'denied', reason: '', code: undefined, userMessage: undefined } as const;
    expect(findWrongCommands(denied, [command], [command])).toBeUndefined();
    // Those before a pause are fulfilled: the next Action may ask for nothing more.
    expect(findWrongCommands({ kind: 'done' }, [], [command])).toBeUndefined();
  });
});

test('the cache of a trigger holds no more than it may, whatever a process says', () => {
  const caches = new TriggerCaches(systemClock);
  const expiresAt = Date.now() + 1e12;
  const changes = Array.from({ length: 30 }, (_, index) => ({ key: `k${index}`, record: { value: 'v', expiresAt } }));
  caches.apply('post-login', [...changes, { key: 'large', record: { value: 'v'.repeat(8_300), expiresAt } }]);
  const kept = caches.read('post-login');
  expect(Object.keys(kept)).toHaveLength(20);
  expect(Object.values(kept).every((record) => record.expiresAt <= Date.now() + 86_400_000)).toBe(true);
  expect(caches.read('credentials-exchange')).toEqual({});
  caches.apply('post-login', [
    { key: 'k0', record: undefined },
    { key: 'k1', record: { value: 'v', expiresAt: 1 } },
  ]);
  expect(Object.keys(caches.read('post-login'))).toHaveLength(18);
});
