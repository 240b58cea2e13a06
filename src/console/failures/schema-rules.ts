/**
 * Words for the API's refusals of a value that does not match its schema: by rule, format and pattern. They all have
 * the form "Payload validation error: '…' on property …". Pure.
 */
import type { Refusal } from './sentence.js';

/** Words for a text of a wrong format, by the formats of the served document. */
export const FORMAT_WORDS: Readonly<Record<string, string>> = {
  email: 'This is not a plain e-mail address. Write one such as name@company.example.',
  'email-or-empty': 'This is not a plain e-mail address. Write one such as name@company.example, or nothing.',
  domain: 'This is not a domain. Write one such as company.example, without https:// and without a path.',
  'organization-name': 'A name here has small letters, digits, hyphens and underscores, and does not begin with org_.',
  'callback-url':
    'This is not an address that people can be sent to. Write it whole, as https://app.example/callback, without #.',
  'url-with-placeholders': 'This is not an address. Write it whole, as https://app.example, without #.',
  url: 'This is not an address of the web. It begins with https:// or http://.',
  uri: 'This is not an address of the web. It begins with https:// or http://.',
  'url-or-null': 'This is not an address of the web. It begins with https:// or http://.',
  'strict-uri': 'This is not an address of the web. It begins with https:// or http://.',
  'absolute-uri-or-empty': 'This is not an address of the web. It begins with https:// or http://.',
  'strict-https-uri-or-null': 'This has to be an address that begins with https:// (http:// is for localhost alone).',
  'absolute-https-uri-or-empty':
    'This has to be an address that begins with https:// (http:// is for localhost alone).',
  'absolute-https-uri-with-placeholders-or-empty':
    'This has to be an address that begins with https:// (http:// is for localhost alone).',
  'ec-initiate-login-uri-template-url':
    'This has to be an address that begins with https:// (http:// is for localhost alone).',
  'html-color': 'This is not a colour. Write # and six digits or letters from a to f, as #1a6b54.',
  'html-color-or-null': 'This is not a colour. Write # and six digits or letters from a to f, as #1a6b54.',
  ipv4: 'This is not an address of the internet. Write one such as 203.0.113.7 or 2001:db8::7.',
  ipv6: 'This is not an address of the internet. Write one such as 203.0.113.7 or 2001:db8::7.',
  cidr: 'This is neither an address nor a network. Write 203.0.113.7, or a network such as 203.0.113.0/24.',
  ipv6_cidr: 'This is neither an address nor a network. Write 2001:db8::7, or a network such as 2001:db8::/64.',
  'hostname-rfc2181': 'This is not the name of a server. Write one such as smtp.company.example.',
  'date-time': 'This is not a date with a time.',
};

const STALE =
  'The server does not know what was chosen here: it may have been deleted meanwhile. Reload the page and choose again.';

/** Formats of ids and names that people choose from a list and never type. */
export const CHOSEN_FORMATS: ReadonlySet<string> = new Set([
  'acr',
  'client-id',
  'client-grant-id',
  'connection-id',
  'connection-profile-id',
  'connection-realm',
  'credential-id',
  'organization-id',
  'role-id',
  'user-attribute-profile-id',
  'user-id',
  'user-id-with-max-length',
]);

/** Words for a text that does not match its pattern, for the properties that the console's forms send. */
export const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[^<>]+$': 'This must not be empty, nor have the characters < and >.',
  '^[^<>]*$': 'This must not have the characters < and >.',
  '^[^\u0000]*$': 'The text has a character that cannot be stored. Type it anew instead of pasting it.',
  '^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$': 'This takes letters and digits, with single hyphens between them.',
  '^([0-9a-zA-Z-_]{10,64})$': 'A key id has 10 to 64 letters, digits, hyphens and underscores.',
  '^https?://.*': 'This is not an address of the web. It begins with https:// or http://.',
  '^https://': 'This has to be an address that begins with https://.',
  '^#([\\dA-Fa-f]{6}|[\\dA-Fa-f]{3})$':
    'This is not a colour. Write # and six digits or letters from a to f, as #1a6b54.',
  '^#(([0-9a-fA-F]{3}){1,2}|([0-9a-fA-F]{4}){1,2})$':
    'This is not a colour. Write # and six digits or letters from a to f, as #1a6b54.',
  '^\\+[0-9]{1,15}$': 'This is not a telephone number. Write it with its country, as +493012345.',
  '^con_[A-Za-z0-9]{16}$': STALE,
  '^\\S*$': 'This must not have a space.',
};

type Rule = readonly [reason: RegExp, says: (found: RegExpExecArray) => string];

const number = (text: string | undefined) => Number(text).toLocaleString('en');

