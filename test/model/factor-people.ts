/**
 * The second factors of a history's people: their applications, keys and recovery codes, by the model's names, and how they answer the
 * server's questions. Decides nothing.
 */
import { TOTP } from 'otpauth';
import { createAuthenticator } from '../support/authenticator.js';
import type { HttpBrowser, Visit } from '../support/http-browser.js';
import type { Action } from './actions.js';
import { pick } from './draft.js';
import { ticketKinds } from './factor-tickets.js';
import { answerable } from './factors.js';
import type { FactorAsked, Outcome, State } from './state.js';
import type { World } from './world.js';

type Device =
  | { readonly kind: 'otp'; readonly secret: string; last: string }
  | { readonly kind: 'key'; readonly authenticator: ReturnType<typeof createAuthenticator> };

interface Place {
  readonly status: number;
  readonly url: URL;
  /** The same page, after a wrong answer. */
  readonly isAgain: boolean;
}

interface Pages {
  post(method: string | undefined, fields: Record<string, string>): Promise<Place>;
  read(method?: string): Promise<string>;
}

const TRIES = 5;
/** Longer than a mailed code is valid. */
const LONG_AGO_MS = 6 * 60_000;
/** An application that was not used for a long time: its present code is new. */
const REST = `update factors set last_step = last_step - 1000000 where user_id = $1 and kind = 'otp' and last_step > 0
  and last_step > extract(epoch from now()) / 30 - 500000`;

const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** See the top of the file. */
export class FactorPeople {
  private readonly devices = new Map<string, Device>();
  private readonly codes = new Map<string, string>();
  private readonly mailed = new Map<string, { readonly user: string; readonly code: string }>();

  constructor(private readonly world: World) {}

  /** The question that a page asks. */
  describe(text: string): Outcome {
    const kinds = [...new Set([...text.matchAll(/method=([a-z-]+)/g)].map((match) => match[1] ?? ''))].sort();
    const isShown = /data-copy="[A-Z0-9]{24}"/.test(text);
    const isNew = /data-copy="[A-Z2-7]{32}"|data-passkey-create=/.test(text);
    const ask = isShown ? 'seen' : isNew ? 'enrol' : 'challenge';
    return {
      kind: 'factor',
      ask,
      kinds: ask === 'seen' ? [] : kinds,
      canRemember: /name="remember"/.test(text),
    };
  }

  /** The person writes the new recovery code down. */
  keepCode(name: string, text: string): void {
    const shown = /data-copy="([A-Z0-9]{24})"/.exec(text)?.[1];
    if (shown !== undefined && !this.codes.has(name)) this.codes.set(name, shown);
  }

  /** The person reads the mail with a code. */
  async keepMailed(name: string, user: string): Promise<void> {
    const mails = await this.world.server.listKeptMail();
    const code = mails.find(({ mail }) => mail.template === 'factor_code')?.mail.model.code;
    if (code !== undefined) this.mailed.set(name, { user, code: String(code) });
  }

  mailedCode(name: string | undefined): string {
    return this.mailed.get(name ?? '')?.code ?? '000000';
  }

  /** The newest other code that this person was mailed. */
  private oldCode({ sent, user }: FactorAsked): string {
    const old = [...this.mailed].findLast(([name, one]) => name !== sent?.name && one.user === user)?.[1].code;
    return old === undefined || old === this.mailedCode(sent?.name) ? '000000' : old;
  }

