/** The company's directory: what a line may be, and that what a spreadsheet writes is read back. */

import { describe, expect, test } from 'vitest';
import { parseCsvLine, parseDirectory } from '../../../src/tenant-tools/rollout/directory-file.js';
import fc from '../../support/random.js';

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
/** Without line breaks: a line is a person. */
const cell = fc.string({ maxLength: 12 }).filter((text) => !/[\r\n]/.test(text));

describe('a line of CSV', () => {
  test('property: what is quoted by RFC 4180 is read back', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        expect(parseCsvLine(cells.map(quote).join(','))).toEqual(cells);
      }),
    );
  });

  test('property: cells without quotes and commas need none; blanks around them do not count', () => {
    const plain = cell.filter((text) => !/[",]/.test(text));
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 6 }), (cells) => {
        expect(parseCsvLine(cells.join(','))).toEqual(cells.map((text) => text.trim()));
      }),
    );
  });

  test('property: any text is read or refused, never an endless loop or an error', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ') }), (text) => void parseCsvLine(text)));
  });

  test.each([
    ['a,,c', ['a', '', 'c']],
    ['a,b,', ['a', 'b', '']],
    ['"a ""b"" c",d', ['a "b" c', 'd']],
    ['"a', undefined],
    ['"a"b,c', undefined],
  ])('%s', (line, cells) => {
    expect(parseCsvLine(line)).toEqual(cells);
  });
});

const entriesOf = (text: string) => [...parseDirectory(text).entries.values()];

describe('the file', () => {
  test.each([
    ['CSV', 'email,subject,active\nAnn@Acme.example,s1,true\n'],
    ['other names in another order', 'Account Enabled,objectId,Mail\r\ntrue,s1,ann@acme.example\r\n'],
    ['a byte order mark and empty lines', '\uFEFF\nemail,subject\n\nann@acme.example,s1\n\n'],
    ['a column of its own', 'email,department,subject\nann@acme.example,"Sales, North",s1'],
    ['JSON Lines', '{"email":"ann@acme.example","subject":"s1","active":true}\n'],
  ])('case=%s', (_, text) => {
    expect(parseDirectory(text).bad).toEqual([]);
    expect(entriesOf(text)).toMatchObject([{ email: 'ann@acme.example', subject: 's1', active: true }]);
  });

  test.each([
    ['an empty file', '', 1, 'empty'],
    ['no column of addresses', 'name,subject\nAnn,s1', 1, 'no column email'],
    ['a line with a column more', 'email,subject\na@acme.example,s1,x', 2, '3 columns'],
    ['a quote without an end', 'email\n"a@acme.example', 2, 'quote'],
    ['no address', 'email\nann', 2, 'not a plain e-mail address'],
    ['an address twice', 'email\na@acme.example\nA@ACME.example', 3, 'line 2 already'],
    ['a subject twice', 'email,subject\na@acme.example,s\nb@acme.example,s', 3, 'line 2 already'],
    ['a subject of another alphabet', 'email,subject\na@acme.example,ß', 2, 'printable ASCII'],
    ['neither active nor inactive', 'email,active\na@acme.example,maybe', 2, 'true or false'],
    ['no JSON', '{"email":"a@acme.example"}\n{', 2, 'is not JSON'],
    ['JSON that is no object', '{"email":"a@acme.example"}\n[1]', 2, 'no JSON object'],
  ])('case=%s is named with its line', (_, text, line, problem) => {
    const { bad } = parseDirectory(text);
    expect(bad).toEqual([{ line, problem: expect.stringContaining(problem) }]);
  });

  test('property: as CSV and as JSON Lines the same people', () => {
    const person = fc.record({
      email: fc.integer({ min: 1, max: 1e6 }).map((n) => `p${n}@acme.example`),
      subject: fc.stringMatching(/^[!-~]{1,20}$/),
      active: fc.boolean(),
    });
    const unique = fc.uniqueArray(person, { selector: ({ email }) => email, maxLength: 20 });
    fc.assert(
      fc.property(unique, (people) => {
        fc.pre(people.length > 0 && new Set(people.map(({ subject }) => subject)).size === people.length);
        const csv = people.map((one) => [one.email, one.subject, String(one.active)].map(quote).join(','));
        const fromCsv = entriesOf(['email,subject,active', ...csv].join('\n'));
        const fromJson = entriesOf(people.map((one) => JSON.stringify(one)).join('\n'));
        const plain = (entries: typeof fromCsv) =>
          entries.map(({ email, subject, active }) => ({ email, subject, active }));
        expect(plain(fromCsv)).toEqual(people);
        expect(plain(fromJson)).toEqual(people);
      }),
    );
  });
});
