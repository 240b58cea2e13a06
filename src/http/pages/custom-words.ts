/**
 * Replaces texts of a page by the tenant's own. Such a text applies to one page and one language. It remains plain
 * text, which the views escape.
 */
import { TEXT_PLACES, toSentence } from '../../domain/look/custom-text.js';
import type { Page } from './models.js';
import type { Speech, SpeechPlace } from './speech.js';
import type { Words } from './words/words.js';

type Sections = Omit<Words, 'refusals'>;
/** A path of a text, such as `identifier.heading`. The compiler refuses a path that no view has. */
type WordPath = { [Section in keyof Sections]: `${Section}.${keyof Sections[Section] & string}` }[keyof Sections];

const PLACES: readonly ((typeof TEXT_PLACES)[number] & { readonly place: WordPath })[] = TEXT_PLACES;

/**
 * Isolates a name in a plain text, so that it cannot change the direction of the text around it: adds Unicode's
 * first-strong isolate, as `bdi` does in HTML.
 */
const isolate = (name: string): string => `\u2068${name.replace(/[{}]/g, '')}\u2069`;

/** Returns the speech (language and texts) of `page`, with the tenant's own texts in place of the built-in ones. */
export function customize(speech: Speech, page: Pick<Page, 'page' | 'brand'>, { tenant, client }: SpeechPlace): Speech {
  const texts = tenant?.texts?.[speech.language];
  if (texts === undefined) return speech;
  const names = { '{application}': client?.name, '{brand}': page.brand.title };
  const sections: Record<string, Record<string, string>> = {};
  const custom = new Set<string>();
  for (const { prompt, screen, key, place, page: at } of PLACES) {
    const text = at === page.page ? texts[prompt]?.[screen]?.[key] : undefined;
    if (text === undefined || text.trim() === '') continue;
    const [section = '', name = ''] = place.split('.');
    sections[section] ??= { ...speech.words[section as keyof Sections] };
    sections[section][name] = toSentence(text).replace(/\{(?:application|brand)\}/g, (variable) => {
      const value = names[variable as keyof typeof names];
      return value === undefined ? '' : isolate(value);
    });
    custom.add(place);
  }
  return { ...speech, words: { ...speech.words, ...sections }, custom };
}
