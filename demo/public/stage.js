/*
 * Drives the frame and draws the server's data. Decides nothing: moves, table changes and verdict come from the server.
 */
const $ = (id) => document.getElementById(id);
const { addresses, stories } = JSON.parse($('facts').textContent);
const live = $('live');
const places = {
  [addresses.application]: 'application',
  [addresses.vestibule]: 'Vestibule',
  [addresses.acmeIdp]: 'IdP',
  [addresses.evilIdp]: 'IdP',
  [location.origin]: 'mailbox',
};
/* Tables that say who people are and what they may enter. The others are folded, but counted as well. */
const SHOWN = ['users', 'identities', 'members', 'member_roles', 'invitations', 'sessions'];
const QUIET_MS = 60_000;
/* Milliseconds before a button is pressed. `?pace=0` removes the delay. */
const pace = Number(new URLSearchParams(location.search).get('pace') ?? 650);

let run;
let frame;
let shownAct;
let watchdog;
let finished;
let pending;

function make(name, { text, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

async function post(path, body = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function drawStories(state) {
  for (const { id, state: word } of state.stories) {
    const button = document.querySelector(`[data-story="${id}"]`);
    button.dataset.state = word;
    button.querySelector('.state').textContent = word;
    if (run !== undefined && state.run?.story === id) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

const classOf = (table, kind) => (table === 'logs' ? `${kind} log` : kind);

/* Shows the tenant's order, which stories with Actions change while they play. */
function drawOrder(order) {
  for (const button of $('order').querySelectorAll('button'))
    button.setAttribute('aria-pressed', String(button.value === order));
}

function chipOf({ before, after, changed }) {
  const difference = after - before;
  if (difference > 0) return `+${difference}`;
  if (difference < 0) return `\u2212${-difference}`;
  return changed > 0 ? `${changed} changed` : '0';
}

const kindOf = ({ before, after, changed }) => (before !== after ? 'gained' : changed > 0 ? 'changed' : 'same');

function rowOf(line, other) {
  const { table, before, after, columns } = line;
  const title = columns.length > 0 ? `changed: ${columns.join(', ')}` : undefined;
  const beside = other?.find((item) => item.table === table);
  const chip = (of) => make('span', { class: 'chip', text: chipOf(of), title: of === line ? title : undefined });
  return make(
    'tr',
    { class: classOf(table, kindOf(line)), 'data-table': table },
    make('th', { scope: 'row', text: table }),
    make('td', { text: before }),
    make('td', { text: after }),
    make('td', {}, chip(line)),
    ...(beside ? [make('td', { class: classOf(table, kindOf(beside)) }, chip(beside))] : []),
  );
}

/* Summarizes the folded tables in a line. */
function sayRest(rest) {
  const moved = rest.filter((line) => kindOf(line) !== 'same');
  const said = moved.map((line) => `${line.table} ${chipOf(line)}`).join(', ');
  if (moved.length === 0) return `${rest.length} other tables: no difference`;
  return `${rest.length} other tables: ${said}${moved.length === 1 ? ', else no difference' : ''}`;
}

/* Draws the table changes. `other`: the changes of the same story in the other order. */
function drawLedger(lines, other) {
  const shown = SHOWN.flatMap((table) => lines.filter((line) => line.table === table));
  const rest = lines.filter((line) => !SHOWN.includes(line.table));
  rest.sort((a, b) => (kindOf(a) === 'same') - (kindOf(b) === 'same') || a.table.localeCompare(b.table));
  $('ledger').replaceChildren(...shown.map((line) => rowOf(line, other)));
  $('rest').replaceChildren(...rest.map((line) => rowOf(line, other)));
  $('fold').textContent = sayRest(rest);
}

$('fold').addEventListener('click', () => {
  $('rest').hidden = !$('rest').hidden;
  $('fold').setAttribute('aria-expanded', String(!$('rest').hidden));
});

function toTraceLine(line) {
  const entries = Object.entries(line.evidence).filter(([, value]) => value !== null);
  const said = [
    make('span', { class: 'said', text: line.says }),
    ' ',
    make('code', { class: 'rule', text: line.rule, title: 'the name of the rule' }),
  ];
  const item = make('li', { class: `${line.verdict} ${line.decides ? 'decides' : line.binds ? 'binds' : ''}` });
  if (entries.length === 0) item.append(...said);
  else {
    const list = make(
      'dl',
      {},
      ...entries.flatMap(([key, value]) => [
        make('dt', { text: key.replaceAll('_', ' ') }),
        make('dd', { text: typeof value === 'string' ? value : JSON.stringify(value) }),
      ]),
    );
    item.append(make('details', {}, make('summary', {}, ...said), list));
  }
  return item;
}

const STEPS = {
  identify: 'which application, which organization?',
  authenticate: 'is the proof whole?',
  resolve: 'which account is this?',
  admit: 'may it come in?',
  act: 'do your Actions agree?',
  commit: 'the only step that writes',
};

function drawTrace(trace) {
  $('outcome').textContent = trace
    ? `${trace.outcome}${trace.code ? ` · ${trace.code}` : ''}${trace.reference ? ` · ${trace.reference}` : ''}`
    : '';
  $('outcome').className = trace?.outcome ?? '';
  const steps = trace?.steps ?? Object.keys(STEPS).map((name) => ({ name, answer: 'none', note: '', lines: [] }));
  $('trace').replaceChildren(
    ...steps.map((step, index) =>
      make(
        'li',
        { class: step.answer },
        make('b', { text: `${index + 1} ${step.name}` }),
        make('small', { text: step.note || (trace ? '' : STEPS[step.name]) }),
        make('ul', {}, ...step.lines.map(toTraceLine)),
      ),
    ),
  );
  /* Scrolls the deciding line into view. */
  const deciding = document.querySelector('.trace .decides')?.getBoundingClientRect();
  if (deciding) $('trace').scrollTop += Math.max(0, deciding.bottom - $('trace').getBoundingClientRect().bottom);
}

function toFrame(current, seen, index) {
  const item = make(
    'li',
    { 'data-place': seen.place, 'data-frame': String(index) },
    make(
      'div',
      { class: 'thumb' },
      make('iframe', {
        sandbox: '',
        tabindex: '-1',
        title: seen.title,
        scrolling: 'no',
        src: `/stage/frame/${current.id}/${index}`,
      }),
    ),
    make('b', { text: seen.place }),
    make('span'),
  );
  return item;
}

/* Draws the frames of an act, with its title if the story has several acts. */
function stripOf(current, act) {
  const film = $('film');
  const known = film.children[act];
  if (known) return known.querySelector('ol');
  const title = current.acts.length > 1 || act > 0 ? `${act + 1} ${current.acts[act]?.title ?? ''}` : '';
  film.append(make('li', { class: 'act' }, make('h3', { text: title }), make('ol')));
  return film.lastChild.querySelector('ol');
}

function drawFilm(current) {
  const film = $('film');
  if (film.dataset.run !== current.id) film.replaceChildren();
  film.dataset.run = current.id;
  current.frames.forEach((seen, index) => {
    const strip = stripOf(current, seen.act);
    let item = film.querySelector(`[data-frame="${index}"]`);
    if (!item) {
      item = toFrame(current, seen, index);
      strip.append(item);
      film.scrollLeft = film.scrollWidth;
    }
    item.querySelector(':scope > span').textContent = seen.says;
    item.title = `${seen.title}. ${seen.says}`;
  });
  if (current.acts.length > 1) film.querySelector('h3').textContent = `1 ${current.acts[0].title}`;
}

function headOf(current, checks) {
  if (!current.over) return ['Playing …', ''];
  if (checks.some((check) => !check.ok)) return ['Not as promised', 'bad'];
  return checks.some((check) => check.lesson) ? ['What Auth0’s order leaves', 'lesson'] : ['As promised', 'good'];
}

/* Opens the console in a new tab, signed in as the administrator, at the refusal of this story. */
function asAdministrator(reference) {
  const button = make('button', { class: 'primary', text: 'The same as Olga, the administrator, sees it' });
  const field = make('input', { type: 'hidden', name: 'reference', value: reference });
  const says = make('span', { text: ` The console, at ${reference}: why, and one click to invite.` });
  return make(
    'form',
    { class: 'administrator', method: 'post', action: '/stage/administrator', target: '_blank' },
    field,
    button,
    says,
  );
}

/* Draws the promises and their results, act by act. */
function drawVerdict(current) {
  const [head, kind] = headOf(
    current,
    current.acts.flatMap((item) => item.checks),
  );
  const verdict = $('verdict');
  verdict.className = `verdict ${kind}`;
  const classOfCheck = (check) => (check.ok ? (check.lesson ? 'lesson' : 'ok') : 'broken');
  const acts = current.acts.filter((act) => act.checks.length > 0);
  const references = current.acts.flatMap((act) => (act.trace?.outcome === 'refused' ? [act.trace.reference] : []));
  verdict.replaceChildren(
    make('b', { text: head }),
    make(
      'div',
      { class: 'acts' },
      ...acts.map((act, index) =>
        make(
          'div',
          {},
          ...(current.acts.length > 1 ? [make('h3', { text: `${index + 1} ${act.title}` })] : []),
          make('ul', {}, ...act.checks.map((check) => make('li', { class: classOfCheck(check), text: check.says }))),
        ),
      ),
    ),
    ...(current.over && references.length > 0 ? [asAdministrator(references.at(-1))] : []),
  );
}

function drawActs(current) {
  const tabs = $('tabs');
  const act = current.acts[Math.min(shownAct ?? current.acts.length - 1, current.acts.length - 1)];
  tabs.hidden = current.acts.length < 2;
  tabs.replaceChildren(
    ...current.acts.map((item, index) => {
      const tab = make('button', {
        role: 'tab',
        'aria-selected': String(item === act),
        text: `${index + 1} ${item.title}`,
      });
      tab.addEventListener('click', () => {
        shownAct = index;
        drawActs(current);
      });
      return tab;
    }),
  );
  drawLedger(act.ledger, current.other);
  const isOwn = act.order === 'after_actions';
  $('other').hidden = !current.other;
  $('other').textContent = isOwn ? 'Auth0’s' : 'own order';
  $('ledger').parentElement.classList.toggle('both', Boolean(current.other));
  const beside = isOwn ? ' Beside it: the same in Auth0’s order.' : ' Beside it: the same in this server’s order.';
  const decided = `Membership was decided ${isOwn ? 'after Actions.' : 'before Actions, as Auth0 does.'}`;
  $('note').textContent = current.withActions ? decided + (current.other ? beside : '') : '';
  drawTrace(act.trace);
  drawVerdict(current);
}

/* Shows the newest mail: readers who click by hand need its code or link. */
function drawMail(mail) {
  if (!mail) return;
  const link = make('a', { href: `/mail/${mail.id}`, target: '_blank', text: mail.subject });
  const code = mail.code ? [make('code', { text: mail.code }), ' '] : [];
  $('last-mail').replaceChildren(...code, link, ` to ${mail.to.split('@')[0]}`);
}

function draw(state) {
  drawStories(state);
  drawOrder(state.order);
  drawMail(state.mail);
  if (!state.run) return;
  drawFilm(state.run);
  drawActs(state.run);
}

function watch() {
  clearTimeout(watchdog);
  if ($('by-hand').checked) return;
  watchdog = setTimeout(() => stop('The browser went silent.'), QUIET_MS);
}

function end() {
  clearTimeout(watchdog);
  finished?.();
  finished = undefined;
}

async function stop(why) {
  draw(await post('/stage/abort', { run, why }));
  end();
}

function send(move) {
  live.contentWindow.postMessage({ move, pace }, pending.origin);
}

async function onPage(page, origin) {
  watch();
  $('place').textContent = places[origin];
  $('place').dataset.place = places[origin];
  $('address').textContent = origin + page.path.replace(/[\w-]{25,}/g, '…');
  const asked = run;
  const { answer, state } = await post('/stage/page', { run, page: { ...page, origin } });
  if (asked !== run || !answer) return;
  frame = answer.frame;
  draw(state);
  if (state.run.over) {
    $('says').textContent = '';
    return end();
  }
  if (answer.go) {
    shownAct = undefined;
    setTimeout(() => {
      if (asked === run) live.src = answer.go;
    }, pace * 2);
    return;
  }
  $('says').textContent = answer.move.says;
  pending = { origin, move: answer.move };
  if (!$('by-hand').checked) send(answer.move);
}

addEventListener('message', (event) => {
  if (event.source !== live.contentWindow || !(event.origin in places) || !event.data?.autopilot || run === undefined)
    return;
  const { kind, page, html, why } = event.data;
  if (kind === 'page') onPage(page, event.origin).catch((error) => stop(error.message));
  if (kind === 'leave') {
    post('/stage/leave', { run, frame, html }).then(refreshThumb(run, frame));
  }
  if (kind === 'stuck') stop(why);
});

/* Shows a finished page as it was when the browser left it, with the typed values. */
function refreshThumb(ofRun, index) {
  return () => {
    const thumb = $('film').dataset.run === ofRun && $('film').querySelector(`[data-frame="${index}"] iframe`);
    if (thumb) thumb.src = `/stage/frame/${ofRun}/${index}?left`;
  };
}

$('by-hand').addEventListener('change', () => {
  watch();
  if (!$('by-hand').checked && pending && finished) send(pending.move);
});

function describe(id) {
  const story = stories.find((item) => item.id === id);
  $('title').textContent = `${id} ${story.title}`;
  $('lives').textContent = story.lives;
  $('elsewhere').replaceChildren(make('b', { text: 'On Auth0: ' }), story.elsewhere);
  for (const item of document.querySelectorAll('[data-person]'))
    item.classList.toggle('on', item.dataset.person === story.person);
}

function showIntro(on) {
  $('intro').hidden = !on;
}
/* In one column the story and the problem are below the list of stories. */
const isNarrow = () => matchMedia('(max-width: 1000px)').matches;
function showMiddle() {
  if (isNarrow()) document.querySelector('.middle').scrollIntoView();
}

$('problem').addEventListener('click', () => {
  showIntro(isNarrow() || $('intro').hidden);
  showMiddle();
});

/* Empties the frame, so that the page of the former story can do and report nothing more. */
function leaveFrame() {
  return new Promise((resolve) => {
    live.addEventListener('load', resolve, { once: true });
    live.src = 'about:blank';
  });
}

async function play(id) {
  end();
  describe(id);
  history.replaceState(null, '', `${location.search}#${id}`);
  run = undefined;
  pending = undefined;
  shownAct = undefined;
  showIntro(false);
  document.querySelector('.middle').classList.add('played');
  showMiddle();
  $('says').textContent = 'Putting the tenant back …';
  const over = new Promise((resolve) => {
    finished = resolve;
  });
  await leaveFrame();
  const started = await post(`/stage/play/${id}`);
  run = started.run;
  draw(await (await fetch('/stage/state.json')).json());
  watch();
  live.src = started.go;
  return over;
}

let playingAll = false;
async function playAll() {
  if (playingAll) {
    playingAll = false;
    return;
  }
  playingAll = true;
  $('play-all').textContent = 'Stop after this one';
  for (const button of document.querySelectorAll('button.story')) {
    if (!playingAll) break;
    await play(button.dataset.story);
    await new Promise((resolve) => setTimeout(resolve, pace * 3));
  }
  playingAll = false;
  $('play-all').textContent = 'Play all';
}

function report(error) {
  $('says').textContent = `The stage cannot go on: ${error.message}. Is the demo still running?`;
}

for (const button of document.querySelectorAll('button.story')) {
  button.addEventListener('click', () => {
    playingAll = false;
    play(button.dataset.story).catch(report);
  });
}
for (const button of document.querySelectorAll('[data-play]'))
  button.addEventListener('click', () => {
    playingAll = false;
    play(button.dataset.play).catch(report);
  });
$('play-all').addEventListener('click', () => playAll().catch(report));
$('put-back').addEventListener('click', async () => {
  playingAll = false;
  end();
  $('says').textContent = 'Putting everybody back …';
  try {
    await post('/stage/put-back');
    location.assign(`/${location.search}`);
  } catch (error) {
    report(error);
  }
});
$('order').addEventListener('submit', async (event) => {
  event.preventDefault();
  playingAll = false;
  end();
  run = undefined;
  try {
    draw(await post('/stage/order', { order: event.submitter.value }));
    $('says').textContent = '';
  } catch (error) {
    report(error);
  }
});
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  const button = /^[1-9]$/.test(event.key) && document.querySelector(`[data-story="0${event.key}"]`);
  if (button) button.click();
});

function fromAddress() {
  const id = location.hash.slice(1);
  if (stories.some((story) => story.id === id)) play(id).catch(report);
}
addEventListener('hashchange', fromAddress);

const state = await (await fetch('/stage/state.json')).json();
drawStories(state);
drawOrder(state.order);
drawMail(state.mail);
drawLedger(state.tables);
drawTrace(undefined);
fromAddress();
