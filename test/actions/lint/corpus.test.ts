/** Every finding is made where it should be, is not made in the fixed twin, and none in Actions that are right. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../../src/lint/catalog.js';
import { lintAction } from '../../../src/lint/lint-action.js';
import { readCorpus } from './corpus.js';

const IDS = Object.keys(CATALOG).sort();

/** One side of a section's only sample: a block of differences, or one of code where both sides are the same. */
function readSample(section: string, part: 'bad' | 'clean'): string {
  const [[, language, text = ''] = [], ...more] = [...section.matchAll(/^```(diff|js)\n([\s\S]*?)\n```$/gm)];
  expect(more, 'one sample').toEqual([]);
  if (language === 'js') return text;
  const other = part === 'bad' ? '+' : '-';
  const lines = text.split('\n').filter((line) => !line.startsWith(other));
  return lines.map((line) => line.slice(1)).join('\n');
}

describe('corpus', () => {
  test.each(readCorpus('bad'))(
    'case=$name: that finding alone, at the line that is wrong',
    ({ name, source, line }) => {
      const findings = lintAction(source);
      expect(findings.map(({ id }) => id)).toEqual([name]);
      const [finding] = findings;
      expect(finding?.line).toBe(Math.max(1, line));
      expect(finding?.docs).toBe(`docs/guard.md#${name}`);
      expect(finding?.message).toMatch(/\.$/);
      expect(finding?.fix.length).toBeGreaterThan(10);
    },
  );

  test.each(readCorpus('clean'))('case=$name, mended: nothing', ({ source }) => {
    expect(lintAction(source)).toEqual([]);
  });

  test.each(readCorpus('realistic'))('case=$name: nothing', ({ source }) => {
    expect(lintAction(source)).toEqual([]);
  });

  test('every finding has a bad file and a mended one', () => {
    expect(readCorpus('bad').map(({ name }) => name)).toEqual(IDS);
    expect(readCorpus('clean').map(({ name }) => name)).toEqual(IDS);
  });

  test('only what stands on the marked line differs in kind: a mended file is not an empty one', () => {
    for (const { name, source } of readCorpus('clean')) expect(source.code, name).toMatch(/exports/);
  });
});

describe('docs/guard.md', () => {
  const text = readFileSync(new URL('../../../docs/guard.md', import.meta.url), 'utf8');
  const sections = text.split(/^### /m).slice(1);

  test('has a section per finding, in alphabetical order, and no other', () => {
    const titles = sections.map((section) => section.split('\n')[0]);
    expect(titles, 'docs/guard.md and src/lint/catalog.ts differ').toEqual(IDS);
  });

  test.each(Object.entries(CATALOG))(
    '%s: says its severity, what is wrong, and how to write it',
    (id, { severity }) => {
      const section = sections.find((one) => one.startsWith(`${id}\n`)) ?? '';
      expect(section).toContain(`**${severity}**`);
      for (const part of ['bad', 'clean'] as const) {
        const code = readCorpus(part).find(({ name }) => name === id)?.source.code ?? '';
        const shown = code.replace(/^\/\/ \{.*\n/, '').replace(/ *\/\/ here$/m, '');
        expect(readSample(section, part), `shows test/actions/lint/corpus/${part}/${id}.js`).toBe(shown.trim());
      }
    },
  );
});
