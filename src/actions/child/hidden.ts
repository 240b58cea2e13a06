/**
 * Objects that have no global name but that an Action can reach: prototypes of iterators, and of the parts of an SDK's
 * client. Created once at the start, so that integrity.ts can watch them. Sends no request.
 */
import { ownKeys } from './primordials.js';

type Class = new (options: object) => unknown;

/** Options that suffice to construct an SDK's client. A client sends nothing before one of its methods is called. */
const CLIENT = { domain: 'login.invalid', token: 'none', clientId: 'none', clientSecret: 'none' };
const CLIENTS = ['ManagementClient', 'AuthenticationClient', 'UserInfoClient'];

/**
 * Creates sample objects from a package's `exports`. Through them, integrity.ts reaches classes that the package does
 * not export, or exports only under other names.
 */
export function createSamples(exports: unknown): readonly (readonly [name: string, sample: unknown])[] {
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return [];
  const samples: [string, unknown][] = [];
  for (const name of CLIENTS) {
    const made = Reflect.get(exports, name) as unknown;
    if (typeof made === 'function') samples.push([name, new (made as Class)(CLIENT)]);
  }
  const chain = Reflect.get(exports, 'chain') as unknown;
  if (typeof chain === 'function') samples.push(['chain', chain([]).map(String)], ['wrapper', chain([]).reverse()]);
  return samples;
}

/** Returns built-in objects that no global name leads to, such as the prototypes of iterators. */
export function findHiddenIntrinsics(): [string, object][] {
  const generator = function* () {};
  const asyncGenerator = async function* () {};
  const iterate = (value: object) => (value as unknown as Iterable<unknown>)[Symbol.iterator]();
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
    ['Headers.Iterator.prototype', prototypeOf(iterate(new Headers()))],
    ['FormData.Iterator.prototype', prototypeOf(iterate(new FormData()))],
    ['URLSearchParams.Iterator.prototype', prototypeOf(new URLSearchParams().entries())],
    ['Intl.Segments.prototype', prototypeOf(new Intl.Segmenter().segment(''))],
    ['Intl.SegmentIterator.prototype', prototypeOf(new Intl.Segmenter().segment('')[Symbol.iterator]())],
    ['AsyncFunction.prototype', prototypeOf(async () => {})],
  ];
}

/**
 * Brings the globals into their final state, so that later changes are those of Actions. Must be called before timers
 * are counted. The client behind `fetch` adds a method and its one timer at its first request; that timer must never be
 * cleared. So this function makes a first request, which goes nowhere because no address is allowed yet.
 */
export function settleGlobals(): void {
  // Reads every global once: Node creates many at first use, so an Action that uses one would seem to have changed it.
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
