/**
 * Parses the company's directory: CSV with a header, or JSON Lines; address, subject, active. All bad lines are
 * reported together, so that the file can be fixed in one go. Reads text, opens no file.
 */
import { isSubject } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import type { DirectoryEntry } from './person.js';

export interface BadLine {
  /** Line number, from 1. */
  readonly line: number;
  readonly problem: string;
}

export interface ParsedDirectory {
  readonly entries: ReadonlyMap<string, DirectoryEntry>;
  readonly bad: readonly BadLine[];
}

type Fields = { readonly email: unknown; readonly subject: unknown; readonly active: unknown };

/** Column names that exports of Okta, Entra and Google use. */
const COLUMNS: Readonly<Record<string, keyof Fields>> = {
  email: 'email',
  address: 'email',
  mail: 'email',
  subject: 'subject',
  sub: 'subject',
  id: 'subject',
  objectid: 'subject',
  active: 'active',
  enabled: 'active',
  accountenabled: 'active',
};

/** Splits one line of CSV (RFC 4180, without line breaks in quotes); undefined for an unclosed quote. */
export function parseCsvLine(line: string): readonly string[] | undefined {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let cell = '';
      for (at += 1; ; at += 1) {
        if (at >= line.length) return undefined;
        if (line[at] !== '"') cell += line[at];
        else if (line[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else break;
      }
      at += 1;
      if (at < line.length && line[at] !== ',') return undefined;
      cells.push(cell);
    } else {
      const end = line.indexOf(',', at);
      cells.push(line.slice(at, end === -1 ? line.length : end).trim());
      at = end === -1 ? line.length : end;
    }
    if (at >= line.length) return cells;
    at += 1;
  }
}

const YES = new Set(['true', 'yes', '1', 'active', '']);
const NO = new Set(['false', 'no', '0', 'inactive']);

function toActive(value: unknown): boolean | undefined {
  if (value === undefined || value === null || value === true) return true;
  if (value === false) return false;
  const text = String(value).trim().toLowerCase();
  if (YES.has(text)) return true;
  return NO.has(text) ? false : undefined;
}

function toEntry(fields: Fields, line: number): DirectoryEntry | string {
  const email = parseEmail(typeof fields.email === 'string' ? fields.email.trim() : undefined);
  if (email === undefined) return `${JSON.stringify(fields.email ?? '')} is not a plain e-mail address`;
  const subject = fields.subject === undefined || fields.subject === null ? '' : String(fields.subject).trim();
  if (subject !== '' && !isSubject(subject)) {
    return 'the subject takes 1 to 255 printable ASCII characters';
  }
  const active = toActive(fields.active);
  if (active === undefined) return `active takes true or false, not ${JSON.stringify(fields.active)}`;
  return { email, subject: subject === '' ? undefined : subject, active, line };
}

function readHeader(line: string): readonly (keyof Fields | undefined)[] | string {
  const names = parseCsvLine(line)?.map((name) => COLUMNS[name.toLowerCase().replace(/[\s_-]/g, '')]);
  if (names?.includes('email') !== true) {
    return 'the header names no column email; it takes email, subject, active (the last two may be missing)';
  }
  return names;
}

function toFields(text: string, header: readonly (keyof Fields | undefined)[] | undefined): Fields | string {
  if (header === undefined) {
    try {
      const value = JSON.parse(text) as unknown;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object';
      const found: Record<string, unknown> = {};
      for (const [name, cell] of Object.entries(value)) found[COLUMNS[name.toLowerCase()] ?? name] = cell;
      return found as Fields;
    } catch {
      return 'is not JSON';
    }
  }
  const cells = parseCsvLine(text);
  if (cells === undefined) return 'has a quote that does not end';
  if (cells.length !== header.length) return `has ${cells.length} columns, the header has ${header.length}`;
  const found: Record<string, unknown> = {};
  for (const [index, name] of header.entries()) if (name !== undefined) found[name] = cells[index];
  return found as Fields;
}

/** Parses the entries by address, and every bad line; a repeated address or subject counts as bad. */
export function parseDirectory(text: string): ParsedDirectory {
  const entries = new Map<string, DirectoryEntry>();
  const subjects = new Map<string, number>();
  const bad: BadLine[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first === -1) return { entries, bad: [{ line: 1, problem: 'the file is empty' }] };
  const isJson = lines[first]?.trimStart().startsWith('{') === true;
  const header = isJson ? undefined : readHeader(lines[first] ?? '');
  if (typeof header === 'string') return { entries, bad: [{ line: first + 1, problem: header }] };
  for (let index = isJson ? first : first + 1; index < lines.length; index += 1) {
    const raw = lines[index] ?? '';
    if (raw.trim() === '') continue;
    const fields = toFields(raw, header);
    const entry = typeof fields === 'string' ? fields : toEntry(fields, index + 1);
    if (typeof entry === 'string') {
      bad.push({ line: index + 1, problem: entry });
      continue;
    }
    const same = entries.get(entry.email);
    const twice = entry.subject === undefined ? undefined : subjects.get(entry.subject);
    if (same !== undefined)
      bad.push({ line: index + 1, problem: `${entry.email} stands in line ${same.line} already` });
    else if (twice !== undefined) bad.push({ line: index + 1, problem: `the subject stands in line ${twice} already` });
    else entries.set(entry.email, entry);
    if (entry.subject !== undefined && twice === undefined) subjects.set(entry.subject, entry.line);
  }
  return { entries, bad };
}
