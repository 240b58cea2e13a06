/**
 * Calls to the Management API with their answers, kept as a text that another server can be held against. Ids, secrets and times that a
 * server made are placeholders in it: `<1>` is the same value wherever it stands, `<time>` is any time, and the server's address
 * is `<origin>`, its host with the port `<host>`, without it `<hostname>`.
 */
export interface Call {
  readonly method: string;
  /** Path and query behind `/api/v2`. */
  readonly path: string;
  readonly sent?: unknown;
  readonly status: number;
  readonly answered?: unknown;
}

/** Ids with a prefix, of 32 letters, of 24 hexadecimal digits (of users with their provider), UUIDs. */
const MADE_ID = /^([a-z]{3,4}_\w{16,}|\w{32}|(auth0\|)?[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** Properties whose text a server makes. */
const MADE = new Set([
  'cert',
  'client_secret',
  'custom_domain_id',
  'fingerprint',
  'kid',
  'next',
  'options_revision',
  'pkcs7',
  'signing_secret',
  'thumbprint',
  'user_id',
]);
/** Properties that depend on who is there to be asked, on the server's keys and on its name. */
const LEFT_OUT = new Set(['discovery', 'options_revision', 'tenant_name']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The texts within a value, each with the name of its property; of items, that of their list. */
function* textsOf(value: unknown, name = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [name, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* textsOf(item, Array.isArray(value) ? name : key);
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !LEFT_OUT.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, mapTexts(item, map)]));
}

/** The texts that the server made, in the order of their first answer. A text that was sent before is the caller's. */
function madeIn(calls: readonly Call[]): readonly string[] {
  const sent = new Set<string>();
  const made = new Set<string>();
  for (const call of calls) {
    for (const [, text] of textsOf(call.sent)) if (!made.has(text)) sent.add(text);
    for (const [name, text] of textsOf(call.answered))
      if ((MADE_ID.test(text) || MADE.has(name)) && !sent.has(text) && text !== '') made.add(text);
  }
  return [...made];
}

/** One line of JSON for each call; `again` is the number of an earlier line that has the same answer. `origin` is the server's address. */
export function writeWire(calls: readonly Call[], origin: string): string {
  const named = madeIn(calls).map((text, index) => [text, `<${index + 1}>`] as const);
  // The longest first: one text may be a part of another.
  const { host, hostname } = new URL(origin);
  const address = [
    [origin, '<origin>'],
    [host, '<host>'],
    [hostname, '<hostname>'],
  ] as const;
  const longest = [...named, ...address].sort(([a], [b]) => b.length - a.length);
  const hide = (text: string) =>
    longest.reduce(
      (left, [made, name]) => left.replaceAll(encodeURIComponent(made), name).replaceAll(made, name),
      text,
    );
  const seen = new Map<string, number>();
  const lines = calls.map(({ method, path, sent, status, answered }, index) => {
    const kept = mapTexts(answered, (text) => (TIME.test(text) ? '<time>' : hide(text)));
    const key = JSON.stringify(kept);
    const again = seen.get(key);
    if (again === undefined && kept !== undefined) seen.set(key, index);
    const answer = again === undefined ? { answered: kept } : { again };
    return JSON.stringify({ method, path: hide(path), sent: mapTexts(sent, hide), status, ...answer });
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** The calls of a text that {@link writeWire} made. */
export function readWire(text: string): readonly Call[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const calls = lines.map((line) => JSON.parse(line) as Call & { readonly again?: number });
  return calls.map(({ again, ...call }) =>
    again === undefined ? call : { ...call, answered: calls[again]?.answered },
  );
}

/** Placeholders to the values of the server that is held against the text. */
export type Bindings = ReadonlyMap<string, string>;

const PLACEHOLDER = /<(?:\d+|origin|host|hostname)>/g;

/** The value with this server's values for the placeholders; those that are not known yet stay. */
export function fillIn<T>(value: T, bindings: Bindings, encode: (text: string) => string = (text) => text): T {
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (name) => {
      const bound = bindings.get(name);
      return bound === undefined ? name : encode(bound);
    });
  return mapTexts(value, fill) as T;
}

interface Match {
  readonly bindings: Bindings;
  /** The first difference; undefined for none. */
  readonly difference?: string;
}

function matchText(kept: string, ours: unknown, bindings: Bindings, at: string): Match {
  const isOther = { bindings, difference: `${at} is ${JSON.stringify(ours)}, kept is ${fillIn(kept, bindings)}` };
  if (typeof ours !== 'string') return isOther;
  if (kept === '<time>') return TIME.test(ours) ? { bindings } : isOther;
  if (/^<\d+>$/.test(kept) && !bindings.has(kept)) return { bindings: new Map([...bindings, [kept, ours]]) };
  return fillIn(kept, bindings) === ours ? { bindings } : isOther;
}

/** Items in any order: lists of things of one moment are sorted by ids, which chance makes. */
function matchItems(kept: readonly unknown[], ours: readonly unknown[], bindings: Bindings, at: string): Match {
  if (kept.length !== ours.length)
    return { bindings, difference: `${at} has ${ours.length} items, kept are ${kept.length}` };
  const left = [...ours];
  let known = bindings;
  for (const [index, item] of kept.entries()) {
    const tries = left.map((candidate) => matchWire(item, candidate, known, `${at}[${index}]`));
    const found = tries.findIndex(({ difference }) => difference === undefined);
    const chosen = tries[Math.max(found, 0)];
    if (chosen === undefined || found < 0) return chosen ?? { bindings };
    known = chosen.bindings;
    left.splice(found, 1);
  }
  return { bindings: known };
}

/** Compares our answer with the kept one. Properties that were not kept may be there. */
export function matchWire(kept: unknown, ours: unknown, bindings: Bindings, at = 'the answer'): Match {
  if (typeof kept === 'string') return matchText(kept, ours, bindings, at);
  if (Array.isArray(kept) && Array.isArray(ours)) return matchItems(kept, ours, bindings, at);
  if (typeof kept !== 'object' || kept === null || typeof ours !== 'object' || ours === null)
    return kept === ours
      ? { bindings }
      : { bindings, difference: `${at} is ${JSON.stringify(ours)}, kept is ${JSON.stringify(kept)}` };
  let known = bindings;
  for (const [name, value] of Object.entries(kept)) {
    const { bindings: next, difference } = matchWire(
      value,
      (ours as Record<string, unknown>)[name],
      known,
      `${at}.${name}`,
    );
    if (difference !== undefined) return { bindings, difference };
    known = next;
  }
  return { bindings: known };
}
