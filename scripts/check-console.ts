/** Checks the types of the console, which is compiled for browsers, against the Management API as it is served by these sources. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { CONSOLE_TYPES, printConsoleTypes } from './console-types.js';

writeFileSync(CONSOLE_TYPES, await printConsoleTypes());
const { status } = spawnSync('node_modules/.bin/tsc', ['-p', 'src/console/tsconfig.json'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
