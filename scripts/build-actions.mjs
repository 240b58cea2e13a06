/**
 * Bundles the code that runs outside the server's process, each part into one CommonJS file of dist/actions/bundles,
 * with a list of licences. The parts are the program of an Action's process (src/actions/child), the packages that an
 * Action may require, and the thread of the linter (src/actions/check/thread.ts). Writes nothing if nothing changed.
 * Builds in another folder and moves it into place at once, so nobody sees a half-built one.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { licences, packageFolder } from './licences.mjs';
import { makeAside, putInPlace } from './put-in-place.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist', 'actions', 'bundles');
const require = createRequire(import.meta.url);

/**
 * Packages that an Action may require. `majors` are the major versions of a dependency for which this package is used;
 * `folder` is where it is installed. An Action that names no dependency gets the first package of a name; one that asks
 * for `latest` gets the last.
 */
const PACKAGES = [
  { bundle: 'auth0-4', name: 'auth0', folder: 'auth0-v4', majors: [4] },
  { bundle: 'auth0-7', name: 'auth0', folder: 'auth0', majors: [7] },
  { bundle: 'axios', name: 'axios', folder: 'axios', majors: [1] },
  { bundle: 'jose', name: 'jose', folder: 'jose', majors: [6] },
  { bundle: 'jsonwebtoken', name: 'jsonwebtoken', folder: 'jsonwebtoken', majors: [9] },
  { bundle: 'lodash', name: 'lodash', folder: 'lodash', majors: [4] },
  // The versions 7 to 11 export v1, v3, v4 and v5 in the same way.
  { bundle: 'uuid', name: 'uuid', folder: 'uuid', majors: [7, 8, 9, 10, 11] },
];

/** This server's own programs. */
const PROGRAMS = { child: 'src/actions/child/main.ts', lint: 'src/actions/check/thread.ts' };

function versionOf(folder) {
  return JSON.parse(readFileSync(join(root, 'node_modules', folder, 'package.json'), 'utf8')).version;
}

/**
 * Returns the files that the bundles depend on, except the child's own sources: the manifest of the last build lists
 * those.
 */
function outerInputs() {
  return JSON.stringify([
    PACKAGES.map(({ bundle, folder }) => [bundle, folder, versionOf(folder)]),
    versionOf('esbuild'),
    readFileSync(fileURLToPath(import.meta.url), 'utf8'),
    readFileSync(join(root, 'scripts/licences.mjs'), 'utf8'),
  ]);
}

function fingerprint(sources) {
  const hash = createHash('sha256').update(outerInputs());
  for (const path of sources)
    hash.update(`${path}\n`).update(existsSync(join(root, path)) ? readFileSync(join(root, path)) : 'gone');
  return hash.digest('hex');
}

function isFresh() {
  try {
    const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'));
    const files = [...Object.keys(PROGRAMS), ...PACKAGES.map(({ bundle }) => bundle)].map((name) =>
      join(target, `${name}.cjs`),
    );
    // Checks the files too: somebody may have deleted them although the manifest is up to date.
    return files.every(existsSync) && manifest.fingerprint === fingerprint(manifest.sources);
  } catch {
    return false;
  }
}

/** Builds the outdated bundles. Returns false if the bundler is not installed. */
export async function buildActions() {
  let esbuild;
  try {
    esbuild = require('esbuild');
  } catch {
    return false;
  }
  if (isFresh()) return true;
  const entries = {
    ...Object.fromEntries(Object.entries(PROGRAMS).map(([name, path]) => [name, { path: join(root, path) }])),
    ...Object.fromEntries(PACKAGES.map(({ bundle, folder }) => [bundle, { path: folder }])),
  };
  const aside = makeAside(root);
  const inputs = new Set();
  for (const [name, { path }] of Object.entries(entries)) {
    const result = await esbuild.build({
      ...(name in PROGRAMS
        ? { entryPoints: [path] }
        : {
            stdin: { contents: `module.exports = require(${JSON.stringify(path)});`, resolveDir: root, loader: 'js' },
          }),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      absWorkingDir: root,
      outfile: join(aside, `${name}.cjs`),
      metafile: true,
      logLevel: 'warning',
      legalComments: 'none',
      minifySyntax: name !== 'child',
      minifyWhitespace: name !== 'child',
      // Wraps the child's program in a function: Node reads it from standard input, where a top-level declaration would
      // become a global. In strict mode the tenant's code cannot get these functions
      // from a call site of a stack trace or by `caller`.
      ...(name === 'child' ? { banner: { js: "(function () {\n'use strict';" }, footer: { js: '})();' } } : {}),
    });
    for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
  }
  const sources = [...inputs].filter((path) => path.startsWith('src/')).sort();
  const folders = new Set([...inputs].map(packageFolder).filter((folder) => folder !== undefined));
  writeFileSync(
    join(aside, 'THIRD-PARTY-LICENSES.txt'),
    `Bundled into the files beside this one, for Actions to require.\n\n${licences(root, folders)}`,
  );
  const packages = PACKAGES.map(({ bundle, name, folder, majors }) => ({
    bundle,
    name,
    majors,
    version: versionOf(folder),
  }));
  writeFileSync(join(aside, 'manifest.json'), JSON.stringify({ fingerprint: fingerprint(sources), sources, packages }));
  chmodSync(aside, 0o755);
  putInPlace(aside, target);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildActions();
