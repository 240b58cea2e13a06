/**
 * Fills values into the sentences of a page. Each value is isolated (`bdi`), so that it cannot change the direction of
 * the text around it, and escaped by Preact. Never uses HTML from a sentence.
 */
import type { ComponentChildren, VNode } from 'preact';
import { ENGLISH, type Said, type Speech } from '../speech.js';

type Values = Readonly<Record<string, string | number | VNode>>;

/** The texts in the page's language, and the functions that fill values into them. */
export interface Talk extends Speech {
  /** Returns a sentence with its values, as content of the page. A placeholder without a value is left out. */
  say(sentence: string, values?: Values): ComponentChildren;
  /** Returns a sentence with its values as plain text, for titles and attributes. */
  plain(sentence: string, values?: Readonly<Record<string, string | number>>): string;
  tell(said: Said): string;
}

const PLACEHOLDER = /\{(\w+)\}/;

/** Creates the functions by which views write texts in the language of `speech`. */
export function createTalk(speech: Speech): Talk {
  return {
    ...speech,
    say: (sentence, values = {}) =>
      // `split` returns texts and names of placeholders by turns.
      sentence.split(PLACEHOLDER).map((part, index) => {
        if (index % 2 === 0) return part;
        const value = values[part];
        return typeof value === 'string' ? <bdi>{value}</bdi> : value;
      }),
    plain: (sentence, values = {}) =>
      sentence
        .split(PLACEHOLDER)
        .map((part, index) => (index % 2 === 0 ? part : String(values[part] ?? '')))
        .join(''),
    tell: (said) => (typeof said === 'string' ? said : said(speech.words)),
  };
}

/** The texts and functions for the set-up pages, which are only in English. */
export const ENGLISH_TALK = createTalk(ENGLISH);
