/**
 * The stage's page: the stories, the problem and its answer or the story in progress, the table changes, and the cast.
 * public/stage.js fills it in. Keeps no state of its own.
 */
import type { Order } from '../actions/deploy.js';
import type { Addresses } from '../addresses.js';
import { Html, html } from '../html.js';
import { CAST, PASSWORD } from '../people.js';
import { STORIES } from './playbook.js';

function castList(): Html {
  const people = Object.values(CAST).map(
    (person) => html`<li data-person="${person.key}" title="${person.email}">
      <span class="face" data-who="${person.key}">${person.name[0]}</span><span><b>${person.name}</b> ${person.about}</span></li>`,
  );
  return html`<ul class="cast">${people}</ul>`;
}

/** Renders what readers need who click by hand: addresses, the password, and the newest mail. */
function byHand(): Html {
  return html`<div class="needs"><label><input type="checkbox" id="by-hand"> <b>I click myself</b></label>
    <dl><dt>E-mail</dt><dd><code>dana@acme.example</code> …</dd>
    <dt>Password</dt><dd><code>${PASSWORD}</code></dd>
    <dt>Mail</dt><dd id="last-mail">none yet</dd></dl></div>`;
}

function elsewhere(id: string, path: string, words: string, title: string): Html {
  return html`<li><a class="story" href="${path}" title="${title}"><span class="mark" aria-hidden="true"></span>
    <span class="number">${id}</span> <span class="what">${words}</span></a></li>`;
}

function storyList(): Html {
  const items = STORIES.map(
    (story) => html`<li><button class="story" data-story="${story.id}" title="${story.title}">
      <span class="mark" aria-hidden="true"></span><span class="number">${story.id}</span>
      <span class="what">${story.title}<small class="state">not played</small></span></button></li>`,
  );
  // Stories 13, 15, 36 and 38 need more than one browser, so they have pages of their own.
  const before = STORIES.filter(({ id }) => id < '13').length;
  const company = elsewhere(
    '13',
    '/rollout',
    'A company moves …',
    'A whole company moves to single sign-on: a page of its own',
  );
  const customer = elsewhere(
    '15',
    '/set-up',
    'A customer sets up …',
    'A customer connects their own identity provider: a page of its own',
  );
  const factor = elsewhere(
    '36',
    '/second-factor',
    'Second factor …',
    'Acme requires a second factor, and Nora sets one up and loses it: a page of its own',
  );
  const own = elsewhere(
    '38',
    '/own-sso',
    'Acme’s own SSO …',
    'Acme’s administrator turns on its own sign-in, inside the application: a page of its own',
  );
  return html`<ol class="stories">${items.slice(0, before)}${company}${customer}${items.slice(before)}${factor}${own}</ol>`;
}

const go = (id: string, words: string): Html =>
  html`<button class="go" data-play="${id}"><span class="number">${id}</span> ${words}</button>`;

/** Renders the introduction: first the problem, then the answer, each with the story that shows it. */
function problem(): Html {
  return html`<div class="intro" id="intro">
    <h2>The problem</h2>
    <p>A company turns on its own sign-in (SSO) for its organization in your application. From then on its people are sent
      there by their e-mail domain. On Auth0 this happens:</p>
    <ol class="cases">
      <li class="fine"><b>Invited people</b> get in.</li>
      <li><b>Members who so far had a password</b> are refused: <q>user … is not part of the org_… organization</q>. The
        company sign-in is a new account for Auth0, and it is no member. No Action of yours is even asked.</li>
      <li><b>With auto-membership on</b> they get in, and so does every stranger at the company: membership is written
        <em>before</em> your Post-Login Action can refuse. The refused stranger stays a member, and cannot be invited any more.</li>
    </ol>
    <h2>The answer</h2>
    <p>Vestibule is a sign-in server that takes the place of the Auth0 tenant. It decides first and writes last. Six steps ask who
      this is, which rule lets them in and what your Actions say. Only then does <b>one transaction</b> write everything.
      Refused people leave nothing behind.</p>
    <p class="starts">${go('02', 'The member with a password is in, as the same user')}
      ${go('03', 'The stranger is refused, and leaves zeros')}
      ${go('04', 'The same with auto-membership and an Action')}
      ${go('05', 'Refused, then invited: in')}</p>
    <p class="how">Your own browser walks through real servers, in a frame. The tables show what the database gained.
      The number keys play the stories, too.</p>
  </div>`;
}

