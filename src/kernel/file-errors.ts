/**
 * A file that a person named, and that cannot be read or written, in words: `ENOENT: no such file or directory, open 'x'` says little to
 * somebody who is no programmer. Opens no file itself.
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

/** Codes that say the same of a file that is read and of one that is written. */
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
 * The reason in words, without a full stop; undefined for an error that is not one of files. The path is whole: a command that runs in
 * another folder (deploy/vestibule-admin) says so.
 */
export function findFileReason(error: unknown, wanted: 'read' | 'write', file: string): string | undefined {
  const { code, message, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  const words = WORDS[wanted][code] ?? BOTH[code];
  return words === undefined ? message : words(resolve(file));
}

/** {@link findFileReason}, or the message of an error that is none of files. */
export function toFileReason(error: unknown, wanted: 'read' | 'write', file: string): string {
  return findFileReason(error, wanted, file) ?? toMessage(error);
}
