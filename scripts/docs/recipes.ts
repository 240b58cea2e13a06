/**
 * Parses docs/guides/recipes.md: for each framework the settings of the application, the commands, and the files that
 * the page prints. `scripts/judges/recipes.ts` runs them unchanged. Reads only; includes no secret.
 */

/** Path of the page. */
export const RECIPES_PAGE = 'docs/guides/recipes.md';

/** The choice of *Refused people* that differs from a new application's, in the words of the console and the page. */
export const AT_ONCE = 'Go back to the application at once';

/** A framework that was written without knowledge of this server. */
export interface Framework {
  /** Heading of its section. */
  readonly heading: string;
  /** Words of the printed commands, with the versions that the judge uses. A word that is not a package is left out. */
  readonly pins: Readonly<Record<string, string>>;
}

const NEXT = { next: 'next@16.4.6', react: 'react@19.3.1', 'react-dom': 'react-dom@19.3.1' };

/** Every recipe, in the order of the page. */
export const FRAMEWORKS = {
  authjs: { heading: 'Auth.js', pins: { ...NEXT, 'next-auth@beta': 'next-auth@5.0.0-beta.32' } },
  'better-auth': {
    heading: 'better-auth',
    pins: { 'better-auth': 'better-auth@1.7.25', express: 'express@5.3.0' },
  },
  passport: {
    heading: 'passport',
    pins: {
      express: 'express@5.3.0',
      'express-session': 'express-session@1.19.0',
      passport: 'passport@0.7.0',
      'passport-openidconnect': 'passport-openidconnect@0.1.2',
    },
  },
  'oauth2-proxy': {
    heading: 'oauth2-proxy',
    pins: {
      'github.com/oauth2-proxy/oauth2-proxy/v7@latest': 'github.com/oauth2-proxy/oauth2-proxy/v7@v7.15.6',
    },
  },
  'go-oidc': {
    heading: 'Go with go-oidc',
    pins: {
      'github.com/coreos/go-oidc/v3/oidc': 'github.com/coreos/go-oidc/v3/oidc@v3.21.0',
      'golang.org/x/oauth2': 'golang.org/x/oauth2@v0.38.0',
    },
  },
  django: {
    heading: 'Django with mozilla-django-oidc',
    pins: { django: 'django==5.2.19', 'mozilla-django-oidc': 'mozilla-django-oidc==5.0.2' },
  },
  // The printed pom.xml has the version.
  spring: { heading: 'Spring Boot', pins: {} },
  // The distribution decides the version.
  apache: { heading: 'Apache with mod_auth_openidc', pins: {} },
} as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkId = keyof typeof FRAMEWORKS;

export const FRAMEWORK_IDS = Object.keys(FRAMEWORKS) as readonly FrameworkId[];

/** True for the id of one of {@link FRAMEWORKS}. */
export const isFramework = (id: string): id is FrameworkId => FRAMEWORK_IDS.some((known) => known === id);

interface RecipeFile {
  readonly name: string;
  /** Language of the block, for colors and for the test that parses it. */
  readonly language: string;
  readonly text: string;
}

export interface Recipe {
  /** Text of the section without its heading. */
  readonly section: string;
  /** Values of the table, by the console's label. */
  readonly settings: Readonly<Record<string, string>>;
  /** Properties that have no field in the console, so the Management API sets them. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Name of a file that the recipe takes from a quickstart, and the name of the page. */
  readonly borrowed: { readonly file: string; readonly page: string } | undefined;
  /** Commands to run before the files are written. */
  readonly install: string;
  readonly files: readonly RecipeFile[];
  /** Commands that start the application in the folder of the files. */
  readonly start: string;
  /** Address of the sign-out link, if an application behind a proxy has to print it. */
  readonly signOut: string | undefined;
}

/** Returns the headings of recipes: all of the second level except the general ones. */
export function listRecipes(page: string): readonly string[] {
  return [...page.matchAll(/^## (.+)$/gm)]
    .map(([, heading = '']) => heading)
    .filter((heading) => !GENERAL.test(heading));
}

/** Headings of sections that apply to every framework. */
const GENERAL = /^(?:For all of them|How they were tried)$/;

/** Matches a code block: the line before it, which names it, the language and the content. */
const BLOCK = /^(\S.*:)\n\n```(\w+)\n([\s\S]*?)\n```$/gm;
const ROW = /^\| ([^|]+?) \| `?([^|`]+?)`? \|$/gm;

/** Returns a file from the quickstart `page`: the block after the file's name. */
export function readQuickstartFile(page: string, file: string): string {
  const [, text] = page.split(`\n\`${file}\`:\n\n\`\`\``);
  if (text === undefined) throw new Error(`the quickstart has no file ${file}`);
  return `${text.slice(text.indexOf('\n') + 1, text.indexOf('\n```'))}\n`;
}

function findBorrowed(section: string): Recipe['borrowed'] {
  const [, file, page] = /^Take `([^`]+)` of the \[quickstart\]\(\.\.\/(quickstarts\/\w+\.md)\)/m.exec(section) ?? [];
  return file === undefined || page === undefined ? undefined : { file, page: `docs/${page}` };
}

/** Returns the recipe below `heading`. Throws if the page has none, or if a block has an unknown purpose. */
export function readRecipe(page: string, heading: string): Recipe {
  const [, after] = page.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`the page has no section ${heading}`);
  const [section = ''] = after.split('\n## ');
  const settings = Object.fromEntries([...section.matchAll(ROW)].map(([, label = '', value = '']) => [label, value]));
  const blocks = [...section.matchAll(BLOCK)].map(([, label = '', language = '', text = '']) => ({
    label,
    language,
    text: `${text}\n`,
  }));
  const fences = section.match(/^```\w+$/gm)?.length ?? 0;
  if (fences !== blocks.length) throw new Error(`${heading}: a block has no line before it that says what it is`);
  const read: { -readonly [name in keyof Recipe]: Recipe[name] } & { files: RecipeFile[] } = {
    section,
    settings,
    properties: {},
    borrowed: findBorrowed(section),
    install: '',
    files: [],
    start: '',
    signOut: undefined,
  };
  for (const { label, language, text } of blocks) {
    const [, name] = /^`([^`]+)`.*:$/.exec(label) ?? [];
    if (name !== undefined) read.files.push({ name, language, text });
    else if (/Management API/.test(label)) read.properties = JSON.parse(text) as Recipe['properties'];
    else if (/^Install\b/.test(label)) read.install += text;
    else if (/^Start\b/.test(label)) read.start += text;
    else if (/^The link to sign out\b/.test(label)) read.signOut = text.trim();
    else throw new Error(`${heading}: what is the block after "${label}"?`);
  }
  return read;
}

/** The words on the page that a reader replaces. */
export const PRINTED = {
  server: 'https://login.example.com',
  application: 'http://localhost:8080',
  port: '8080',
  behind: 'localhost:9000',
  clientId: 'YOUR_CLIENT_ID',
  clientSecret: 'YOUR_CLIENT_SECRET',
  random: 'A_RANDOM_SECRET',
} as const;

/** Returns the commands with the versions in `pins`. */
export function withPins(commands: string, pins: Framework['pins']): string {
  return commands.replaceAll(/[^\s'"]+/g, (word) => pins[word] ?? word);
}
