// post-login: written as a module with a class, exported as a whole, with state at its top. Known from projects that bundle their Actions.
'use strict';

let created = 0;
const seen = new Map();

class ClaimWriter {
  static #prefix = 'https://notebook.example/';
  #api;

  constructor(api) {
    this.#api = api;
    created += 1;
  }

  get count() {
    return created;
  }

  write(name, value) {
    if (seen.has(name)) throw new Error(`${name} twice`);
    seen.set(name, value);
    for (const token of ['idToken', 'accessToken']) this.#api[token].setCustomClaim(ClaimWriter.#prefix + name, value);
    return this;
  }
}

async function* parts({ user }) {
  yield ['given', user.given_name ?? user.name?.split(/\s+/)[0]];
  yield ['locale', Intl.getCanonicalLocales(user.user_metadata?.language ?? 'EN-us')[0]];
}

async function onExecutePostLogin(event, api) {
  const writer = new ClaimWriter(api);
  for await (const [name, value] of parts(event)) writer.write(name, value);
  writer.write('writers', writer.count);
}

module.exports = { onExecutePostLogin };
