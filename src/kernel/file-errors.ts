/**
 * Explains in words why a file that a person named cannot be read or written: `ENOENT: no such file or directory, open
 * 'x'` says little to people who are not programmers. Opens no file itself.
 */
import { dirname, resolve } from 'node:path';
import { toMessage } from './errors.js';

const WORDS: Readonly<Record<'read' | 'write', Readonly<Record<string, (path: string) => string>>>> = {
  read: {
    ENOENT: (path) => `there is no file ${path}`,
    EACCES: (path) => `this account may not read ${path}`,
    EPERM: (path) => `this account may not read ${path}`,
  },
  write: {
    ENOENT: (path) => `there is no folder ${dirname(path)}`,
    EACCES: (path) => `this account may not write ${path}`,
    EPERM: (path) => `this account may not write ${path}`,
  },
};

/** Sentences for error codes that mean the same for reading and writing. */
const BOTH: Readonly<Record<string, (path: string) => string>> = {
  EISDIR: (path) => `${path} is a folder`,
  ENOTDIR: (path) => `a part of ${dirname(path)} is no folder`,
  EEXIST: (path) => `there is a file ${path} already`,
  ELOOP: (path) => `${path} is a link that leads round in a circle`,
  ENAMETOOLONG: () => 'its name is too long',
  ENOSPC: () => 'the disk is full',
  EDQUOT: () => 'this account has no space left on the disk',
  EFBIG: () => 'it would be larger than files may be here',
  EROFS: (path) => `the disk of ${path} takes no writes`,
  EIO: () => 'the disk has an error',
  EMFILE: () => 'this process has too many files open',
};

/**
 * Returns the reason in words, without a full stop; undefined for an error that is not about files. Makes the path
 * absolute, since the command may run in another folder than the person (deploy/vestibule-admin).
 */
export function findFileReason(error: unknown, wanted: 'read' | 'write', file: string): string | undefined {
  const { code, message, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  const words = WORDS[wanted][code] ?? BOTH[code];
  return words === undefined ? message : words(resolve(file));
}

/** Returns {@link findFileReason}, or the message of any other error. */
export function toFileReason(error: unknown, wanted: 'read' | 'write', file: string): string {
  return findFileReason(error, wanted, file) ?? toMessage(error);
}
