/** Finds the documents of the repository that people read on a git host. Reads only names of files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders with documents, besides the root. */
const FOLDERS = ['docs', 'examples'];

function listFolder(folder: string, extension: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
}

/**
 * Returns the paths of all documents from the root of the repository, sorted. Another `extension` finds other files in
 * the same folders.
 */
export function findDocuments(extension = '.md'): readonly string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(extension));
  return [...top, ...FOLDERS.flatMap((folder) => listFolder(folder, extension))].sort();
}

/** Returns the paths of the pictures: screenshots, and drawings as SVG. */
export const findPictures = (): readonly string[] => [...findDocuments('.png'), ...findDocuments('.svg')];
