/**
 * Plays stories, one at a time. Restores the tenant, tells the autopilot what to do on each reported page, and keeps
 * what happened. Judges each act by the whole database before and after it. Decides nothing about any login.
 */
import { randomBytes } from 'node:crypto';
import type { Server } from '../../src/compose/server.js';
import { type RenderedMail, renderMail } from '../../src/mail/render.js';
import { type Order, readOrder, setOrder } from '../actions/deploy.js';
import type { Addresses } from '../addresses.js';
import {
  compare,
  forgetAttempts,
  type LedgerLine,
  type LedgerRow,
  type Snapshot,
  snapshot,
  toLines,
} from '../ledger.js';
import type { Operator, Tenant } from '../operator.js';
import { restoreAcme } from '../organization-settings/acme.js';
import { restoreCast } from '../restore.js';
import { requireNone } from '../second-factor/requirement.js';
import type { Visits } from '../visits.js';
import { readAnswer } from './judge.js';
import { ordinaryMove, STORIES } from './playbook.js';
import type { Act, Check, Move, PageKind, Story } from './stories.js';
import { arrange, type ShownTrace } from './trace.js';

export interface Frame {
  readonly act: number;
  readonly place: 'application' | 'Vestibule' | 'IdP' | 'mailbox';
  readonly title: string;
  says: string;
  html: string;
}

interface ActState {
  readonly title: string;
  readonly order: Order;
  ledger: readonly LedgerLine[];
  checks: readonly Check[];
  trace: ShownTrace | undefined;
}

export type StoryState = 'not played' | 'playing' | 'as promised' | 'as on Auth0' | 'not as promised';

interface Run {
  readonly id: string;
  readonly story: Story;
  readonly frames: Frame[];
  readonly acts: ActState[];
  act: number;
  start: string;
  before: Snapshot;
  logId: string | undefined;
  remembered: Readonly<Record<string, string>>;
  asked: readonly Check[];
  visits: Map<PageKind, number>;
  /** The tenant's order before the story. */
  readonly found: Order;
  over: boolean;
}

/** A page as the browser reports it. The browser itself adds `origin`, so the page cannot forge it. */
export interface PageReport {
  readonly origin: string;
  readonly path: string;
  readonly title: string;
  readonly html: string;
  /** Names of the visible fields. */
  readonly fields: readonly string[];
}

export interface Answer {
  /** Number of the frame that shows the page. */
  readonly frame: number;
  readonly move?: Move;
  /** Start address of the next act, when one begins. */
  readonly go?: string;
}

export interface PlayerDeps {
  readonly server: Pick<Server, 'pool' | 'listKeptMail' | 'firstOperatorLink'>;
  readonly operator: Operator;
  readonly tenant: Tenant;
  readonly addresses: Addresses;
  readonly visits: Visits;
}

/** A page that returns this often means an endless loop. The page that asks for a code returns after each guess. */
const MAX_VISITS = 3;
const MAX_GUESSES = 5;

/** Returns six digits that differ from the code. */
function wrongCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

export class Player {
  private run: Run | undefined;
  private readonly states = new Map<string, StoryState>();
  /** The tenant's order, as last read or set. */
  private order: Order = 'after_actions';
  /** Rows that the last play of each story left, for each order. */
  private readonly left = new Map<string, Map<Order, readonly LedgerLine[]>>();
  /** Processes reports one after the other. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: PlayerDeps) {}

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work, work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  /** Begins a story and ends the one in progress. Returns undefined if there is no such story. */
  start(storyId: string): Promise<{ run: string; go: string } | undefined> {
    return this.inTurn(async () => {
      const story = STORIES.find((item) => item.id === storyId);
      if (story === undefined) return undefined;
      await this.interrupt();
      const { operator, tenant, server } = this.deps;
      const found = await readOrder(operator);
      await requireNone(operator, tenant);
      await restoreAcme(operator, tenant);
      await story.restore(operator, tenant);
      await forgetAttempts(server.pool);
      const run: Run = {
        // Random, not a counter: a browser may still have the cookie of an earlier start of the demo.
        id: randomBytes(9).toString('base64url'),
        story,
        frames: [],
        acts: [],
        act: -1,
        start: '',
        before: new Map(),
        logId: undefined,
        remembered: {},
        asked: [],
        visits: new Map(),
        found,
        over: false,
      };
      this.run = run;
      this.states.set(storyId, 'playing');
      try {
        await this.nextAct(run);
      } catch (error) {
        await this.finish(run, 'not played');
        throw error;
      }
      return { run: run.id, go: this.freshUrl(run) };
    });
  }

  /** Restores everybody to the first start, for readers who click by hand. Ends the story in progress. */
  putBack(): Promise<void> {
    return this.alone(async () => {
      this.run = undefined;
      this.states.clear();
      this.left.clear();
      await restoreCast(this.deps.operator, this.deps.tenant);
      await forgetAttempts(this.deps.server.pool);
    });
  }

