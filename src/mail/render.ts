/**
 * Renders a mail in the outbox to subject, plain text and HTML. Pure. Templates come only from this program, never from
 * a file or a model, and the values of a model are data: "{{" in a name is shown, not run.
 */
import { Liquid, type Template } from 'liquidjs';
import { initialOf, parseLogoUrl } from '../domain/look/brand-mark.js';
import { accentFor, inkOn, parseColor, type SchemeColors } from '../domain/look/color.js';
import { DEFAULT_LANGUAGE, type Language } from '../domain/look/languages.js';
import { formatMoment } from '../kernel/calendar.js';
import type { MailTemplate, OutgoingMail } from '../ports/mailer.js';
import { HTML_LAYOUT, TEXT_LAYOUT } from './layouts.js';
import { type MailBrand, parseMailModel } from './models.js';
import type { MailWords } from './words/mail-language.js';
import { MAIL_WORDS } from './words/words.js';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * `templates: {}` replaces the file system by an empty map: no include, render or layout can read a file. `lenientIf`: a
 * template may ask by `{% if url %}` whether there is a value; showing a missing one stays an error.
 */
const LIMITS = {
  templates: {},
  ownPropertyOnly: true,
  strictVariables: true,
  lenientIf: true,
  strictFilters: true,
} as const;
const plain = new Liquid({ ...LIMITS });
/** Escapes all output. Attack: HTML injection through names. */
const escaping = new Liquid({ ...LIMITS, outputEscape: 'escape' });

interface ParsedWords {
  readonly subject: Template[];
  readonly heading: Template[];
  readonly lead: readonly Template[][];
  readonly notes: readonly Template[][];
}

interface ParsedLanguage {
  readonly moment: Template[];
  readonly footer: Template[];
  readonly mails: Readonly<Record<MailTemplate, ParsedWords>>;
}

function parseWords(words: MailWords): ParsedWords {
  return {
    subject: plain.parse(words.subject),
    heading: plain.parse(words.heading),
    lead: words.lead.map((line) => plain.parse(line)),
    notes: words.notes.map((line) => plain.parse(line)),
  };
}

const parsed = new Map<Language, ParsedLanguage>();

/** Returns a language's parsed templates, parsing them at the first use. */
function parseLanguage(language: Language): ParsedLanguage {
  const known = parsed.get(language);
  if (known !== undefined) return known;
  const { moment, footer, mails } = MAIL_WORDS[language];
  const made = {
    moment: plain.parse(moment),
    footer: plain.parse(footer),
    mails: Object.fromEntries(
      Object.entries(mails).map(([template, words]) => [template, parseWords(words)]),
    ) as ParsedLanguage['mails'],
  };
  parsed.set(language, made);
  return made;
}

const TEXT = plain.parse(TEXT_LAYOUT);
const HTML = escaping.parse(HTML_LAYOUT);

/** The colors of the HTML layout, with the accent for brands without a color. */
const LIGHT: SchemeColors = { surface: '#ffffff', text: '#16191d', accent: '#2450c8' };
const DARK: SchemeColors = { surface: '#16181c', text: '#eef0f3', accent: '#93b1ff' };

function toLook(brand: MailBrand): Record<string, string | null> {
  const ground = parseColor(brand.primaryColor) ?? LIGHT.accent;
  const logo = parseLogoUrl(brand.logoUrl);
  return {
    accent: accentFor(LIGHT, brand.primaryColor),
    accentDark: accentFor(DARK, brand.primaryColor),
    ground,
    ink: inkOn(ground),
    initial: initialOf(brand.title),
    // Mail programs fetch logos over the open network: https only.
    logoUrl: logo?.startsWith('https:') ? logo : null,
  };
}

const say = (template: Template[], values: object): string => String(plain.renderSync(template, values));

/** Returns a time in a language: `2 December 2026 at 13:05 UTC`. */
export function sayMoment(at: Date, language: Language): string {
  return say(parseLanguage(language).moment, { moment: formatMoment(at, language) });
}

/**
 * Renders a mail with this program's own texts. Both forms have the same words. Throws {@link Bug} when the model lacks
 * a value that its template shows.
 */
export function renderMail(mail: OutgoingMail, language: Language = DEFAULT_LANGUAGE): RenderedMail {
  const { brand, variables } = parseMailModel(mail.template, mail.model, (at) => sayMoment(at, language));
  const known = { ...variables, to: mail.to };
  const { mails, footer } = parseLanguage(language);
  const parts = mails[mail.template];
  const words = MAIL_WORDS[language].mails[mail.template];
  const write = (template: Template[]): string => say(template, known);
  // The subject is on one line, whatever the names: models.ts removes line breaks from each value.
  const subject = write(parts.subject);
  const content = {
    language,
    buttonHint: MAIL_WORDS[language].buttonHint,
    subject,
    title: brand.title,
    heading: write(parts.heading),
    lead: parts.lead.map(write),
    notes: parts.notes.map(write),
    // null, not '': in Liquid an empty string is true.
    code: words.code ? (variables.code ?? null) : null,
    button: words.button && variables.url ? words.button : null,
    url: variables.url ?? '',
    footer: say(footer, { to: mail.to, title: brand.title }),
    ...toLook(brand),
  };
  return {
    subject,
    text: String(plain.renderSync(TEXT, content)),
    html: String(escaping.renderSync(HTML, content)),
  };
}
