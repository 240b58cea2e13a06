/**
 * The types of `vestibule/tenant-tools` for users of the package who write TypeScript. Names no other file, so that the
 * package needs no types of the server. A test compares it with index.ts, which must never export something that is
 * missing here.
 */
import type { Command } from 'commander';

/** 0: done. 1: the answer is no. 2: wrong use. 3: another system failed. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The process around the commands, as they see it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints a line of the command's answer (stdout). */
  out(line: string): void;
  /** Prints a line that is no part of the answer: errors, progress (stderr). */
  note(line: string): void;
  /** Replaces the last line on the terminal (stderr); '' removes it. Undefined where stderr is no terminal. */
  readonly showLine?: (line: string) => void;
  /** Width of the terminal in columns. */
  readonly width: number;
  /** True if `out` has colours. */
  readonly colourful: boolean;
  /** True if `note` has colours. */
  readonly colourfulNotes?: boolean;
  /** Reads all of stdin as UTF-8. */
  readInput(): Promise<string>;
  /** Resolves at the first SIGINT or SIGTERM. */
  untilStopped(): Promise<void>;
}

/** Adds `guard` and its sub-commands to `program`. `finish` gets the exit code of the command that ran. */
export declare function addGuard(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void;

/** Adds `rollout` and its sub-commands to `program`. `finish` gets the exit code of the command that ran. */
export declare function addRollout(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void;

/** The options of a command that asks a tenant. */
export interface TenantOptions {
  readonly domain?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** A tenant and the machine client that asks it. */
export interface TenantAccess {
  /** Origin of the tenant: `https://host[:port]`, no trailing slash. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Returns the tenant of `options`, else of Auth0's variables in `env`, else of this server's. Throws an error that says
 * which option or variable is missing or wrong.
 */
export declare function getTenantAccess(
  options: TenantOptions,
  env: Readonly<Record<string, string | undefined>>,
): TenantAccess;

/**
 * Thrown when a request to the tenant failed. `refused`: the tenant said no and did nothing. `unknown`: no answer, a
 * partial answer or a server error, so the tenant may have done what was asked.
 */
export declare class RemoteError extends Error {
  constructor(end: 'refused' | 'unknown', message: string, advice?: string, status?: number, code?: string);
  readonly end: 'refused' | 'unknown';
  readonly advice?: string | undefined;
  /** HTTP status; undefined without an answer. */
  readonly status?: number | undefined;
  /** Auth0's `errorCode`. */
  readonly code?: string | undefined;
}

/** A JSON API below one prefix, with one kind of token. Every method throws {@link RemoteError}. */
export interface Endpoint {
  /** Sends GET and returns the body of a 2xx answer; repeats the request until there is one. */
  get(path: string): Promise<unknown>;
  /** Does what `get` does; returns undefined for 404. */
  find(path: string): Promise<unknown>;
  /** Sends a write; returns the body of the 2xx answer, or undefined where it has none. */
  send(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** Sends a POST that may be repeated: a query, or one whose repetition changes nothing. */
  ask(path: string, body: unknown): Promise<unknown>;
  /** Waits before attempt number `attempt` + 1 of something that the caller repeats. */
  pause(attempt: number): Promise<void>;
}

/** The Management API of a tenant (paths below `/api/v2`), and its SCIM endpoints. */
export interface RemoteTenant extends Endpoint {
  readonly origin: string;
  /** The scopes of the token. */
  readonly scopes: ReadonlySet<string>;
  /** Yields the pages of a list with checkpoint paging: `{[key]: [...], next}`. */
  pages(path: string, key: string, take?: number): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]>;
  /** Returns the SCIM endpoint of a connection (RFC 7644), with its own token. */
  scim(connectionId: string, token: (refused: string | undefined) => Promise<string>): Endpoint;
}

export interface RemoteOptions {
  /** Most requests at the same time. */
  readonly most?: number;
  /** Most attempts to send one request. */
  readonly tries?: number;
  /** First wait between two attempts, in milliseconds; doubled each time, at most 30 s. */
  readonly firstWaitMs?: number;
  /** Time limit of one request, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Connects to the tenant by client credentials (RFC 6749 section 4.4). Throws {@link RemoteError}. */
export declare function connectTenant(access: TenantAccess, options?: RemoteOptions): Promise<RemoteTenant>;
