/**
 * Builds the console (run by scripts/build-console.mjs): hashed files, one per page. Must load no third-party source at
 * run time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * Properties of the server's table of refusals that no page of the console shows: words for the person, for the
 * application and for docs/errors.md.
 */
const NOT_SHOWN = new Set([
  ...['status', 'oauthError', 'description', 'title', 'sentence', 'advice', 'shown', 'over'],
  ...['whenMore', 'doMore'],
]);

interface AnyNode {
  readonly type: string;
  readonly key?: { readonly name?: string };
  readonly value?: { readonly start: number; readonly end: number };
}

function* walk(node: unknown): Generator<AnyNode> {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) yield node as AnyNode;
  for (const part of Object.values(node)) yield* walk(part);
}

/**
 * Removes the properties in NOT_SHOWN from the table of refusals. They would be a fiftieth of the console's first load.
 */
function withoutUnusedWords(): Plugin {
  return {
    name: 'without-unused-words',
    transform: {
      filter: { id: /\/facts\/refusals\/\w+\.ts$/ },
      handler(code) {
        const values = [...walk(this.parse(code))]
          .filter(({ type, key }) => type === 'Property' && NOT_SHOWN.has(key?.name ?? ''))
          .flatMap(({ value }) => value ?? []);
        return values
          .sort((a, b) => b.start - a.start)
          .reduce((text, { start, end }) => `${text.slice(0, start)}0${text.slice(end)}`, code);
      },
    },
  };
}

/** A class of the component library. */
const CLASS = /\bm_[0-9a-f]+\b/g;

/** Returns every word of the console's files that may be the name of a component. One too many only keeps its styles. */
function possibleNames(): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  return new Set(files.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/\b[A-Z]\w+/g) ?? []));
}

/** Returns the library's files that define these names, with all files that they import. `esm`: its folder. */
function filesOf(names: ReadonlySet<string>, esm: string): ReadonlySet<string> {
  const index = readFileSync(join(esm, 'index.mjs'), 'utf8');
  const starts = [...index.matchAll(/^import \{([^{}]*)\} from "([^"]+)"/gm)].flatMap(([, list = '', path = '']) =>
    list.split(',').some((name) => names.has(name.trim().replace(/^.* as /, ''))) ? join(esm, path) : [],
  );
  const found = new Set<string>();
  for (const queue = [...starts]; queue.length > 0; ) {
    const file = queue.pop() ?? '';
    if (found.has(file)) continue;
    found.add(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from "(\.[^"]+)"/g))
      queue.push(resolve(dirname(file), path));
  }
  return found;
}

function usedClasses(esm: string): ReadonlySet<string> {
  const files = [...filesOf(possibleNames(), esm)].filter((file) => file.endsWith('.module.mjs'));
  return new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(CLASS) ?? []));
}

/** Returns the end of the block that opens at `open`. */
function endOfBlock(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at++) {
    if (css[at] === '{') depth++;
    if (css[at] === '}' && --depth === 0) return at;
  }
  return css.length;
}

/** Returns the rules of which no class is missing in `used`. A rule with several classes stays for any of them. */
function keepUsed(css: string, used: ReadonlySet<string>): string {
  let kept = '';
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf('{', at);
    if (open < 0) return kept + css.slice(at);
    const end = endOfBlock(css, open);
    const before = css.slice(at, open);
    const classes = before.match(CLASS) ?? [];
    if (/@(media|supports|layer|container)\b/.test(before)) {
      const inner = keepUsed(css.slice(open + 1, end), used);
      if (inner.trim() !== '') kept += `${before}{${inner}}`;
    } else if (classes.length === 0 || classes.some((name) => used.has(name))) kept += css.slice(at, end + 1);
    at = end + 1;
  }
  return kept;
}

/**
 * Leaves out of the component library's stylesheet what no component of the console uses, a twentieth of the first load. A
 * rule that names no class of a component stays.
 */
function withoutUnusedStyles(): Plugin {
  return {
    name: 'without-unused-styles',
    enforce: 'pre',
    transform: {
      filter: { id: /@mantine\/core\/styles\.css$/ },
      handler: (code, id) => keepUsed(code.replace(/\/\*[\s\S]*?\*\//g, ''), usedClasses(join(dirname(id), 'esm'))),
    },
  };
}

export default defineConfig({
  plugins: [withoutUnusedWords(), withoutUnusedStyles()],
  root: folder,
  base: '/console/',
  // The server replaces this placeholder by a new nonce in each answer.
  html: { cspNonce: '__NONCE__' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  logLevel: 'warn',
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // No inlined images: the page's Content Security Policy would have to allow `data:`.
    assetsInlineLimit: 0,
    // Writes a list of each file's imports, for the test that limits the size of the first load.
    manifest: 'manifest.json',
    reportCompressedSize: false,
    // Turns off the builder's warning about size: a test limits the compressed size of the first load.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn(warning, warn) {
        // Ignores directives of server components ("use client"), which mean nothing here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
