/**
 * Nora's phone and her sheet of paper: the demo's own authenticator app, which reads the key from each page that shows
 * one, and the recovery codes that such pages show. So readers without an authenticator can play story 36 by hand.
 * Only for this demo on loopback: a real server never hands such a page to anybody else.
 */
import type { FastifyInstance } from 'fastify';
import { TOTP } from 'otpauth';

const STEP_MS = 30_000;
/** The app lists so many accounts, the newest first. */
const MOST_APPS = 3;

/** The buttons *Copy* of Vestibule's pages: the key of a new app, and a new recovery code. */
const KEY = /data-copy="([A-Z2-7]{32})"/;
const RECOVERY_CODE = /data-copy="([A-Z0-9]{24})"/;
const ADDRESS = /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.example/;

interface App {
  readonly secret: string;
  /** The address on the page; the account page shows none. */
  readonly account: string;
}

/** An account in the app, as the page shows it. */
export interface ShownCode {
  readonly account: string;
  readonly code: string;
}

export class PhoneAndPaper {
  private apps: readonly App[] = [];
  private written: string | undefined;
  private lastStep = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** Reads each page that the server sends: a function for the server's `onApp` option. */
  watch(app: FastifyInstance): void {
    app.addHook('onSend', async (_request, _reply, payload) => {
      if (typeof payload === 'string') this.read(payload);
      return payload;
    });
  }

  /** Scans the key and writes down the recovery code, if the page shows one. */
  read(page: string): void {
    const secret = KEY.exec(page)?.[1];
    if (secret !== undefined && !this.apps.some((app) => app.secret === secret)) {
      const account = ADDRESS.exec(page)?.[0] ?? 'set up on the account page';
      this.apps = [{ secret, account }, ...this.apps].slice(0, MOST_APPS);
      this.lastStep = 0;
    }
    this.written = RECOVERY_CODE.exec(page)?.[1] ?? this.written;
  }

  private codeAt({ secret }: App, step: number): string {
    return new TOTP({ secret }).generate({ timestamp: step * STEP_MS });
  }

  private step(): number {
    return Math.floor(this.now() / STEP_MS);
  }

  /** The codes of this moment, the newest account first. */
  codes(): readonly ShownCode[] {
    return this.apps.map((app) => ({ account: app.account, code: this.codeAt(app, this.step()) }));
  }

  /** Seconds until the next codes. */
  secondsLeft(): number {
    return Math.ceil(((this.step() + 1) * STEP_MS - this.now()) / 1000);
  }

  /** A code of the newest account that was not given yet: the server takes each code once. */
  nextCode(): string {
    const [app] = this.apps;
    if (app === undefined) throw new Error('the phone has scanned no key');
    this.lastStep = Math.max(this.lastStep + 1, this.step());
    return this.codeAt(app, this.lastStep);
  }

  /** The newest recovery code on the paper. */
  recoveryCode(): string | undefined {
    return this.written;
  }

  /** The phone is gone; the paper is still there. */
  losePhone(): void {
    this.apps = [];
    this.lastStep = 0;
  }

  /** Begins with a new phone and an empty paper. */
  forget(): void {
    this.losePhone();
    this.written = undefined;
  }
}
