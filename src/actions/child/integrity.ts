/**
 * Whether a process is as it was before an execution: the intrinsics, the globals, the modules that were loaded, and nothing
 * that would run later. Compares property by property against a picture taken at the start; repairs nothing: a process that
 * changed is given up. Uses no built-in that an Action could have replaced.
 */
import {
  eventNamesOf,
  getActiveResourcesInfo,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  ownKeys,
} from './primordials.js';

interface Picture {
  readonly name: string;
  readonly object: object;
  readonly isLiving: boolean;
  readonly prototype: object | null;
  readonly keys: readonly PropertyKey[];
  /** Four to a key: value or getter, setter, flags, whether it is an accessor. */
  readonly values: readonly unknown[];
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function flagsOf(descriptor: PropertyDescriptor): number {
  return (descriptor.writable ? 1 : 0) + (descriptor.configurable ? 2 : 0) + (descriptor.enumerable ? 4 : 0);
}

function isAccessor(descriptor: PropertyDescriptor): boolean {
  return descriptor.get !== undefined || descriptor.set !== undefined;
}

/** Objects that change by being used (a pool of connections): only what can be called on them is compared. */
function findMethods(object: object): PropertyKey[] {
  const keys = ownKeys(object);
  const methods: PropertyKey[] = [];
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as PropertyKey;
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor !== undefined && (isAccessor(descriptor) || typeof descriptor.value === 'function'))
      methods[methods.length] = key;
  }
  return methods;
}

function keysOf(object: object, isLiving: boolean): readonly PropertyKey[] {
  return isLiving ? findMethods(object) : ownKeys(object);
}

function takePicture(name: string, object: object, isLiving: boolean): Picture {
  const keys = keysOf(object, isLiving);
  const values: unknown[] = [];
  for (const key of keys) {
    const descriptor = getOwnPropertyDescriptor(object, key) ?? {};
    values.push(descriptor.get ?? descriptor.value, descriptor.set, flagsOf(descriptor), isAccessor(descriptor));
  }
  return { name, object, isLiving, prototype: getPrototypeOf(object) as object | null, keys, values };
}

/** The name of the first property that differs from the picture, or undefined. */
function findDifference(picture: Picture): string | undefined {
  const { object, keys, values, name } = picture;
  if (getPrototypeOf(object) !== picture.prototype) return `the prototype of ${name}`;
  const now = keysOf(object, picture.isLiving);
  if (now.length !== keys.length) return `a property of ${name}`;
  for (let index = 0; index < now.length; index += 1) {
    const key = now[index] as PropertyKey;
    const descriptor = getOwnPropertyDescriptor(object, key);
    const at = index * 4;
    if (
      key !== keys[index] ||
      descriptor === undefined ||
      !is(values[at + 3] === true ? descriptor.get : descriptor.value, values[at]) ||
      (values[at + 3] === true && descriptor.set !== values[at + 1]) ||
      isAccessor(descriptor) !== values[at + 3] ||
      flagsOf(descriptor) !== values[at + 2]
    )
      return `${name}.${typeof key === 'symbol' ? 'a symbol' : key}`;
  }
  return undefined;
}

/** Objects that no global name leads to. */
function findHiddenIntrinsics(): [string, object][] {
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  const prototypeOf = (value: unknown) => Object.getPrototypeOf(value) as object;
  return [
    ['TypedArray', prototypeOf(Uint8Array)],
    ['TypedArray.prototype', prototypeOf(Uint8Array.prototype)],
    ['ArrayIterator.prototype', prototypeOf([][Symbol.iterator]())],
    ['MapIterator.prototype', prototypeOf(new Map().entries())],
    ['SetIterator.prototype', prototypeOf(new Set().values())],
    ['StringIterator.prototype', prototypeOf(''[Symbol.iterator]())],
    ['RegExpStringIterator.prototype', prototypeOf('a'.matchAll(/a/g))],
    ['Iterator.prototype', prototypeOf(prototypeOf([][Symbol.iterator]()))],
    ['AsyncIterator.prototype', prototypeOf(prototypeOf(asyncGenerator.prototype))],
    ['Generator.prototype', prototypeOf(generator.prototype)],
    ['GeneratorFunction.prototype', prototypeOf(generator)],
    ['AsyncGenerator.prototype', prototypeOf(asyncGenerator.prototype)],
    ['AsyncGeneratorFunction.prototype', prototypeOf(asyncGenerator)],
    ['AsyncFunction.prototype', prototypeOf(async () => {})],
  ];
}