  /** Changes the tenant's order. Ends the story in progress. */
  turn(order: Order): Promise<void> {
    return this.alone(() => setOrder(this.deps.operator, order));
  }

  /** Runs work that changes the tenant without a story. Ends the story in progress first. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.interrupt();
      try {
        return await work();
      } finally {
        this.order = await readOrder(this.deps.operator);
      }
    });
  }

  /** Reads the setting again, since somebody may have changed it elsewhere. */
  async readOrder(): Promise<Order> {
    this.order = await readOrder(this.deps.operator);
    return this.order;
  }

  /** Ends the story in progress, if there is one: no request of it is answered afterwards. */
  private async interrupt(): Promise<void> {
    if (this.run === undefined) return;
    await this.deps.visits.leave(this.run.id);
    if (!this.run.over) await this.finish(this.run, 'not played');
  }

  /** Ends a story, for whatever reason, and restores its settings. */
  private async finish(run: Run, state: StoryState): Promise<void> {
    const { operator, tenant } = this.deps;
    run.over = true;
    this.states.set(run.story.id, state);
    await run.story.leave?.(operator, tenant, run.found);
    this.order = await readOrder(operator);
  }

  /** Returns the address at which a browser without cookies starts the current act. */
  startOf(runId: string): string | undefined {
    return this.run?.id === runId ? this.run.start : undefined;
  }

  private freshUrl(run: Run): string {
    return `${this.deps.addresses.stage}/fresh?run=${run.id}`;
  }

  private async nextAct(run: Run): Promise<void> {
    const { operator, tenant, server, addresses } = this.deps;
    run.act += 1;
    const act = this.actOf(run);
    const prepared = await act.prepare?.(operator, tenant);
    run.remembered = prepared?.remembered ?? {};
    run.asked = [];
    run.visits = new Map();
    run.start = `${addresses.application}/`;
    if (prepared?.mailTo !== undefined) {
      const mail = await this.findMail(prepared.mailTo, 'invitation');
      run.start = `${addresses.stage}/mail/${mail?.id ?? ''}`;
    }
    const order = await this.readOrder();
    run.logId = await operator.newestLogId();
    run.before = await snapshot(server.pool);
    const ledger = toLines(compare(run.before, run.before));
    run.acts.push({ title: act.title, order, ledger, checks: [], trace: undefined });
  }

  private actOf(run: Run): Act {
    const act = run.story.acts[run.act];
    if (act === undefined) throw new Error(`story ${run.story.id} has no act ${run.act + 1}`);
    return act;
  }

  private async findMail(
    to: string,
    template: string,
  ): Promise<{ id: string; mail: RenderedMail; code: string } | undefined> {
    const kept = await this.deps.server.listKeptMail();
    const found = kept.find(({ mail }) => mail.to === to && mail.template === template);
    if (found === undefined) return undefined;
    const { id, model } = found.mail;
    return { id, mail: renderMail(found.mail), code: String(model.code ?? '') };
  }

  private classify(page: PageReport): { kind: PageKind; place: Frame['place'] } {
    const { addresses } = this.deps;
    if (page.origin === addresses.stage) return { kind: 'mail', place: 'mailbox' };
    if (page.origin === addresses.acmeIdp || page.origin === addresses.evilIdp) return { kind: 'idp', place: 'IdP' };
    if (page.origin === addresses.application) {
      const kinds: Record<string, PageKind> = { '/': 'home', '/me': 'inside', '/callback': 'not-in' };
      return { kind: kinds[page.path] ?? 'other', place: 'application' };
    }
    if (/class="reference"/.test(page.html)) return { kind: 'refusal', place: 'Vestibule' };
    const kinds: Record<string, PageKind> = {
      '/u/login/identifier': 'identifier',
      '/u/login/password': 'password',
      '/u/invitation': 'invitation',
      '/u/proof': 'proof',
    };
    return { kind: kinds[page.path] ?? 'other', place: 'Vestibule' };
  }

  /**
   * Processes a reported page and returns what to do on it. Returns undefined if the run is over or is not the current
   * one.
   */
  page(runId: string, page: PageReport): Promise<Answer | undefined> {
    return this.inTurn(async () => {
      const { run } = this;
      if (run === undefined || run.id !== runId || run.over) return undefined;
      const act = this.actOf(run);
      const { kind, place } = this.classify(page);
      const frame = run.frames.push({ act: run.act, place, title: page.title, says: '', html: page.html }) - 1;
      const visits = (run.visits.get(kind) ?? 0) + 1;
      run.visits.set(kind, visits);
      const ledger = await this.lookAtLedger(run);
      if (['inside', 'not-in', ...(act.endsAt ?? [])].includes(kind)) return this.endAct(run, act, kind, ledger, frame);
      const most = kind === 'proof' && act.guesses ? MAX_GUESSES : MAX_VISITS;
      const move = visits > most ? undefined : await this.findMove(run, act, kind, ledger);
      if (move === undefined) {
        await this.fail(run, `The browser came to a page that this story does not know: “${page.title}”.`);
        return { frame };
      }
      this.say(run, frame, move.says);
      return { frame, move };
    });
  }

