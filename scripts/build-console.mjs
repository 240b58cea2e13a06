/**
 * Bundles the operators' console (src/console) into dist/console, with a compressed copy of each file and a list of
 * licences. Writes nothing if nothing changed. Builds in another folder and moves it into place at once, so nobody sees
 * a half-built one.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { licences, packageFolder } from './licences.mjs';
import { makeAside, putInPlace } from './put-in-place.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src', 'console');
const target = join(root, 'dist', 'console');

/** Returns a digest of everything that the files are made from: the sources, the package lock, this program. */
function fingerprint() {
  const hash = createHash('sha256');
  const paths = [source, join(root, 'src/facts')]
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const others = ['package-lock.json', 'scripts/licences.mjs', 'scripts/build-console.mjs'].map((path) =>
    join(root, path),
  );
  // A copy of the sources may have no package lock.
  for (const path of [...paths, ...others.filter((one) => existsSync(one))])
    hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path));
  return hash.digest('hex');
}

function isFresh(print) {
  const manifest = join(target, 'fingerprint');
  return existsSync(manifest) && readFileSync(manifest, 'utf8') === print;
}

function compress(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** Builds the console if it is outdated. Returns false if the bundler is not installed. */
export async function buildConsole() {
  let vite;
  try {
    vite = await import('vite');
  } catch {
    return false;
  }
  // Always builds the shipped version: under a test runner the bundler would take React's debugging build.
  process.env.NODE_ENV = 'production';
  const print = fingerprint();
  if (isFresh(print)) return true;
  const aside = makeAside(root);
  const folders = new Set();
  const remember = {
    name: 'licences',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        for (const id of chunk.moduleIds ?? []) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder.slice(folder.indexOf('node_modules/')));
        }
    },
  };
  await vite.build({
    mode: 'production',
    configFile: join(source, 'vite.config.ts'),
    build: { outDir: aside },
    plugins: [remember],
  });
  compress(join(aside, 'assets'));
  writeFileSync(join(aside, 'THIRD-PARTY-LICENSES.txt'), `Bundled into the console.\n\n${licences(root, folders)}`);
  writeFileSync(join(aside, 'fingerprint'), print);
  chmodSync(aside, 0o755);
  putInPlace(aside, target);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildConsole();
