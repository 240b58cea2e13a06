/**
 * The small script of the pages. It only saves clicks: every page must work without it. Never builds HTML, and never
 * sends anything over the network except the page's own forms.
 */

/** The parts of which a page's script is made. Every page with a form has `form`. */
export type ScriptPart = 'form' | 'reveal' | 'code' | 'copy' | 'filter' | 'submit' | 'logo' | 'trial' | 'passkey';

const PARTS: Record<ScriptPart, string> = {
  // Lets a form be submitted only once. The button stays enabled, because a disabled button's name and value are not
  // sent. When the person returns by the browser's history, the form can be submitted again.
  form: `
for (const form of d.querySelectorAll('form')) form.addEventListener('submit', (e) => {
  if (form.ariaBusy) return e.preventDefault();
  form.ariaBusy = 'true';
  if (e.submitter && e.submitter.classList.contains('button')) e.submitter.classList.add('busy');
  for (const input of form.querySelectorAll('.reveal input')) input.type = 'password';
});
addEventListener('pageshow', () => {
  for (const form of d.querySelectorAll('form')) form.ariaBusy = null;
  for (const button of d.querySelectorAll('.busy')) button.classList.remove('busy');
});`,
  reveal: `
for (const button of d.querySelectorAll('.reveal button')) {
  const input = button.parentNode.querySelector('input');
  const shown = button.textContent, label = button.ariaLabel;
  button.hidden = false;
  button.addEventListener('click', () => {
    const show = input.type === 'password';
    input.type = show ? 'text' : 'password';
    button.textContent = show ? button.dataset.hide : shown;
    button.ariaLabel = show ? button.dataset.hideLabel : label;
  });
}`,
  // Keeps only the digits of a pasted code such as "123 456" or "Your code is 123-456".
  code: `
for (const input of d.querySelectorAll('.code')) input.addEventListener('paste', (e) => {
  const digits = e.clipboardData.getData('text').replace(/\\D/g, '');
  if (digits.length !== 6) return;
  e.preventDefault();
  input.value = digits;
});`,
  copy: `
for (const button of d.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) break;
  const text = button.textContent;
  button.hidden = false;
  button.addEventListener('click', () => navigator.clipboard.writeText(button.dataset.copy).then(() => {
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = text; }, 2000);
  }, () => {}));
}`,
  filter: `
const filter = d.querySelector('#filter');
if (filter) {
  const items = [...d.querySelectorAll('.list li')], count = d.querySelector('#count');
  filter.parentNode.hidden = false;
  filter.focus();
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLocaleLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
    const left = items.filter((item) => !item.hidden).length;
    const { none, shown } = count.dataset;
    count.textContent = left === 0 ? none : shown.replace('{left}', left).replace('{all}', items.length);
  });
  filter.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter') return;
    e.preventDefault();
    const left = items.filter((item) => !item.hidden);
    if (left.length === 1) left[0].querySelector('button').click();
  });
}`,
  submit: `
const go = d.querySelector('form .button');
if (go) go.click();`,
  // Sends the claims of a trial sign-in to a console that is open in the same browser: at once, and when the console
  // asks later.
  trial: `
for (const part of d.querySelectorAll('[data-trial]')) {
  const channel = new BroadcastChannel('vestibule-tries'), tell = () => channel.postMessage(part.dataset.trial);
  channel.addEventListener('message', (e) => { if (e.data === 'ask') tell(); });
  tell();
}`,
  // Asks the browser for a WebAuthn answer, and sends it in the form's hidden field `answer`. The form has the server's
  // options as JSON: `data-passkey-create` or `data-passkey-get`. Its button may be hidden until here. A part with
  // `data-passkey-missing` is for browsers without JavaScript or WebAuthn, so it is hidden here. After a failure, the
  // `data-passkey-error` with its name is shown, or else the first. `data-passkey-conditional` offers passkeys at once, in
  // the field with `autocomplete="username webauthn"`. A browser has one question at a time: the button aborts that one.
  passkey: `
const key = self.PublicKeyCredential;
if (key && key.parseCreationOptionsFromJSON && key.parseRequestOptionsFromJSON) {
  let asked, offer = () => {};
  const ask = async (form, mediation) => {
    if (asked) asked.abort();
    const { signal } = asked = new AbortController();
    const { passkeyCreate: make, passkeyGet: get } = form.dataset;
    const credential = make
      ? await navigator.credentials.create({ publicKey: key.parseCreationOptionsFromJSON(JSON.parse(make)), signal })
      : await navigator.credentials.get({ publicKey: key.parseRequestOptionsFromJSON(JSON.parse(get)), mediation, signal });
    form.elements.answer.value = JSON.stringify(credential);
  };
  for (const part of d.querySelectorAll('[data-passkey-missing]')) part.hidden = true;
  for (const form of d.querySelectorAll('[data-passkey-create], [data-passkey-get]')) {
    const button = form.querySelector('.button'), errors = [...form.querySelectorAll('[data-passkey-error]')];
    const send = () => {
      form.noValidate = true;
      form.requestSubmit(button);
    };
    if ('passkeyConditional' in form.dataset) offer = async () => {
      const can = key.isConditionalMediationAvailable && await key.isConditionalMediationAvailable();
      if (can && !asked) ask(form, 'conditional').then(send, () => {});
    };
    if (!button) continue;
    button.hidden = false;
    button.addEventListener('click', (e) => {
      e.preventDefault();
      for (const line of errors) line.hidden = true;
      ask(form).then(send, (error) => {
        if (error.name === 'AbortError') return;
        const line = errors.find((each) => each.dataset.passkeyError === error.name) || errors[0];
        if (line) line.hidden = false;
        asked = undefined;
        offer();
      });
    });
  }
  offer();
}`,
  // Shows the initial instead of a logo that cannot be fetched.
  logo: `
for (const logo of d.querySelectorAll('img')) {
  const swap = () => { logo.hidden = true; logo.nextElementSibling.hidden = false; };
  if (logo.complete && !logo.naturalWidth) swap(); else logo.addEventListener('error', swap);
}`,
};

const COMPACT = Object.fromEntries(
  Object.entries(PARTS).map(([name, text]) => [name, text.replace(/\n\s*/g, '\n').trim()]),
);

/** Returns the script of a page with these parts; empty without any. */
export function pageScript(parts: readonly ScriptPart[]): string {
  if (parts.length === 0) return '';
  return `{const d=document;\n${parts.map((part) => COMPACT[part]).join('\n')}\n}`;
}
