/**
 * The parts that the pages of stories 13 and 15 share: the frame, and the list of steps with their progress. Keeps no
 * state of its own.
 */
import type { Addresses } from '../addresses.js';
import { type Html, html } from '../html.js';
import { findChanged, type LedgerRow } from '../ledger.js';
import type { Step, Steps, StepWords } from './steps.js';

const STATE_WORDS: Readonly<Record<Step['state'], string>> = {
  waiting: 'not yet',
  running: 'under way',
  done: 'as promised',
  broken: 'not as promised',
};

function stepItem(name: string, { title, says }: StepWords, step: Step, index: number): Html {
  const { state, done, total, checks } = step;
  const bar =
    total > 0 &&
    html`<p class="bar"><progress value="${done}" max="${total}" aria-label="${title}"></progress> ${done} of ${total}</p>`;
  const judged = checks.map(
    (check) =>
      html`<li class="${check.ok ? 'ok' : 'broken'}"><span class="hidden">${check.ok ? 'As promised:' : 'Not as promised:'}</span> ${check.says}</li>`,
  );
  return html`<li class="step" id="step-${name}" data-state="${state}"><h2>${index + 1} ${title} <span class="hidden">${STATE_WORDS[state]}</span></h2>
    <p class="says">${says}</p>${bar}<ul class="checks">${judged}</ul></li>`;
}

/** Renders the steps with their progress and their promises. */
export function stepList<Name extends string>(state: Steps<Name>): Html {
  const items = [...state.steps].map(([name, step], index) => stepItem(name, state.words[name], step, index));
  return html`<ol class="steps" aria-label="Steps">${items}</ol>`;
}

/** Renders the difference that a play left: how many tables did not change, and the numbers of those that did. */
export function ledgerPart(ledger: readonly LedgerRow[], caption: string): Html {
  const changed = findChanged(ledger);
  const rows = changed.map(
    ({ table, before, after, columns }) =>
      html`<tr data-table="${table}"><th scope="row">${table}</th><td>${before}</td><td>${after}</td><td>${columns.join(', ')}</td></tr>`,
  );
  const names = new Set(changed.map(({ table }) => table));
  const same = ledger.map(({ table }) => table).filter((table) => !names.has(table));
  return html`<p class="zeros"><b>A difference of zero</b> in ${same.length} tables, row by row: ${same.join(', ')}.</p>
    <table class="ledger"><caption>${caption}</caption><thead><tr><th scope="col">table</th><th scope="col">before</th><th scope="col">after</th><th scope="col">columns</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function statusOf(state: Steps<string> | undefined): string {
  if (state === undefined) return 'Takes some ten seconds.';
  if (state.problem !== undefined) return 'Came to no end.';
  if (!state.over) return 'Playing: every call and every sign-in is a real one …';
  return [...state.steps.values()].every((step) => step.state === 'done') ? 'As promised.' : 'Not as promised.';
}

/** Renders the page of such a story at `path`. `state` is that of the last play, if there was one. */
export function playPage(
  addresses: Addresses,
  state: Steps<string> | undefined,
  words: {
    readonly path: string;
    readonly title: string;
    readonly heading: string;
    readonly lead: Html;
    readonly note: Html;
    /** Set if the page shows more than the play: it is then loaded again all the time. */
    readonly live?: boolean;
  },
  board: Html,
): string {
  const playing = state !== undefined && !state.over;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vestibule · ${words.title}</title>
${playing && html`<noscript><meta http-equiv="refresh" content="1"></noscript>`}
<link rel="stylesheet" href="/colors.css">
<link rel="stylesheet" href="/actions.css">
<link rel="stylesheet" href="/rollout.css">
<link rel="icon" href="data:,">
<script src="/rollout.js" type="module"></script>
</head>
<body>
<header class="top"><a href="/">Vestibule · the stage</a><nav><a href="${addresses.application}">application</a><a href="/mail">mailbox</a></nav></header>
<main data-playing="${playing ? 'yes' : 'no'}"${words.live && html` data-live="yes"`}>
  <div class="lead"><div><h1>${words.heading}</h1>
    <p>${words.lead}</p></div>
    <form method="post" action="${words.path}/play" id="play"><button class="primary"${playing && html` aria-disabled="true"`}>${state ? 'Play again' : 'Play'}</button>
      <p role="status" id="status">${statusOf(state)}</p></form></div>
  ${state?.problem && html`<p class="problem" role="alert"><b>The last play came to no end.</b> ${state.problem} Play again: it begins anew.</p>`}
  <div class="board">${board}</div>
  <p class="note">${words.note}</p>
</main>
</body>
</html>`.text;
}
