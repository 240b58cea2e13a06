/**
 * Files that survive a crash of the machine. A file's own sync is not enough: its name is in the folder, which has to
 * be synced as well (fsync(2)), or a new or renamed file may be lost. Must never leave half a file under the name.
 */
import { open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Syncs the folder of `file`: call it after the file was created, linked or renamed. */
export async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

/**
 * Creates a file with this content, readable by its owner alone; fails with EEXIST if it exists. Survives a crash once
 * this returns.
 */
export async function createDurably(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
  await syncFolder(file);
}

/**
 * Replaces a whole file by way of `<file>.new`. After a crash the file is the new one if this had returned, and else
 * the old one or the new one, whole.
 */
export async function replaceDurably(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, text, { flag: 'w', mode: 0o600, flush: true });
  await rename(beside, file);
  await syncFolder(file);
}
