/**
 * Part of `npm run check`: judges every regular expression of `src` and of its schemas. Exits with 1 and prints a line
 * for each pattern that may take more than linear time. Strangers supply the texts: forty thousand slashes in an
 * identity provider's document once blocked the whole server for eight seconds (`/\/+$/`). Judging takes minutes. So
 * patterns/judged.txt has the digests of patterns that were found safe, and these are skipped. `--write` adds new
 * digests and drops unused ones. With TEST_SHARE=1/1, as before a release, all patterns are judged.
 */
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { readSources, readText } from '../test/support/source-files.js';
import { type FoundPattern, findPatterns, findSchemaPatterns } from './patterns/find-patterns.js';
import { findDanger } from './patterns/judge.js';

/**
 * Patterns that are known to be slow, and why the texts they are used on are never long. An entry that is no longer
 * needed is a finding too.
 */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  '\\/\\*[\\s\\S]*?\\*\\/': 'the style sheet of this program itself, once at start',
  '\\s*([0-9]\\s*){6}': 'of a field: browsers anchor it at both ends, and it meets what the person types there',
  '\\b[a-z][a-z0-9+.-]*:\\/\\/': 'a name in a mail, cut to 100 characters before',
};

function collect(): { patterns: ReadonlyMap<string, FoundPattern[]>; findings: string[] } {
  const sources = readSources('src').map(findPatterns);
  const schemas = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => findSchemaPatterns(`src/${name}`, readText(`src/${name}`)));
  const patterns = new Map<string, FoundPattern[]>();
  for (const pattern of [...sources.flatMap((source) => source.patterns), ...schemas]) {
    const key = `/${pattern.source}/${pattern.flags}`;
    patterns.set(key, [...(patterns.get(key) ?? []), pattern]);
  }
  const findings = sources
    .flatMap((source) => source.unknown)
    .map((place) => `${place} is put together while the program runs, so nobody can judge it: write it as a literal`);
  return { patterns, findings };
}

const JUDGED = 'scripts/patterns/judged.txt';
const JUDGE = `recheck ${JSON.parse(readText('node_modules/recheck/package.json')).version}`;
const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 20);

/** Returns the digests of patterns that this version of the judge found safe; none after an update of the judge. */
function readJudged(): ReadonlySet<string> {
  const [judge, ...digests] = readText(JUDGED).trim().split('\n');
  return new Set(judge === JUDGE ? digests : []);
}

const judged = process.env.TEST_SHARE === '1/1' ? new Set<string>() : readJudged();
const { patterns, findings } = collect();
const excepted = new Set<string>();
const safe: string[] = [];
for (const [key, places] of patterns) {
  const digest = digestOf(key);
  const [first] = places;
  const danger = first && !judged.has(digest) ? findDanger(first) : undefined;
  if (first === undefined) continue;
  if (danger === undefined) {
    safe.push(digest);
    continue;
  }
  if (EXCEPTIONS[first.source] !== undefined) excepted.add(first.source);
  else findings.push(`${places.map(({ place }) => place).join(', ')} ${key} is ${danger}`);
}
for (const source of Object.keys(EXCEPTIONS))
  if (!excepted.has(source)) findings.push(`/${source}/ needs no exception any more`);
if (process.argv.includes('--write')) writeFileSync(JUDGED, `${[JUDGE, ...safe.sort()].join('\n')}\n`);
if (findings.length === 0) console.log(`${patterns.size} patterns, all in linear time or excepted with a reason`);
else console.log(findings.join('\n'));
process.exitCode = findings.length === 0 ? 0 : 1;
