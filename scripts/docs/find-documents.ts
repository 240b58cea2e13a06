/** The documents of the repository: those that people read on a git host. Reads names alone. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of the sources that hold documents, beside those at the top. */
const FOLDERS = ['docs', 'examples'];

function listFolder(folder: string, extension: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
}

/** Paths from the root of the repository, sorted: the documents, or the files with another `extension` beside them. */
export function findDocuments(extension = '.md'): readonly string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(extension));
  return [...top, ...FOLDERS.flatMap((folder) => listFolder(folder, extension))].sort();
}

/** Paths of the pictures beside the documents: screenshots, and drawings as SVG. */
export const findPictures = (): readonly string[] => [...findDocuments('.png'), ...findDocuments('.svg')];
