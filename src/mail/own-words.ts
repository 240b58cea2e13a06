/**
 * The tenant's own templates of mails, in Liquid with Auth0's variables. A template comes from an administrator and its
 * values from strangers: each value is escaped, no file is read, and time and memory are bounded. Never decides whether
 * a mail is sent, and adds no link except the mail's own.
 */
import { Liquid } from 'liquidjs';
import { toOneLine, unlinked } from '../domain/look/brand-mark.js';
import type { Language } from '../domain/look/languages.js';
import { type MailSender, parseSender } from '../domain/mail/mail-provider.js';
import {
  BLOCKED_NAMES,
  ENROLLMENT_NAME,
  type OwnWords,
  RESET_NAMES,
  type WordsToCheck,
} from '../domain/mail/mail-template.js';
import type { MailTemplate, OutgoingMail } from '../ports/mailer.js';
import { type MailBrand, type MailVariables, parseMailModel } from './models.js';
import { toPlainText } from './plain-text.js';
import { type RenderedMail, sayMoment } from './render.js';

/**
 * Auth0's template names for the mails of this server; the first that the tenant has wins. Mails to operators, and
 * notices, have none.
 */
export const OWN_NAMES: Readonly<Partial<Record<MailTemplate, readonly string[]>>> = {
  verify_email: ['verify_email'],
  proof_code: ['verify_email_by_code'],
  factor_code: ['mfa_oob_code'],
  password_reset: RESET_NAMES,
  invitation: ['user_invitation'],
  blocked_account: BLOCKED_NAMES,
  enrollment_email: [ENROLLMENT_NAME],
};

/** Options of the built-in templates, with limits: a loop over a million items must not keep the server busy. */
const LIMITS = {
  templates: {},
  ownPropertyOnly: true,
  strictVariables: false,
  strictFilters: true,
  parseLimit: 250_000,
  renderLimit: 500,
  memoryLimit: 2_000_000,
} as const;

function createEngine(outputEscape?: 'escape'): Liquid {
  const engine = new Liquid({ ...LIMITS, ...(outputEscape && { outputEscape }) });
  // Liquid already escapes all output. So these filters do nothing: `escape` and `escape_once` must not escape again,
  // and `raw` must not undo the escaping.
  for (const filter of ['escape', 'raw', 'escape_once']) engine.registerFilter(filter, (value: unknown) => value);
  return engine;
}

/** Escapes all output. Attack: HTML injection through names. */
const html = createEngine('escape');
const line = createEngine();

type Values = { readonly [name: string]: unknown };

const MAX_VALUE = 300;
const MAX_DEPTH = 4;

/**
 * Returns the value with every text on one line and written so that mail programs make no links of it. `depth` is the
 * current nesting; values nested too deeply become null.
 */
function toShown(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return unlinked(toOneLine(value, MAX_VALUE));
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => toShown(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 100)
      .map(([name, item]) => [name, toShown(item, depth + 1)]),
  );
}

export interface MailPlace {
  readonly language: Language;
  readonly friendlyName: string;
  readonly supportEmail: string | undefined;
  readonly supportUrl: string | undefined;
}

function toOrganization(given: Values | undefined, brand: MailBrand): Values | undefined {
  if (given === undefined) return undefined;
  const colors = brand.primaryColor === undefined ? {} : { primary: brand.primaryColor };
  return { ...given, branding: { ...(brand.logoUrl !== undefined && { logo_url: brand.logoUrl }), colors } };
}

/** Returns Auth0's variables (Auth0, "Use Liquid Syntax in Email Templates"). */
function toValues(
  mail: OutgoingMail,
  { brand, variables }: { readonly brand: MailBrand; readonly variables: MailVariables },
  place: MailPlace,
): Values {
  const facts = (toShown(mail.model.facts) ?? {}) as Record<string, Values | undefined>;
  return {
    application: facts.application ?? { name: variables.applicationName ?? brand.title },
    connection: facts.connection ?? {},
    organization: toOrganization(facts.organization, brand),
    user: { ...facts.user, email: mail.to },
    inviter: { name: variables.inviterName ?? '' },
    tenant: place.friendlyName,
    friendly_name: place.friendlyName,
    support_email: place.supportEmail ?? '',
    support_url: place.supportUrl ?? '',
    request_language: place.language,
    url: variables.url ?? '',
    // Auth0's name in `enrollment_email`.
    link: variables.url ?? '',
    code: variables.code ?? '',
    expires_at: variables.expiresAt ?? '',
  };
}

function render(
  words: WordsToCheck,
  values: Values,
): { readonly subject: string; readonly html: string; readonly from: string } {
  return {
    subject: toOneLine(String(line.parseAndRenderSync(words.subject ?? '', values)), 250),
    html: String(html.parseAndRenderSync(words.body ?? '', values)),
    from: toOneLine(String(line.parseAndRenderSync(words.from ?? '', values)), 250),
  };
}

export interface OwnMail extends RenderedMail {
  readonly from?: MailSender;
}

/**
 * Renders a mail from the tenant's own template. Throws when the template cannot be rendered; the caller then uses the
 * built-in one.
 */
export function renderOwnMail(mail: OutgoingMail, words: OwnWords, place: MailPlace): OwnMail {
  const parsed = parseMailModel(mail.template, mail.model, (at) => sayMoment(at, place.language));
  const made = render(words, toValues(mail, parsed, place));
  const link = parsed.variables.code ?? parsed.variables.url ?? '';
  // A mail without its link or code is useless.
  if (!toPlainText(made.html).includes(link)) throw new Error('the body shows neither the link nor the code');
  const sender = parseSender(made.from);
  return {
    subject: made.subject === '' ? parsed.brand.title : made.subject,
    html: made.html,
    text: toPlainText(made.html),
    ...(sender && { from: sender }),
  };
}

/** Sample values for testing a template. */
const SAMPLE: Values = {
  application: { name: 'Application', clientID: 'id' },
  connection: { name: 'connection' },
  organization: {
    id: 'org_0000000000000000',
    name: 'organization',
    display_name: 'Organization',
    branding: { colors: {} },
  },
  user: { email: 'user@example.com', name: 'User', user_metadata: {} },
  inviter: { name: 'Inviter' },
  url: 'https://example.com/link',
  link: 'https://example.com/link',
  code: '123456',
  request_language: 'en',
};

/** Tests a template with sample values: a faulty one is refused when it is written, not when a mail is sent. */
export function checkOwnWords(words: WordsToCheck): string | undefined {
  for (const part of ['subject', 'body', 'from'] as const) {
    try {
      render({ subject: null, body: null, from: null, [part]: words[part] }, SAMPLE);
    } catch (error) {
      return `${part} is no Liquid that can be used: ${toOneLine((error as Error).message, 200)}`;
    }
  }
  const { from } = render({ subject: null, body: null, from: words.from }, SAMPLE);
  return from === '' || parseSender(from) !== undefined ? undefined : 'from is no address';
}
