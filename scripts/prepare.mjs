/**
 * Builds dist/: compiles src/ and copies what lies beside it (schemas in JSON). Runs after `npm ci` or `npm install` in a
 * checkout (npm's `prepare`) and as `npm run build`. Plain JavaScript, because nothing is built yet.
 * Never fails an installation because of a type error: it says so, and `npm run check` is the judge. `npm pack`, `npm publish`
 * and `npm run build` do fail: nothing wrong is packed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, statSync } from 'node:fs';
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

function build(compiler) {
  rmSync(`${root}dist`, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  cpSync(`${root}src`, `${root}dist`, {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || !/\.tsx?$/.test(path),
  });
  return status === 0;
}

const compiler = findCompiler();
if (!existsSync(`${root}src`)) {
  // An installed package: dist/ came with it.
} else if (compiler === undefined) {
  console.error('prepare: not building dist/, the development dependencies are not installed (npm ci --include=dev)');
} else if (!build(compiler)) {
  console.error('prepare: dist/ was built, but the types have errors: npm run check shows them');
  if (['pack', 'publish', 'run', 'run-script'].includes(process.env.npm_command ?? '')) process.exitCode = 1;
}
