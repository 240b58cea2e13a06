/**
 * A steady load of real logins through HAProxy, nodes, PgBouncer and HAProxy, at a fixed rate: a slow server does not
 * slow the load down. Every second login is of a newcomer. Remembers each login that a browser saw succeed, and each
 * failure. Sends to loopback addresses only (bench/load-driver.mjs).
 */
import { Agent } from 'undici';
import { login } from '../../bench/load-driver.mjs';
import { ssoScenario } from '../../bench/logins.js';
import type { BenchTenant } from '../../bench/setup.js';
import type { Failure, SeenLogin } from './judge.js';

/** People who come back. */
const RETURNING = 40;

/**
 * Networks that the people come from: the server limits each. All of 127.0.0.0/8 is this machine, and each of these
 * addresses is in another /24.
 */
const NETWORKS = 16;

export interface Place {
  readonly origin: string;
  readonly tenant: BenchTenant;
}

/** Returns the claims of an ID token, without a check: the server is not suspected of forging its own. */
export function claimsOf(idToken: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

export class Load {
  readonly seen: SeenLogin[] = [];
  readonly failures: Failure[] = [];
  private readonly agents = Array.from(
    { length: NETWORKS },
    (_item, index) =>
      new Agent({
        connect: { localAddress: `127.0.${index + 1}.1`, family: 4 },
        keepAliveTimeout: 10_000,
        headersTimeout: 60_000,
        bodyTimeout: 60_000,
      }),
  );
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private count = 0;

  /** `prefix` begins the name of each newcomer: another one for each load. */
  constructor(
    private readonly place: Place,
    private readonly prefix: string,
  ) {}

  /** Begins `rate` logins a second, until {@link stop}. */
  start(rate: number): void {
    this.timer = setInterval(() => {
      const one = this.play(this.count++).finally(() => this.underWay.delete(one));
      this.underWay.add(one);
    }, 1000 / rate);
  }

  private async play(index: number): Promise<void> {
    const isNew = index % 2 === 0;
    const name = isNew ? `${this.prefix}n${index}` : `back${(index >> 1) % RETURNING}`;
    const organization = this.place.tenant.openOrganization;
    const scenario = ssoScenario(this.place, 'cluster', organization, { prefix: name });
    const finish = async (url: URL, context: Parameters<typeof scenario.finish>[1]) => {
      const tokens = (await scenario.finish(url, context)) as { id_token: string };
      const { sid } = claimsOf(tokens.id_token);
      this.seen.push({ login: name, sessionId: String(sid), atMs: Date.now() });
    };
    const dispatcher = this.agents[index % NETWORKS];
    const typed = [
      { match: '*', fields: (form: { fields: object }) => ('login' in form.fields ? { login: name } : null) },
    ];
    const { ok, error } = await login({ ...scenario, finish, forms: typed, dispatcher }, index);
    if (!ok) this.failures.push({ atMs: Date.now(), error: toText(error) });
  }

  /** Begins no further login, and waits for those that are under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    await Promise.all(this.agents.map((one) => one.close()));
  }
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
}
