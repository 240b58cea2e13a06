/**
 * Makes the code in the pages of docs/quickstarts: commands, files and addresses, between `<!-- code: PART -->` and
 * `<!-- /code -->`. A *kit* has the code for one framework. Some kits are the console's ready code; the others exist
 * for these pages only. `scripts/judges/ready-code.ts` runs all of them. Includes no secret.
 */
import type { CodeFacts, Kit } from '../../src/console/pages/applications/kits/kit.js';
import { chooseFacts, KITS } from '../../src/console/pages/applications/ready-code.js';
import { SETTINGS_LABELS } from '../../src/console/pages/applications/settings-values.js';
import { GO } from './kits/go.js';
import { SPRING } from './kits/spring.js';
import { VUE } from './kits/vue.js';

/** Kits with code, by the name of their page. */
export const QUICKSTARTS = {
  express: KITS.express,
  nextjs: KITS.nextjs,
  react: KITS.react,
  vue: VUE,
  python: KITS.python,
  go: GO,
  spring: SPRING,
  machine: KITS.machine,
} as const satisfies Readonly<Record<string, Kit>>;

export type QuickstartId = keyof typeof QUICKSTARTS;

export const QUICKSTART_IDS = Object.keys(QUICKSTARTS) as readonly QuickstartId[];

/** True for the id of one of {@link QUICKSTARTS}. */
export const isQuickstart = (id: string): id is QuickstartId => QUICKSTART_IDS.some((known) => known === id);

/** Returns the values that the pages print. Neither server nor demo uses the application's port. */
export function factsOfPages(kit: Kit): CodeFacts {
  const client = { client_id: 'YOUR_CLIENT_ID', callbacks: [`http://localhost:8080${kit.callbackPath}`] };
  return chooseFacts(client, { kit, origin: 'https://login.example.com', audience: undefined });
}

/** Returns the language of a file, by which its text is coloured. */
const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/\.mjs$/, 'js'],
  [/^\.env|\/\.env/, 'ini'],
  [/\.py$/, 'python'],
  [/\.yml$/, 'yaml'],
];

function languageOf(name: string): string {
  const known = LANGUAGES.find(([pattern]) => pattern.test(name));
  return known?.[1] ?? name.slice(name.lastIndexOf('.') + 1);
}

const toFence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

function toTable(kit: Kit, facts: CodeFacts): string {
  const addresses = kit.addresses(facts);
  if (addresses === undefined) throw new Error(`nobody signs in to ${kit.name}`);
  const { callback, logout, login, origin } = addresses;
  const rows = [
    [SETTINGS_LABELS.callbacks, callback],
    [SETTINGS_LABELS.logoutUrls, logout],
    ...(origin === undefined ? [] : [[SETTINGS_LABELS.origins, origin]]),
    [SETTINGS_LABELS.loginUri, login],
  ];
  return [
    '| field of *Settings* | value |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | \`${value}\` |`),
  ].join('\n');
}

/** Generated parts of a page, by the name in its marks. */
const PARTS: Readonly<Record<string, (kit: Kit, facts: CodeFacts) => string>> = {
  addresses: toTable,
  install: (kit, facts) => toFence('sh', kit.install(facts)),
  files: (kit, facts) =>
    kit
      .files(facts)
      .map(({ name, text }) => `\`${name}\`:\n\n${toFence(languageOf(name), text)}`)
      .join('\n\n'),
  start: (kit, facts) => toFence('sh', kit.start(facts)),
  versions: ({ tried }) => {
    if (tried === undefined) throw new Error('a page prints no code that was not run');
    return `Run with ${tried} ([how it was tried](../compatibility/tools.md#ready-code)).`;
  },
};

const MARKED = /<!-- code: (\w+) -->\n[\s\S]*?<!-- \/code -->/g;

/** Returns the page of `id` with its marked parts replaced. Throws for an unknown part. */
export function withCode(id: QuickstartId, page: string): string {
  const kit: Kit = QUICKSTARTS[id];
  const facts = factsOfPages(kit);
  return page.replaceAll(MARKED, (_text, part: string) => {
    const make = PARTS[part];
    if (make === undefined) throw new Error(`there is no part ${part}`);
    return `<!-- code: ${part} -->\n\n${make(kit, facts)}\n\n<!-- /code -->`;
  });
}
