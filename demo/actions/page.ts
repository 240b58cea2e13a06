/**
 * The page that shows three Actions against a stranger side by side: what each left in the database, its code, and the
 * findings of the linter with their lines.
 */

import type { Finding } from '../../src/domain/actions/action-finding.js';
import { lintAction } from '../../src/lint/lint-action.js';
import type { Addresses } from '../addresses.js';
import { type Html, html } from '../html.js';
import { findChanged, type LedgerLine, toLines } from '../ledger.js';
import type { Person } from '../people.js';
import { type DemoAction, SECRET_NAMES } from './code.js';
import { type Played, TRIALS, type Trial, type Walk } from './trials.js';

/** The last play, as far as the page shows it. */
export interface Plays {
  readonly played: ReadonlyMap<string, Played> | undefined;
  readonly at: Date | undefined;
  /** The reason why the last play failed. */
  readonly problem: string | undefined;
}

/** The most important finding, which the page shows unfolded. */
const OPEN = 'unknown-sdk-method';

/** Returns the findings of the linter for the Action, as a deployment would. */
export function findingsOf({ code, dependencies }: DemoAction): readonly Finding[] {
  return lintAction({
    code,
    trigger: 'post-login',
    dependencies,
    secrets: dependencies.length > 0 ? SECRET_NAMES : [],
  });
}

function findingItem({ id, severity, line, message, why, fix }: Finding): Html {
  return html`<details class="finding ${severity}"${id === OPEN ? html` open` : ''}>
    <summary><b>${severity}</b> line ${line}: ${message}</summary>
    <p>${why}</p><p>Write instead:</p><pre tabindex="0" role="region" aria-label="Fix of line ${line}">${fix}</pre><p class="id">${id}</p></details>`;
}

function codeBlock({ action, id }: Trial): Html {
  const findings = findingsOf(action);
  const lines = action.code.trimEnd().split('\n');
  const shown = lines.map((text, index) => {
    const own = findings.filter((finding) => finding.line === index + 1);
    const kind = own.length > 0 ? ` marked ${own[0]?.severity}` : /^\s*\/\//.test(text) ? ' comment' : '';
    return html`<div class="line${kind}"><span class="number">${index + 1}</span><code>${text || ' '}</code></div>${own.map(findingItem)}`;
  });
  const grave = findings.filter((finding) => finding.severity !== 'info').length;
  const said =
    grave === 0
      ? 'nothing to say'
      : `${grave} ${grave === 1 ? 'finding' : 'findings'}, each at its line; open one for the fix`;
  return html`<div class="source"><h3>The Action</h3><p class="linter ${grave === 0 ? 'good' : 'bad'}">Linter: ${said}</p>
    <div class="code" tabindex="0" role="region" aria-label="Code of the Action" id="code-${id}"><div class="lines">${shown}</div></div></div>`;
}

function chipOf({ before, after, changed }: LedgerLine): string {
  const difference = after - before;
  if (difference === 0) return changed === 0 ? '0' : `${changed} changed`;
  return difference > 0 ? `+${difference}` : `\u2212${-difference}`;
}

/**
 * Returns the tables that this person's login changed in any of the three plays, so that each column has the same rows.
 */
function tablesOf(plays: Plays, person: Person): readonly string[] {
  const walks = [...(plays.played?.values() ?? [])].flatMap((played) => played.walks);
  const changed = walks.filter((walk) => walk.person === person).flatMap(({ ledger }) => findChanged(ledger));
  const last = (table: string) => Number(table === 'logs');
  return [...new Set(changed.map(({ table }) => table))].sort((a, b) => last(a) - last(b) || a.localeCompare(b));
}

function leftTable(walk: Walk, tables: readonly string[]): Html {
  const rows = toLines(walk.ledger.filter(({ table }) => tables.includes(table)))
    .sort((a, b) => tables.indexOf(a.table) - tables.indexOf(b.table))
    .map((line) => {
      const kind = line.before === line.after && line.changed === 0 ? 'same' : line.table === 'logs' ? 'log' : 'gained';
      return html`<tr class="${kind}" data-table="${line.table}"><th scope="row">${line.table}</th><td>${line.before}</td><td>${line.after}</td>
        <td><span class="chip">${chipOf(line)}</span></td></tr>`;
    });
  return html`<table><caption>Left by ${walk.person.name}’s login${walk.nothingLeft && html`: <b>nothing</b> but a log line`}</caption>
    <thead><tr><th scope="col">table</th><th scope="col">before</th><th scope="col">after</th><th scope="col">difference</th></tr></thead>
    <tbody>${rows}</tbody></table>`;
}

