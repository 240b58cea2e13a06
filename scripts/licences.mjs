/** The licences of packages that are bundled into what we ship. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package that a bundled file belongs to: the innermost folder under node_modules. Undefined for our own. */
export function packageFolder(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** Name, version and licence of each package in `folders` (paths under `root`), as one text. */
export function licences(root, folders) {
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
      const text =
        file === undefined ? '(no licence file in the package)' : readFileSync(join(root, folder, file), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join('\n----\n\n');
}
