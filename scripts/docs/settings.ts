/**
 * The generator's settings for the site, as data. No page requests anything from another host: system fonts, search in
 * the browser, no analytics.
 */
import type { Page } from './page.js';
import { SIDEBAR, type SidebarGroup } from './sidebar.js';

/** Path at which the console serves the site. */
export const CONSOLE_BASE = '/console/help/';

/** In the console each page has an origin of its own and no storage, so a chosen theme cannot be kept (ADR 0066). */
const SHIM = `try { window.localStorage } catch { for (const name of ['localStorage', 'sessionStorage']) {
  const kept = new Map();
  Object.defineProperty(window, name, { value: {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, String(value)),
    removeItem: (key) => void kept.delete(key),
  } });
} }`;

/** Links at the top of each page: the first page for each kind of reader. */
const NAVIGATION = [
  { text: 'Start', link: '/start' },
  { text: 'Concepts', link: '/concepts/organizations-and-sign-in', activeMatch: '^/concepts/' },
  { text: 'Quickstarts', link: '/quickstarts/express', activeMatch: '^/quickstarts/' },
  { text: 'Guides', link: '/guides/move-to-sso', activeMatch: '^/guides/' },
  { text: 'Reference', link: '/api/', activeMatch: '^/api/' },
  { text: 'Trust', link: '/security' },
];

type Titles = ReadonlyMap<string, string>;

/** Returns the address of a page. The first page of a folder has the folder's address. */
const toAddress = (path: string): string => `/${path.replace(/(^|\/)index\.md$/, '$1')}`;

function toItem(entry: SidebarGroup['entries'][number], titles: Titles): unknown {
  const { name, path } = entry;
  const link = path === undefined ? {} : { link: toAddress(path) };
  if (!('entries' in entry)) return { text: name ?? titles.get(entry.path) ?? entry.path, ...link };
  const items = entry.entries.map((one) => toItem(one, titles));
  return { text: name, ...link, items, ...(entry.isFolded && { collapsed: true }) };
}

function toSidebar(pages: readonly Page[]): unknown {
  const titles: Titles = new Map(pages.map(({ path, title }) => [path, title]));
  return SIDEBAR.map((group) => toItem(group, titles));
}

/** Returns the content of `.vitepress/config` for these pages below `base`. */
export function toSettings(pages: readonly Page[], base: string): unknown {
  return {
    title: 'Vestibule',
    description:
      'Self-hosted sign-in for B2B applications, in place of an Auth0 tenant: single sign-on for organizations without locking anybody out.',
    lang: 'en',
    base,
    appearance: base === CONSOLE_BASE ? 'force-auto' : true,
    metaChunk: true,
    lastUpdated: false,
    // Addresses of the demo exist only while it runs.
    ignoreDeadLinks: 'localhostLinks',
    head: [['script', {}, SHIM]],
    // The step after the build (main.ts) finds real faults.
    vite: { logLevel: 'error' },
    // The two usual themes have greens and reds that are too pale to read.
    markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
    themeConfig: {
      sidebar: toSidebar(pages),
      outline: [2, 3],
      nav: NAVIGATION,
      // A search for several words finds pages with all of them.
      search: {
        provider: 'local',
        options: {
          miniSearch: { searchOptions: { combineWith: 'AND', fuzzy: 0.1, prefix: true, boost: { title: 4, text: 2 } } },
        },
      },
      notFound: {
        title: 'There is no such page',
        quote: 'Perhaps it has another name by now: the search finds it.',
        linkLabel: 'To the first page',
        linkText: 'To the first page',
      },
      footer: { message: 'Apache-2.0. Auth0 is a trademark of Okta, Inc.; Vestibule is not affiliated with it.' },
    },
  };
}