function walkItem(walk: Walk, tables: readonly string[]): Html {
  const { person, inside, reason, isMember, printed, reference } = walk;
  return html`<li><p class="came"><span class="face" data-who="${person.key}" aria-hidden="true">${person.name[0]}</span>
    <b>${person.name}</b> <span class="tag">${inside ? 'let in' : 'refused'}</span> <span class="tag ${isMember && 'member'}">${isMember ? 'is a member' : 'no member'}</span></p>
    ${reason && html`<p class="reason">“${reason}”${reference && html` <span>${reference}</span>`}</p>`}
    ${printed.length > 0 && html`<p>In the login log, printed by the Action:</p><pre class="console" tabindex="0" role="region" aria-label="Console of the Action">${printed.join('\n')}</pre>`}
    ${leftTable(walk, tables)}</li>`;
}

function resultOf(plays: Plays, trial: Trial): Html {
  const played = plays.played?.get(trial.id);
  if (played === undefined)
    return html`<div class="result empty"><p>Not played yet. “Play all three” lets ${TRIALS[0]?.people[0]?.name} come, a stranger whose address the company’s sign-in has verified.</p></div>`;
  const good = played.checks.every((check) => check.ok);
  return html`<div class="result ${good ? 'good' : 'bad'}"><ul class="checks">${played.checks.map(
    (check) =>
      html`<li class="${check.ok ? 'ok' : 'broken'}"><span class="hidden">${check.ok ? 'As promised:' : 'Not as promised:'}</span> ${check.says}</li>`,
  )}</ul><ul class="walks">${played.walks.map((walk) => walkItem(walk, tablesOf(plays, walk.person)))}</ul></div>`;
}

function column(trial: Trial, index: number, plays: Plays): Html {
  const order = trial.order === 'before_actions' ? 'membership before Actions' : 'membership after Actions';
  return html`<article class="trial" id="${trial.id}" aria-labelledby="title-${trial.id}">
    <header><h2 id="title-${trial.id}">${index + 1} ${trial.title}</h2><p class="order">${order} · <code>${trial.order}</code></p><p>${trial.says}</p></header>
    ${resultOf(plays, trial)}
    ${codeBlock(trial)}
  </article>`;
}

/** Renders the page. */
export function actionsPage(addresses: Addresses, plays: Plays): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vestibule · a stranger and an Action</title>
<link rel="stylesheet" href="/colors.css">
<link rel="stylesheet" href="/actions.css">
<link rel="icon" href="data:,">
<script src="/actions.js" type="module"></script>
</head>
<body>
<header class="top"><a href="/">Vestibule · the stage</a><nav><a href="${addresses.application}">application</a><a href="/mail">mailbox</a></nav></header>
<main>
  <div class="lead"><div><h1>A stranger, auto-membership, and an Action that denies</h1>
    <p>Acme’s identity provider has verified Sam’s address, nobody at the application knows Sam, and auto-membership is on. Three ways to refuse,
      and what each leaves in the database.</p></div>
    <form method="post" action="/actions/play" id="play"><button class="primary">${plays.played ? 'Play all three again' : 'Play all three'}</button>
      <p role="status" id="status">${plays.at ? `Played at ${plays.at.toISOString().slice(11, 19)} UTC.` : 'Takes a few seconds.'}</p></form></div>
  ${plays.problem && html`<p class="problem" role="alert"><b>The last play came to no end.</b> ${plays.problem} Sam, Dana and the settings were put back; play again.</p>`}
  <div class="trials">${TRIALS.map((trial, index) => column(trial, index, plays))}</div>
  <p class="note">Each play deploys and binds the Actions over the Management API, walks through the real sign-in, and takes everything away
    again. Your own Actions stay bound and run before them. The <code>auth0</code> package insists on https and the demo has no certificate: two marked
    lines of the second Action take its requests to http. The first fails before it sends anything, so https would change nothing for it.</p>
</main>
</body>
</html>`.text;
}
