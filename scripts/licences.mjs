/**
 * Collects the licences of bundled packages that we ship, and reads the resulting list. A package without a licence
 * text gets a mark, which the release refuses (scripts/release.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NO_TEXT = '(no licence file in the package)';
const BETWEEN = '\n----\n\n';

/** Text for packages that name only this licence and their author (https://opensource.org/license/mit). */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Returns the package of a bundled file: the innermost folder under node_modules. Undefined for our own files. */
export function packageFolder(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/**
 * Returns the section "License" of a README, for packages that have their licence there. Undefined if it contains no
 * licence text.
 */
function findInReadme(text) {
  const section = /^(?:#+ *Licen[cs]e\b.*|Licen[cs]e\n-+)\n+([\s\S]*?)(?=^#|^\[[^\]]+\]: |(?![\s\S]))/im.exec(
    text,
  )?.[1];
  if (section === undefined || !/WITHOUT WARRANTY/i.test(section)) return undefined;
  return section.replaceAll('&lt;', '<').replaceAll('&gt;', '>').trim();
}

/** Returns the text of a package's licence, with its notices. `author` as in package.json. */
function readLicence(folder, { license, author }) {
  const names = readdirSync(folder).sort();
  const files = names.filter((name) => /^(licen[cs]e|copying|notice)\b/i.test(name) && !/\.(c|m)?[jt]s$/.test(name));
  if (files.length > 0) return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
  const readme = names.find((name) => /^readme\b/i.test(name));
  const found = readme === undefined ? undefined : findInReadme(readFileSync(join(folder, readme), 'utf8'));
  if (found !== undefined) return found;
  const holder = typeof author === 'string' ? author : author?.name;
  return license === 'MIT' && holder ? `Copyright (c) ${holder}\n\n${MIT}` : NO_TEXT;
}

/** Returns name, version and licence of each package in `folders` (paths under `root`), as one text. */
export function licences(root, folders) {
  return [...folders]
    .sort()
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const { name, version, license } = manifest;
      return `${name} ${version} (${license})\n\n${readLicence(join(root, folder), manifest)}\n`;
    })
    .join(BETWEEN);
}

/**
 * Parses a list that {@link licences} wrote: for each package its name with version, its licence, and whether the text
 * is present.
 */
export function readLicences(list) {
  return list
    .slice(list.indexOf('\n\n') + 2)
    .split(BETWEEN)
    .map((entry) => {
      const [, name = '', license = ''] = /^(\S+ \S+) \((.*)\)$/m.exec(entry) ?? [];
      return { name, license, hasText: !entry.includes(NO_TEXT) && /\n\n\S/.test(entry) };
    });
}
