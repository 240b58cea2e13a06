/**
 * People with second factors, for tests that sign in through the pages: an authenticator app, the pages' questions, and the
 * settings that ask for a factor.
 */
import { TOTP } from 'otpauth';
import { MULTI_FACTOR } from '../../src/domain/factors/factor.js';
import { PASSWORD, type Visitor } from './cast.js';
import type { Visit } from './http-browser.js';
import type { Stage } from './stage.js';

const STEP_MS = 30_000;

export const FACTOR_PATH = '/u/second-factor';
/** Parameters by which an application asks for a second factor. */
export const STEP_UP = { acr_values: MULTI_FACTOR } as const;

/** The secret that the page shows for a new authenticator app. */
export const secretOf = (page: Visit): string | undefined => /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1];
/** The recovery code that the page shows. */
export const recoveryCodeOf = (page: Visit): string | undefined => /data-copy="([A-Z0-9]{24})"/.exec(page.text)?.[1];
export const asksForFactor = (page: Visit): boolean => page.url.pathname === FACTOR_PATH;

/** An authenticator app. Each code is of a newer step than the one before. */
export class OtpApp {
  secret: string | undefined;
  #lastStep = 0;
  constructor(readonly now: () => number = Date.now) {}

  /** A code that was not given yet. */
  code(): string {
    this.#lastStep = Math.max(this.#lastStep + 1, Math.floor(this.now() / STEP_MS));
    return this.codeOfStep(0);
  }

  /** The code of a step that is so far from the last one; 0 is the last code again. */
  codeOfStep(distance: number): string {
    if (this.secret === undefined) throw new Error('no application is set up');
    return new TOTP({ secret: this.secret }).generate({ timestamp: (this.#lastStep + distance) * STEP_MS });
  }

  /** Begins with the present code again, as if the last one had been typed a while ago. */
  rest(): void {
    this.#lastStep = 0;
  }

  /** Answers every question for a factor, and sets this app up where the page asks for it. */
  async answer(visitor: Pick<Visitor, 'browser'>, page: Visit): Promise<Visit> {
    if (!asksForFactor(page)) return page;
    this.secret = secretOf(page) ?? this.secret;
    const next = await visitor.browser.submit(page, { code: this.code() });
    return recoveryCodeOf(next) === undefined ? next : visitor.browser.submit(next, {});
  }
}

/** Settings of second factors on a stage, past the API. */
export function factorSettings(stage: Stage, now?: () => number) {
  const sql = async (text: string, values: unknown[] = []) =>
    (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
  return {
    sql,
    /** Sets the factors that the tenant accepts. */
    accept: (factors: Record<string, boolean>, policies: readonly string[] = []) =>
      sql('update tenant set guardian = $1', [JSON.stringify({ factors, policies })]),
    /** Sets which people the organization asks. */
    requireAt: (mfa: string, organizationId = stage.cast.acme.id) =>
      stage.instance.api('PATCH', `/organizations/${organizationId}`, { mfa }),
    factorsOf: (userId: string) =>
      sql('select id, kind, last_step, vouched_by from factors where user_id = $1 order by kind', [userId]),
    /** As if the last code had been given long ago: the present one can be given. */
    async wait(userId: string, app: OtpApp) {
      await sql('update factors set last_step = last_step - 10 where user_id = $1 and last_step is not null', [userId]);
      app.rest();
    },
    /** The member sets up an authenticator app, in a browser of their own. */
    async enrol(email: string, userId: string, parameters: Record<string, string> = {}): Promise<OtpApp> {
      const app = new OtpApp(now);
      const visitor = stage.visitor();
      const page = await visitor.withPassword(email, PASSWORD, { ...STEP_UP, ...parameters });
      await visitor.redeem(await app.answer(visitor, page));
      await this.wait(userId, app);
      return app;
    },
  };
}
