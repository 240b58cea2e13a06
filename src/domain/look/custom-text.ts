/**
 * The tenant's own texts for the pages: Auth0's prompts, screens and keys, and the page texts that they replace. A
 * value is plain text with Auth0's variables, never markup. A key of Auth0's that no page here shows is stored and
 * returned all the same.
 */
import type { Language } from './languages.js';

/** The texts of one prompt in one language: by screen, then by key. */
export type PromptTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** All texts of a tenant, by language and prompt. */
export type CustomTexts = Readonly<Partial<Record<Language, Readonly<Record<string, PromptTexts>>>>>;

/**
 * Auth0's variables, with the placeholder that this server uses for each. The first two exist on every page, if their
 * values are known.
 */
export const TEXT_VARIABLES = {
  clientName: 'application',
  companyName: 'brand',
  connectionName: 'connection',
  inviterName: 'inviter',
  email: 'email',
} as const;
type Variable = keyof typeof TEXT_VARIABLES;

export interface TextPlace {
  readonly prompt: string;
  readonly screen: string;
  readonly key: string;
  /** The page that shows the text. `place`: section and key of this server's text that it replaces. */
  readonly page: string;
  readonly place: string;
  readonly variables: readonly Variable[];
}

const USUAL = ['clientName', 'companyName'] as const;

/**
 * Returns the rows of one screen. `at`: Auth0's prompt and screen. A row has Auth0's key, the text here that it
 * replaces, and a variable besides the usual two.
 */
function placesOf<const Place extends string>(
  at: `${string}/${string}`,
  page: string,
  rows: readonly (readonly [key: string, place: Place, more?: Variable])[],
): readonly (TextPlace & { readonly place: Place })[] {
  const [prompt = '', screen = ''] = at.split('/');
  return rows.map(([key, place, more]) => {
    const variables = more === undefined ? USUAL : [...USUAL, more];
    return { prompt, screen, key, page, place, variables };
  });
}

const IDENTIFIER = [
  ['pageTitle', 'page.tab'],
  ['title', 'identifier.heading'],
  ['description', 'identifier.sub'],
  ['buttonText', 'page.continue'],
  ['separatorText', 'identifier.or'],
  ['emailPlaceholder', 'page.emailAddress'],
  ['federatedConnectionButtonText', 'identifier.connection', 'connectionName'],
  ['invalid-email-format', 'messages.addressInvalid'],
] as const;

const PASSWORD = [
  ['pageTitle', 'page.tab'],
  ['title', 'password.heading'],
  ['description', 'password.sub'],
  ['buttonText', 'page.continue'],
  ['passwordPlaceholder', 'page.password'],
  ['forgotPasswordText', 'password.forgot'],
  ['showPasswordText', 'page.showPassword'],
  ['hidePasswordText', 'page.hidePassword'],
  ['wrong-credentials', 'messages.wrongPassword'],
] as const;

/**
 * One row for each key that reaches a page (Auth0, "Customize Universal Login Text Elements"). If two rows replace the
 * same text, the later one counts. Auth0 can show address and password on one page (`login`), which are two pages here;
 * its two pages of a sign-up are one page here.
 */
