/** The mark of an organization on a page: a logo that may be shown, an initial, a name on one line. */
import { describe, expect, test } from 'vitest';
import { initialOf, parseLogoUrl, toOneLine } from '../../src/domain/look/brand-mark.js';

describe('a logo', () => {
  test.each([
    ['https://cdn.example/logo.svg'],
    ['http://localhost/logo.svg'],
    ['http://127.0.0.1:3000/logo.svg'],
    ['http://127.255.20.9/logo.svg'],
    ['http://[::1]/logo.svg'],
    [`https://cdn.example/${'x'.repeat(2048 - 'https://cdn.example/'.length)}`],
  ])('is shown: %s', (url) => expect(parseLogoUrl(url)).toBe(url));

  test.each([
    ['none', undefined],
    ['no address', 'logo.svg'],
    ['in the clear', 'http://cdn.example/logo.svg'],
    ['in the clear, from a host whose name begins like this machine', 'http://127.0.0.1.evil.example/logo.svg'],
    ['in the clear, from a host whose name ends like this machine', 'http://evil-localhost/logo.svg'],
    ['in the clear, from a host whose name is longer than this machine', 'http://localhost.evil.example/logo.svg'],
    ['no protocol', '//cdn.example/logo.svg'],
    ['script', 'javascript:alert(1)'],
    ['data', 'data:image/svg+xml,<svg/>'],
    ['another protocol of this machine', 'ftp://localhost/logo.svg'],
    ['a user name', 'https://user@cdn.example/logo.svg'],
    ['a password', 'https://:password@cdn.example/logo.svg'],
    ['more than 2,048 characters', `https://cdn.example/${'x'.repeat(2049 - 'https://cdn.example/'.length)}`],
  ])('is not shown: %s', (_what, url) => expect(parseLogoUrl(url)).toBeUndefined());

  test('is shown as it is asked for: with host names and blanks in their canonical form', () => {
    expect(parseLogoUrl('https://CDN.example/my logo.svg')).toBe('https://cdn.example/my%20logo.svg');
  });
});

describe('the initial of a name', () => {
  test.each([
    ['acme', 'A'],
    ['  «Ínki» ehf.', 'Í'],
    ['ßharp', 'ß'],
    ['éclair', 'É'],
    ['株式会社', '株'],
    ['한국전력', '한'],
    ['شركة', 'ش'],
    ['👩🏽‍🚀 Space', '👩🏽‍🚀'],
    ['🇫🇷 Paris', '🇫🇷'],
    ['42 Ltd', '4'],
    ['…', '·'],
    ['', '·'],
  ])('of %j is %j', (name, initial) => expect(initialOf(name)).toBe(initial));

  test('is whole where a mark is put over the letter', () => {
    expect(initialOf('e\u0301clair')).toBe('E\u0301');
  });
});

describe('a name on one line', () => {
  test.each([
    ['a line break', 'Acme\r\nBcc: everybody@example.com', 'Acme Bcc: everybody@example.com'],
    ['separators of lines and paragraphs', 'a\u2028\u2029b', 'a b'],
    ['marks of direction ("Trojan source")', 'Acme\u202egnp\u200e\u2067.exe', 'Acmegnp.exe'],
    ['blanks that follow one another', 'a   b  c', 'a b c'],
    ['blanks around it', '  Acme ', 'Acme'],
  ])('has no %s', (_what, name, line) => expect(toOneLine(name)).toBe(line));

  test('may be as long as is said, and is cut with a sign one character before', () => {
    expect(toOneLine('abcd', 4)).toBe('abcd');
    expect(toOneLine('abcde', 4)).toBe('abc…');
    expect(toOneLine('ab cde', 4)).toBe('ab…');
    expect(toOneLine('👩🏽‍🚀'.repeat(30), 3)).toBe('👩🏽‍🚀👩🏽‍🚀…');
    expect(toOneLine('x'.repeat(255))).toHaveLength(255);
    expect(toOneLine('x'.repeat(256))).toBe(`${'x'.repeat(254)}…`);
  });
});
