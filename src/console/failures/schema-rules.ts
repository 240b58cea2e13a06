/**
 * The console's words for values that do not match the API's schema: by rule, format and pattern. The API's texts for
 * them all have the form "Payload validation error: '…' on property …". Pure.
 */
import type { Refusal } from './sentence.js';

/** Words for a text in a wrong format, by the format's name in the API's schemas. */
export const FORMAT_WORDS: Readonly<Record<string, string>> = {
  email: 'This is not a plain email address. Write it like name@company.example.',
  'email-or-empty': 'This is not a plain email address. Write it like name@company.example, or leave it empty.',
  domain: 'This is not a domain. Write it like company.example, without https:// and without a path.',
  'organization-name': 'Use lower-case letters, digits, hyphens and underscores. The name cannot begin with org_.',
  'callback-url':
    'This is not a valid callback address. Write the full address, for example https://app.example/callback, without #.',
  'url-with-placeholders':
    'This is not a valid address. Write the full address, for example https://app.example, without #.',
  url: 'This is not a web address. It must begin with https:// or http://.',
  uri: 'This is not a web address. It must begin with https:// or http://.',
  'url-or-null': 'This is not a web address. It must begin with https:// or http://.',
  'strict-uri': 'This is not a web address. It must begin with https:// or http://.',
  'absolute-uri-or-empty': 'This is not a web address. It must begin with https:// or http://.',
  'strict-https-uri-or-null': 'The address must begin with https://. Only localhost may use http://.',
  'absolute-https-uri-or-empty': 'The address must begin with https://. Only localhost may use http://.',
  'absolute-https-uri-with-placeholders-or-empty':
    'The address must begin with https://. Only localhost may use http://.',
  'ec-initiate-login-uri-template-url': 'The address must begin with https://. Only localhost may use http://.',
  'html-color': 'This is not a colour. Write # and six hexadecimal digits, for example #1a6b54.',
  'html-color-or-null': 'This is not a colour. Write # and six hexadecimal digits, for example #1a6b54.',
  ipv4: 'This is not an IP address. Write it like 203.0.113.7 or 2001:db8::7.',
  ipv6: 'This is not an IP address. Write it like 203.0.113.7 or 2001:db8::7.',
  cidr: 'This is neither an IP address nor a network. Write 203.0.113.7, or a network such as 203.0.113.0/24.',
  ipv6_cidr: 'This is neither an IP address nor a network. Write 2001:db8::7, or a network such as 2001:db8::/64.',
  'hostname-rfc2181': 'This is not a host name. Write it like smtp.company.example.',
  'date-time': 'This is not a valid date and time.',
};

const STALE = 'The chosen entry does not exist, or somebody has deleted it. Reload the page and choose again.';

/** Formats of ids and names that an operator chooses from a list and never types, so a refusal needs other words. */
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

/** Words for a text that does not match its pattern, for the properties that forms of the console send. */
export const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[^<>]+$': 'This cannot be empty or contain the characters < and >.',
  '^[^<>]*$': 'This cannot contain the characters < and >.',
  '^[^\u0000]*$': 'The text contains a character that cannot be stored. Type it instead of pasting it.',
  '^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$': 'Use letters and digits, with single hyphens between them.',
  '^([0-9a-zA-Z-_]{10,64})$': 'A key ID has 10 to 64 letters, digits, hyphens and underscores.',
  '^https?://.*': 'This is not a web address. It must begin with https:// or http://.',
  '^https://': 'The address must begin with https://.',
  '^#([\\dA-Fa-f]{6}|[\\dA-Fa-f]{3})$':
    'This is not a colour. Write # and six hexadecimal digits, for example #1a6b54.',
  '^#(([0-9a-fA-F]{3}){1,2}|([0-9a-fA-F]{4}){1,2})$':
    'This is not a colour. Write # and six hexadecimal digits, for example #1a6b54.',
  '^\\+[0-9]{1,15}$': 'This is not a phone number. Write it with its country code, for example +493012345.',
  '^con_[A-Za-z0-9]{16}$': STALE,
  '^\\S*$': 'This cannot contain spaces.',
};

type Rule = readonly [reason: RegExp, says: (found: RegExpExecArray) => string];

const number = (text: string | undefined) => Number(text).toLocaleString('en');