const ORDERS: readonly { order: Order; label: string }[] = [
  { order: 'after_actions', label: 'after Actions' },
  { order: 'before_actions', label: 'before Actions' },
];

/** Renders the switch of the tenant's order, which also works as a plain form. */
function orderSwitch(now: Order): Html {
  const buttons = ORDERS.map(
    ({ order, label }) =>
      html`<button name="order" value="${order}" aria-pressed="${order === now ? 'true' : 'false'}">${label}</button>`,
  );
  return html`<form class="order" id="order" method="post" action="/stage/order">
    <p><b>Membership is decided</b> <span class="switch" role="group" aria-label="Membership is decided">${buttons}</span></p>
    <p class="means">“Before” is Auth0’s: play 04 in both.</p></form>`;
}

/** Renders facts for the script that the page does not show: the people of each story, and its two sentences. */
function facts(addresses: Addresses): string {
  const stories = STORIES.map(({ id, title, person, lives, elsewhere }) => ({
    id,
    title,
    person: person.key,
    name: person.name,
    lives,
    elsewhere,
  }));
  return JSON.stringify({ addresses, stories }).replaceAll('<', '\\u003c');
}

/** Renders the page. `order` is the tenant's present setting. */
export function stagePage(addresses: Addresses, order: Order): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vestibule · the stage</title>
<link rel="stylesheet" href="/colors.css">
<link rel="stylesheet" href="/stage.css">
<link rel="icon" href="data:,">
</head>
<body>
<header class="top">
  <h1>Vestibule</h1><p>SSO for members who had a password, and nothing left of strangers.</p>
  <nav><button id="problem" aria-controls="intro">The problem</button><a href="/actions">Actions: three ways</a><a href="/rollout">a company moves</a><a href="${addresses.application}" target="_blank">application</a><a href="/mail" target="_blank">mailbox</a></nav>
</header>
<main>
<section class="left plays" aria-labelledby="stories">
  <h2 id="stories">Stories</h2>
  ${storyList()}
  <p class="all"><button id="play-all" class="primary">Play all</button>
  <button id="put-back" title="Everybody as at the first start, for walks by hand. What a story leaves stays until then.">Put everybody back</button></p>
</section>
<section class="middle" aria-label="The story">
  ${problem()}
  <div class="head">
    <h2 id="title"></h2>
    <p id="lives"></p>
    <p id="elsewhere"></p>
  </div>
  <div class="browser">
    <div class="bar"><span class="place" id="place">browser</span><span id="address"></span><span class="says" id="says" role="status" aria-live="polite"></span></div>
    <div class="screen"><iframe id="live" title="The browser of the story" src="about:blank"></iframe></div>
  </div>
  <ol class="film" id="film" aria-label="Pages seen so far" tabindex="0"></ol>
  <div class="verdict" id="verdict" role="status" aria-live="polite"></div>
</section>
<section class="right" aria-label="What the database gained">
  <div class="tabs" id="tabs" role="tablist" hidden></div>
  <table class="ledger"><caption id="note"></caption><thead><tr><th scope="col">table</th><th scope="col">before</th><th scope="col">after</th><th scope="col">difference</th><th scope="col" id="other" hidden></th></tr></thead>
  <tbody id="ledger"></tbody>
  <tbody><tr class="fold"><td colspan="5"><button id="fold" aria-expanded="false" aria-controls="rest"></button></td></tr></tbody>
  <tbody id="rest" hidden></tbody></table>
  <h2 class="trace-title">Why: the trace <span id="outcome"></span></h2>
  <ol class="trace" id="trace"></ol>
</section>
<section class="left people" aria-label="Cast, order, and what you need by hand">
  <h2>Cast</h2>
  ${castList()}
  ${orderSwitch(order)}
  ${byHand()}
</section>
</main>
<script id="facts" type="application/json">${new Html(facts(addresses))}</script>
<script src="/stage.js" type="module"></script>
</body>
</html>`.text;
}