/** The schema's rules as the API words them (src/management/api/validation.ts), with the console's words. */
const RULES: readonly Rule[] = [
  [
    /^Object didn't pass validation for format ([\w-]+)/,
    ([, format = '']) =>
      CHOSEN_FORMATS.has(format) ? STALE : (FORMAT_WORDS[format] ?? 'This is not written as it has to be.'),
  ],
  [
    /^String does not match pattern ([\s\S]*?): [\s\S]*$/,
    ([whole]) => {
      const pattern = Object.keys(PATTERN_WORDS).find((one) =>
        whole.startsWith(`String does not match pattern ${one}: `),
      );
      return (pattern !== undefined && PATTERN_WORDS[pattern]) || 'This has a character that is not possible here.';
    },
  ],
  [/^Missing required property: /, () => 'This is needed.'],
  [/^Additional properties not allowed: /, () => STALE_CONSOLE],
  [/^No enum match for: /, () => STALE],
  [/^Expected type /, () => 'This is not the kind of value that is needed here.'],
  [/^String is too short \((\d+) chars\), minimum (\d+)/, ([, , least]) => sayLeast(least)],
  [
    /^String is too long \((\d+) chars\), maximum (\d+)/,
    ([, long, most]) => `This is too long: ${number(long)} characters, and at most ${number(most)} are possible.`,
  ],
  [/^Value (.*) is less than minimum (.*)/, ([, , least]) => `This must be at least ${number(least)}.`],
  [/^Value (.*) is greater than maximum (.*)/, ([, , most]) => `This must be at most ${number(most)}.`],
  [/^Array is too short \(\d+\), minimum (\d+)/, ([, least]) => `At least ${number(least)} of these are needed.`],
  [
    /^Array is too long \((\d+)\), maximum (\d+)/,
    ([, many, most]) => `These are too many: ${number(many)}, and at most ${number(most)} are possible.`,
  ],
  [/^Too few properties defined/, () => 'Something is missing here.'],
  [/^Too many properties defined/, () => 'These are too many.'],
  [/^Array items are not unique/, () => 'The same value is there twice. Remove one.'],
  [/^Data does not match any schemas from/, () => 'This is not a value that is possible here.'],
  [/^Strings must /, () => 'The text has a character that cannot be stored. Type it anew instead of pasting it.'],
  [/^(Nested deeper than|More than) /, () => 'This is too much at once. Save less of it.'],
  [/^The address cannot be removed/, () => 'An address can be changed, but not removed.'],
];

const STALE_CONSOLE = 'This page and the server are of different versions. Reload the page, and do it again.';

function sayLeast(least: string | undefined): string {
  return Number(least) === 1
    ? 'This must not be empty.'
    : `This is too short: at least ${number(least)} characters are needed.`;
}

const START = /^(Payload|Query|Path) validation error: '/;
const END = /^(?: on property (\S+?))?(?: \([^)]*\))?\.?$/;

/**
 * Splits a schema's refusal into the part of the request, the reason, and the property if it names one. Undefined for
 * another text. The reason ends at the last quotation mark, because it can repeat a value with such marks.
 */
function readForm(message: string): { place: string; reason: string; at: string | undefined } | undefined {
  const start = START.exec(message);
  const quote = message.lastIndexOf("'");
  if (start?.[1] === undefined || quote < start[0].length) return undefined;
  const end = END.exec(message.slice(quote + 1));
  return end ? { place: start[1], reason: message.slice(start[0].length, quote), at: end[1] } : undefined;
}

/** Returns the refused value if the text contains it: in a list, the value tells which item is meant. */
function refusedValue(reason: string): string | undefined {
  return /^(?:Object didn't pass validation for format [\w-]+|No enum match for): ([\s\S]{1,60})$/.exec(reason)?.[1];
}

/** Translates a schema's refusal; undefined for another text. */
export function tellSchemaRefusal(message: string): Refusal | undefined {
  const form = readForm(message);
  if (form === undefined) return undefined;
  const { place, reason, at } = form;
  const missing = /^Missing required property: (\S+)/.exec(reason)?.[1];
  const property = missing === undefined ? at : [at, missing].filter(Boolean).join('.');
  const [pattern, say] = RULES.find(([one]) => one.test(reason)) ?? [];
  const found = pattern?.exec(reason);
  const says = found && say ? say(found) : undefined;
  const fallback = place === 'Query' ? 'The search cannot be read as it is written.' : 'This is not possible here.';
  const value = property?.endsWith(']') ? refusedValue(reason) : undefined;
  return { property, says: value === undefined ? (says ?? fallback) : `“${value}”: ${says ?? fallback}` };
}
