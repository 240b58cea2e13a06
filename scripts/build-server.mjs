/**
 * Bundles the server and the tools for a tenant (src without src/console) into a folder: `main.js`, `tenant-tools/index.js`, and
 * in `chunks` the code that they share or load when it is needed, with source maps and a list of licences. Loading one file
 * is several times faster than loading a thousand. The files that the program reads are copied beside it. Plain
 * JavaScript, because nothing is built yet. Never puts a native module, a path of this machine or a source's text into the bundle.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licences, packageFolder } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** The files below src that the program reads, or hands out, as they are. */
const READ = [
  'management/api/auth0-schemas.subset.json',
  'management/my-organization/auth0-my-organization.subset.json',
  'tenant-tools/package-types.d.mts',
];

/** Packages that a bundled one may use, if somebody installed them: nobody did. */
const ABSENT = ['pg-native'];

/** Packages of CommonJS ask for modules of Node by `require`, which a module of ECMAScript does not have. */
const REQUIRE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/** A map of one position, the beginning of the file. The maps name files of packages, but only our sources have lines in them. */
const NO_MAP = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64')}`;

/**
 * The two parts of undici that the server uses: its index loads everything that `fetch`, WebSocket and its mocks need, which is
 * a megabyte. A use of another name fails the build.
 */
const UNDICI = `export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as buildConnector } from 'undici/lib/core/connect.js';`;

const partOfUndici = {
  name: 'part-of-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'part' }));
    build.onLoad({ filter: /.*/, namespace: 'part' }, () => ({ contents: UNDICI, resolveDir: root, loader: 'js' }));
  },
};

/** Leaves code of packages out of the source maps. */
const mapOwnCode = {
  name: 'map-own-code',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, '') + NO_MAP,
      loader: 'js',
    }));
  },
};

/**
 * Builds into `folder`, which must be beside dist/: the maps have relative paths. Returns false if the bundler is not
 * installed.
 */
export async function buildServer(folder) {
  let esbuild;
  try {
    esbuild = require('esbuild');
  } catch {
    return false;
  }
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { main: 'src/main.ts', 'tenant-tools/index': 'src/tenant-tools/index.ts' },
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // The oldest that runs it (package.json).
    target: 'node20.19',
    tsconfig: join(root, 'tsconfig.json'),
    external: [...Object.keys(dependencies), ...ABSENT],
    plugins: [partOfUndici, mapOwnCode],
    banner: { js: REQUIRE },
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const path of READ) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, 'src', path), join(folder, path));
  }
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(used.map(packageFolder).filter((one) => one !== undefined));
  writeFileSync(
    join(folder, 'chunks', 'THIRD-PARTY-LICENSES.txt'),
    `Bundled into the server.\n\n${licences(root, folders)}`,
  );
  return true;
}