  private say(run: Run, frame: number, says: string): void {
    const seen = run.frames[frame];
    if (seen) seen.says = says;
  }

  private async lookAtLedger(run: Run): Promise<readonly LedgerRow[]> {
    const ledger = compare(run.before, await snapshot(this.deps.server.pool));
    const state = run.acts[run.act];
    if (state) state.ledger = toLines(ledger);
    return ledger;
  }

  private async findMove(run: Run, act: Act, kind: PageKind, ledger: readonly LedgerRow[]): Promise<Move | undefined> {
    if (kind !== 'proof') return act.moves?.[kind] ?? ordinaryMove(kind, act.person);
    run.asked = act.asked?.(ledger) ?? [];
    const sent = await this.findMail((act.guesses ?? act.person).email, 'proof_code');
    if (sent === undefined) return undefined;
    if (act.guesses) {
      const says = `${act.person.name} cannot read the code that was mailed to ${act.guesses.name}, and guesses`;
      return { says, fill: { code: wrongCode(sent.code) }, press: 'main form button[value=code]' };
    }
    run.frames.push({
      act: run.act,
      place: 'mailbox',
      title: sent.mail.subject,
      says: 'The code arrives',
      html: sent.mail.html,
    });
    const says = `${act.person.name} types the code from the mail`;
    return { says, fill: { code: sent.code }, press: 'main form button[value=code]' };
  }

  private async endAct(
    run: Run,
    act: Act,
    end: PageKind,
    ledger: readonly LedgerRow[],
    frame: number,
  ): Promise<Answer> {
    const { operator, tenant } = this.deps;
    const state = run.acts[run.act];
    const [login] = (await operator.loginsAfter(run.logId)).slice(-1);
    const order = state?.order ?? this.order;
    const told = readAnswer(run.frames[frame]?.html ?? '');
    const judged = await act.judge({ ledger, end, told, operator, tenant, remembered: run.remembered, order, login });
    if (state) {
      state.checks = [...run.asked, ...judged];
      state.trace = login && arrange(login);
    }
    const name = act.person.name;
    this.say(run, frame, end === 'inside' ? `${name} is in` : `${name} is refused`);
    const failed = judged.some((check) => !check.ok) || run.asked.some((check) => !check.ok);
    if (!failed && run.act + 1 < run.story.acts.length) {
      await this.nextAct(run);
      return { frame, go: this.freshUrl(run) };
    }
    if (run.story.withActions && run.story.acts.length === 1) this.remember(run.story.id, order, toLines(ledger));
    const learned = run.acts.some((item) => item.checks.some((check) => check.lesson));
    await this.finish(run, failed ? 'not as promised' : learned ? 'as on Auth0' : 'as promised');
    return { frame };
  }

  private remember(storyId: string, order: Order, lines: readonly LedgerLine[]): void {
    const known = this.left.get(storyId) ?? new Map<Order, readonly LedgerLine[]>();
    this.left.set(storyId, known.set(order, lines));
  }

  /** Returns what the same story left in the other order, if it was played in both. */
  private findOther(run: Run): readonly LedgerLine[] | null {
    const other = run.acts[0]?.order === 'after_actions' ? 'before_actions' : 'after_actions';
    return (run.over && this.left.get(run.story.id)?.get(other)) || null;
  }

  private async fail(run: Run, says: string): Promise<void> {
    const state = run.acts[run.act];
    if (state) state.checks = [...run.asked, { says, ok: false }];
    await this.finish(run, 'not as promised');
  }

  /** Stores a page as it looked, with its typed values, when the browser left it. */
  leave(runId: string, frame: number, html: string): void {
    const seen = this.run?.id === runId ? this.run.frames[frame] : undefined;
    if (seen) seen.html = html;
  }

  /** Ends a run whose browser reports nothing any more. */
  abort(runId: string, why: string): Promise<void> {
    return this.inTurn(async () => {
      if (this.run?.id === runId && !this.run.over) await this.fail(this.run, why);
    });
  }

  /** Returns the HTML of a frame of the current run. */
  frameHtml(runId: string, frame: number): string | undefined {
    return this.run?.id === runId ? this.run.frames[frame]?.html : undefined;
  }

  /** Returns all data that the stage shows. */
  state() {
    const { run } = this;
    return {
      order: this.order,
      stories: STORIES.map(({ id, title }) => ({
        id,
        title,
        state: this.states.get(id) ?? ('not played' as StoryState),
      })),
      run: run
        ? {
            id: run.id,
            story: run.story.id,
            over: run.over,
            withActions: run.story.withActions === true,
            acts: run.acts,
            other: this.findOther(run),
            frames: run.frames.map(({ act, place, title, says }) => ({ act, place, title, says })),
          }
        : null,
    };
  }

  /** Counts every table, for the stage before a story is played. */
  async tables(): Promise<readonly LedgerLine[]> {
    const now = await snapshot(this.deps.server.pool);
    return toLines(compare(now, now));
  }
}
