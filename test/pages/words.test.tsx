/**
 * Every text that people read, held against plain words: pages in all their states, mails, refusals, messages beside fields, what the
 * command line says. People are "they"; a sentence is short; nothing has to be read twice.
 */

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { findDocuments } from '../../scripts/docs/find-documents.js';
import { checkNewPassword } from '../../src/domain/passwords/password-policy.js';
import { renderPage } from '../../src/http/pages/views/render.js';
import { WORDS } from '../../src/http/pages/words/words.js';
import { REFUSALS } from '../../src/login/refusals.js';
import { renderMail } from '../../src/mail/render.js';
import { MAIL_TEMPLATES, sampleMail } from '../support/mail-samples.js';
import { PAGE_SAMPLES } from '../support/page-samples.js';
import { readSources, walk } from '../support/source-files.js';

/** Longest sentence, in words. */
const MOST_WORDS = 26;

/** Wordings that no text has, each with what to say instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:he|she|him|his|hers?|himself|herself)\b/i, 'people are "they"'],
  [/\bfit(?:s|ted)?(?: together)?\b/i, 'say "wrong", or what to do'],
  [
    /\b(?:whoever|whomever|whosoever|thereof|hereby|whereby|henceforth|anew|lest)\b/i,
    'a word that learners do not know',
  ],
  [/\bway in\b/i, '"sign-in"'],
  [
    /\b(?:no further one|as a whole|by now|at the very moment|who is who|come to its end|leads? nowhere)\b/i,
    'say it plainly',
  ],
  [/\bmend\b/i, '"correct"'],
  [/(?:^|[.!?] )(?:What|Whoever|Whatever) [^?]*[.!]/, 'begin with who does it'],
  [/\bnot un(?!der)\w+/i, 'two negations'],
  [/!(?:\s|$)/, 'nobody is shouted at'],
];

/** Parts of a text that are not ours to choose: names, addresses, code. */
const neutral = (text: string) =>
  text
    .replace(/https?:\/\/\S+/g, 'ADDRESS')
    .replace(/\b[\w.+-]+@[\w.-]+/g, 'ADDRESS')
    .replace(/\{\{?\s*\w+\s*\}?\}/g, 'NAME');

/** Its sentences; a colon, a semicolon or a line ends one as well. */
const sentencesOf = (text: string) =>
  neutral(text)
    .split(/(?<=[.!?:;])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

function findWrong(text: string): readonly string[] {
  const found = BANNED.flatMap(([pattern, mend]) => (pattern.test(neutral(text)) ? [`${mend}: ${text}`] : []));
  const long = sentencesOf(text).filter((sentence) => sentence.split(/\s+/).length > MOST_WORDS);
  return [...found, ...long.map((sentence) => `longer than ${MOST_WORDS} words: ${sentence}`)];
}

/** The texts of a page, each on a line of its own, as they are read. */
function textsOf(html: string): readonly string[] {
  return html
    .replace(/<head>[\s\S]*?<\/head>|<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, '')
    .replace(/<\/?(?:bdi|span|b|i|code|time|a)\b[^>]*>/g, '')
    .split(/<[^>]+>/)
    .map((text) => text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim())
    .filter((text) => text !== '');
}

/** The names of samples are those of people and companies from everywhere; a sentence with one of them is not ours. */
const isOurs = (name: string) => !/-(?:long|rtl|cjk)$/.test(name);

/** Lists what the command line and the server print to people: texts with a blank in them that begin with a capital letter. */
function cliTexts(): readonly string[] {
  const found: string[] = [];
  for (const { tree } of readSources('src/cli')) {
    walk(tree, (node) => {
      const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
      if (isText && /^[A-Z][a-z]* [a-z]/.test(node.text)) found.push(node.text);
    });
  }
  return found;
}

const passwords = ['', 'short', 'aaaaaaaaaaaaaa', 'password1', 'x'.repeat(1100), 'allinlowercase'].map(
  (password) => checkNewPassword(password, { email: undefined, options: {} }) ?? '',
);

const { refusals: _table, ...EN } = WORDS.en;

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  refusals: Object.values(REFUSALS).flatMap(({ title, sentence, advice }) => [title, sentence, advice]),
  'the words of pages': Object.values(EN).flatMap((section) => Object.values(section)),
  'what is wrong with a password': passwords,
  pages: PAGE_SAMPLES.filter(({ name }) => isOurs(name)).flatMap(({ page }) =>
    textsOf(renderPage(page, { nonce: 'n' })),
  ),
  mails: MAIL_TEMPLATES.flatMap((template) => {
    const { subject, text } = renderMail(sampleMail(template));
    return [subject, ...text.split('\n')];
  }),
  'the command line': cliTexts(),
};

describe.each(Object.entries(TEXTS))('plain words: %s', (_what, texts) => {
  it('has texts, and each is understood at first reading', () => {
    expect(texts.length).toBeGreaterThan(5);
    const wrong = [...new Set(texts.flatMap(findWrong))];
    expect(wrong, `${wrong.join('\n')}\n-> say it in plain words (CONTRIBUTING.md)`).toEqual([]);
  });
});

describe('the judge', () => {
  it.each([
    ['The address and the password do not fit together.'],
    ['Where he will sign in is not known.'],
    ['What came back did not pass our checks.'],
    [`${'word '.repeat(MOST_WORDS + 1)}end.`],
  ])('finds %s', (text) => expect(findWrong(text)).not.toEqual([]));

  it('passes what is plain', () => {
    expect(findWrong('Wrong email or password. Check both and try again, or ask for a new password.')).toEqual([]);
  });
});

describe('documents that people read at a refusal or a move', () => {
  it.each([
    'docs/errors.md',
    'docs/linking-rule.md',
    'docs/auth0-compatibility.md',
    ...findDocuments().filter((path) => path.startsWith('docs/compatibility/')),
    'docs/guides/import-passwords.md',
    'docs/actions.md',
  ])('%s: people are "they"', async (path) => {
    const { readFile } = await import('node:fs/promises');
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.filter((line) => /\b(?:he|she|him|his|himself|herself)\b/i.test(line))).toEqual([]);
  });
});
