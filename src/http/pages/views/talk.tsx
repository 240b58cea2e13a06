/**
 * Fills values from outside into a page's sentences, each isolated from the direction of the text around it (`bdi`) and
 * escaped by Preact. Never takes markup from a sentence.
 */
import type { ComponentChildren, VNode } from 'preact';
import { ENGLISH, type Said, type Speech } from '../speech.js';

type Values = Readonly<Record<string, string | number | VNode>>;

/** The words of the page's language, and the ways to fill in a sentence. */
export interface Talk extends Speech {
  /** Returns a sentence with its values, for the text of the page. A placeholder without a value is left out. */
  say(sentence: string, values?: Values): ComponentChildren;
  /** Returns the same as plain text, for titles and attributes. */
  plain(sentence: string, values?: Readonly<Record<string, string | number>>): string;
  tell(said: Said): string;
}

const PLACEHOLDER = /\{(\w+)\}/;

/** Creates the functions with which views write the texts of this speech. */
export function createTalk(speech: Speech): Talk {
  return {
    ...speech,
    say: (sentence, values = {}) =>
      // Texts and names alternate.
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

/** The talk of the set-up pages, which are in English alone. */
export const ENGLISH_TALK = createTalk(ENGLISH);