/**
 * Brings the globals into the state in which they stay. The client behind `fetch` gives itself a method at its first request, and one timer for all of them, which is never to be cleared.
 * This request goes nowhere: nothing was allowed yet. To be called before the timers are counted.
 */
export function settleGlobals(): void {
  // Many of Node's globals are made when they are first touched: they would look changed by whoever touches them.
  for (const key of ownKeys(globalThis)) Reflect.get(globalThis, key);
  const dispatcher = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1')) as
    | { dispatch(options: object, handler: object): unknown }
    | undefined;
  try {
    const ignore = () => {};
    const handler = { onConnect: ignore, onError: ignore, onHeaders: ignore, onData: ignore, onComplete: ignore };
    dispatcher?.dispatch({ origin: 'http://127.0.0.1:1', path: '/', method: 'GET' }, handler);
  } catch {
    // Later versions throw instead of calling the handler.
  }
}

/** Function objects and prototypes as the language makes them. Packages have thousands. */
const BARE = new Set<PropertyKey>(['length', 'name', 'prototype', 'arguments', 'caller', 'constructor']);

function isBare(value: object): boolean {
  return ownKeys(value).every((key) => BARE.has(key));
}

export interface Integrity {
  /** Adds a module's exports to what is watched, `depth` levels below them. */
  watch(name: string, exports: unknown, depth: number): void;
  /** To be called before an execution: what is open now may be open afterwards. */
  begin(): void;
  /** What is not as it was, or undefined. */
  findChange(): string | undefined;
}

/** Takes the picture. To be called when everything of the process's own is in place and no Action ran yet. */
export function createIntegrity(): Integrity {
  const pictures: Picture[] = [];
  const seen = new Set<object>();
  const add = (name: string, value: unknown, isLiving = false): void => {
    if (!isObject(value) || seen.has(value) || ArrayBuffer.isView(value)) return;
    seen.add(value);
    pictures.push(takePicture(name, value, isLiving));
  };
  const addDeep = (name: string, value: unknown, depth: number): void => {
    if (!isObject(value) || seen.has(value)) return;
    if (isBare(value)) {
      // Nothing is kept on it; that it is still the same one is seen where it was found.
      if (typeof value === 'function') addDeep(`${name}.prototype`, value.prototype, depth);
      return;
    }
    add(name, value);
    if (depth === 0) return;
    for (const key of ownKeys(value)) {
      const descriptor = getOwnPropertyDescriptor(value, key);
      if (descriptor !== undefined && isObject(descriptor.value)) {
        addDeep(`${name}.${String(key)}`, descriptor.value, depth - 1);
      }
    }
  };
  add('Object.prototype', Object.prototype);
  for (const key of ownKeys(globalThis)) {
    const descriptor = getOwnPropertyDescriptor(globalThis, key);
    const value = descriptor?.value as unknown;
    if (!isObject(value) || value === globalThis) continue;
    add(String(key), value, typeof key === 'symbol');
    if (typeof value === 'function') add(`${String(key)}.prototype`, value.prototype);
  }
  add('globalThis', globalThis);
  for (const [name, object] of findHiddenIntrinsics()) add(name, object);
  let open = getActiveResourcesInfo().length;
  const events = eventNamesOf();
  const { env } = process;
  return {
    watch: (name, exports, depth) => addDeep(name, exports, depth),
    begin() {
      open = getActiveResourcesInfo().length;
    },
    findChange() {
      for (let index = 0; index < pictures.length; index += 1) {
        const difference = findDifference(pictures[index] as Picture);
        if (difference !== undefined) return difference;
      }
      if (eventNamesOf().length !== events.length) return 'a listener of process';
      if (ownKeys(env).length > 0) return 'a variable of process.env';
      const left = getActiveResourcesInfo();
      // Fewer as well: an Action may have closed what the process needs.
      if (left.length !== open)
        return `${left[left.length - 1] ?? 'nothing'} is open, ${left.length} in place of ${open}`;
      return undefined;
    },
  };
}
