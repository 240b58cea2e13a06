/**
 * Makes the pages of the site from the documents of the repository, which do not change and stay readable on a git
 * host. Leaves out README.md: links to it lead to "Start in five minutes". Links between documents become links between
 * pages; links to sources become plain words. The API reference comes from the served document. Writes nothing.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { composeApiPages, toAreaTable } from './api/pages.js';
import { findDocuments, ROOT } from './find-documents.js';
import { maskCode, readHeadings, readLinks } from './markdown.js';
import type { Page } from './page.js';

const PLACES: Readonly<Record<string, string>> = {
  'README.md': 'start.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'docs/README.md': 'index.md',
  'docs/api/README.md': 'api/index.md',
  'docs/adr': 'adr/index.md',
  'docs/adr/README.md': 'adr/index.md',
};

/** Mark in docs/api/README.md for the list of the generated pages, which a git host does not have. */
const AREAS_MARK = '<!-- areas -->';

/** Returns the path of a document in the site; undefined for a document that is not part of it. */
function findPlace(source: string): string | undefined {
  const path = source.replace(/\/$/, '');
  const place = PLACES[path];
  if (place !== undefined) return place;
  if (/^examples\/[\w-]+\/README\.md$/.test(path)) return path.replace('/README.md', '.md');
  return /^docs\/.*\.md$/.test(path) ? path.slice('docs/'.length) : undefined;
}

/** Returns the relative address from one page to another page or a picture, with its anchor. */
function toRelative(fromPage: string, to: string, anchor: string | undefined): string {
  const path = posix.relative(posix.dirname(fromPage), to);
  return `${path.startsWith('.') ? '' : './'}${path}${anchor === undefined ? '' : `#${anchor}`}`;
}

/**
 * Returns a link of the site to a page, a picture or another host. If the site has no such page, returns the link's
 * plain words.
 */
function toSiteLink(source: string, page: string, { target, label, isPicture }: Link): string {
  const mark = isPicture ? '!' : '';
  if (/^[a-z]+:/.test(target) || target.startsWith('#')) return `${mark}[${label}](${target})`;
  const [file = '', anchor] = target.split('#');
  const leadsTo = posix.join(posix.dirname(source), file);
  if (isPicture) return `![${label}](${toRelative(page, leadsTo.replace(/^docs\//, ''), undefined)})`;
  const place = findPlace(leadsTo);
  const shown = /^[\w/.-]+\.md$/.test(label) ? (findTitle(leadsTo) ?? label) : label;
  return place === undefined ? label : `[${shown}](${toRelative(page, place, anchor)})`;
}

/** Returns the heading of a document, which says more in a link than the file's name. */
function findTitle(source: string): string | undefined {
  if (!source.endsWith('.md')) return undefined;
  return readHeadings(readFileSync(`${ROOT}${source}`, 'utf8'))[0]?.text;
}

type Link = ReturnType<typeof readLinks>[number];

function replaceLinks(source: string, page: string, text: string): string {
  return readLinks(text).reduceRight(
    (rest, link) => rest.slice(0, link.start) + toSiteLink(source, page, link) + rest.slice(link.end),
    text,
  );
}

/** Writes the ids of a git host into the headings, so that an address with an anchor works in both places. */
function writeIds(text: string): string {
  const lines = text.split('\n');
  for (const { line, slug } of readHeadings(text)) lines[line - 1] = `${lines[line - 1]} {#${slug}}`;
  return lines.join('\n');
}

/**
 * Refuses `{{ }}` and `<word>` outside of code: the generator would run the first, and take the second for a component.
 */
function checkText(source: string, text: string): void {
  const found = /\{\{|<[a-z][\w-]*>/i.exec(maskCode(text));
  if (found !== null) throw new Error(`${source}: put ${found[0]} into code (\`…\`): in the site it would be run`);
}

function toPage(source: string, path: string, text: string): Page {
  checkText(source, text);
  const title = readHeadings(text).find(({ level }) => level === 1)?.text ?? path;
  return { path, title, text: writeIds(replaceLinks(source, path, text)).replace(AREAS_MARK, toAreaTable) };
}

/** Returns all pages. Throws if a document would look different from what is written. */
export function composePages(): readonly Page[] {
  const written = findDocuments().flatMap((source) => {
    const path = source === 'README.md' ? undefined : findPlace(source);
    return path === undefined ? [] : [toPage(source, path, readFileSync(`${ROOT}${source}`, 'utf8'))];
  });
  return [...written, ...composeApiPages()];
}
