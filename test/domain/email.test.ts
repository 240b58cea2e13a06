/**
 * Addresses, as properties over anything that may be typed or asserted: parsing never throws, is idempotent, never maps two
 * different local parts outside ASCII onto one address, and accepts only what is plainly an address.
 */

import { describe, expect, test } from 'vitest';
import { emailDomain, parseDomain, parseEmail } from '../../src/domain/people/email.js';
import fc from '../support/random.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const label = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 12 });
const plainLocal = fc.string({ unit: fc.constantFrom(...LETTERS, '+', '_', '-'), minLength: 1, maxLength: 20 });
const plainDomain = fc
  .tuple(label, fc.constantFrom('example', 'com', 'co.uk'))
  .map(([name, ending]) => `${name}.${ending}`);
const plainAddress = fc.tuple(plainLocal, plainDomain).map(([local, domain]) => `${local}@${domain}`);
/** Anything with the characters that parsers trip over more often than chance would have them. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('@', '.', '"', '(', ')', '<', '>', ',', ';', ':', '\\', ' ', '\t', '\r', '\n', '\0', '%', '[', ']'),
    fc.constantFrom(
      '\u212a',
      '\u0131',
      '\u017f',
      '\uff41',
      '\uff0e',
      '\u3002',
      '\u200d',
      '\u202e',
      '\u00df',
      'A',
      'k',
      'xn--',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});

describe('properties', () => {
  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.anything()), (input) => {
        expect(['string', 'undefined']).toContain(typeof parseEmail(input));
      }),
    );
  });

  test('is idempotent: what was accepted is accepted again, unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(plainAddress, hostile, fc.emailAddress()), (input) => {
        const once = parseEmail(input);
        if (once !== undefined) expect(parseEmail(once)).toBe(once);
      }),
    );
  });

  test('accepts plain addresses, and changes nothing but the case of ASCII letters', () => {
    fc.assert(
      fc.property(plainAddress, fc.func(fc.boolean()), (address, isUpper) => {
        const mixed = [...address].map((letter, index) => (isUpper(index) ? letter.toUpperCase() : letter)).join('');
        expect(parseEmail(mixed)).toBe(address);
      }),
    );
  });

  test('what is accepted has one @, printable ASCII only, no capitals, and at most 254 characters', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, plainAddress, fc.emailAddress()), (input) => {
        const email = parseEmail(input);
        if (email === undefined) return;
        expect(email).toMatch(/^[!-?^-~]{1,64}@[a-z0-9.-]+$/);
        expect(email.length).toBeLessThanOrEqual(254);
      }),
    );
  });

  test('no dot and no plus trick: two local parts that differ are two addresses', () => {
    fc.assert(
      fc.property(plainLocal, plainLocal, plainDomain, (left, right, domain) => {
        expect(parseEmail(`${left}@${domain}`) === parseEmail(`${right}@${domain}`)).toBe(left === right);
      }),
    );
  });

  test('a letter outside ASCII in the local part is refused, never folded (Django CVE-2019-19844)', () => {
    const foreign = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
      .filter((text) => /[^\0-\x7f]/.test(text));
    fc.assert(
      fc.property(plainLocal, foreign, plainDomain, (local, letter, domain) => {
        expect(parseEmail(`${local}${letter}@${domain}`)).toBeUndefined();
      }),
    );
  });

  test('the domain of an accepted address parses to itself', () => {
    fc.assert(
      fc.property(fc.oneof(plainAddress, hostile), (input) => {
        const email = parseEmail(input);
        if (email !== undefined) expect(parseDomain(emailDomain(email))).toBe(emailDomain(email));
      }),
    );
  });
});

describe('named attacks on addresses', () => {
  test.each([
    ['Kelvin sign for k', '\u212aate@acme.example'],
    ['dotless i', 'm\u0131ke@acme.example'],
    ['long s', 'u\u017fer@acme.example'],
    ['full-width letter', '\uff44ana@acme.example'],
    ['full-width domain', 'dana@\uff41cme.example'],
    ['full-width at sign', 'dana\uff20acme.example'],
    ['full-width dot in the domain', 'dana@acme\uff0eexample'],
    ['ideographic full stop in the domain', 'dana@acme\u3002example'],
    ['Kelvin sign in the domain', 'dana@\u212aelvin.example'],
    ['zero-width joiner in the domain', 'dana@ac\u200dme.example'],
    ['soft hyphen in the domain', 'dana@ac\u00adme.example'],
    ['two at signs', 'dana@acme.example@evil.example'],
    ['quoted local part', '"dana"@acme.example'],
    ['quoted at sign', '"dana@acme.example"@evil.example'],
    ['comment', 'dana(x)@acme.example'],
    ['comment in the domain', 'dana@acme.example(evil)'],
    ['display name', 'Dana <dana@acme.example>'],
    ['list', 'dana@acme.example,mallory@evil.example'],
    ['header injection', 'dana@acme.example\r\nBcc: mallory@evil.example'],
    ['null byte', 'dana@acme.example\0.evil.example'],
    ['percent-encoded domain', 'dana@acme%2eexample'],
    ['address literal', 'dana@[127.0.0.1]'],
    ['IPv4 host', 'dana@127.0.0.1'],
    ['host with a numeric last label', 'dana@acme.1'],
    ['trailing dot', 'dana@acme.example.'],
    ['leading dot in the domain', 'dana@.acme.example'],
    ['two dots in the domain', 'dana@acme..example'],
    ['leading dot', '.dana@acme.example'],
    ['trailing dot of the local part', 'dana.@acme.example'],
    ['two dots', 'da..na@acme.example'],
    ['one label', 'dana@localhost'],
    ['port', 'dana@acme.example:25'],
    ['path', 'dana@acme.example/x'],
    ['leading blank', ' dana@acme.example'],
    ['trailing blank', 'dana@acme.example '],
    ['no local part', '@acme.example'],
    ['no at sign, though it is a domain', 'acme.example'],
    ['no domain', 'dana@'],
    ['empty', ''],
    ['label that starts with a hyphen', 'dana@-acme.example'],
    ['broken A-label', 'dana@xn--a.example'],
    ['underscore in the domain', 'dana@ac_me.example'],
  ])('case=%s is refused', (_name, input) => {
    expect(parseEmail(input)).toBeUndefined();
  });

  test('case=a homograph domain becomes an A-label of its own, never the ASCII name it looks like', () => {
    const cyrillic = parseEmail('dana@\u0430cme.example');
    expect(cyrillic).toBe('dana@xn--cme-5cd.example');
    expect(cyrillic).not.toBe(parseEmail('dana@acme.example'));
  });

  test('case=U-label and A-label of one domain are one address', () => {
    expect(parseEmail('dana@b\u00fccher.example')).toBe('dana@xn--bcher-kva.example');
    expect(parseEmail('dana@xn--bcher-kva.example')).toBe('dana@xn--bcher-kva.example');
  });

  test('case=a capital outside ASCII in the domain is refused rather than folded', () => {
    expect(parseEmail('dana@B\u00dcCHER.example')).toBeUndefined();
  });

  test('case=nothing but a string is an address', () => {
    for (const input of [
      undefined,
      null,
      1,
      true,
      {},
      ['dana@acme.example'],
      { toString: () => 'dana@acme.example' },
    ]) {
      expect(parseEmail(input)).toBeUndefined();
    }
  });
});

describe('limits', () => {
  const longDomain = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(60)}.example`;

  test('case=64 characters before the @, not 65 (RFC 5321 section 4.5.3.1.1)', () => {
    expect(parseEmail(`${'a'.repeat(64)}@acme.example`)).toBe(`${'a'.repeat(64)}@acme.example`);
    expect(parseEmail(`${'a'.repeat(65)}@acme.example`)).toBeUndefined();
  });

  test('case=254 characters in all, not 255 (RFC 5321 section 4.5.3.1.3)', () => {
    const fits = `${'x'.repeat(254 - longDomain.length - 1)}@${longDomain}`;
    expect(fits).toHaveLength(254);
    expect(parseEmail(fits)).toBe(fits);
    expect(parseEmail(`x${fits}`)).toBeUndefined();
  });

  test('case=the limit counts the A-label form: what is accepted is accepted again', () => {
    const international = `${`${'\u00fc'.repeat(40)}.`.repeat(4)}example`;
    const ascii = parseDomain(international);
    expect(ascii?.length).toBeGreaterThan(international.length);
    const fits = `${'x'.repeat(254 - (ascii?.length ?? 0) - 1)}@${international}`;
    expect(parseEmail(fits)).toHaveLength(254);
    expect(parseEmail(`x${fits}`)).toBeUndefined();
  });

  test('case=a label of 63 characters, not 64 (RFC 1035 section 2.3.4)', () => {
    expect(parseDomain(`${'a'.repeat(63)}.example`)).toBe(`${'a'.repeat(63)}.example`);
    expect(parseDomain(`${'a'.repeat(64)}.example`)).toBeUndefined();
  });

  test('case=a domain of 253 characters, not 254 (RFC 1035 section 2.3.4, without the length bytes)', () => {
    const fits = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;
    expect(parseDomain(fits)).toBe(fits);
    expect(parseDomain(`${fits}d`)).toBeUndefined();
  });

  // Letters of two UTF-16 units, each of which is one more character of the A-label: what is typed is longer than what is stored.
  const gothic = (...counts: readonly number[]) => counts.map((count) => `${'\u{10330}'.repeat(count)}.`).join('');

  test('case=what is typed is looked at up to 255 characters for a domain and 254 for an address, however short its A-label', () => {
    const domain = `${gothic(41, 41, 40)}examples`;
    expect(domain).toHaveLength(255);
    expect(parseDomain(domain)?.length).toBeLessThan(180);
    expect(parseDomain(`${domain}x`)).toBeUndefined();
    const address = `d@${gothic(41, 40, 40)}example`;
    expect(address).toHaveLength(254);
    expect(parseEmail(address)).toMatch(/^d@(xn--[a-z0-9]+\.){3}example$/);
    expect(parseEmail(`d${address}`)).toBeUndefined();
  });

  test('case=a last label of digits alone is an IPv4 address; digits elsewhere are part of a name', () => {
    for (const name of ['acme.x1', 'acme.1x', 'acme.12.example', '12.example']) expect(parseDomain(name)).toBe(name);
    for (const name of ['acme.1', 'acme.12']) expect(parseDomain(name)).toBeUndefined();
  });
});
