/**
 * The data of each mail. Models are plain JSON (queued sealed in the outbox), so dates are ISO 8601 strings; this file
 * reads them back. Never lets a line break, a direction mark or an address that is not http(s) into a mail.
 */

import { LONGEST_NAME } from '../domain/companies/domain-proof.js';
import { toOneLine, unlinked } from '../domain/look/brand-mark.js';
import type { LanguageWish } from '../domain/look/languages.js';
import { assert } from '../kernel/assert.js';

/** Name and look of the organization that a mail is sent for, or of the tenant. */
export interface MailBrand {
  readonly title: string;
  readonly logoUrl?: string;
  readonly primaryColor?: string;
}

export interface InvitationMail {
  readonly brand: MailBrand;
  readonly inviterName: string;
  readonly organizationTitle: string;
  readonly applicationName: string;
  /** The invitation link. */
  readonly url: string;
  readonly expiresAt: string;
}

/** The reason why a code is needed. */
export type ProofReason = 'sign_in' | 'sign_up' | 'invited';

export interface ProofCodeMail {
  readonly brand: MailBrand;
  /** The code: six digits. */
  readonly code: string;
  /** Minutes until the code expires. */
  readonly minutes: number;
  readonly organizationTitle: string;
  /** Absent in mails that an earlier version queued. */
  readonly reason?: ProofReason;
  /** Title of the connection with which the person just signed in. */
  readonly connectionTitle: string;
  /** IP address of the browser that requested the code. */
  readonly ip: string;
}

export interface FactorCodeMail {
  readonly brand: MailBrand;
  /** The code: six digits. */
  readonly code: string;
  /** Minutes until the code expires. */
  readonly minutes: number;
  /** `set_up`: the code proves an address that is being added. Absent: it is asked for at a sign-in. */
  readonly reason?: 'set_up';
  /** IP address of the browser or application that requested the code. */
  readonly ip: string;
}

export interface PasswordResetMail {
  readonly brand: MailBrand;
  readonly url: string;
  readonly expiresAt: string;
  readonly ip: string;
}

export interface PasswordChangedMail {
  readonly brand: MailBrand;
  readonly ip: string;
  readonly at: string;
  /** The address for signing in, and for setting a new password if somebody else made the change. */
  readonly url?: string;
}

export interface FactorChangedMail {
  readonly brand: MailBrand;
  /** `reset`: all of them were removed. `recovery_code`: a new code replaced the earlier one. */
  readonly change: 'added' | 'removed' | 'reset' | 'recovery_code';
  /** The kind of the factor that was added or removed (src/facts/factors.ts, or `passkey`). */
  readonly factor?: string;
  readonly at: string;
  /** The link that removes a first factor, and when it expires; absent in every other case. */
  readonly url?: string;
  readonly expiresAt?: string;
  /** IP address of the person's browser; absent for a change by an administrator. */
  readonly ip?: string;
}

export interface EnrollmentMail {
  readonly brand: MailBrand;
  /** The link that sets up a second factor. */
  readonly url: string;
  readonly expiresAt: string;
}

export interface BlockedAccountMail {
  readonly brand: MailBrand;
  readonly url: string;
  readonly expiresAt: string;
  /** IP address of the last machine that tried. */
  readonly ip: string;
}

export interface VerifyEmailMail {
  readonly brand: MailBrand;
  readonly url: string;
  readonly expiresAt: string;
}

export interface ImportCompletedMail {
  readonly brand: MailBrand;
  readonly jobId: string;
  readonly inserted: number;
  readonly updated: number;
  readonly failed: number;
  /** Time until which the job can be read, in ISO 8601. */
  readonly keptUntil: string;
}

export interface ImportFailedMail {
  readonly brand: MailBrand;
  readonly jobId: string;
  readonly reason: string;
}

export interface DomainProofEndedMail {
  readonly brand: MailBrand;
  readonly domain: string;
  readonly organizationTitle: string;
  readonly organizationId: string;
  /** Sentence of this program that says what was found in place of the record. */
  readonly problem: string;
  /** Name of the DNS record; `text` is its value. */
  readonly host: string;
  readonly text: string;
}

export interface DomainProofShakyMail extends DomainProofEndedMail {
  readonly endsAt: string;
}

/** For each {@link MailTemplate}, the data that its text needs. */
export interface MailModels {
  readonly invitation: InvitationMail;
  readonly proof_code: ProofCodeMail;
  readonly factor_code: FactorCodeMail;
  readonly password_reset: PasswordResetMail;
  readonly password_changed: PasswordChangedMail;
  readonly factor_changed: FactorChangedMail;
  readonly enrollment_email: EnrollmentMail;
  readonly blocked_account: BlockedAccountMail;
  readonly verify_email: VerifyEmailMail;
  readonly import_completed: ImportCompletedMail;
  readonly import_failed: ImportFailedMail;
  readonly domain_proof_shaky: DomainProofShakyMail;
  readonly domain_proof_ended: DomainProofEndedMail;
}

/** Maximum length of a name in a mail, in characters as people count them. */
const NAME_LIMIT = 100;
const SENTENCE_LIMIT = 600;

/** The cleaned values of a model, by the name that templates use. Values that a template does not need are left out. */
export type MailVariables = Readonly<Record<string, string>>;

/**
 * Reads a text and removes its line breaks. Attack (header injection): a line break in a name ends the subject and
 * begins another header.
 */
