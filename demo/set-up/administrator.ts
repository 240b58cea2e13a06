/**
 * Plays Initech's administrator with the link and a browser without a screen: opens steps of the set-up, sends their
 * forms, and reads the pages.
 */
import { Walker } from '../actions/walker.js';
import type { Addresses } from '../addresses.js';
import type { Person } from '../people.js';
import type { SetUpState } from './state.js';

type Shown = Awaited<ReturnType<Walker['visit']>>;

const wordsIn = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Places where a page shows its result: an error, a result, a field's error, its first sentence. */
const SAYINGS = [
  /<div[^>]*role="alert"[^>]*>([\s\S]*?)<\/div>/,
  /<p class="note"[^>]*>([\s\S]*?)<\/p>/,
  /<p class="error"[^>]*>([\s\S]*?)<\/p>/,
  /<p class="body"[^>]*>([\s\S]*?)<\/p>/,
  /<h1[^>]*>([\s\S]*?)<\/h1>/,
];

function saidBy({ text }: Shown): string {
  const found = SAYINGS.map((saying) => saying.exec(text)?.[1]).find((one) => one !== undefined);
  return wordsIn(found ?? '');
}

export class Administrator {
  private readonly walker = new Walker();

  constructor(
    private readonly addresses: Addresses,
    private readonly state: SetUpState,
  ) {}

  private note(did: string, page: Shown): Shown {
    this.state.pages.push({ did, says: saidBy(page) });
    return page;
  }

  async open(link: string): Promise<Shown> {
    return this.note('opens the link', await this.walker.visit(link));
  }

  async send(did: string, step: string, fields: Readonly<Record<string, string>>): Promise<Shown> {
    const url = `${this.addresses.vestibule}/self-service/setup/${step}`;
    return this.note(did, await this.walker.visit(url, new URLSearchParams(fields)));
  }

  /** Tries a sign-in as this person of the provider. */
  async tryAs({ key, name }: Person): Promise<Shown> {
    // Removes the provider's cookies, so that another person can sign in with this browser.
    this.walker.forget(/^initech_/);
    const url = `${this.addresses.vestibule}/self-service/setup/try`;
    const there = await this.walker.visit(url, new URLSearchParams({ action: 'start' }));
    return this.note(`tries a sign-in as ${name}`, await this.walker.press(there, 'login', key));
  }
}

/** Returns the page to which the person's address leads from the organization's sign-in page. */
export async function ledTo(addresses: Addresses, organizationId: string, { email }: Person): Promise<string> {
  const walker = new Walker();
  const page = await walker.visit(`${addresses.application}/login?organization=${organizationId}`);
  return (await walker.press(page, 'action', 'default', { username: email })).url.origin;
}
