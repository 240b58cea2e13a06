/**
 * Serves the stage, the mailbox and the files of public/. Answers only the browser of this machine, because these pages
 * show codes and change the tenant. Refuses another name in `Host` (DNS rebinding) and a POST from another site (CSRF).
 */
import { readFileSync } from 'node:fs';
import formBody from '@fastify/formbody';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { renderMail } from '../../src/mail/render.js';
import type { Order } from '../actions/deploy.js';
import { actionsPage, type Plays } from '../actions/page.js';
import { playTrials } from '../actions/trials.js';
import { type Addresses, portOf } from '../addresses.js';
import { signInAdministrator } from '../administrator.js';
import { mailboxPage, mailPage } from '../mailbox.js';
import type { OwnSsoDeps } from '../organization-settings/play.js';
import { registerOwnSso } from '../organization-settings/routes.js';
import { rolloutPage } from '../rollout/page.js';
import { playRollout, type RolloutDeps } from '../rollout/play.js';
import { RolloutState } from '../rollout/state.js';
import type { SecondFactorDeps } from '../second-factor/play.js';
import { registerSecondFactor } from '../second-factor/routes.js';
import { setUpPage } from '../set-up/page.js';
import { playSetUp } from '../set-up/play.js';
import { SetUpState } from '../set-up/state.js';
import { cookieOf, NO_PLAY } from '../visits.js';
import { stagePage } from './page.js';
import type { PageReport, Player, PlayerDeps } from './player.js';
import type { Steps } from './steps.js';

/** Maximum number of bytes of a captured page. The demo's pages have 20 kB. */
const REPORT_LIMIT = 1_048_576;

const FILES: Readonly<Record<string, string>> = {
  '/stage.js': 'text/javascript',
  '/colors.css': 'text/css',
  '/stage.css': 'text/css',
  '/actions.css': 'text/css',
  '/actions.js': 'text/javascript',
  '/rollout.css': 'text/css',
  '/rollout.js': 'text/javascript',
  '/autopilot.js': 'text/javascript',
  '/places.css': 'text/css',
};

/**
 * Matches cookies of the demo's three servers, by the beginnings of their names. Cookies of other programs on this host
 * stay.
 */
const OUR_COOKIES = /^(vestibule_|appSession|auth_verification|\w+_(session|interaction|resume)(\.|$))/;

function stagePolicy(addresses: Addresses): string {
  const shown = Object.values(addresses).join(' ');
  return `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self' ${shown}; base-uri 'none'; frame-ancestors 'self'`;
}

/** Policy for pages of the mailbox. They show a mail with its own inline styles in a frame without rights. */
const MAIL_POLICY = `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data: https:; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'`;

/** Policy for captured pages: nothing runs, and nothing is fetched except the style sheet of the demo's small pages. */
const FRAME_POLICY = `sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; frame-src 'self'; frame-ancestors 'self'`;

/** Policy for the page about Actions, which has no frames. */
const ACTIONS_POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Policy for the pages of stories 13 and 15, which load themselves again while they play. */
const ROLLOUT_POLICY = `${ACTIONS_POLICY}; connect-src 'self'`;

/** Milliseconds between two calls of the rollout, so that readers can watch. `pace=0` removes the delay. */
const ROLLOUT_PACE_MS = 250;

type StageDeps = PlayerDeps & SecondFactorDeps & OwnSsoDeps;

const NOT_PLAYED: Plays = { played: undefined, at: undefined, problem: undefined };

function sendHtml(reply: FastifyReply, policy: string, text: string): FastifyReply {
  return reply
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .type('text/html; charset=utf-8')
    .send(text);
}