function readText(model: Readonly<Record<string, unknown>>, name: string): string {
  const value = model[name];
  assert(typeof value === 'string' || typeof value === 'number', `mail model: "${name}" is missing`);
  return toOneLine(String(value), NAME_LIMIT);
}

/** Reads a sentence of this program, which may be longer than a name. */
const readSentence: Reader = (model, name) => {
  const value = model[name];
  assert(typeof value === 'string', `mail model: "${name}" is missing`);
  return toOneLine(value, SENTENCE_LIMIT);
};

/** Reads the name of a person or an organization: customers choose both (My Organization API). */
const readName: Reader = (model, name) => unlinked(readText(model, name));

function readUrl(model: Readonly<Record<string, unknown>>, name: string): string {
  const value = model[name];
  assert(typeof value === 'string' && URL.canParse(value), `mail model: "${name}" is no address`);
  const url = new URL(value);
  assert(/^https?:$/.test(url.protocol), `mail model: "${name}" is neither http nor https`);
  // The URL as parsed: spaces, quotes and line breaks are percent-encoded.
  return url.href;
}

const readDate: Reader = (model, name, toMoment) => {
  const at = new Date(String(model[name]));
  assert(!Number.isNaN(at.getTime()), `mail model: "${name}" is no date`);
  return toMoment(at);
};

/** Reads the reason why a code is needed; an unknown one counts as an ordinary sign-in. */
const readReason: Reader = (model, name) =>
  ['sign_up', 'invited'].includes(String(model[name])) ? String(model[name]) : 'sign_in';

/** Reads a DNS name, which may be longer than a person's name. */
const readHost: Reader = (model, name) => {
  const value = model[name];
  assert(typeof value === 'string', `mail model: "${name}" is missing`);
  return toOneLine(value, LONGEST_NAME);
};

/** The mails with a button in some cases only. */
const OPTIONAL_LINKS: readonly (keyof MailModels)[] = ['password_changed', 'factor_changed'];

/** Reads a time that may be absent. */
const readOptionalDate: Reader = (model, name, toMoment) =>
  model[name] === undefined ? '' : readDate(model, name, toMoment);

/** Reads a text that may be absent. */
const readOptional: Reader = (model, name) => (model[name] === undefined ? '' : readText(model, name));

const DOMAIN_PROOF = {
  domain: readHost,
  organizationTitle: readName,
  organizationId: readText,
  problem: readSentence,
  host: readHost,
  text: readText,
};

type Reader = (model: Readonly<Record<string, unknown>>, name: string, toMoment: (at: Date) => string) => string;

const READERS: { readonly [T in keyof MailModels]: Readonly<Partial<Record<keyof MailModels[T], Reader>>> } = {
  invitation: {
    inviterName: readName,
    organizationTitle: readName,
    applicationName: readText,
    url: readUrl,
    expiresAt: readDate,
  },
  proof_code: {
    code: readText,
    minutes: readText,
    reason: readReason,
    organizationTitle: readName,
    connectionTitle: readText,
    ip: readText,
  },
  factor_code: { code: readText, minutes: readText, reason: readOptional, ip: readText },
  password_reset: { url: readUrl, expiresAt: readDate, ip: readText },
  password_changed: { at: readDate, ip: readText },
  factor_changed: {
    change: readText,
    factor: readOptional,
    at: readDate,
    ip: readOptional,
    expiresAt: readOptionalDate,
  },
  enrollment_email: { url: readUrl, expiresAt: readDate },
  blocked_account: { url: readUrl, expiresAt: readDate, ip: readText },
  verify_email: { url: readUrl, expiresAt: readDate },
  import_completed: { jobId: readText, inserted: readText, updated: readText, failed: readText, keptUntil: readDate },
  import_failed: { jobId: readText, reason: readSentence },
  domain_proof_shaky: { ...DOMAIN_PROOF, endsAt: readDate },
  domain_proof_ended: DOMAIN_PROOF,
};

/**
 * Returns the preferred language from the request that caused the mail, empty without a browser. Only a hint: see
 * domain/look/languages.ts.
 */
export function readWish({ wish }: Readonly<Record<string, unknown>>): LanguageWish {
  const { uiLocales, acceptLanguage } = (wish ?? {}) as { readonly [name: string]: unknown };
  return {
    ...(typeof uiLocales === 'string' && { uiLocales }),
    ...(typeof acceptLanguage === 'string' && { acceptLanguage }),
  };
}

/**
 * Reads a model from the outbox. `toMoment` writes a time in the language of the mail. Asserts its fields: a missing
 * one is a bug of this program.
 */
export function parseMailModel(
  template: keyof MailModels,
  model: Readonly<Record<string, unknown>>,
  toMoment: (at: Date) => string,
): { readonly brand: MailBrand; readonly variables: MailVariables } {
  const brand = model.brand as Partial<MailBrand> | undefined;
  assert(typeof brand?.title === 'string', 'mail model: "brand.title" is missing');
  const variables: Record<string, string> = { title: toOneLine(brand.title, NAME_LIMIT) };
  for (const [name, read] of Object.entries(READERS[template]) as [string, Reader][]) {
    variables[name] = read(model, name, toMoment);
  }
  if (OPTIONAL_LINKS.includes(template) && model.url !== undefined) variables.url = readUrl(model, 'url');
  return {
    brand: {
      title: variables.title ?? '',
      ...(typeof brand.logoUrl === 'string' ? { logoUrl: brand.logoUrl } : {}),
      ...(typeof brand.primaryColor === 'string' ? { primaryColor: brand.primaryColor } : {}),
    },
    variables,
  };
}
