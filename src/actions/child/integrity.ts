/**
 * Whether a process is as it was before an execution: the intrinsics, the globals, the modules that were loaded, and nothing
 * that would run later. Compares property by property against a picture taken at the start; repairs nothing: a process that
 * changed is given up. Uses no built-in that an Action could have replaced.
 */
import dns from 'node:dns';
import stream from 'node:stream';
import { promisify } from 'node:util';
import { createSamples, findHiddenIntrinsics } from './hidden.js';
import {
  eventNamesOf,
  freeze,
  getActiveResourcesInfo,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  isFrozen,
  ownKeys,
} from './primordials.js';

interface Picture {
  readonly name: string;
  readonly object: object;
  readonly isLiving: boolean;
  readonly prototype: object | null;
  readonly keys: readonly PropertyKey[];
  /** Two to a key: the value and nothing, or the getter and the setter. */
  readonly values: readonly unknown[];
  /** One to a key. */
  readonly flags: readonly number[];
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

const CONFIGURABLE = 1;
const ENUMERABLE = 2;
const WRITABLE = 4;
const ACCESSOR = 8;

function flagsOf(descriptor: PropertyDescriptor): number {
  return (
    (descriptor.configurable ? CONFIGURABLE : 0) |
    (descriptor.enumerable ? ENUMERABLE : 0) |
    (descriptor.writable ? WRITABLE : 0) |
    (isAccessor(descriptor) ? ACCESSOR : 0)
  );
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
  const flags: number[] = [];
  for (const key of keys) {
    const descriptor = getOwnPropertyDescriptor(object, key) ?? {};
    values.push(descriptor.get ?? descriptor.value, descriptor.set);
    flags.push(flagsOf(descriptor));
  }
  return { name, object, isLiving, prototype: getPrototypeOf(object) as object | null, keys, values, flags };
}

/** Reads no more of the descriptor than its kind has: this runs a thousand times after each execution. */
function isAsItWas(descriptor: PropertyDescriptor, first: unknown, second: unknown, flags: number): boolean {
  if (descriptor.configurable !== ((flags & CONFIGURABLE) !== 0)) return false;
  if (descriptor.enumerable !== ((flags & ENUMERABLE) !== 0)) return false;
  if ((flags & ACCESSOR) !== 0) return descriptor.get === first && descriptor.set === second;
  // Undefined in an accessor, which is how one in the place of a value is noticed.
  if (descriptor.writable !== ((flags & WRITABLE) !== 0)) return false;
  return descriptor.value === first || is(descriptor.value, first);
}

/** The name of the first property that differs from the picture, or undefined. */
function findDifference({ name, object, isLiving, prototype, keys, values, flags }: Picture): string | undefined {
  if (getPrototypeOf(object) !== prototype) return `the prototype of ${name}`;
  const now = keysOf(object, isLiving);
  if (now.length !== keys.length) return `a property of ${name}`;
  for (let index = 0; index < now.length; index += 1) {
    const key = now[index] as PropertyKey;
    const descriptor = key === keys[index] ? getOwnPropertyDescriptor(object, key) : undefined;
    if (
      descriptor === undefined ||
      !isAsItWas(descriptor, values[index * 2], values[index * 2 + 1], flags[index] as number)
    )
      return `${name}.${typeof key === 'symbol' ? 'a symbol' : key}`;
  }
  return undefined;
}

/** Function objects and prototypes as the language makes them. Packages have thousands. */
const BARE = new Set<PropertyKey>(['length', 'name', 'prototype', 'arguments', 'caller', 'constructor']);

function isBare(value: object): boolean {
  const keys = ownKeys(value);
  for (let index = 0; index < keys.length; index += 1) if (!BARE.has(keys[index] as PropertyKey)) return false;
  return true;
}

/** Every object has these: what is behind them is looked at once, by name. */
const ROOTS = new Set<unknown>([Object.prototype, Function.prototype, Array.prototype, null]);

/** `promisify` marks what it gives at its first call: done for what Actions can load, before that is frozen. */
function settlePromisify(): void {
  for (const source of [dns, stream] as object[]) {
    for (const key of ownKeys(source)) {
      const value = Reflect.get(source, key) as unknown;
      if (typeof value === 'function' && promisify.custom in value) promisify(value as unknown as () => void);
    }
  }
}

const { env: environment } = process;

/** What is to be compared later. */
class Album {
  readonly pictures: Picture[] = [];
  /** The environment answers by itself, and differently each time; findChange looks at it. */
  readonly #seen = new Set<unknown>([environment]);

