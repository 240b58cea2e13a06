/** What mutation testing runs: the tests of the rules alone. Its runner cannot be told the name of a project. */
import { defineConfig } from 'vitest/config';
import { PURE } from './vitest.config.js';

export default defineConfig({ test: { include: PURE } });
