/*
 * Starts the play and shows its progress: it loads the page again and again until the play is over. The page also works
 * without this script.
 */
const EVERY_MS = 300;
/* A page with more than the play is loaded again at this pace between plays. */
const LIVE_MS = 1000;

let timer;
function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => refresh().catch(fail), ms);
}

async function refresh() {
  const text = await (await fetch(location.pathname)).text();
  const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  const main = document.querySelector('main');
  /* Replaces the page part by part, so that focus and scroll position stay. */
  for (const part of ['.board > .steps', '.board > section:nth-of-type(1)', '.board > section:nth-of-type(2)']) {
    const [old, fresh] = [main.querySelector(part), next.querySelector(part)];
    if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
  }
  const [now, then] = [main.querySelector('#required'), next.querySelector('#required')];
  if (now && now.textContent !== then.textContent) now.textContent = then.textContent;
  const [said, says] = [main.querySelector('#status'), next.querySelector('#status')];
  if (said.textContent !== says.textContent) said.textContent = says.textContent;
  main.dataset.playing = next.dataset.playing;
  if (next.dataset.playing === 'yes') return later(EVERY_MS);
  if (next.querySelector('.problem') && !main.querySelector('.problem')) return location.reload();
  if (main.dataset.live) later(LIVE_MS);
  const button = main.querySelector('#play button');
  button.removeAttribute('aria-disabled');
  button.textContent = next.querySelector('#play button').textContent;
}

function fail(error) {
  document.getElementById('status').textContent = `The page cannot go on: ${error.message}. Is the demo still running?`;
}

document.getElementById('play').addEventListener('submit', (event) => {
  event.preventDefault();
  const main = document.querySelector('main');
  if (main.dataset.playing === 'yes') return;
  main.dataset.playing = 'yes';
  main.querySelector('#play button').setAttribute('aria-disabled', 'true');
  const pace = new URLSearchParams(location.search).get('pace');
  const body = new URLSearchParams(pace === null ? {} : { pace });
  fetch(event.target.action, { method: 'POST', body }).then(refresh).catch(fail);
});
const { playing, live } = document.querySelector('main').dataset;
if (playing === 'yes' || live) refresh().catch(fail);
