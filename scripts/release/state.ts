/**
 * Judges whether a checkout may be released. Nothing may be uncommitted, the version must be the same everywhere, the
 * changelog must begin with it, its tag must be unused or on this commit, and migrations must be frozen. Reads git and
 * files; changes nothing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Migration, readMigrations } from '../../src/storage/database/migrate.js';
import { findDocuments, ROOT } from '../docs/find-documents.js';
import { findBroken, findUnlisted, type Released, readReleased } from './released-migrations.js';

export interface Checkout {
  readonly version: string;
  /** The version in package-lock.json. */
  readonly lockVersion: string;
  readonly changelog: string;
  /** Lines of `git status --porcelain`. */
  readonly changes: readonly string[];
  readonly head: string;
  /** The commit of the tag `v<version>`; undefined if the tag does not exist. */
  readonly tagged: string | undefined;
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  readonly migrations: readonly Migration[];
  /** The table of released migrations. */
  readonly released: Released;
}

const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trimEnd();
const read = (path: string) => readFileSync(ROOT + path, 'utf8');
const versionIn = (path: string) => (JSON.parse(read(path)) as { version: string }).version;

/** Returns the commit of the tag, also for a tag with a message of its own. */
function findTagged(tag: string): string | undefined {
  return git('for-each-ref', `refs/tags/${tag}`) === '' ? undefined : git('rev-parse', `${tag}^{commit}`);
}

/** Reads the facts that are in files of the checkout. */
export function readVersions(): Pick<Checkout, 'version' | 'lockVersion' | 'changelog' | 'documents'> {
  return {
    version: versionIn('package.json'),
    lockVersion: versionIn('package-lock.json'),
    changelog: read('CHANGELOG.md'),
    documents: findDocuments().map((path) => ({ path, text: read(path) })),
  };
}

/** Returns the lines of `git status --porcelain`: uncommitted changes. Throws outside a git checkout. */
export function listChanges(): readonly string[] {
  return git('status', '--porcelain').split('\n').filter(Boolean);
}

/** Reads the state of the checkout. Throws outside a git checkout. */
export function readCheckout(): Checkout {
  const versions = readVersions();
  return {
    ...versions,
    changes: listChanges(),
    head: git('rev-parse', 'HEAD'),
    tagged: findTagged(`v${versions.version}`),
    migrations: readMigrations(),
    released: readReleased(),
  };
}

function findTreeFaults({ changes }: Checkout): readonly string[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, 5).map((line) => line.slice(3));
  const more = changes.length > shown.length ? ` and ${changes.length - shown.length} more` : '';
  return [
    `Not committed: ${shown.join(', ')}${more}. Commit or remove it: the package must be what the tag will name.`,
  ];
}

function findChangelogFaults({ version, changelog }: Checkout): readonly string[] {
  const heading = /^## (.*)$/m.exec(changelog)?.[1] ?? '';
  const [, named, date = ''] = /^(\d+\.\d+\.\d+\S*) - (\d{4}-\d{2}-\d{2})$/.exec(heading) ?? [];
  if (named === undefined)
    return [`CHANGELOG.md begins with "## ${heading}": write "## ${version} - YYYY-MM-DD", the day of the release.`];
  if (named !== version)
    return [
      `CHANGELOG.md begins with ${named}, package.json says ${version}: npm version --no-git-tag-version ${named} or a new heading.`,
    ];
  return Number.isNaN(Date.parse(date)) ? [`CHANGELOG.md dates ${version} ${date}, which is no day.`] : [];
}

function findVersionFaults({ version, lockVersion, documents }: Checkout): readonly string[] {
  const lock =
    lockVersion === version
      ? []
      : [
          `package-lock.json says ${lockVersion}, package.json ${version}: npm version --no-git-tag-version --allow-same-version ${version}`,
        ];
  const old = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/vestibule-(\d+\.\d+\.\d+)\.tgz|^VERSION=(\d+\.\d+\.\d+)$/gm)]
      .filter(([, file, variable]) => (file ?? variable) !== version)
      .map(([words]) => `${path} says ${words}: write ${version}.`),
  );
  return [...lock, ...old];
}

function findTagFaults({ version, head, tagged }: Checkout): readonly string[] {
  if (tagged === undefined || tagged === head) return [];
  return [
    `The tag v${version} names ${tagged.slice(0, 8)}, this is ${head.slice(0, 8)}: a released version never changes. ` +
      `Choose the next version, or git checkout v${version} to build that one again.`,
  ];
}

/** Returns one sentence for each reason why the checkout cannot be released; an empty list if it can. */
export function findFaults(checkout: Checkout): readonly string[] {
  return [
    ...findTreeFaults(checkout),
    ...findVersionFaults(checkout),
    ...findChangelogFaults(checkout),
    ...findTagFaults(checkout),
    ...findBroken(checkout.migrations, checkout.released),
    ...findUnlisted(checkout.migrations, checkout.released, checkout.version),
  ];
}

/** Returns every path that git tracks. */
export function listTracked(): ReadonlySet<string> {
  return new Set(git('ls-files', '-z').split('\0'));
}
