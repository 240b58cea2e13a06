/**
 * A place where an Action waits: it asks for an address under this one, and the test answers when it wants to. With it the tenant's
 * code can be stopped in the middle, while something else happens.
 */
import { createServer, type ServerResponse } from 'node:http';

export interface Gate {
  /** The address that an Action asks, followed by a key of its own. */
  readonly url: string;
  /** Resolves once somebody waits under `key`; the next call is about the next one. */
  arrived(key: string): Promise<void>;
  /** Lets one request that is pending under `key` go on with this answer: the first or the last. */
  open(key: string, answer?: Readonly<Record<string, unknown>>, which?: 'first' | 'last'): void;
  /** Requests under `key` from now on are not kept waiting. */
  openAlways(key: string, answer?: Readonly<Record<string, unknown>>): void;
  stop(): Promise<void>;
}

class Place {
  private readonly waiting: ServerResponse[] = [];
  private readonly expecting: (() => void)[] = [];
  private unseen = 0;
  always: Readonly<Record<string, unknown>> | undefined;

  ask(response: ServerResponse): void {
    this.waiting.push(response);
    // The request of a killed process waits no more.
    response.on('close', () => {
      const index = this.waiting.indexOf(response);
      if (index !== -1) this.waiting.splice(index, 1);
    });
    const expecting = this.expecting.shift();
    if (expecting) expecting();
    else this.unseen += 1;
    if (this.always) this.open(this.always);
  }

  arrived(): Promise<void> {
    if (this.unseen > 0) {
      this.unseen -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.expecting.push(resolve));
  }

  open(answer: Readonly<Record<string, unknown>>, which: 'first' | 'last' = 'first'): void {
    const response = which === 'first' ? this.waiting.shift() : this.waiting.pop();
    if (!response) throw new Error('nobody waits at the gate');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }
}

/** Starts it on loopback. */
export async function startGate(): Promise<Gate> {
  const places = new Map<string, Place>();
  const at = (key: string): Place => {
    const place = places.get(key) ?? new Place();
    places.set(key, place);
    return place;
  };
  const server = createServer((request, response) => at(decodeURIComponent(request.url?.slice(1) ?? '')).ask(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    arrived: (key) => at(key).arrived(),
    open: (key, answer = {}, which = 'first') => at(key).open(answer, which),
    openAlways(key, answer = {}) {
      at(key).always = answer;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A post-login Action that does what the gate answers under the person's address: agrees (and counts how often it has agreed), denies,
 * throws. Secret: `gate`.
 */
export const GATED = `exports.onExecutePostLogin = async (event, api) => {
  const answer = await (await fetch(event.secrets.gate + '/' + encodeURIComponent(event.user.email))).json();
  api.user.setAppMetadata('agreed', (event.user.app_metadata.agreed ?? 0) + 1);
  api.idToken.setCustomClaim('https://gate.example/said', answer.say ?? 'yes');
  if (answer.say === 'deny') return api.access.deny('the gate said no');
  if (answer.say === 'throw') throw new Error('the gate threw');
};`;
