/**
 * Builds dist/: bundles the server (scripts/build-server.mjs), the code for Actions and the console. Runs after `npm ci` or
 * `npm install` in a checkout (npm's `prepare`) and as `npm run build`. Plain JavaScript, because nothing is built yet.
 * The server is made aside and put in place when it is whole (scripts/put-in-place.mjs): two builds at once do no harm.
 * An installation does not look for type errors: `npm run check` is the judge. `npm pack`, `npm publish` and `npm run build`
 * do, and fail: nothing wrong is packed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isJudge = ['pack', 'publish', 'run', 'run-script'].includes(process.env.npm_command ?? '');

/** Returns the path of the compiler; undefined if the development dependencies are missing (NODE_ENV=production). */
function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/** True if the compiler finds no fault in what is packed. */
function hasRightTypes(compiler) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  return status === 0;
}

/**
 * Moves everything in `aside` into dist/, one entry after another, and deletes entries that are gone. Skips the bundles
 * of Actions and the console, which check themselves whether they are outdated, and the documentation, which `npm run
 * docs` and `npm pack` build.
 */
function putAll({ makeAside, putInPlace, removeAtOnce }, aside) {
  const gone = makeAside(root);
  for (const [folder, ...kept] of [
    ['actions', 'bundles'],
    ['.', 'actions', 'console', 'docs'],
  ]) {
    const [made, place] = [join(aside, folder), join(root, 'dist', folder)];
    mkdirSync(place, { recursive: true });
    const names = existsSync(made) ? readdirSync(made) : [];
    for (const name of names) if (!kept.includes(name)) putInPlace(join(made, name), join(place, name));
    for (const name of readdirSync(place))
      if (!names.includes(name) && !kept.includes(name)) removeAtOnce(join(place, name), gone);
  }
  rmSync(gone, { recursive: true, force: true });
}

async function build(compiler) {
  // Imported here, not at the top: an installed package has no such scripts, and nothing to build.
  const places = await import('./put-in-place.mjs');
  const { buildActions } = await import('./build-actions.mjs');
  const { buildConsole } = await import('./build-console.mjs');
  const { buildServer } = await import('./build-server.mjs');
  const isRight = !isJudge || hasRightTypes(compiler);
  const aside = places.makeAside(root);
  let isBundled = await buildServer(aside);
  if (isBundled) putAll(places, aside);
  rmSync(aside, { recursive: true, force: true });
  isBundled = isBundled && (await buildActions()) && (await buildConsole());
  if (!isBundled) console.error('prepare: not everything is bundled, esbuild or vite is not installed');
  return isRight && isBundled;
}

const compiler = findCompiler();
if (!existsSync(`${root}src`)) {
  // In an installed package dist/ exists already.
} else if (compiler === undefined) {
  console.error('prepare: not building dist/, the development dependencies are not installed (npm ci --include=dev)');
} else if (!(await build(compiler))) {
  console.error('prepare: dist/ was built, but not without errors: npm run check shows them');
  if (isJudge) process.exitCode = 1;
}
