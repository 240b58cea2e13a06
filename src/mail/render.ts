/**
 * From a mail in the outbox to subject, plain text and HTML. Pure. Templates come from this program alone, never from a file or a model,
 * and the values of a model are data: "{{" in a name is shown, not run.
 */
import { Liquid, type Template } from 'liquidjs';
import { initialOf, parseLogoUrl } from '../domain/brand-mark.js';
import { accentFor, inkOn, parseColor, type SchemeColors } from '../domain/color.js';
import type { MailTemplate, OutgoingMail } from '../ports/mailer.js';
import { HTML_LAYOUT, TEXT_LAYOUT } from './layouts.js';
import { type MailBrand, parseMailModel } from './models.js';
import { MAIL_WORDS, type MailWords } from './templates.js';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** `templates: {}` replaces the file system by an empty map: no include, render or layout can read a file. */
const LIMITS = { templates: {}, ownPropertyOnly: true, strictVariables: true, strictFilters: true } as const;
const plain = new Liquid({ ...LIMITS });
/** Stops HTML injection through names: all output is escaped. */
const escaping = new Liquid({ ...LIMITS, outputEscape: 'escape' });

interface ParsedWords {
  readonly subject: Template[];
  readonly heading: Template[];
  readonly lead: readonly Template[][];
  readonly notes: readonly Template[][];
}

function parseWords(words: MailWords): ParsedWords {
  return {
    subject: plain.parse(words.subject),
    heading: plain.parse(words.heading),
    lead: words.lead.map((line) => plain.parse(line)),
    notes: words.notes.map((line) => plain.parse(line)),
  };
}

const PARSED = Object.fromEntries(
  Object.entries(MAIL_WORDS).map(([template, words]) => [template, parseWords(words)]),
) as Record<MailTemplate, ParsedWords>;
const TEXT = plain.parse(TEXT_LAYOUT);
const HTML = escaping.parse(HTML_LAYOUT);

/** The colors of the HTML layout, with the accent of a brand without a color. */
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
    // A mail program fetches over the open network: https alone.
    logoUrl: logo?.startsWith('https:') ? logo : null,
  };
}

/** The mail as it is sent. Both forms have the same words. Throws {@link Bug} when the model lacks a value that its template shows. */
export function renderMail(mail: OutgoingMail): RenderedMail {
  const { brand, variables } = parseMailModel(mail.template, mail.model);
  const known = { ...variables, to: mail.to };
  const parsed = PARSED[mail.template];
  const words = MAIL_WORDS[mail.template];
  const say = (template: Template[]): string => String(plain.renderSync(template, known));
  // One line, whatever names are in it: models.ts reads each value onto one line.
  const subject = say(parsed.subject);
  const content = {
    subject,
    title: brand.title,
    heading: say(parsed.heading),
    lead: parsed.lead.map(say),
    notes: parsed.notes.map(say),
    // null, not '': in Liquid an empty string is true.
    code: words.code ? (variables.code ?? null) : null,
    button: words.button && variables.url ? words.button : null,
    url: variables.url ?? '',
    footer: `Sent to ${mail.to} on behalf of ${brand.title}.`,
    ...toLook(brand),
  };
  return {
    subject,
    text: String(plain.renderSync(TEXT, content)),
    html: String(escaping.renderSync(HTML, content)),
  };
}
