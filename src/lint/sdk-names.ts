/**
 * The calls of the `auth0` package by its major version, and the calls of other major versions that make the same
 * request. Reads the files that scripts/sdk-methods.ts writes from the packages.
 */
import { findNearest } from '../kernel/similar-names.js';
import SDK_3 from './sdk/major-3.json' with { type: 'json' };
import SDK_4 from './sdk/major-4.json' with { type: 'json' };
import SDK_5 from './sdk/major-5.json' with { type: 'json' };
import SDK_6 from './sdk/major-6.json' with { type: 'json' };
import SDK_7 from './sdk/major-7.json' with { type: 'json' };
import { type Major, SDK_MAJORS, type SdkMajor } from './sdk/sdk-major.js';

const DATA: Readonly<Record<Major, SdkMajor>> = { 3: SDK_3, 4: SDK_4, 5: SDK_5, 6: SDK_6, 7: SDK_7 };

export interface SdkCall {
  /** Path of the method, for example `organizations.members.delete`. */
  readonly path: string;
  /**
   * The HTTP request that the call makes, for example `DELETE /organizations/{id}/members`; undefined if it is not a
   * single request.
   */
  readonly request?: string;
}

type Calls = ReadonlyMap<string, SdkCall>;
const tables = new Map<string, Calls>();

/** Returns all calls of a client class, by path; empty if the major version has no such class. */
export function callsOf(major: Major, client: string): Calls {
  const key = `${major} ${client}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const calls = new Map<string, SdkCall>();
  for (const [resource, text] of Object.entries(DATA[major].clients[client] ?? {})) {
    for (const item of text.split(', ')) {
      const [name = '', ...request] = item.split(' ');
      const path = resource === '' ? name : `${resource}.${name}`;
      calls.set(path, { path, ...(request[0] === '-' ? {} : { request: request.join(' ') }) });
    }
  }
  tables.set(key, calls);
  return calls;
}

/** Lists the exports of `require('auth0')` in a major version. */
export function exportsOf(major: Major): readonly string[] {
  return DATA[major].exported.split(' ');
}

/** Returns the release from which the names of a major version were read. */
export function versionOf(major: Major): string {
  return DATA[major].version;
}

/** Returns the request without its parameters' names, which differ between major versions. */
function toShape(request: string): string {
  return request
    .split('/')
    .map((part) => (part.startsWith('{') ? '{}' : part))
    .join('/');
}

/** True if a call makes this request; `{}` means any parameter. */
export function makesRequest(call: SdkCall | undefined, request: string): boolean {
  return call?.request !== undefined && toShape(call.request) === toShape(request);
}

const shapes = new Map<Calls, ReadonlyMap<string, SdkCall>>();

/**
 * Finds the call of `major` that makes the same request as `call`. Prefers the longer path, which belongs to the
 * resource itself.
 */
export function findSameCall(call: SdkCall, major: Major, client: string): SdkCall | undefined {
  if (call.request === undefined) return undefined;
  const calls = callsOf(major, client);
  const known = shapes.get(calls) ?? byShape(calls);
  shapes.set(calls, known);
  return known.get(toShape(call.request));
}

function byShape(calls: Calls): ReadonlyMap<string, SdkCall> {
  const found = new Map<string, SdkCall>();
  for (const call of calls.values()) {
    if (call.request === undefined) continue;
    const shape = toShape(call.request);
    const before = found.get(shape);
    if (before === undefined || call.path.split('.').length > before.path.split('.').length) found.set(shape, call);
  }
  return found;
}

export interface Suggestion {
  /** The call to use instead, in the major version in use. */
  readonly call?: SdkCall;
  /** Major versions that have a call of exactly this name. */
  readonly majors: readonly Major[];
  /** The probably intended call: the same name in another major version, or the nearest name there. */
  readonly meant?: SdkCall;
}

/** Suggests the call that was probably meant by `path` of `client`, which `major` does not have. */
export function suggestCall(path: string, major: Major, client: string): Suggestion {
  const majors = SDK_MAJORS.filter((other) => callsOf(other, client).has(path));
  const own = callsOf(major, client);
  const toSuggestion = (meant: SdkCall | undefined): Suggestion => {
    const call = meant === undefined ? undefined : (own.get(meant.path) ?? findSameCall(meant, major, client));
    return { majors, ...(meant === undefined ? {} : { meant }), ...(call === undefined ? {} : { call }) };
  };
  for (const other of [...majors].reverse()) {
    const suggestion = toSuggestion(callsOf(other, client).get(path));
    if (suggestion.call !== undefined) return suggestion;
  }
  if (majors.length > 0) return toSuggestion(callsOf(majors[0] ?? major, client).get(path));
  // No major version has this name. Searches the nearest name, first in the version in use, then in the others.
  // Suggests the corresponding call of the version in use.
  const order = [major, ...SDK_MAJORS.filter((candidate) => candidate !== major)];
  for (const findName of [findSynonym, findNearby, findElsewhere]) {
    for (const other of order) {
      const names = callsOf(other, client);
      const suggestion = toSuggestion(names.get(findName(path, names) ?? ''));
      if (suggestion.call !== undefined) return suggestion;
    }
  }
  return { majors };
}

/** Groups of verbs: releases of the package replaced a verb by another one of its group. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['remove', 'delete'],
  ['add', 'create', 'assign'],
  ['get', 'list', 'getAll'],
  ['update', 'patch'],
];

/** Finds `organizations.members.delete` for `organizations.members.remove`. */
function findSynonym(path: string, names: Calls): string | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1);
  for (const words of SYNONYMS) {
    const word = words.find((one) => name === one || (name.startsWith(one) && /[A-Z]/.test(name.charAt(one.length))));
    if (word === undefined) continue;
    const candidates = words.map((other) => `${resourceOf(path)}.${other}${name.slice(word.length)}`);
    const found = candidates.find((candidate) => candidate !== path && names.has(candidate));
    if (found !== undefined) return found;
  }
  return undefined;
}

function findNearby(path: string, names: Calls): string | undefined {
  const sameResource = [...names.keys()].filter((name) => resourceOf(name) === resourceOf(path));
  return findNearest(path, sameResource) ?? findNearest(path, names.keys());
}

/** Finds the same name at another place: `users.getUserRoles` for `getUserRoles`. */
function findElsewhere(path: string, names: Calls): string | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const found = [...names.keys()].filter((other) => other === name || other.endsWith(`.${name}`));
  return found.length === 1 ? found[0] : undefined;
}

function resourceOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
