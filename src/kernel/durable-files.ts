/**
 * Files that survive a crash of the machine. A file's own sync is not enough: its name is in the folder, which has to be synced as well (fsync(2)),
 * or a file that was made or renamed may be gone. Must never leave half a file under the name.
 */
import { open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Syncs the folder of `file`: call it after the file was made, linked or renamed. */
export async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

/** Makes a file with this content, readable by its owner alone; fails with EEXIST where one is there. When this returns, it survives a crash. */
export async function createDurably(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true });
  await syncFolder(file);
}

/** Replaces a file whole, by way of `<file>.new`. When this returns, it survives a crash; before, the old one does. */
export async function replaceDurably(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, text, { flag: 'w', mode: 0o600, flush: true });
  await rename(beside, file);
  await syncFolder(file);
}
