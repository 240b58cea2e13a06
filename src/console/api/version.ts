/**
 * The version of what was read (`ETag`), kept beside it and not in it, so that a write can name it: the server refuses with 412 where somebody
 * changed the thing in between. Knows no page; asks the server nothing.
 */
import { ApiFailure, CHANGED } from './failure';

const versions = new WeakMap<object, string>();

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Notes the version of an answer. */
export function noteVersion(read: unknown, { headers }: Response): void {
  const version = headers.get('etag');
  if (version !== null && isObject(read)) versions.set(read, version);
}

/** The version of something that was read; undefined where it has none. */
export function versionOf(read: unknown): string | undefined {
  return isObject(read) ? versions.get(read) : undefined;
}

/** Makes another shape, by `make`, of something that was read; it keeps the version. */
export function carry<Read, Made extends object>(read: Read, make: (read: Read) => Made): Made {
  const made = make(read);
  const version = versionOf(read);
  if (version !== undefined) versions.set(made, version);
  return made;
}

/** For the options of a write: only if the thing is still of this version. */
export function ifStill(version: string | undefined): { readonly headers?: { readonly 'if-match': string } } {
  return version === undefined ? {} : { headers: { 'if-match': version } };
}

/** True where the server refused a write because somebody else was faster. */
export function wasChanged(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 412 && error.errorCode === CHANGED;
}