/** The schema's rules: the API's text (src/management/api/validation.ts), and the console's words. */
const RULES: readonly Rule[] = [
  [
    /^Object didn't pass validation for format ([\w-]+)/,
    ([, format = '']) =>
      CHOSEN_FORMATS.has(format) ? STALE : (FORMAT_WORDS[format] ?? 'This value has the wrong format.'),
  ],
  [
    /^String does not match pattern ([\s\S]*?): [\s\S]*$/,
    ([whole]) => {
      const pattern = Object.keys(PATTERN_WORDS).find((one) =>
        whole.startsWith(`String does not match pattern ${one}: `),
      );
      return (pattern !== undefined && PATTERN_WORDS[pattern]) || 'This contains a character that is not allowed here.';
    },
  ],
  [/^Missing required property: /, () => 'This is required.'],
  [/^Additional properties not allowed: /, () => STALE_CONSOLE],
  [/^No enum match for: /, () => STALE],
  [/^Expected type /, () => 'This is the wrong type of value.'],
  [/^String is too short \((\d+) chars\), minimum (\d+)/, ([, , least]) => sayLeast(least)],
  [
    /^String is too long \((\d+) chars\), maximum (\d+)/,
    ([, long, most]) => `This is too long: ${number(long)} characters, but the maximum is ${number(most)}.`,
  ],
  [/^Value (.*) is less than minimum (.*)/, ([, , least]) => `This must be at least ${number(least)}.`],
  [/^Value (.*) is greater than maximum (.*)/, ([, , most]) => `This must be at most ${number(most)}.`],
  [/^Array is too short \(\d+\), minimum (\d+)/, ([, least]) => `Add more: at least ${number(least)} are required.`],
  [
    /^Array is too long \((\d+)\), maximum (\d+)/,
    ([, many, most]) => `There are too many: ${number(many)}, but the maximum is ${number(most)}. Remove some.`,
  ],
  [/^Too few properties defined/, () => 'A required value is missing.'],
  [/^Too many properties defined/, () => 'There are too many values. Remove some.'],
  [/^Array items are not unique/, () => 'The same value is listed twice. Remove one of them.'],
  [/^Data does not match any schemas from/, () => 'This value is not allowed here.'],
  [/^Strings must /, () => 'The text contains a character that cannot be stored. Type it instead of pasting it.'],
  [/^(Nested deeper than|More than) /, () => 'This is too large to save at once. Save less.'],
  [/^The address cannot be removed/, () => 'The email address can be changed, but not removed.'],
];

const STALE_CONSOLE = 'This page and the server have different versions. Reload the page and try again.';

function sayLeast(least: string | undefined): string {
  return Number(least) === 1
    ? 'This cannot be empty.'
    : `This is too short. At least ${number(least)} characters are required.`;
}

const START = /^(Payload|Query|Path) validation error: '/;
const END = /^(?: on property (\S+?))?(?: \([^)]*\))?\.?$/;

/**
 * Splits the API's text into the part of the request, the reason, and the property if it names one. Returns undefined
 * for a text of another form. The reason ends at the last quotation mark, since it may repeat a value that contains
 * some.
 */
function readForm(message: string): { place: string; reason: string; at: string | undefined } | undefined {
  const start = START.exec(message);
  const quote = message.lastIndexOf("'");
  if (start?.[1] === undefined || quote < start[0].length) return undefined;
  const end = END.exec(message.slice(quote + 1));
  return end ? { place: start[1], reason: message.slice(start[0].length, quote), at: end[1] } : undefined;
}

/** Returns the refused value if the text repeats it. In a list, the value tells which item is wrong. */
function refusedValue(reason: string): string | undefined {
  return /^(?:Object didn't pass validation for format [\w-]+|No enum match for): ([\s\S]{1,60})$/.exec(reason)?.[1];
}

/** Describes a value that does not match the schema; undefined for any other text of the API. */
export function tellSchemaRefusal(message: string): Refusal | undefined {
  const form = readForm(message);
  if (form === undefined) return undefined;
  const { place, reason, at } = form;
  const missing = /^Missing required property: (\S+)/.exec(reason)?.[1];
  const property = missing === undefined ? at : [at, missing].filter(Boolean).join('.');
  const [pattern, say] = RULES.find(([one]) => one.test(reason)) ?? [];
  const found = pattern?.exec(reason);
  const says = found && say ? say(found) : undefined;
  const fallback = place === 'Query' ? 'The search is not valid. Check its spelling.' : 'This is not allowed here.';
  const value = property?.endsWith(']') ? refusedValue(reason) : undefined;
  return { property, says: value === undefined ? (says ?? fallback) : `“${value}”: ${says ?? fallback}` };
}
