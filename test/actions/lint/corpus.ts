/** The Actions of the corpus: one bad file per finding, its fixed twin, and realistic Actions in which nothing is wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import type { LintedAction } from '../../../src/lint/context.js';

const folder = new URL('corpus/', import.meta.url);

export interface CorpusFile {
  /** Without its ending; for bad and clean files the id of the finding. */
  readonly name: string;
  readonly source: LintedAction;
  /** The line that says `// here`, counted from 1; 0 if none does. */
  readonly line: number;
}

/** All files of one part of the corpus. A first line `// {…}` says what is known about the Action beside its code. */
export function readCorpus(part: 'bad' | 'clean' | 'realistic'): readonly CorpusFile[] {
  return readdirSync(new URL(`${part}/`, folder)).map((file) => {
    const code = readFileSync(new URL(`${part}/${file}`, folder), 'utf8');
    const [first = '', ...rest] = code.split('\n');
    const known = first.startsWith('// {') ? (JSON.parse(first.slice(3)) as Partial<LintedAction>) : {};
    const line = [first, ...rest].findIndex((text) => text.includes('// here')) + 1;
    return { name: file.replace(/\.js$/, ''), source: { code, ...known }, line };
  });
}
