/**
 * Builds dist/: compiles src/, copies what lies beside it (schemas in JSON) and bundles for Actions. Runs after `npm ci` or `npm install` in a
 * checkout (npm's `prepare`) and as `npm run build`. Plain JavaScript, because nothing is built yet.
 * Never fails an installation because of a type error: it says so, and `npm run check` is the judge. `npm pack`, `npm publish`
 * and `npm run build` do fail: nothing wrong is packed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Path of the compiler, or undefined when the development dependencies were left out (NODE_ENV=production). */
function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/**
 * All of dist/ but the bundles of Actions and the console, which know themselves whether they are stale, and the documentation, which `npm run docs` and
 * `npm pack` make: running tests use them.
 */
function clean() {
  mkdirSync(`${root}dist/actions`, { recursive: true });
  for (const [folder, ...kept] of [
    ['dist', 'actions', 'console', 'docs'],
    ['dist/actions', 'bundles'],
  ]) {
    for (const name of readdirSync(`${root}${folder}`)) {
      if (!kept.includes(name)) rmSync(`${root}${folder}/${name}`, { recursive: true, force: true });
    }
  }
}

async function build(compiler) {
  clean();
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  cpSync(`${root}src`, `${root}dist`, {
    recursive: true,
    filter: (path) => !path.startsWith(`${root}src/console`) && (statSync(path).isDirectory() || !/\.tsx?$/.test(path)),
  });
  // Not above: an installed package comes here without that script, and has nothing to build.
  const { buildActions } = await import('./build-actions.mjs');
  const { buildConsole } = await import('./build-console.mjs');
  const isBundled = (await buildActions()) && (await buildConsole());
  if (!isBundled) console.error('prepare: not bundling for Actions and the console, esbuild or vite is not installed');
  return status === 0 && isBundled;
}

const compiler = findCompiler();
if (!existsSync(`${root}src`)) {
  // An installed package: dist/ came with it.
} else if (compiler === undefined) {
  console.error('prepare: not building dist/, the development dependencies are not installed (npm ci --include=dev)');
} else if (!(await build(compiler))) {
  console.error('prepare: dist/ was built, but not without errors: npm run check shows them');
  if (['pack', 'publish', 'run', 'run-script'].includes(process.env.npm_command ?? '')) process.exitCode = 1;
}
