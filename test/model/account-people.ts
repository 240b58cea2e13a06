/**
 * How the people of a history use the page of their account: they press its buttons, and answer for the factor that they set up. Reads what
 * the page says. Decides nothing.
 */
import { idsOf } from '../support/account-page.js';
import type { HttpBrowser, Visit } from '../support/http-browser.js';
import type { Action } from './actions.js';
import { pick } from './draft.js';
import type { FactorPeople } from './factor-people.js';
import type { HeldFactor, Outcome, State } from './state.js';
import type { World } from './world.js';

type Of<N extends Action['do']> = Extract<Action, { do: N }>;

/** Longer than a proof permits changes. */
const TOO_LATE_MS = 16 * 60_000;
/** Longer than an enrolment is valid, while its session still permits changes. */
const EXPIRED_MS = 11 * 60_000;
/** Fills the allowance of forms again. */
const REST_MS = 31_000;

/** Sentences of the page about a refused change. */
const SENTENCES: Readonly<Record<string, string>> = {
  'Confirm that it is you, and try again.': 'not_allowed',
  'Something changed meanwhile, so we stopped. Start again.': 'changed',
  'A second step is required here, so your last one stays. Set up another one first.': 'last',
};
const TOO_MANY = 'There were too many tries in a short time.';

const PAGE: Outcome = { kind: 'page' };
const DONE: Outcome = { kind: 'done' };

/** The sentence of a refusal; undefined where the change was made, or goes on. */
function refusalOf({ status, text, url }: Visit): Outcome | undefined {
  if (status === 401) return { kind: 'refused', code: 'account.signed_out' };
  if (status !== 409) return undefined;
  const [, why] = Object.entries(SENTENCES).find(([sentence]) => text.includes(sentence)) ?? [];
  if (why === undefined) throw new Error(`the page ${url.href} refuses without a known sentence`);
  return { kind: 'refused', code: `account.${why}` };
}

/** See the top of the file. */
export class AccountPeople {
  /** The pages on which a factor is being set up, by browser. */
  private readonly enrolments = new Map<HttpBrowser, Visit>();

  constructor(
    private readonly world: World,
    private readonly factors: FactorPeople,
    private readonly realUser: (name: string) => string,
  ) {}

  async begin(browser: HttpBrowser, { kind, late, browser: index }: Of<'accountBegin'>, before: State) {
    const app = this.factorsOf(before, index).find((one) => one.kind === 'otp');
    const action = kind === 'replace' ? `replace:${app && (await this.idOf(before, index, app))}` : `add:${kind}`;
    const page = await this.send(browser, { action }, late ? TOO_LATE_MS : 0);
    const refusal = refusalOf(page);
    if (refusal) return refusal;
    if (!/name="enrolment"/.test(page.text)) throw new Error(`no enrolment at ${page.url.href}`);
    this.enrolments.set(browser, page);
    return PAGE;
  }

  async finish(browser: HttpBrowser, { right, late }: Of<'accountFinish'>, before: State): Promise<Outcome> {
    const begun = this.enrolments.get(browser);
    const form = begun?.forms.find(({ fields }) => 'enrolment' in fields);
    if (!begun || !form) throw new Error('nothing was begun in this browser');
    const name = `f${before.serial}`;
    const isApp = form.fields.kind === 'otp';
    const wrong = isApp ? { code: '000000' } : { answer: '{}' };
    const answer = isApp
      ? { code: this.factors.scan(name, begun.text) }
      : { answer: this.factors.make(name, begun.text) };
    const fields = { ...form.fields, ...(right ? answer : wrong) };
    const page = await this.send(browser, fields, late ? EXPIRED_MS : 0, form.action);
    const refusal = refusalOf(page);
    if (refusal) return refusal;
    if (page.status === 400) {
      this.enrolments.set(browser, page);
      return PAGE;
    }
    this.factors.keepCode(`r${before.serial}`, page.text);
    return this.done(page, 'added');
  }

  async renewRecovery(browser: HttpBrowser, { late }: Of<'accountRecovery'>, before: State): Promise<Outcome> {
    const page = await this.send(browser, { action: 'recovery' }, late ? TOO_LATE_MS : 0);
    const refusal = refusalOf(page);
    if (refusal) return refusal;
    this.factors.keepCode(`r${before.serial}`, page.text);
    return this.done(page, 'recovery');
  }

  async remove(browser: HttpBrowser, { index, late, browser: at }: Of<'accountRemove'>, before: State) {
    const factor = pick(this.factorsOf(before, at), index);
    const id = factor && (await this.idOf(before, at, factor));
    const page = await this.send(browser, { action: `remove:${id}` }, late ? TOO_LATE_MS : 0);
    return refusalOf(page) ?? this.done(page, 'removed');
  }

  /** Revokes the session of `other`, by its id: a button of the page if it is the person's own. */
  async end(browser: HttpBrowser, other: HttpBrowser): Promise<Outcome> {
    const [id] = idsOf(await other.visit(`${this.world.origin}/account`), 'end');
    const page = await this.send(browser, { action: `end:${id}` }, 0);
    const isOwn = page.status === 200 && page.url.search === '';
    return refusalOf(page) ?? (isOwn && browser === other ? DONE : this.done(page, 'ended'));
  }

  async endOthers(browser: HttpBrowser): Promise<Outcome> {
    const page = await this.send(browser, { action: 'end-others' }, 0);
    return refusalOf(page) ?? this.done(page, 'others');
  }

  /** Checks that the page confirms the change: with the recovery code that it shows once, or with a sentence. */
  private done({ status, text, url }: Visit, what: string): Outcome {
    const isShown = /data-copy="[A-Z0-9]{24}"/.test(text);
    if (status !== 200 || !(isShown || url.searchParams.get('done') === what))
      throw new Error(`not ${what}: ${status} at ${url.href}`);
    return DONE;
  }

  /** Posts a form of the page, `later` by so many milliseconds. Somebody who was too fast rests and sends it again. */
  private async send(
    browser: HttpBrowser,
    fields: Readonly<Record<string, string>>,
    later: number,
    action = `${this.world.origin}/account`,
  ): Promise<Visit> {
    this.world.shiftClock(later);
    const options = { method: 'POST', headers: { origin: this.world.origin } };
    const visit = () => browser.visit(action, { ...options, body: new URLSearchParams(fields) });
    const first = await visit();
    if (first.status === 409 && first.text.includes(TOO_MANY)) this.world.rest(REST_MS);
    const page = first.text.includes(TOO_MANY) ? await visit() : first;
    this.world.shiftClock(0);
    return page;
  }

  private userOf(before: State, index: number): string {
    return before.sessions[before.browsers[index]?.session ?? '']?.user ?? '';
  }

  private factorsOf(before: State, index: number): readonly HeldFactor[] {
    return before.users[this.userOf(before, index)]?.factors ?? [];
  }

  /** The server's id of a factor: those of one kind are in the order in which they were set up. */
  private async idOf(before: State, index: number, { name, kind }: HeldFactor): Promise<string | undefined> {
    const alike = this.factorsOf(before, index).filter((one) => one.kind === kind);
    const { rows } = await this.world.pool.query<{ id: string }>(
      'select id from factors where user_id = $1 and kind = $2 and confirmed_at is not null order by created_at, id',
      [this.realUser(this.userOf(before, index)), kind],
    );
    return rows[alike.findIndex((one) => one.name === name)]?.id;
  }
}
