/*
 * Drives the frame and draws what the server says. Decides nothing: the moves, the ledger and the verdict come from the server.
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
const FIRST = [
  'users',
  'identities',
  'members',
  'member_roles',
  'invitations',
  'password_credentials',
  'sessions',
  'authorization_codes',
  'refresh_tokens',
  'login_receipts',
  'tickets',
  'attempt_counters',
  'outbox',
  'logs',
];
/* The tables from here on hold settings, which no login changes. */
const FIRST_SETTING = 'action_bindings';
const QUIET_MS = 20_000;
/* Milliseconds before a button is pressed; ?pace=0 for the impatient. */
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

function classOf(table, kind) {
  if (table === 'logs') return `${kind} log`;
  return table === FIRST_SETTING ? `${kind} settings` : kind;
}

/* The tenant's setting, which stories with Actions change while they play. */
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

/* `other`: what the same story left in the other order. */
function drawLedger(lines, other) {
  const rank = ({ table }) => (FIRST.includes(table) ? FIRST.indexOf(table) : FIRST.length);
  const sorted = lines.map((line) => line).sort((a, b) => rank(a) - rank(b) || a.table.localeCompare(b.table));
  $('ledger').replaceChildren(
    ...sorted.map((line) => {
      const { table, before, after, columns } = line;
      const title = columns.length > 0 ? `changed: ${columns.join(', ')}` : undefined;
      const beside = other?.find((item) => item.table === table);
      return make(
        'tr',
        { class: classOf(table, kindOf(line)), 'data-table': table },
        make('th', { scope: 'row', text: table }),
        make('td', { text: before }),
        make('td', { text: after }),
        make('td', {}, make('span', { class: 'chip', text: chipOf(line), title })),
        ...(beside
          ? [
              make(
                'td',
                { class: classOf(table, kindOf(beside)) },
                make('span', { class: 'chip', text: chipOf(beside) }),
              ),
            ]
          : []),
      );
    }),
  );
}

function evidenceOf(line) {
  const entries = Object.entries(line.evidence).filter(([, value]) => value !== null);
  const name = make('span', { class: 'rule', text: line.rule });
  const answer = make('span', { class: `answer ${line.answer}`, text: line.answer });
  const item = make('li', { class: line.decides ? 'decides' : line.binds ? 'binds' : '' });
  if (entries.length === 0) item.append(name, answer);
  else {
    const list = make(
      'dl',
      {},
      ...entries.flatMap(([key, value]) => [
        make('dt', { text: key.replaceAll('_', ' ') }),
        make('dd', { text: typeof value === 'string' ? value : JSON.stringify(value) }),
      ]),
    );
    item.append(make('details', { ...(line.decides && { open: '' }) }, make('summary', {}, name, answer), list));
  }
  return item;
}

function drawTrace(trace) {
  $('outcome').textContent = trace
    ? `${trace.outcome}${trace.code ? ` · ${trace.code}` : ''}${trace.reference ? ` · ${trace.reference}` : ''}`
    : '';
  $('outcome').className = trace?.outcome ?? '';
  const names = ['identify', 'authenticate', 'resolve', 'admit', 'act', 'commit'];
  const steps = trace?.steps ?? names.map((name) => ({ name, answer: 'none', note: '', lines: [] }));
  $('trace').replaceChildren(
    ...steps.map((step, index) =>
      make(
        'li',
        { class: step.answer },
        make('b', { text: `${index + 1} ${step.name}` }),
        make('small', { text: step.note }),
        make('ul', {}, ...step.lines.map(evidenceOf)),
      ),
    ),
  );
  /* Whatever decided is in view. */
  const deciding = document.querySelector('.trace .decides')?.getBoundingClientRect();
  if (deciding) $('trace').scrollTop += Math.max(0, deciding.bottom - $('trace').getBoundingClientRect().bottom);
}

function drawFilm(current) {
  const film = $('film');
  while (film.children.length > current.frames.length || (film.dataset.run !== current.id && film.firstChild))
    film.lastChild.remove();
  film.dataset.run = current.id;
  current.frames.forEach((seen, index) => {
    let item = film.children[index];
    if (!item) {
      item = make(
        'li',
        { 'data-place': seen.place, class: index > 0 && current.frames[index - 1].act !== seen.act ? 'opens' : '' },
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
      film.append(item);
      film.scrollLeft = film.scrollWidth;
    }
    item.querySelector(':scope > span').textContent = seen.says;
    item.title = `${seen.title}. ${seen.says}`;
  });
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
  const admitted = act.trace?.outcome === 'admitted' ? 'Being let in means a session, a code, tokens, a receipt.' : '';
  $('note').textContent = current.withActions ? decided + (current.other ? beside : '') : admitted;
  drawTrace(act.trace);
  const checks = current.acts.flatMap((item) => item.checks);
  const failed = checks.some((check) => !check.ok);
  const verdict = $('verdict');
  verdict.className = `verdict ${current.over ? (failed ? 'bad' : 'good') : ''}`;
  const head = current.over ? (failed ? 'Not as promised' : 'As promised') : 'Playing …';
  verdict.replaceChildren(
    make('b', { text: head }),
    make('ul', {}, ...checks.map((check) => make('li', { class: check.ok ? 'ok' : 'broken', text: check.says }))),
  );
}

function draw(state) {
  drawStories(state);
  drawOrder(state.order);
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

/* Shows the page as it was left, with what was typed in. */
function refreshThumb(ofRun, index) {
  return () => {
    const thumb = $('film').dataset.run === ofRun && $('film').children[index]?.querySelector('iframe');
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

/* The page of the story before is gone, and with it whatever it was about to do or to tell. */
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
  $('intro').hidden = true;
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
  for (const button of document.querySelectorAll('.story')) {
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

for (const button of document.querySelectorAll('.story')) {
  button.addEventListener('click', () => {
    playingAll = false;
    play(button.dataset.story).catch(report);
  });
}
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
drawLedger(state.tables);
drawTrace(undefined);
fromAddress();
