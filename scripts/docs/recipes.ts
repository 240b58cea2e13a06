/**
 * The page docs/guides/recipes.md, taken apart: for each framework the settings of the application, the commands and the
 * files that the page prints. The judge `scripts/judges/recipes.ts` runs them as they are. Reads only; includes no
 * secret.
 */

/** Path of the page. */
export const RECIPES_PAGE = 'docs/guides/recipes.md';

/** The choice of *Refused people* that is not a new application's, as the console and the page have it. */
export const AT_ONCE = 'Go back to the application at once';

/** A framework whose authors know nothing of this server. */
export interface Framework {
  /** Heading of its section. */
  readonly heading: string;
  /**
   * Words of the printed commands, with the versions that the judge runs. A word that is not a package is left out.
   */
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
  // The version is in the printed pom.xml.
  spring: { heading: 'Spring Boot', pins: {} },
  // The version is the distribution's.
  apache: { heading: 'Apache with mod_auth_openidc', pins: {} },
} as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkId = keyof typeof FRAMEWORKS;

export const FRAMEWORK_IDS = Object.keys(FRAMEWORKS) as readonly FrameworkId[];

/** True for the id of one of {@link FRAMEWORKS}. */
export const isFramework = (id: string): id is FrameworkId => FRAMEWORK_IDS.some((known) => known === id);

interface RecipeFile {
  readonly name: string;
  /** Language of the block, for colours and for the test that parses it. */
  readonly language: string;
  readonly text: string;
}

export interface Recipe {
  /** Text of the section, without its heading. */
  readonly section: string;
  /** Values of the table, by the label that the console has. */
  readonly settings: Readonly<Record<string, string>>;
  /** Properties that are set with the Management API, for want of a field. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Name of a file that the recipe takes from a quickstart, and the name of the page. */
  readonly borrowed: { readonly file: string; readonly page: string } | undefined;
  /** Commands, run before the files are written. */
  readonly install: string;
  readonly files: readonly RecipeFile[];
  /** Commands that start the application in the folder of the files. */
  readonly start: string;
  /** Address of the link by which people sign out, where an application behind a proxy has to print it. */
  readonly signOut: string | undefined;
}

/** Headings of the page that are recipes: all of the second level but those about every framework. */
export function listRecipes(page: string): readonly string[] {
  return [...page.matchAll(/^## (.+)$/gm)]
    .map(([, heading = '']) => heading)
    .filter((heading) => !GENERAL.test(heading));
}

/** Headings that are about every framework. */
const GENERAL = /^(?:For all of them|How they were tried)$/;

/** A block, the line before it that says what it is, and the language. */
const BLOCK = /^(\S.*:)\n\n```(\w+)\n([\s\S]*?)\n```$/gm;
const ROW = /^\| ([^|]+?) \| `?([^|`]+?)`? \|$/gm;

/** Returns a file of the page `page` of the quickstarts: the block after its name. */
export function readQuickstartFile(page: string, file: string): string {
  const [, text] = page.split(`\n\`${file}\`:\n\n\`\`\``);
  if (text === undefined) throw new Error(`the quickstart has no file ${file}`);
  return `${text.slice(text.indexOf('\n') + 1, text.indexOf('\n```'))}\n`;
}

function findBorrowed(section: string): Recipe['borrowed'] {
  const [, file, page] = /^Take `([^`]+)` of the \[quickstart\]\(\.\.\/(quickstarts\/\w+\.md)\)/m.exec(section) ?? [];
  return file === undefined || page === undefined ? undefined : { file, page: `docs/${page}` };
}

/** Returns the recipe below `heading`. Throws if the page has none, or a block that nobody knows what to do with. */
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

/** The words that a reader replaces, as the page prints them. */
export const PRINTED = {
  server: 'https://login.example.com',
  application: 'http://localhost:8080',
  port: '8080',
  behind: 'localhost:9000',
  clientId: 'YOUR_CLIENT_ID',
  clientSecret: 'YOUR_CLIENT_SECRET',
  random: 'A_RANDOM_SECRET',
} as const;

/** Returns commands with the versions of `pins`. */
export function withPins(commands: string, pins: Framework['pins']): string {
  return commands.replaceAll(/[^\s'"]+/g, (word) => pins[word] ?? word);
}
