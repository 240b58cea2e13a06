/**
 * Builds dist/ after `npm ci` or `npm install` in a checkout (npm's `prepare`). Plain JavaScript, because nothing is built yet.
 * Never fails an installation because of a type error: it says so, and `npm run check` is the judge. `npm pack` and
 * `npm publish` come here too, and do fail: nothing wrong is packed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
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

const compiler = findCompiler();
if (!existsSync(`${root}src`)) {
  // An installed package: dist/ came with it.
} else if (compiler === undefined) {
  console.error('prepare: not building dist/, the development dependencies are not installed (npm ci --include=dev)');
} else {
  rmSync(`${root}dist`, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error('prepare: dist/ was built, but the types have errors: npm run check shows them');
    if (['pack', 'publish'].includes(process.env.npm_command ?? '')) process.exitCode = 1;
  }
}
