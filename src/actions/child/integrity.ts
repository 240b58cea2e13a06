/**
 * Checks whether an execution left its process unchanged: intrinsics, globals and loaded modules are the same, and
 * nothing is left that would run later. Compares each property with a snapshot from the start. Repairs nothing: a
 * changed process is not used again. Calls no built-in function that an Action could have replaced.
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
  /** Two entries for each key: value and undefined, or getter and setter. */
  readonly values: readonly unknown[];
  /** Flags of each property's descriptor, in the order of the keys. */
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

/**
 * Returns the functions and accessors of an object whose other properties change in normal use (a connection pool).
 * Only functions and accessors of such an object are compared.
 */
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

/**
 * True if a property is as in the snapshot. Reads only the fields that a value or an accessor has, because this runs a
 * thousand times after each execution.
 */
function isAsItWas(descriptor: PropertyDescriptor, first: unknown, second: unknown, flags: number): boolean {
  if (descriptor.configurable !== ((flags & CONFIGURABLE) !== 0)) return false;
  if (descriptor.enumerable !== ((flags & ENUMERABLE) !== 0)) return false;
  if ((flags & ACCESSOR) !== 0) return descriptor.get === first && descriptor.set === second;
  // `writable` is undefined in an accessor, so an accessor that replaced a value is noticed here.
  if (descriptor.writable !== ((flags & WRITABLE) !== 0)) return false;
  return descriptor.value === first || is(descriptor.value, first);
}

/** Names the first property that differs from the snapshot, or returns undefined. */
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

/** Properties that functions and prototypes have from the start. Packages have thousands of such objects. */
const BARE = new Set<PropertyKey>(['length', 'name', 'prototype', 'arguments', 'caller', 'constructor']);

function isBare(value: object): boolean {
  const keys = ownKeys(value);
  for (let index = 0; index < keys.length; index += 1) if (!BARE.has(keys[index] as PropertyKey)) return false;
  return true;
}

/** Roots from which every object inherits. takeGlobals() watches them once, by name. */
const ROOTS = new Set<unknown>([Object.prototype, Function.prototype, Array.prototype, null]);

/**
 * Runs `promisify` on the functions that Actions can load. The first call adds a property to its result, which would
 * fail after the result is frozen.
 */
function settlePromisify(): void {
  for (const source of [dns, stream] as object[]) {
    for (const key of ownKeys(source)) {
      const value = Reflect.get(source, key) as unknown;
      if (typeof value === 'function' && promisify.custom in value) promisify(value as unknown as () => void);
    }
  }
}

const { env: environment } = process;

/** All snapshots. findChange() compares the objects with them later. */
class Album {
  readonly pictures: Picture[] = [];
  /** The environment is excluded because its descriptors differ at each read; findChange() checks it separately. */
  readonly #seen = new Set<unknown>([environment]);

  /** Takes a snapshot of `value`, but of none of the objects that its properties hold. */
  add(name: string, value: unknown, isLiving = false): void {
    if (!isObject(value) || this.#seen.has(value) || ArrayBuffer.isView(value)) return;
    this.#seen.add(value);
    if (!isFrozen(value)) this.pictures.push(takePicture(name, value, isLiving));
  }

  /**
   * Takes snapshots of `value`, its prototypes, and `depth` levels of its properties' values. Functions without
   * properties of their own are frozen instead, because there are thousands. Prototypes are not frozen: objects that
   * inherit from them could not override their members.
   */
  addDeep(name: string, value: unknown, depth: number, isLiving = false): void {
    if (!isObject(value) || this.#seen.has(value)) return;
    if (typeof value === 'function' && isBare(value)) {
      this.#seen.add(value);
      const prototype = getOwnPropertyDescriptor(value, 'prototype')?.value as unknown;
      freeze(value);
      // Nothing inherits from the prototype of a function that is no class, so it is frozen too. A prototype seen
      // earlier already has its snapshot.
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

  /**
   * Takes snapshots of the prototypes of `value`, an object created only for this call, and of the prototypes of the
   * values that its properties and getters hold.
   */
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
      // A getter that throws here throws for an Action too, so it gives the Action no object.
    }
  }
}

const LIVING = new Set<PropertyKey>(['performance', 'crypto']);
/** Levels compared below a global: class, prototype, method, and the method's properties. */
const GLOBAL_DEPTH = 3;
/** Levels compared below a client: its parts, their parts, and their settings. */
const SAMPLE_DEPTH = 4;

/**
 * Names of globals that are frozen instead of compared: namespaces, binary data, and the largest web classes, with
 * their prototypes. No code adds properties to them, or overrides an inherited member by assignment. Left out are
 * classes that old code extends (Object, Function, Array, String, Number, Date, RegExp, Error, Promise, Map, Set, URL),
 * so they work as usual. Streams are left out too, because Node itself builds them by assignment.
 */
const FROZEN =
  /^(Atomics|Intl|Math|Reflect|WebAssembly|DataView|.*ArrayBuffer|Buffer|(U?int|BigU?int|Float).+Array|DOMException|Request|Response)$/i;

/** Freezes a data object and the objects in it. No code has a reason to write to these. */
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

/** Freezes globals. Must be called before the snapshots: a frozen object needs none. */
function freezeGlobals(): void {
  for (const table of ['config', 'versions', 'features', 'release']) freezeTable(Reflect.get(process, table));
  freezeTable(Reflect.get(Array.prototype, Symbol.unscopables));
  for (const key of ownKeys(globalThis)) {
    if (typeof key !== 'string' || !FROZEN.test(key)) continue;
    const value = Reflect.get(globalThis, key) as unknown;
    freezeClass(value);
    // Classes in a namespace: Intl.DateTimeFormat, WebAssembly.Memory.
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
  // A listener on these would receive the events of all executions.
  for (const [name, emitter] of [
    ['process', process],
    ['process.stdout', process.stdout],
    ['process.stderr', process.stderr],
  ] as const)
    album.add(`the listeners of ${name}`, Reflect.get(emitter, '_events'));
}

export interface Integrity {
  /** Takes snapshots of a module's exports and of `depth` levels below them. */
  watch(name: string, exports: unknown, depth: number): void;
  /** Counts the open handles. Must be called before an execution: after it, as many handles must be open. */
  begin(): void;
  /** Returns the first change since the snapshots, or undefined. */
  findChange(): string | undefined;
}

/** Takes the snapshots. Must be called when the process is set up and no Action has run yet. */
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
      // Reads every export once. Bundles export by getters, and Node loads some parts at first use, which changes the
      // property.
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
      // Fewer open handles are a change too: an Action may have closed one that the process needs.
      if (left.length !== open)
        return `${left[left.length - 1] ?? 'nothing'} is open, ${left.length} in place of ${open}`;
      return undefined;
    },
  };
}
