/** The accessibility checker axe in a tab: for the console, the help, the hosted pages and the examples. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page as Tab } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact?: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Runs axe on the page as it is; returns all findings, or those of these impacts: rule, sentence and the first place. */
export async function findWithAxe(tab: Tab, impacts?: readonly string[]): Promise<readonly string[]> {
  // Once for a document: half a megabyte of program.
  if (!(await tab.evaluate(() => 'axe' in globalThis))) await tab.evaluate(AXE);
  const violations = await tab.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: { preload: boolean }): Promise<{ violations: Finding[] }> };
    };
    // It would ask for the styles again, which the policy of the help pages refuses.
    return (await axe.run({ preload: false })).violations;
  });
  const counted = violations.filter(({ impact = '' }) => impacts === undefined || impacts.includes(impact));
  return counted.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
