/**
 * Reads cassettes of go-vcr (version 2): recorded requests to a server with its answers, in YAML. Reads the six facts
 * of a step that a replay needs. Not a YAML parser: it knows only the form that go-vcr writes.
 */

export interface Step {
  readonly method: string;
  /** Path and query behind `/api/v2`. */
  readonly path: string;
  readonly sent: unknown;
  readonly status: number;
  readonly answered: unknown;
}

/** Returns a scalar from its line, or the lines of the block below it. */
function scalarAt(lines: readonly string[], index: number): string {
  const line = lines[index] ?? '';
  const text = line.slice(line.indexOf(':') + 1).trim();
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (text.startsWith('"')) return JSON.parse(text) as string;
  if (!text.startsWith('|')) return text;
  const indent = line.search(/\S/);
  const block: string[] = [];
  for (const next of lines.slice(index + 1)) {
    if (next.trim() !== '' && next.search(/\S/) <= indent) break;
    block.push(next.trim());
  }
  return block.join('\n').trim();
}

function toJson(text: string): unknown {
  if (text === '' || text === 'null') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Returns the steps of a cassette in order. Leaves out steps to servers other than a Management API. */
export function parseCassette(text: string): readonly Step[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (/^\s*- id: \d+$/.test(line) ? [index] : []));
  return starts.flatMap((start, at) => {
    const part = lines.slice(start, starts[at + 1]);
    const indexOf = (key: string, nth = 0) =>
      part.flatMap((line, index) => (new RegExp(`^\\s+${key}:(\\s|$)`).test(line) ? [index] : []))[nth] ?? -1;
    const [, path] = /\/api\/v2(\/.*)$/.exec(scalarAt(part, indexOf('url'))) ?? [];
    if (path === undefined) return [];
    return [
      {
        method: scalarAt(part, indexOf('method')),
        path,
        sent: toJson(scalarAt(part, indexOf('body'))),
        status: Number(scalarAt(part, indexOf('code'))),
        answered: toJson(scalarAt(part, indexOf('body', 1))),
      },
    ];
  });
}

/** Returns the paths of all properties, each once. For lists, returns the paths of all items. */
export function propertiesOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => propertiesOf(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [here, ...propertiesOf(item, here)];
  });
}

/** Made by the server: ids with a prefix, of 32 letters, of 24 hexadecimal digits (of users with their provider), UUIDs. */
const MADE_ID = /^([a-z]{2,5}_\w{16,}|\w{32}|(auth0\|)?[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** True for a text that looks like an id that a server made. */
export function isMadeId(value: unknown): value is string {
  return typeof value === 'string' && MADE_ID.test(value);
}

/**
 * Maps recorded ids and cursors to this server's, by comparing two answers to the same step. The first answer that
 * contains an id decides its meaning, because later answers may list objects in another order.
 */
export function collectIds(recorded: unknown, ours: unknown, ids: Map<string, string>, name = ''): void {
  if (typeof recorded === 'string' && typeof ours === 'string') {
    if (recorded === ours) return;
    if (name === 'next' || (MADE_ID.test(recorded) && !ids.has(recorded))) ids.set(recorded, ours);
    return;
  }
  if (typeof recorded !== 'object' || recorded === null || typeof ours !== 'object' || ours === null) return;
  for (const [key, value] of Object.entries(recorded))
    collectIds(value, (ours as Record<string, unknown>)[key], ids, key);
}

/**
 * Returns the text with this server's ids. In a path ids may be percent-encoded. Replaces the longest ids first,
 * because an id may be the beginning of another.
 */
export function withIds(text: string, ids: ReadonlyMap<string, string>): string {
  return [...ids]
    .sort(([a], [b]) => b.length - a.length)
    .reduce(
      (changed, [from, to]) =>
        changed.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to)),
      text,
    );
}
