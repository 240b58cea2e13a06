/**
 * `npx tsx scripts/judges/recipes.ts [--only NAME] [NAME …]`: runs the published frameworks of docs/guides/recipes.md
 * with the settings, commands and files that the page prints. Names are those in `FRAMEWORKS`
 * (scripts/docs/recipes.ts). Without a name it runs all of them, in the versions of that table. Signs people in through
 * Chromium. Prints one line for each check and `N passed, N failed`; exits with 1 if one failed. Skips a framework that
 * cannot run on this machine, with the reason. Needs Chromium, and the programs of the printed commands: `npm`, `go`,
 * `python3` with `venv`, Maven with a JDK. Packages go into the user's cache. Not part of `npm test`. Leaves nothing
 * else.
 */
import { readFileSync } from 'node:fs';
import { ROOT } from '../docs/find-documents.js';
import { FRAMEWORK_IDS, FRAMEWORKS, type FrameworkId, isFramework, RECIPES_PAGE, readRecipe } from '../docs/recipes.js';
import { onBrowserGround } from './browser-ground.js';
import { Checks, summarize } from './checks.js';
import { playRecipe } from './recipe-people.js';
import { findMissingProgram } from './recipe-place.js';

const words = process.argv.slice(2).filter((word) => word !== '--only');
const unknown = words.find((word) => !isFramework(word));
if (unknown !== undefined) {
  process.stderr.write(`there is no recipe ${unknown}: ${FRAMEWORK_IDS.join(', ')}\n`);
  process.exit(2);
}

const page = readFileSync(`${ROOT}${RECIPES_PAGE}`, 'utf8');

async function play(id: FrameworkId): Promise<Checks> {
  const checks = new Checks(id);
  const missing = findMissingProgram(id);
  if (missing !== undefined) {
    checks.skip('everything', missing);
    return checks;
  }
  const recipe = readRecipe(page, FRAMEWORKS[id].heading);
  // Each recipe gets a server of its own, so that nobody from an earlier recipe is known.
  await onBrowserGround((ground) => playRecipe({ ...ground, id, recipe, checks }), 'http');
  return checks;
}

const all: Checks[] = [];
for (const id of FRAMEWORK_IDS) if (words.length === 0 || words.includes(id)) all.push(await play(id));
summarize(all);