function clearCookies(header: string | undefined): string[] {
  return (header ?? '')
    .split(/;\s*/)
    .map((item) => item.split('=')[0] ?? '')
    .filter((name) => OUR_COOKIES.test(name))
    .map((name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`);
}

function registerFiles(app: FastifyInstance): void {
  for (const [path, type] of Object.entries(FILES)) {
    app.get(path, async (_request, reply) =>
      reply
        .headers({ 'cache-control': 'no-cache' })
        .type(`${type}; charset=utf-8`)
        .send(readFileSync(new URL(`../public${path}`, import.meta.url), 'utf8')),
    );
  }
}

/** Returns the newest mail, for readers who click by hand. */
async function lastMail(server: PlayerDeps['server']) {
  const [kept] = await server.listKeptMail();
  if (kept === undefined) return null;
  const { id, to, model } = kept.mail;
  const code = typeof model.code === 'string' ? model.code : null;
  return { id, to, code, subject: renderMail(kept.mail).subject };
}

function registerPlaying(app: FastifyInstance, player: Player, server: PlayerDeps['server']): void {
  const state = async () => ({ ...player.state(), mail: await lastMail(server) });
  app.get('/stage/state.json', async () => {
    await player.readOrder();
    return { ...(await state()), tables: await player.tables() };
  });
  app.post('/stage/play/:story', async (request, reply) => {
    const started = await player.start((request.params as { story: string }).story);
    return started ?? reply.code(404).send({ error: 'there is no such story' });
  });
  app.post('/stage/put-back', async (_request, reply) => {
    await player.putBack();
    return reply.header('set-cookie', NO_PLAY).send({});
  });
  app.post('/stage/page', { bodyLimit: REPORT_LIMIT }, async (request) => {
    const { run, page } = request.body as { run: string; page: PageReport };
    const answer = await player.page(run, page);
    return { answer: answer ?? null, state: await state() };
  });
  app.post('/stage/leave', { bodyLimit: REPORT_LIMIT }, async (request) => {
    const { run, frame, html } = request.body as { run: string; frame: number; html: string };
    player.leave(run, frame, html);
    return {};
  });
  app.post('/stage/abort', async (request) => {
    const { run, why } = request.body as { run: string; why: string };
    await player.abort(run, why);
    return state();
  });
  app.get('/fresh', async (request, reply) => {
    const { run = '' } = request.query as { run?: string };
    const start = player.startOf(run);
    if (start === undefined) return reply.code(404).send('This play is over.');
    return reply
      .headers({ 'set-cookie': [...clearCookies(request.headers.cookie), cookieOf(run)], 'cache-control': 'no-store' })
      .redirect(start);
  });
  app.get('/stage/frame/:run/:frame', async (request, reply) => {
    const { run, frame } = request.params as { run: string; frame: string };
    const text = player.frameHtml(run, Number(frame));
    return text === undefined ? reply.code(404).send('') : sendHtml(reply, FRAME_POLICY, text);
  });
}

/** Registers the switch of the order. A script gets the new state; a form is redirected to the stage. */
function registerSwitch(app: FastifyInstance, player: Player): void {
  app.post('/stage/order', async (request, reply) => {
    const { order } = (request.body ?? {}) as { order?: string };
    if (order !== 'after_actions' && order !== 'before_actions')
      return reply.code(400).send({ error: 'no such order' });
    await player.turn(order satisfies Order);
    reply.header('set-cookie', NO_PLAY);
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    return isForm ? reply.redirect('/', 303) : player.state();
  });
}

/** Registers the page about three Actions. A second press during a play waits for the same play. */
function registerActions(app: FastifyInstance, deps: PlayerDeps, player: Player): void {
  let plays = NOT_PLAYED;
  let playing: Promise<void> | undefined;
  const play = async () => {
    try {
      const played = await player.alone(() => playTrials(deps));
      plays = { played, at: new Date(), problem: undefined };
    } catch (error) {
      plays = { ...NOT_PLAYED, problem: (error as Error).message };
    } finally {
      playing = undefined;
    }
  };
  app.get('/actions', async (_request, reply) => sendHtml(reply, ACTIONS_POLICY, actionsPage(deps.addresses, plays)));
  app.post('/actions/play', async (_request, reply) => {
    playing ??= play();
    await playing;
    return reply.redirect('/actions', 303);
  });
}

/**
 * Registers a story with a page of its own. It continues while the page is loaded again; a second press does nothing.
 */
function registerLongPlay<State extends Steps<string>>(
  app: FastifyInstance,
  player: Player,
  story: {
    readonly path: string;
    readonly begin: () => State;
    readonly play: (state: State, paceMs: number) => Promise<void>;
    readonly page: (state: State | undefined) => string | Promise<string>;
    /** Origins to which a form of the page leads besides the stage. */
    readonly leadsTo?: string;
  },
): void {
  let state: State | undefined;
  const policy = story.leadsTo
    ? ROLLOUT_POLICY.replace("form-action 'self'", `form-action 'self' ${story.leadsTo}`)
    : ROLLOUT_POLICY;
  app.get(story.path, async (_request, reply) => sendHtml(reply, policy, await story.page(state)));
  app.post(`${story.path}/play`, async (request, reply) => {
    const pace = Number((request.body as { pace?: string } | undefined)?.pace ?? ROLLOUT_PACE_MS);
    if (state === undefined || state.over) {
      const fresh = story.begin();
      state = fresh;
      void player
        .alone(() => story.play(fresh, Math.min(Math.max(pace || 0, 0), ROLLOUT_PACE_MS)))
        .catch((error) => {
          fresh.problem = (error as Error).message;
        })
        .finally(() => {
          fresh.over = true;
        });
    }
    return reply.redirect(story.path, 303);
  });
}

/** Registers stories 13, 15, 36 and 38, which need more than one browser. */
function registerLongPlays(app: FastifyInstance, deps: RolloutDeps & StageDeps, player: Player): void {
  registerLongPlay(app, player, {
    path: '/rollout',
    begin: () => new RolloutState(),
    play: (state, paceMs) => playRollout(deps, state, paceMs),
    page: (state) => rolloutPage(deps.addresses, state),
  });
  registerLongPlay(app, player, {
    path: '/set-up',
    begin: () => new SetUpState(),
    play: (state) => playSetUp(deps, state),
    page: (state) => setUpPage(deps.addresses, state),
  });
  const story = registerSecondFactor(app, deps, player);
  registerLongPlay(app, player, { ...story, leadsTo: deps.addresses.vestibule });
  registerLongPlay(app, player, registerOwnSso(app, deps, player));
}

/** Matches the reference of a refusal. Other texts are not used in an address. */
const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

/** Registers the address that opens the last refusal, or Acme's settings, in the console as the administrator. */
function registerConsole(app: FastifyInstance, { server, addresses, tenant }: PlayerDeps): void {
  // The link that claims the server works only once.
  let isOwned = false;
  app.post('/stage/administrator', async (request, reply) => {
    const { reference = '', to } = (request.body ?? {}) as { reference?: string; to?: string };
    const query = REFERENCE.test(reference) ? `?reference=${reference}` : '';
    const path = to === 'settings' ? `organizations/${tenant.acmeId}/settings` : `log${query}`;
    const cookies = await signInAdministrator(addresses.vestibule, isOwned ? undefined : server.firstOperatorLink);
    isOwned = true;
    // From here on the browser belongs to no play, so the console's requests belong to none.
    return reply.header('set-cookie', [NO_PLAY, ...cookies]).redirect(`${addresses.vestibule}/console/${path}`, 303);
  });
}

function registerMailbox(app: FastifyInstance, server: PlayerDeps['server'], stage: string): void {
  app.get('/mail', async (_request, reply) =>
    sendHtml(reply, MAIL_POLICY, mailboxPage(await server.listKeptMail(), stage)),
  );
  app.get('/mail/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const kept = (await server.listKeptMail()).find((item) => item.mail.id === id);
    if (kept === undefined) return reply.code(404).send('There is no such mail.');
    return sendHtml(reply, MAIL_POLICY, mailPage(kept, stage));
  });
}

/** Starts the stage on the port of its address. */
export async function startStage(deps: StageDeps & RolloutDeps, player: Player): Promise<{ stop(): Promise<void> }> {
  const { addresses, server } = deps;
  const app = Fastify({ forceCloseConnections: true });
  const host = new URL(addresses.stage).host;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (request.headers.host !== host) return reply.code(421).send(`Open ${addresses.stage} instead.`);
    if (request.method === 'POST' && origin !== addresses.stage) return reply.code(403).send('Only the stage itself.');
    return undefined;
  });
  app.get('/', async (_request, reply) =>
    sendHtml(reply, stagePolicy(addresses), stagePage(addresses, await player.readOrder())),
  );
  await app.register(formBody);
  registerFiles(app);
  registerPlaying(app, player, server);
  registerSwitch(app, player);
  registerActions(app, deps, player);
  registerLongPlays(app, deps, player);
  registerConsole(app, deps);
  registerMailbox(app, server, addresses.stage);
  await app.listen({ port: portOf(addresses.stage), host: '127.0.0.1' });
  return { stop: () => app.close() };
}
