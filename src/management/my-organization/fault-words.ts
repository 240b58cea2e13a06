/**
 * Says in words what is wrong with a value, where Auth0's sentence would show a regular expression: applications show these
 * sentences to administrators of customers, beside a field. Knows no caller and no data.
 */
import type { ErrorObject } from 'ajv';
import { reasonOf } from '../api/validation.js';

/** The rule for a value, by the beginning of a pattern in Auth0's document. The first match counts. */
const PATTERNS: readonly (readonly [start: string, words: string])[] = [
  ['^(([a-zA-Z0-9]|', 'must be a domain such as acme.com, without https:// and without a path'],
  ['^https://', 'must be an address that begins with https://'],
  ['^#', 'must be a color: # and six hexadecimal digits, such as #1a6b54'],
];

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an email address such as ada@acme.com',
  uri: 'must be an address that begins with https://',
};

const SAY: Readonly<Record<string, (error: ErrorObject) => string | undefined>> = {
  required: () => 'is required',
  pattern: ({ schema }) => PATTERNS.find(([start]) => String(schema).startsWith(start))?.[1],
  format: ({ schema }) => FORMATS[String(schema)],
  minLength: ({ schema }) => (schema === 1 ? 'must not be empty' : undefined),
};

/** Returns what is wrong, as the end of a sentence that begins with the field; Auth0's sentence where there is no other. */
export const sayFault = (error: ErrorObject): string => SAY[error.keyword]?.(error) ?? reasonOf(error);
