/**
 * Node's modules that an Action can load. Modules that open files, processes, workers, debuggers or other contexts are
 * not among them. Packages also load `fs`, so it can be loaded, but its functions throw.
 */
import { createRequire } from 'node:module';
import { defineProperty, getOwnPropertyDescriptor, ownKeys } from './primordials.js';
import type { ActionTimers } from './timers.js';

/** Node modules that Actions get unchanged. */
const PLAIN = [
  'assert',
  'assert/strict',
  'buffer',
  'console',
  'constants',
  'crypto',
  'events',
  'http',
  'http2',
  'https',
  'path',
  'path/posix',
  'path/win32',
  'process',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'sys',
  'tls',
  'url',
  'util',
  'util/types',
  'zlib',
] as const;

/** Actions get copies of these modules, so that they cannot replace functions that the rest of Node calls. */
const COPIED = ['dns', 'dns/promises', 'net', 'os'] as const;
/**
 * Actions get only these members. The others call back as long as the process lives (hooks, observers), or open file
 * descriptors.
 */
const PARTLY = {
  async_hooks: ['AsyncLocalStorage', 'AsyncResource', 'executionAsyncId', 'triggerAsyncId'],
  perf_hooks: ['performance'],
  tty: ['isatty'],
} as const;
/** Node modules that Actions get as copies whose functions throw. */
const INERT = ['fs', 'fs/promises'] as const;

function copy(source: object): Record<PropertyKey, unknown> {
  const target: Record<PropertyKey, unknown> = {};
  for (const key of ownKeys(source)) {
    const descriptor = getOwnPropertyDescriptor(source, key);
    if (descriptor !== undefined) defineProperty(target, key, descriptor);
  }
  return target;
}

function createRefusal(name: string): () => never {
  // Not an arrow function, because packages call some of these functions with `new`, or extend them.
  return function refused(): never {
    const error = new Error(`${name} is not available: an Action has no file system`);
    throw Object.assign(error, { code: 'ERR_ACCESS_DENIED' });
  };
}

function createInert(name: string, source: object): Record<PropertyKey, unknown> {
  const target: Record<PropertyKey, unknown> = {};
  for (const key of ownKeys(source)) {
    const value = Reflect.get(source, key) as unknown;
    if (typeof value === 'function') target[key] = createRefusal(`${name}.${String(key)}`);
    else if (key === 'promises') target[key] = createInert('fs.promises', value as object);
    else target[key] = value;
  }
  return target;
}

/**
 * Creates the function that loads a Node module by name. It returns undefined for a name that Actions do not get. The
 * prefix `node:` is optional.
 */
export function createBuiltins(timers: ActionTimers): (name: string) => unknown {
  const load = createRequire('/');
  const ready: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const lazy: Record<string, () => unknown> = Object.create(null) as Record<string, () => unknown>;
  for (const name of PLAIN) lazy[name] = () => load(`node:${name}`);
  for (const name of COPIED) lazy[name] = () => copy(load(`node:${name}`) as object);
  for (const [name, keys] of Object.entries(PARTLY)) {
    lazy[name] = () => {
      const source = load(`node:${name}`) as Record<string, unknown>;
      return Object.fromEntries(keys.map((key) => [key, source[key]]));
    };
  }
  for (const name of INERT) lazy[name] = () => createInert(name.replace('/', '.'), load(`node:${name}`) as object);
  lazy.timers = () => ({ ...copy(load('node:timers') as object), ...timers.globals, promises: timers.promises });
  lazy['timers/promises'] = () => timers.promises;
  return (given) => {
    const name = given.startsWith('node:') ? given.slice(5) : given;
    const make = lazy[name];
    if (make === undefined) return undefined;
    if (!(name in ready)) ready[name] = make();
    return ready[name];
  };
}

/** The Node modules that an Action can load, for the error message of `require`. */
export const BUILTIN_NAMES: readonly string[] = [
  ...PLAIN,
  ...COPIED,
  ...Object.keys(PARTLY),
  ...INERT,
  'timers',
  'timers/promises',
];