  private async send(pages: Pages, late: boolean): Promise<Place> {
    const to = /name="to" value="([^"]+)"/.exec(await pages.read('email'))?.[1];
    if (late) this.world.shiftClock(-LONG_AGO_MS);
    const place = await pages.post('email', { action: 'send', to: to ?? '' });
    this.world.shiftClock(0);
    return place;
  }

  /** Answers on the page of a link that sets up a second factor, where it lets the person. True when one is set up. */
  async useLink(
    { how, index, ticket }: Extract<Action, { do: 'useFactorTicket' }>,
    before: State,
    page: Visit,
    browser: HttpBrowser,
  ): Promise<boolean> {
    const opened = pick(before.tickets, ticket);
    const kind = opened && pick(ticketKinds(before, opened), index);
    if (how === 'open' || kind === undefined || !page.text.includes(`value="add:${kind}"`)) return false;
    const form = await browser.submit(page, { action: `add:${kind}` });
    if (how === 'wrong') {
      await browser.submit(form, kind === 'otp' ? { code: '000000' } : { answer: '{}' });
      return false;
    }
    const name = `f${before.serial}`;
    const answer = kind === 'otp' ? { code: this.scan(name, form.text) } : { answer: this.make(name, form.text) };
    const done = await browser.submit(form, answer);
    this.keepCode(`r${before.serial}`, done.text);
    return done.status === 200;
  }

  /** A new application scans the secret of a page; its present code. */
  scan(name: string, page: string): string {
    const secret = /data-copy="([A-Z2-7]{32})"/.exec(page)?.[1];
    if (secret === undefined) throw new Error('the page shows no secret');
    const last = new TOTP({ secret }).generate();
    this.devices.set(name, { kind: 'otp', secret, last });
    return last;
  }

  /** A new key answers the page. */
  make(name: string, page: string): string {
    const options = /data-passkey-create="([^"]+)"/.exec(page)?.[1];
    if (options === undefined) throw new Error('the page asks for no new key');
    const { hostname: rpId, origin } = new URL(this.world.origin);
    const authenticator = createAuthenticator({ origin, rpId });
    this.devices.set(name, { kind: 'key', authenticator });
    return authenticator.create(decode(options));
  }

  /** The browser finds the passkey for the page of the address. */
  findPasskey(name: string, page: string): string {
    const options = /data-passkey-get="([^"]+)"/.exec(page)?.[1];
    const device = this.devices.get(name);
    if (options === undefined || device?.kind !== 'key')
      throw new Error('the page asks for no passkey, or there is none');
    return device.authenticator.get(decode(options));
  }

  /** Answers the question that waits; what `index` picks is looked up in the model's state. */
  async answer(
    { how, index, remember }: Extract<Action, { do: 'answer' }>,
    asked: FactorAsked,
    before: State,
    realUser: (name: string) => string,
    pages: Pages,
  ): Promise<Place> {
    if (asked.ask === 'seen') return pages.post(undefined, {});
    const more: Record<string, string> = remember ? { remember: 'on' } : {};
    if (how === 'exhausted') return this.exhaust(asked, pages);
    if (how === 'send' || how === 'send long ago') return this.send(pages, how !== 'send');
    if (asked.ask === 'enrol')
      return how === 'right' ? this.enrol(asked, index, before, pages) : this.mistake(asked, pages);
    if (how === 'mail' || how === 'mail old') {
      if (!asked.kinds.includes('email')) return this.mistake(asked, pages);
      const code = how === 'mail' ? this.mailedCode(asked.sent?.name) : this.oldCode(asked);
      return pages.post('email', { code, ...more });
    }
    if (how === 'recovery') {
      const held = before.users[asked.user]?.factors?.find(({ kind }) => kind === 'recovery-code');
      const code = this.codes.get(held?.name ?? '');
      if (!asked.kinds.includes('recovery-code') || code === undefined) return this.mistake(asked, pages);
      return pages.post('recovery-code', { code, ...more });
    }
    const chosen = pick(answerable(before, asked), index);
    const device = this.devices.get(chosen?.name ?? '');
    if (chosen === undefined || device === undefined || how === 'wrong') return this.mistake(asked, pages);
    if (device.kind === 'key') {
      if (how === 'used') return this.mistake(asked, pages);
      const options = /data-passkey-get="([^"]+)"/.exec(await pages.read('webauthn'))?.[1];
      // The page asks for the account's keys as they are now: one that was removed meanwhile is not asked for.
      const answer = options === undefined ? '{}' : device.authenticator.get(decode(options));
      return pages.post('webauthn', { answer, ...more });
    }
    if (how === 'right' || chosen.claimed !== true) {
      await this.world.pool.query(REST, [realUser(asked.user)]);
      device.last = new TOTP({ secret: device.secret }).generate();
    }
    return pages.post('otp', { code: device.last, ...more });
  }

  private async enrol(asked: FactorAsked, index: number, before: State, pages: Pages): Promise<Place> {
    const kind = pick(asked.kinds, index) ?? 'otp';
    const page = await pages.read(kind);
    const name = `f${before.serial}`;
    return kind === 'otp'
      ? pages.post('otp', { code: this.scan(name, page) })
      : pages.post(kind, { answer: this.make(name, page) });
  }

  private mistake({ ask, kinds }: FactorAsked, pages: Pages): Promise<Place> {
    if (kinds.includes('otp')) return pages.post('otp', { code: '000000' });
    return pages.post(ask === 'challenge' ? 'webauthn' : kinds[0], { answer: '{}' });
  }

  private async exhaust(asked: FactorAsked, pages: Pages): Promise<Place> {
    let place = await this.mistake(asked, pages);
    for (let tries = 1; tries < TRIES && place.isAgain; tries++) place = await this.mistake(asked, pages);
    return place;
  }
}
