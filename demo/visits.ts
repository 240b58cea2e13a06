/**
 * Whose request is this? The stage gives the browser of a story a cookie that names the play. When the story is left, requests of that
 * play that come later are turned away, and those under way are waited for. So a login that was left halfway is never written while
 * the next story is being counted. Requests without the cookie are nobody's business here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { html, page } from './html.js';

const COOKIE = 'stage_play';

/** For Set-Cookie: the browser belongs to this play from now on. */
export function cookieOf(playId: string): string {
  return `${COOKIE}=${playId}; Path=/; HttpOnly; SameSite=Lax`;
}

/** For Set-Cookie: the browser belongs to no play any more. */
export const NO_PLAY = `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

function readPlay(request: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1];
}

export class Visits {
  private readonly left = new Set<string>();
  private readonly underWay = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  /** A request begins. Gives what to call at its end (once or often), or undefined when its play was left. */
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

  /** From now on the play's requests are turned away. Resolves when none is under way. */
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

  /** For a server of Node's own kind: calls `answer` unless the play of the request was left. `stage` is the stage's origin. */
  pass(request: IncomingMessage, response: ServerResponse, stage: string, answer: () => void): void {
    const playId = readPlay(request);
    const end = playId === undefined ? () => {} : this.enter(playId);
    if (end === undefined) {
      response.writeHead(409, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': NO_PLAY });
      response.end(leftPage(stage));
      return;
    }
    // Not when the connection closes: everybody who goes away does not stop what was begun.
    const { end: finish } = response;
    response.end = ((...given: Parameters<typeof finish>) => {
      end();
      return finish.apply(response, given);
    }) as typeof finish;
    // A body that breaks off is never answered.
    request.once('close', () => !request.complete && end());
    answer();
  }

  /** The same for Vestibule: for the `onApp` option of the server. */
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
