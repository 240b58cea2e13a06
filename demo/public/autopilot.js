/*
 * Runs in every page of the demo, and does nothing unless the stage shows that page in its frame. Reports the page to
 * the stage, and does what the stage answers: it fills in fields slowly enough to follow, and presses buttons. Accepts
 * messages from the stage only.
 */
(() => {
  if (window.parent === window) return;
  const stage = new URL(document.currentScript.src).origin;
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const visible = (element) => element.getClientRects().length > 0;

  /* Returns the page as it looks, with the typed values and without scripts. */
  function capture() {
    const copy = document.documentElement.cloneNode(true);
    for (const gone of copy.querySelectorAll('script, noscript, meta[http-equiv]')) gone.remove();
    const typed = document.querySelectorAll('input, textarea');
    copy.querySelectorAll('input, textarea').forEach((input, index) => {
      if (typed[index].type !== 'hidden') input.setAttribute('value', typed[index].value);
      else input.removeAttribute('value');
    });
    for (const eager of copy.querySelectorAll('[autofocus]')) eager.removeAttribute('autofocus');
    for (const link of copy.querySelectorAll('[href]')) if (link.localName !== 'link') link.removeAttribute('href');
    for (const form of copy.querySelectorAll('form')) form.removeAttribute('action');
    for (const link of copy.querySelectorAll('link[rel=stylesheet]'))
      link.setAttribute('href', new URL(link.getAttribute('href'), location.href).href);
    return `<!doctype html>${copy.outerHTML}`;
  }

  const tell = (message) => parent.postMessage({ autopilot: true, ...message }, stage);

  /* Moves the drawn hand to the element. The reader's focus stays where it is. */
  function point(element) {
    element.scrollIntoView({ block: 'nearest' });
    element.style.setProperty('outline', '3px solid #e0a100');
    element.style.setProperty('outline-offset', '2px');
  }

  async function type(input, text, pace) {
    point(input);
    input.value = '';
    for (const character of text) {
      input.value += character;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      if (pace > 0) await wait(Math.min(28, 420 / text.length));
    }
  }

  async function act({ fill = {}, press }, pace) {
    for (const [name, text] of Object.entries(fill)) {
      const input = [...document.getElementsByName(name)].find(
        (element) => element.matches('input, textarea') && visible(element) && element.type !== 'hidden',
      );
      if (!input) return tell({ kind: 'stuck', why: `The page has no field “${name}”.` });
      await wait(pace * 0.5);
      await type(input, text, pace);
      input.style.removeProperty('outline');
    }
    const target = press && document.querySelector(press);
    if (!target) return tell({ kind: 'stuck', why: 'The page has nothing to press.' });
    point(target);
    await wait(pace);
    tell({ kind: 'leave', html: capture() });
    target.click();
  }

  addEventListener('message', (event) => {
    if (event.source === parent && event.origin === stage && event.data?.move) act(event.data.move, event.data.pace);
  });

  function report() {
    const inputs = [...document.querySelectorAll('input, textarea, select')];
    const fields = inputs.filter((input) => input.type !== 'hidden' && visible(input)).map((input) => input.name);
    tell({ kind: 'page', page: { path: location.pathname, title: document.title, html: capture(), fields } });
  }
  if (document.readyState === 'complete') report();
  else addEventListener('load', report);
})();
