/**
 * Nora and the stranger with a browser without a screen: they sign in with Nora's password, answer the pages of the
 * second factor, and use the account page. Every page is a real one.
 */
import { type Shown, Walker } from '../actions/walker.js';
import type { Addresses } from '../addresses.js';
import { CAST, PASSWORD } from '../people.js';
import type { PhoneAndPaper } from './phone-and-paper.js';
import type { SeenPage } from './state.js';

/** Ten wrong answers: more than any page of a sign-in takes. */
const MOST_GUESSES = 10;

const wordsIn = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', '’')
    .trim();

/** Places where a page shows its result: a status, an error, its heading. */
const SAYINGS = [
  /<p class="note"[^>]*>([\s\S]*?)<\/p>/,
  /<p class="error"[^>]*id="code[^>]*>([\s\S]*?)<\/p>/,
  /<h1[^>]*>([\s\S]*?)<\/h1>/,
];

const saidBy = ({ text }: Shown): string =>
  wordsIn(SAYINGS.map((saying) => saying.exec(text)?.[1]).find((one) => one !== undefined) ?? '');

/** True if the page lets the person set up a factor. */
export const offersSetUp = ({ text }: Shown): boolean => text.includes('data-copy="') && text.includes('class="qr"');

export class Visitor {
  private readonly walker = new Walker();

  constructor(
    private readonly name: string,
    private readonly place: { readonly addresses: Addresses; readonly organizationId: string },
    private readonly phone: PhoneAndPaper,
    private readonly pages: SeenPage[],
  ) {}

  private note(did: string, page: Shown): Shown {
    this.pages.push({ name: this.name, did, says: saidBy(page) });
    return page;
  }

  private get account(): string {
    return `${this.place.addresses.vestibule}/account`;
  }

  /** Signs in to Acme with Nora's password. Returns the page after it. */
  async typePassword(): Promise<Shown> {
    const { addresses, organizationId } = this.place;
    const first = await this.walker.visit(`${addresses.application}/login?organization=${organizationId}`);
    const asked = await this.walker.press(first, 'action', 'password', { username: CAST.nora.email });
    const next = await this.walker.press(asked, 'action', 'default', { password: PASSWORD });
    return this.note('types the password', next);
  }

  /** Follows the link to another way to answer. Returns the page itself if it has no such link. */
  private choose(page: Shown, method: string): Promise<Shown> | Shown {
    const link = new RegExp(`href="([^"]*method=${method}[^"]*)"`).exec(page.text)?.[1]?.replaceAll('&amp;', '&');
    return link === undefined ? page : this.walker.visit(new URL(link, page.url));
  }

  /** Types the present code of the phone. */
  async typeCode(page: Shown, did = 'types the code of the app'): Promise<Shown> {
    const asked = await this.choose(page, 'otp');
    return this.note(did, await this.walker.press(asked, 'action', 'default', { code: this.phone.nextCode() }));
  }

  /** Leaves the page that shows a new recovery code. */
  async writeDown(page: Shown): Promise<Shown> {
    return this.note('writes down the recovery code', await this.walker.press(page, 'action', 'default'));
  }

  /** Guesses codes until the sign-in is over. */
  async guess(page: Shown): Promise<Shown> {
    const asked = await this.choose(page, 'otp');
    // Without an app there is the recovery code to guess: only the device itself can answer for a passkey.
    let now = asked.text.includes('name="code"') ? asked : await this.choose(page, 'recovery-code');
    let guesses = 0;
    while (now.text.includes('name="code"') && guesses < MOST_GUESSES) {
      now = await this.walker.press(now, 'action', 'default', { code: '000000' });
      guesses += 1;
    }
    return this.note(`guesses the code ${guesses} times`, now);
  }

  /** Answers with the recovery code instead of a code of the app. */
  async useRecoveryCode(page: Shown, code: string): Promise<Shown> {
    const other = await this.choose(page, 'recovery-code');
    return this.note('types the recovery code', await this.walker.press(other, 'action', 'default', { code }));
  }

  async openAccount(): Promise<Shown> {
    return this.note('opens the account page', await this.walker.visit(this.account));
  }

  async press(page: Shown, action: string, did: string): Promise<Shown> {
    return this.note(did, await this.walker.press(page, 'action', action));
  }

  /** True if this browser still has a session at Vestibule. */
  async isSignedIn(): Promise<boolean> {
    const { url, status } = await this.walker.visit(this.account);
    // Without a session the page says so itself, or leads to the sign-in of the only application.
    return url.href === this.account && status === 200;
  }
}

export const isInside = ({ url, status }: Shown): boolean => url.pathname === '/me' && status === 200;
