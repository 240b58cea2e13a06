/**
 * Keeps the version (`ETag`) of each answer beside it, so that a write can name it: the server refuses with 412 if
 * somebody changed the thing meanwhile. Knows no page; sends no request.
 */
import { ApiFailure, CHANGED } from './failure';

const versions = new WeakMap<object, string>();

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Remembers the version that the answer's headers name. */
export function noteVersion(read: unknown, { headers }: Response): void {
  const version = headers.get('etag');
  if (version !== null && isObject(read)) versions.set(read, version);
}

/** Returns the version of something that was read; undefined where it has none. */
export function versionOf(read: unknown): string | undefined {
  return isObject(read) ? versions.get(read) : undefined;
}

/** Converts something that was read by `make`, and keeps its version. */
export function carry<Read, Made extends object>(read: Read, make: (read: Read) => Made): Made {
  const made = make(read);
  const version = versionOf(read);
  if (version !== undefined) versions.set(made, version);
  return made;
}

/** Returns the options of a conditional write, which succeeds only for this version. */
export function ifStill(version: string | undefined): { readonly headers?: { readonly 'if-match': string } } {
  return version === undefined ? {} : { headers: { 'if-match': version } };
}

/** True where the server refused a write because somebody else changed the object first. */
export function wasChanged(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 412 && error.errorCode === CHANGED;
}
