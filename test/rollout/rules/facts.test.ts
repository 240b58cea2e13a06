/** The facts about Auth0 that a rollout relies on are told where its users read them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AUTH0_FACTS } from '../../../src/tenant-tools/rollout/facts.js';

test('docs/auth0-double.md lists the facts of the table, in its order', () => {
  const page = readFileSync(new URL('../../../docs/auth0-double.md', import.meta.url), 'utf8');
  const rows = AUTH0_FACTS.map(
    ({ step, fact, source, sure, check }) => `| ${step} | [${fact}](${source}) | ${sure} | ${check} |`,
  );
  expect(page).toContain(rows.join('\n'));
});
