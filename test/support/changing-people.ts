/** People who are about to change their account, for tests that put faults into the change: signed in, some with an app. */
import { PASSWORD, type Visitor } from './cast.js';
import { asksForFactor, factorSettings, OtpApp, STEP_UP } from './factors.js';
import type { Stage } from './stage.js';

export interface ChangingPerson {
  readonly email: string;
  readonly userId: string;
  readonly visitor: Visitor;
  /** Their authenticator app; without a secret for a person who has none. */
  readonly app: OtpApp;
}

/** A person's app, passed in the sign-in, and parameters of that sign-in. */
export interface Brought {
  readonly with?: 'app';
  readonly parameters?: Record<string, string>;
}

/** The factors of the tenant: a sign-in that asks for one sets up an app. */
const FACTORS = { otp: true, email: true, 'recovery-code': true };

/** Creates people on a stage. `now`: the time of the stage, where it is not the real one. */
export function changingPeople(stage: Stage, now?: () => number) {
  const settings = factorSettings(stage, now);
  return {
    settings,

    /** Signs a new member in. Returns them with an access token of the sign-in. */
    async signIn(key: string, { with: factor, parameters }: Brought = {}): Promise<ChangingPerson & { token: string }> {
      await settings.accept(FACTORS);
      const email = `${key}@plain.example`;
      const userId = await stage.cast.createMember(email);
      const visitor = stage.visitor();
      const app = new OtpApp(now);
      const asked = { ...(factor === 'app' && STEP_UP), ...parameters };
      const page = await visitor.withPassword(email, PASSWORD, asked);
      const { accessToken } = await visitor.redeem(asksForFactor(page) ? await app.answer(visitor, page) : page);
      if (factor === 'app') await settings.wait(userId, app);
      return { email, userId, visitor, app, token: accessToken };
    },

    /** Returns the id of the person's factor of a kind. */
    async idOf({ userId }: Pick<ChangingPerson, 'userId'>, kind: string): Promise<string> {
      const found = (await settings.factorsOf(userId)).find((factor) => factor.kind === kind);
      if (found === undefined) throw new Error(`${userId} has no ${kind}`);
      return String(found.id);
    },

    /** Reads the last code that was mailed to an address. */
    async codeTo(address: string): Promise<string> {
      const mails = await stage.instance.mail();
      const codes = mails.filter(({ mail }) => mail.to === address && mail.template === 'factor_code');
      const code = codes.at(-1)?.mail.model.code;
      if (code === undefined) throw new Error(`no code was mailed to ${address}`);
      return String(code);
    },
  };
}