export const TEXT_PLACES = [
  ...placesOf('login/login', 'identifier', IDENTIFIER),
  ...placesOf('login/login', 'password', PASSWORD),
  ...placesOf('login-id/login-id', 'identifier', IDENTIFIER),
  ...placesOf('login-password/login-password', 'password', [...PASSWORD, ['editEmailText', 'page.notYou']]),
  ...placesOf('signup-id/signup-id', 'sign-up', [
    ['pageTitle', 'page.tab'],
    ['title', 'signUp.heading'],
    ['description', 'signUp.sub'],
    ['buttonText', 'page.continue'],
    ['emailPlaceholder', 'page.emailAddress'],
    ['loginActionLinkText', 'signUp.haveAccount'],
  ]),
  ...placesOf('signup-password/signup-password', 'sign-up', [
    ['passwordPlaceholder', 'page.password'],
    ['showPasswordText', 'page.showPassword'],
    ['hidePasswordText', 'page.hidePassword'],
  ]),
  ...placesOf('signup/signup', 'sign-up', [
    ['pageTitle', 'page.tab'],
    ['title', 'signUp.heading'],
    ['description', 'signUp.sub'],
    ['buttonText', 'page.continue'],
    ['emailPlaceholder', 'page.emailAddress'],
    ['passwordPlaceholder', 'page.password'],
    ['loginActionLinkText', 'signUp.haveAccount'],
  ]),
  ...placesOf('invitation/accept-invitation', 'invitation', [
    ['pageTitle', 'page.tab'],
    ['title', 'invitation.heading', 'inviterName'],
    ['description', 'invitation.sub', 'inviterName'],
    ['buttonText', 'invitation.accept'],
  ]),
  ...placesOf('organizations/organization-selection', 'organization-prompt', [
    ['pageTitle', 'page.tab'],
    ['title', 'prompt.heading'],
    ['description', 'prompt.byName'],
    ['buttonText', 'page.continue'],
    ['placeholder', 'prompt.organization'],
  ]),
  ...placesOf('organizations/organization-picker', 'organization-picker', [
    ['pageTitle', 'page.tab'],
    ['title', 'organizations.heading'],
    ['description', 'organizations.sub'],
  ]),
  ...placesOf('login-email-verification/login-email-verification', 'proof', [
    ['pageTitle', 'page.tab'],
    ['title', 'proof.heading'],
    ['description', 'proof.onItsWay'],
    ['buttonText', 'page.continue'],
    ['placeholder', 'proof.code'],
    ['resendActionText', 'proof.resend'],
    ['invalid-code', 'messages.codeWrong'],
  ]),
  ...placesOf('reset-password/reset-password-request', 'forgot-password', [
    ['pageTitle', 'page.tab'],
    ['title', 'forgot.heading'],
    ['descriptionEmail', 'forgot.hint'],
    ['placeholderEmail', 'page.emailAddress'],
    ['buttonText', 'forgot.send'],
    ['backToLoginLinkText', 'page.backToSignIn'],
  ]),
  ...placesOf('reset-password/reset-password-email', 'forgot-password', [
    ['title', 'forgot.sentHeading'],
    ['emailDescription', 'forgot.sent', 'email'],
    ['resendLinkText', 'forgot.again'],
  ]),
  ...placesOf('reset-password/reset-password', 'reset-password', [
    ['pageTitle', 'page.tab'],
    ['title', 'reset.heading'],
    ['description', 'reset.sub'],
    ['buttonText', 'reset.save'],
    ['passwordPlaceholder', 'reset.label'],
  ]),
  ...placesOf('reset-password/reset-password-success', 'reset-password', [
    ['eventTitle', 'reset.doneHeading'],
    ['description', 'reset.done'],
    ['buttonText', 'page.continue'],
  ]),
  ...placesOf('email-verification/email-verification-result', 'verify-email', [
    ['verifiedTitle', 'verifyEmail.doneHeading'],
    ['verifiedDescription', 'verifyEmail.done', 'email'],
    ['buttonText', 'page.continue'],
  ]),
  ...placesOf('logout/logout', 'sign-out', [
    ['pageTitle', 'page.tab'],
    ['title', 'signOut.heading'],
    ['description', 'signOut.askedBy'],
    ['acceptButtonText', 'signOut.signOut'],
  ]),
  ...placesOf('logout/logout-complete', 'signed-out', [
    ['pageTitle', 'page.tab'],
    ['eventTitle', 'signOut.outHeading'],
    ['description', 'signOut.out'],
  ]),
] as const;

const VARIABLE = /\$\{(\w+)\}/g;
/**
 * Limits: the characters of a text (`MAX_TEXT`) and of a screen's or key's name, and the texts of a prompt. Auth0's
 * longest screens have fewer than a hundred texts.
 */
const MAX_TEXT = 2_000;
const MAX_NAME = 100;
const MAX_TEXTS = 1_000;

/** Returns why a text is not allowed at a place; undefined when it is. */
function checkText(place: TextPlace | undefined, text: string): string | undefined {
  if (text.length > MAX_TEXT) return `has more than ${MAX_TEXT} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return 'has a control character';
  if (place === undefined) return undefined;
  const unknown = [...text.matchAll(VARIABLE)].find(([, name]) => !place.variables.some((known) => known === name));
  const known = place.variables.map((name) => `\${${name}}`).join(', ');
  return unknown && `has the variable ${unknown[0]}, which has no value on this page; it may have ${known}`;
}

/** Parses the texts of `prompt` in a request, or returns a sentence that tells why they are refused. */
export function parsePromptTexts(prompt: string, body: unknown): PromptTexts | string {
  let count = 0;
  for (const [screen, texts] of Object.entries(body as object)) {
    if (typeof texts !== 'object' || texts === null || Array.isArray(texts))
      return `The screen ${screen.slice(0, MAX_NAME)} must be an object of texts.`;
    for (const [key, text] of Object.entries(texts)) {
      const at = `${screen}.${key}`.slice(0, 2 * MAX_NAME);
      if (screen.length > MAX_NAME || key.length > MAX_NAME)
        return `The name ${at} is longer than ${MAX_NAME} characters.`;
      if (typeof text !== 'string') return `The text ${at} must be a string.`;
      const place = TEXT_PLACES.find((row) => row.prompt === prompt && row.screen === screen && row.key === key);
      const wrong = checkText(place, text);
      if (wrong !== undefined) return `The text ${at} ${wrong}.`;
      count += 1;
    }
  }
  return count > MAX_TEXTS ? `A prompt has at most ${MAX_TEXTS} texts.` : (body as PromptTexts);
}

/**
 * Replaces Auth0's variables by this server's placeholders: `Welcome to ${companyName}` becomes `Welcome to {brand}`.
 */
export function toSentence(text: string): string {
  return text.replace(VARIABLE, (_whole, name: string) => `{${TEXT_VARIABLES[name as Variable] ?? name}}`);
}
