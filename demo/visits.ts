/**
 * Finds the play that a request belongs to. The stage gives the browser of a story a cookie that names the play. When
 * the story is left, later requests of that play are refused, and those in progress are awaited. So an abandoned login
 * is never written while the next story is being counted. Requests without the cookie always pass.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { html, page } from './html.js';

const COOKIE = 'stage_play';

/** Returns a Set-Cookie value by which the browser joins this play. */
export function cookieOf(playId: string): string {
  return `${COOKIE}=${playId}; Path=/; HttpOnly; SameSite=Lax`;
}

/** Set-Cookie value by which the browser belongs to no play any more. */
export const NO_PLAY = `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

function readPlay(request: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1];
}

export class Visits {
  private readonly left = new Set<string>();
  private readonly underWay = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  /**
   * Begins a request. Returns a function to call at its end (repeated calls do no harm), or undefined if its play was
   * left.
   */
  enter(playId: string): (() => void) | undefined {
    if (this.left.has(playId)) return undefined;
    this.underWay.set(playId, (this.underWay.get(playId) ?? 0) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.underWay.set(playId, (this.underWay.get(playId) ?? 1) - 1);
      for (const look of [...this.waiting]) look();
    };
  }

  /** Refuses further requests of the play. Resolves when none is in progress. */
  leave(playId: string): Promise<void> {
    this.left.add(playId);
    return new Promise((resolve) => {
      const look = () => {
        if ((this.underWay.get(playId) ?? 0) > 0) return;
        this.waiting.delete(look);
        this.underWay.delete(playId);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  /**
   * Calls `answer` unless the play of the request was left; for a plain server of Node. `stage` is the stage's origin.
   */
  pass(request: IncomingMessage, response: ServerResponse, stage: string, answer: () => void): void {
    const playId = readPlay(request);
    const end = playId === undefined ? () => {} : this.enter(playId);
    if (end === undefined) {
      response.writeHead(409, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': NO_PLAY });
      response.end(leftPage(stage));
      return;
    }
    // Does not end the request when the connection closes: the work that it began goes on.
    const { end: finish } = response;
    response.end = ((...given: Parameters<typeof finish>) => {
      end();
      return finish.apply(response, given);
    }) as typeof finish;
    // A request whose body breaks off gets no answer, so it ends here.
    request.once('close', () => !request.complete && end());
    answer();
  }

  /** Does the same for Vestibule: for the server's `onApp` option. */
  watch(app: FastifyInstance, stage: string): void {
    app.addHook('onRequest', (request, reply, done) => this.pass(request.raw, reply.raw, stage, done));
  }
}

function leftPage(stage: string): string {
  return page({
    title: 'This story was left',
    kind: 'application',
    stage,
    body: html`<main><h1>This story was left</h1>
      <p>Another one was begun on the stage, so this sign-in does not go on. Nothing was written.</p>
      <p><a class="button plain" href="${stage}/" target="_top">Back to the stage</a></p></main>`,
  });
}
