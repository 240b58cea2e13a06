/**
 * Applications that keep people signed in: each rotates its refresh token again and again. After a failed request it
 * tries the same token again, as an SDK does. Counts the families that the server refuses permanently.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Jar, login, makeHttp } from '../../bench/load-driver.mjs';
import { ssoScenario } from '../../bench/logins.js';
import { MACHINE } from '../../bench/setup.js';
import type { Place } from './load.js';

const FAMILIES = 12;
const PAUSE_MS = 1_000;

/** Switches the application to rotating refresh tokens without a leeway: the strictest setting. */
export async function allowRotation({ origin, tenant }: Place): Promise<void> {
  const credentials = { client_id: MACHINE.id, client_secret: MACHINE.secret, audience: `${origin}/api/v2/` };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...credentials });
  const answer = await fetch(`${origin}/oauth/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const changed = await fetch(`${origin}/api/v2/clients/${tenant.clientId}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
    }),
  });
  if (!changed.ok) throw new Error(`the application: ${changed.status} ${await changed.text()}`);
}

export class Rotations {
  /** The answer that ended a family, of each that ended. */
  readonly refusals: string[] = [];
  readonly families = FAMILIES;
  private isOver = false;
  private begun = 0;
  private readonly loops = new Set<Promise<void>>();

  constructor(
    private readonly place: Place,
    private readonly prefix: string,
  ) {}

  /** Signs people in until all families are rotating. Throws if a login fails: nothing is broken meanwhile. */
  async fill(): Promise<void> {
    while (this.loops.size < FAMILIES) {
      const token = await this.signIn(this.begun++);
      const loop: Promise<void> = this.rotate(token).finally(() => this.loops.delete(loop));
      this.loops.add(loop);
    }
  }

  private async signIn(index: number): Promise<string> {
    const organization = this.place.tenant.openOrganization;
    const options = { prefix: `${this.prefix}r`, scope: 'openid offline_access' };
    const scenario = ssoScenario(this.place, 'cluster', organization, options);
    let token = '';
    const finish = async (url: URL, context: Parameters<typeof scenario.finish>[1]) => {
      token = ((await scenario.finish(url, context)) as { refresh_token: string }).refresh_token;
    };
    const { ok, error } = await login({ ...scenario, finish }, index);
    if (!ok || !token) throw new Error(`no refresh token: ${String(error)}`);
    return token;
  }

  private async rotate(first: string): Promise<void> {
    const { origin, tenant } = this.place;
    const http = makeHttp(new Jar(), undefined, true);
    let token = first;
    while (!this.isOver) {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: tenant.clientId,
        client_secret: tenant.clientSecret,
        refresh_token: token,
      });
      const answer = await http(`${origin}/oauth/token`, { method: 'POST', body }).catch(() => undefined);
      if (answer?.status === 200) token = (answer.json() as { refresh_token: string }).refresh_token;
      else if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
        this.refusals.push(`${answer.status} ${answer.text.slice(0, 200)}`);
        return;
      }
      await sleep(PAUSE_MS);
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }
}
