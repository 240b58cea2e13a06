/**
 * Removes everything that reaches outside the process or below its JavaScript, before any Action runs. Node's
 * permission model and a separate account are further defences. The comments name the attack that each removal stops.
 */
import crypto from 'node:crypto';
import os from 'node:os';
import { createSecureContext } from 'node:tls';
import { defineProperty, deleteProperty, exit, ownKeys } from './primordials.js';

/** The names that `globalThis` keeps: those of ECMAScript, of the web and of Node. All others are removed. */
const GLOBALS = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error
  AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Atomics SharedArrayBuffer Math Intl ArrayBuffer
  Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array Uint8ClampedArray
  BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry Iterator
  SuppressedError DisposableStack AsyncDisposableStack decodeURI decodeURIComponent encodeURI encodeURIComponent escape
  unescape eval isFinite isNaN console process global Buffer URL URLSearchParams URLPattern AbortController AbortSignal Event
  EventTarget MessageChannel MessagePort MessageEvent DOMException clearImmediate setImmediate clearInterval clearTimeout
  setInterval setTimeout queueMicrotask structuredClone atob btoa performance Performance PerformanceEntry PerformanceMark
  PerformanceMeasure PerformanceResourceTiming fetch FormData Headers Request
  Response Blob File TextEncoder TextDecoder TextEncoderStream TextDecoderStream ReadableStream ReadableStreamDefaultReader
  ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController
  TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultController WritableStreamDefaultWriter
  ByteLengthQueuingStrategy CountQueuingStrategy CompressionStream DecompressionStream crypto Crypto CryptoKey SubtleCrypto
  CustomEvent CloseEvent WebAssembly`.split(/\s+/),
);

/**
 * Removed from `process`: signals to other processes of the same account, the server included (kill, _kill,
 * _debugProcess, _debugEnd), native code (dlopen), Node's internals without the guards (binding, getBuiltinModule,
 * mainModule), handles such as the pipe to the server (_getActiveHandles), other accounts and directories, files
 * written by the runtime (report), core dumps (abort).
 */
const PROCESS = `kill _kill _debugProcess _debugEnd dlopen binding _linkedBinding getBuiltinModule mainModule
  _getActiveHandles _getActiveRequests getActiveResourcesInfo _rawDebug _startProfilerIdleNotifier _stopProfilerIdleNotifier
  setuid setgid seteuid setegid setgroups initgroups umask chdir report abort execve loadEnvFile openStdin stdin
  setSourceMapsEnabled setUncaughtExceptionCaptureCallback addUncaughtExceptionCaptureCallback permission moduleLoadList
  _preload_modules _eval reallyExit`.split(/\s+/);

function takeAway(target: object, name: PropertyKey): void {
  if (!(name in target)) return;
  if (!deleteProperty(target, name)) defineProperty(target, name, { value: undefined, writable: false });
}

/** Applies all removals. Must be called once, at the start. */
export function lockDown(): void {
  for (const name of ownKeys(globalThis)) {
    if (typeof name === 'string' && !GLOBALS.has(name)) takeAway(globalThis, name);
  }
  // Attack: a worker thread, in which none of these removals apply. Neither `GLOBALS` nor the rest of `process` leads
  // to one.
  for (const name of PROCESS) takeAway(process, name);
  // `Atomics.waitAsync` and `FinalizationRegistry` call back when the engine chooses, perhaps during another person's
  // login. Packages get registries that never call back.
  takeAway(Atomics, 'waitAsync');
  class SilentRegistry {
    register(): void {}
    unregister(): boolean {
      return false;
    }
  }
  defineProperty(SilentRegistry, 'name', { value: 'FinalizationRegistry' });
  defineProperty(globalThis, 'FinalizationRegistry', {
    value: SilentRegistry,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  // These functions load shared libraries.
  takeAway(crypto, 'setEngine');
  const context = Object.getPrototypeOf(createSecureContext({ ca: [] }).context) as object;
  for (const name of ['setClientCertEngine', 'setEngineKey']) takeAway(context, name);
  const { env } = process;
  for (const name of ownKeys(env)) deleteProperty(env, name);
  for (const [name, value] of Object.entries({
    argv: ['node'],
    execArgv: [],
    argv0: 'node',
    execPath: 'node',
    ppid: 0,
  })) {
    defineProperty(process, name, { value, writable: false, enumerable: true, configurable: true });
  }
  // Unlike Node's own `exit`, this one does not run exit listeners that an Action has registered.
  defineProperty(process, 'exit', { value: () => exit(1), writable: false, configurable: false });
  defineProperty(os, 'setPriority', {
    value: () => {
      throw new Error('os.setPriority is not available in an Action');
    },
    writable: false,
    configurable: false,
  });
}
