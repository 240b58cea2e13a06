/**
 * The messages between the server and a process for Actions: length-prefixed JSON over two pipes. Types only; the
 * server trusts no message before src/actions/runner/parse-frame.ts has checked it.
 */
import type { Effect, JsonObject, TriggerId } from '../domain/actions/action.js';

/** File descriptors in the process: the pipe that it reads from, and the pipe that it writes to. */
export const INBOUND_FD = 3;
export const OUTBOUND_FD = 4;

/** One version of a module that Actions load by `require`. */
export interface BootModule {
  readonly name: string;
  readonly code: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** The bundle of each package that `require` finds, by the package's name. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface BootAction extends BootModule {
  /** The modules that this Action loads, as indexes in the program's list of modules. */
  readonly modules: readonly number[];
}

/** Which addresses Actions may connect to. Addresses are numeric, and port 0 means every port. */
export interface NetworkPolicy {
  readonly own: readonly (readonly [address: string, port: number])[];
  readonly allow: readonly string[];
  /** Addresses of this machine, refused even if they are public: a service there may be meant for this machine only. */
  readonly local: readonly string[];
  readonly denied: readonly (readonly [network: string, port: number])[];
}

export interface ChildLimits {
  readonly consoleLines: number;
  readonly consoleChars: number;
  /** Largest message from the process, in bytes. */
  readonly resultBytes: number;
}

/** The first message to a process: everything that it needs to run its program. */
export interface BootMessage {
  readonly kind: 'boot';
  readonly trigger: TriggerId;
  readonly actions: readonly BootAction[];
  readonly modules: readonly BootModule[];
  /** The CommonJS source of each bundle, by the bundle's name. */
  readonly bundles: Readonly<Record<string, string>>;
  /** Names of packages that the error of `require` lists. */
  readonly available: readonly string[];
  /** Additional trusted certificates (PEM). */
  readonly ca: string | undefined;
  readonly network: NetworkPolicy;
  readonly limits: ChildLimits;
}

export interface CacheRecord {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface RunMessage {
  readonly kind: 'run';
  readonly event: JsonObject;
  readonly from: number;
  readonly resume: boolean;
  readonly effects: readonly Effect[];
  readonly cache: Readonly<Record<string, CacheRecord>>;
}

export type ToChild = BootMessage | RunMessage;

export interface ErrorText {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export type ChildEnd =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'denied';
      readonly reason: string;
      readonly code: string | undefined;
      readonly userMessage: string | undefined;
    }
  | { readonly kind: 'redirect'; readonly url: string; readonly index: number }
  /** The Action at `index` requested factor commands; they are among the effects. */
  | { readonly kind: 'factor'; readonly index: number }
  | { readonly kind: 'failed'; readonly failure: 'threw' | 'not_available' | 'result'; readonly error: ErrorText };

export type CacheChange = { readonly key: string; readonly record: CacheRecord | undefined };

export type FromChild =
  /** The process has started: packages are loaded, Actions are parsed. */
  | { readonly kind: 'ready' }
  /** The Action at `index` begins. Not sent for the first Action, which begins with the execution. */
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'end'; readonly durationMs: number; readonly error: ErrorText | undefined }
  | {
      readonly kind: 'result';
      readonly end: ChildEnd;
      readonly effects: readonly Effect[];
      readonly cache: readonly CacheChange[];
    }
  /**
   * Sent after a result. `leftover` describes a change of the process, or something left running; undefined if the
   * process is unchanged.
   */
  | { readonly kind: 'clean'; readonly leftover: string | undefined };
