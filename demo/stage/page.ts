/** The stage's page: cast and stories, the story being played, the ledger. Filled in by public/stage.js; no state of its own. */
import type { Order } from '../actions/deploy.js';
import type { Addresses } from '../addresses.js';
import { Html, html } from '../html.js';
import { CAST } from '../people.js';
import { STORIES } from './playbook.js';

function castList(): Html {
  const people = Object.values(CAST).map(
    (person) => html`<li data-person="${person.key}" title="${person.email}">
      <span class="face" data-who="${person.key}">${person.name[0]}</span><span><b>${person.name}</b> ${person.about}</span></li>`,
  );
  return html`<ul class="cast">${people}</ul>`;
}

function storyList(): Html {
  const items = STORIES.map(
    (story) => html`<li><button class="story" data-story="${story.id}">
      <span class="mark" aria-hidden="true"></span><span class="number">${story.id}</span>
      <span class="what">${story.title}<small class="state">not played</small></span></button></li>`,
  );
  return html`<ol class="stories">${items}</ol>`;
}

const ORDERS: readonly { order: Order; label: string }[] = [
  { order: 'after_actions', label: 'after Actions' },
  { order: 'before_actions', label: 'before Actions' },
];

/** The switch of the tenant's order. Works as a plain form, too. */
function orderSwitch(now: Order): Html {
  const buttons = ORDERS.map(
    ({ order, label }) =>
      html`<button name="order" value="${order}" aria-pressed="${order === now ? 'true' : 'false'}">${label}</button>`,
  );
  return html`<form class="order" id="order" method="post" action="/stage/order">
    <p><b>Membership is decided</b> <span class="switch" role="group" aria-label="Membership is decided">${buttons}</span></p>
    <p class="means">“Before” is Auth0’s order: whom an Action denies stays a member.</p></form>`;
}

/** What the script needs to know and the page does not show: who each story is about, and the two sentences. */
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

/** The page; `order` is the tenant's setting of now. */
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
  <h1>Vestibule</h1><p>A login is one transaction. Whoever is refused leaves nothing behind.</p>
  <nav><a href="/actions">Actions: three ways</a><a href="${addresses.application}" target="_blank">application</a><a href="${addresses.acmeIdp}" target="_blank">Acme’s IdP</a><a href="/mail" target="_blank">mailbox</a></nav>
</header>
<section class="left" aria-label="Cast and stories">
  <h2>Cast of Acme</h2>
  ${castList()}
  <h2>Stories</h2>
  ${storyList()}
  ${orderSwitch(order)}
  <p class="all"><button id="play-all" class="primary">Play all</button>
  <label><input type="checkbox" id="by-hand"> I click myself</label>
  <button id="put-back" title="Everybody as at the first start, for walks by hand. What a story leaves stays until then.">Put everybody back</button></p>
</section>
<section class="middle" aria-label="The story">
  <div class="head">
    <h2 id="title">Pick a story</h2>
    <p id="lives">Your own browser walks through it, from the application through Vestibule and the company’s identity provider and back. On the right you see what the database gains.</p>
    <p id="elsewhere"></p>
  </div>
  <div class="browser">
    <div class="bar"><span class="place" id="place">browser</span><span id="address"></span><span class="says" id="says" role="status" aria-live="polite"></span></div>
    <div class="screen"><iframe id="live" title="The browser of the story" src="about:blank"></iframe>
    <p class="intro" id="intro"><span>Start with <b>03</b>, the stranger: he is refused, and the differences are zeros.<br>The number keys play the stories, too.</span></p></div>
  </div>
  <ol class="film" id="film" aria-label="Pages seen so far" tabindex="0"></ol>
  <div class="verdict" id="verdict" role="status" aria-live="polite"></div>
</section>
<section class="right" aria-label="What the database gained">
  <div class="tabs" id="tabs" role="tablist" hidden></div>
  <table class="ledger"><caption id="note"></caption><thead><tr><th scope="col">table</th><th scope="col">before</th><th scope="col">after</th><th scope="col">difference</th><th scope="col" id="other" hidden></th></tr></thead>
  <tbody id="ledger"></tbody></table>
  <h2 class="trace-title">Trace <span id="outcome"></span></h2>
  <ol class="trace" id="trace"></ol>
</section>
<script id="facts" type="application/json">${new Html(facts(addresses))}</script>
<script src="/stage.js" type="module"></script>
</body>
</html>`.text;
}
