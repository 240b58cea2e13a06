/**
 * Rewrites the places of a stack trace from the bundle to the sources: `src/login/decide.ts:88` instead of
 * `dist/chunks/server-ZDL7AKVW.js:20311`. Reads a source map with the first trace that needs it, and keeps two numbers a line
 * of it: Node's own `--enable-source-maps` costs each start 50 ms, and the first trace 50 MB. Must never throw.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A place in a file, as V8 writes it: address, line and column. Their parts are looked for afterwards, in linear time. */
const PLACE = /file:\/\/\/[^\s()]+/g;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

interface SourceMapFile {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Where each line of a file comes from: two numbers a line, of the source and of its line; -1 for none. */
interface Table {
  readonly sources: readonly string[];
  readonly places: Int32Array;
}

const tables = new Map<string, Table | undefined>();

/** Reads the numbers of one segment (source map revision 3: base64 VLQ). */
function readSegment(segment: string): readonly number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/** Takes the first segment of each line: the bundler writes each statement on a line of its own. */
function toTable({ sources, mappings }: SourceMapFile): Table {
  const lines = mappings.split(';');
  const places = new Int32Array(lines.length * 2).fill(-1);
  let [source, sourceLine] = [0, 0];
  for (const [index, text] of lines.entries())
    for (const segment of text === '' ? [] : text.split(',')) {
      const [, otherSource = 0, down = 0] = readSegment(segment);
      source += otherSource;
      sourceLine += down;
      if (places[index * 2] === -1) places.set([source, sourceLine], index * 2);
    }
  return { sources: sources.map((path) => path.replace(/^(\.\.\/)+/, '')), places };
}

function readTable(file: string): Table | undefined {
  if (tables.has(file)) return tables.get(file);
  const path = `${fileURLToPath(file)}.map`;
  const table = existsSync(path) ? toTable(JSON.parse(readFileSync(path, 'utf8')) as SourceMapFile) : undefined;
  tables.set(file, table);
  return table;
}

/** Splits a place into the file of a bundle and the line; undefined for any other file. */
function splitPlace(place: string): { readonly file: string; readonly line: number } | undefined {
  const [line = ''] = place.split(':').slice(-2);
  const file = place.slice(0, place.lastIndexOf(':', place.lastIndexOf(':') - 1));
  return file.includes('/dist/') && file.endsWith('.js') && Number(line) > 0 ? { file, line: Number(line) } : undefined;
}

/** Returns the trace with the places of the sources, where maps have them; otherwise as it is. */
export function toSourcePlaces(stack: string): string {
  return stack.replace(PLACE, (whole) => {
    const place = splitPlace(whole);
    if (place === undefined) return whole;
    try {
      const table = readTable(place.file);
      const [source = -1, sourceLine = 0] = table?.places.subarray(place.line * 2 - 2) ?? [];
      const name = table?.sources[source];
      return name === undefined ? whole : `${name}:${sourceLine + 1}`;
    } catch {
      // A map that cannot be read: the place in the bundle is better than none.
      return whole;
    }
  });
}
