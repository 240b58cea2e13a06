/**
 * Remembers the version (`ETag`) of each answer, so that a later write can send it. The server then refuses the write
 * with 412 if somebody changed the object meanwhile. Knows no page; sends no request.
 */
import { ApiFailure, CHANGED } from './failure';

const versions = new WeakMap<object, string>();

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Remembers the version in the answer's headers for the object `read`. */
export function noteVersion(read: unknown, { headers }: Response): void {
  const version = headers.get('etag');
  if (version !== null && isObject(read)) versions.set(read, version);
}

/** Returns the version of an object that was read; undefined if its answer had none. */
export function versionOf(read: unknown): string | undefined {
  return isObject(read) ? versions.get(read) : undefined;
}

/** Converts an object that was read by `make`; the result gets the same version. */
export function carry<Read, Made extends object>(read: Read, make: (read: Read) => Made): Made {
  const made = make(read);
  const version = versionOf(read);
  if (version !== undefined) versions.set(made, version);
  return made;
}

/**
 * Returns the headers of a write that succeeds only if the object still has this version. Without a version, adds no
 * header.
 */
export function ifStill(version: string | undefined): { readonly headers?: { readonly 'if-match': string } } {
  return version === undefined ? {} : { headers: { 'if-match': version } };
}

/** True if the server refused a write because somebody else changed the object first. */
export function wasChanged(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 412 && error.errorCode === CHANGED;
}