  /** This one alone, and nothing behind it. */
  add(name: string, value: unknown, isLiving = false): void {
    if (!isObject(value) || this.#seen.has(value) || ArrayBuffer.isView(value)) return;
    this.#seen.add(value);
    if (!isFrozen(value)) this.pictures.push(takePicture(name, value, isLiving));
  }

  /**
   * `value`, its prototypes, and `depth` levels of what its properties hold. A function on which nothing is kept is frozen in place
   * of being compared: there are thousands. Prototypes are not, as who inherits from them could not override what they have.
   */
  addDeep(name: string, value: unknown, depth: number, isLiving = false): void {
    if (!isObject(value) || this.#seen.has(value)) return;
    if (typeof value === 'function' && isBare(value)) {
      this.#seen.add(value);
      const prototype = getOwnPropertyDescriptor(value, 'prototype')?.value as unknown;
      freeze(value);
      // Of a function that is no class: nobody inherits from it. One that was seen already has its picture.
      const isLoose = isObject(prototype) && isBare(prototype) && getPrototypeOf(prototype) === Object.prototype;
      if (isLoose && !this.#seen.has(prototype)) this.#seen.add(freeze(prototype));
      else this.addDeep(`${name}.prototype`, prototype, depth);
      this.#addParent(name, value, depth);
      return;
    }
    this.add(name, value, isLiving);
    this.#addParent(name, value, depth);
    if (depth === 0) return;
    for (const key of keysOf(value, isLiving)) {
      const descriptor = getOwnPropertyDescriptor(value, key);
      for (const held of [descriptor?.value, descriptor?.get, descriptor?.set] as unknown[]) {
        if (isObject(held)) this.addDeep(`${name}.${String(key)}`, held, depth - 1);
      }
    }
  }

  #addParent(name: string, value: object, depth: number): void {
    const parent = getPrototypeOf(value) as unknown;
    if (!ROOTS.has(parent)) this.addDeep(`the prototype of ${name}`, parent, Math.max(depth, 1));
  }

  /** The prototypes of an object that was made for this alone, and of the objects that its properties and getters give. */
  addPrototypes(name: string, value: unknown, depth: number): void {
    if (!isObject(value) || typeof value === 'function' || this.#seen.has(value)) return;
    this.#seen.add(value);
    for (const key of ownKeys(value)) this.#addPart(name, value, key, depth);
    for (let parent = getPrototypeOf(value) as object | null; parent !== null; ) {
      if (ROOTS.has(parent)) return;
      for (const key of ownKeys(parent)) this.#addPart(name, value, key, depth);
      this.addDeep(`the prototype of ${name}`, parent, 1);
      parent = getPrototypeOf(parent) as object | null;
    }
  }

  #addPart(name: string, value: object, key: PropertyKey, depth: number): void {
    if (depth === 0) return;
    try {
      this.addPrototypes(`${name}.${String(key)}`, Reflect.get(value, key), depth - 1);
    } catch {
      // A getter that wants more than is there gives an Action nothing either.
    }
  }
}

/** How deep is looked behind a global: class, prototype, method, and what is kept on that. */
const LIVING = new Set<PropertyKey>(['performance', 'crypto']);
const GLOBAL_DEPTH = 3;
/** A client, its parts, theirs, and their settings. */
const SAMPLE_DEPTH = 4;

/**
 * Frozen in place of being compared, since nobody adds to them and nobody inherits from them by assigning: namespaces, binary data, and
 * the largest classes of the web, with their prototypes. What old code extends (Object, Function, Array, String, Number, Date, RegExp,
 * Error, Promise, Map, Set, URL) is not among them: it stays as Actions know it. Nor are the streams, which Node itself builds by assigning.
 */
const FROZEN =
  /^(Atomics|Intl|Math|Reflect|WebAssembly|DataView|.*ArrayBuffer|Buffer|(U?int|BigU?int|Float).+Array|DOMException|Request|Response)$/i;

/** A table that nobody has a reason to write to, with what is in it. */
function freezeTable(value: unknown): void {
  if (!isObject(value)) return;
  for (const key of ownKeys(value)) {
    const held = getOwnPropertyDescriptor(value, key)?.value as unknown;
    if (typeof held === 'object') freezeTable(held);
  }
  freeze(value);
}

function freezeClass(value: unknown): void {
  if (!isObject(value)) return;
  const prototype = getOwnPropertyDescriptor(value, 'prototype')?.value as unknown;
  if (isObject(prototype)) freeze(prototype);
  freeze(value);
}

/** To be called before the pictures are taken: what is frozen needs none. */
function freezeGlobals(): void {
  for (const table of ['config', 'versions', 'features', 'release']) freezeTable(Reflect.get(process, table));
  freezeTable(Reflect.get(Array.prototype, Symbol.unscopables));
  for (const key of ownKeys(globalThis)) {
    if (typeof key !== 'string' || !FROZEN.test(key)) continue;
    const value = Reflect.get(globalThis, key) as unknown;
    freezeClass(value);
    // The classes of a namespace: Intl.DateTimeFormat, WebAssembly.Memory.
    if (typeof value === 'object' && value !== null)
      for (const name of ownKeys(value)) freezeClass(getOwnPropertyDescriptor(value, name)?.value);
  }
  freezeClass(getPrototypeOf(Uint8Array));
}

function takeGlobals(album: Album): void {
  album.addDeep('Object.prototype', Object.prototype, 1);
  for (const key of ownKeys(globalThis)) {
    const value = Reflect.get(globalThis, key) as unknown;
    if (value !== globalThis)
      album.addDeep(String(key), value, GLOBAL_DEPTH, LIVING.has(key) || typeof key === 'symbol');
  }
  album.add('globalThis', globalThis);
  for (const [name, object] of findHiddenIntrinsics()) album.addDeep(name, object, 1);
  // A listener there hears everybody.
  for (const [name, emitter] of [
    ['process', process],
    ['process.stdout', process.stdout],
    ['process.stderr', process.stderr],
  ] as const)
    album.add(`the listeners of ${name}`, Reflect.get(emitter, '_events'));
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
  settlePromisify();
  freezeGlobals();
  const album = new Album();
  takeGlobals(album);
  const { pictures } = album;
  let open = getActiveResourcesInfo().length;
  const events = eventNamesOf();
  const { env } = process;
  return {
    watch(name, exports, depth) {
      // Bundles give what they export by getters, and so does Node what it loads at first use: that changes the property.
      const given = isObject(exports) ? ownKeys(exports).map((key) => Reflect.get(exports, key) as unknown) : [];
      album.addDeep(name, exports, depth);
      for (const value of given) album.addDeep(`a part of ${name}`, value, depth - 1);
      for (const [what, sample] of createSamples(exports)) album.addPrototypes(`${name} ${what}`, sample, SAMPLE_DEPTH);
    },
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
