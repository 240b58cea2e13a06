/** The tables of docs/actions.md in which it says how events and `api` differ from Auth0's, as a test compares them. */
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/actions.md', import.meta.url), 'utf8');

export interface TableRow {
  readonly names: readonly string[];
  /** Undefined for every trigger. */
  readonly triggers: readonly string[] | undefined;
}

const codesOf = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** Rows of the table whose first column has this heading; throws when there is none, or when a row is not understood. */
export function readTable(heading: string): readonly TableRow[] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} | of |`));
  if (start < 0) throw new Error(`docs/actions.md has no table "${heading}"`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) => {
    const [, first = '', second = ''] = line.split(/(?<!\\)\|/);
    const names = codesOf(first);
    const triggers = second.trim() === 'every trigger' ? undefined : codesOf(second);
    if (names.length === 0 || triggers?.length === 0) throw new Error(`not understood: ${line}`);
    return { names, triggers };
  });
}

/** The names of the table that concern the trigger. */
export function namesFor(heading: string, trigger: string): readonly string[] {
  return readTable(heading).flatMap(({ names, triggers }) => (triggers?.includes(trigger) === false ? [] : names));
}
