/**
 * Builds ready code for an application, with this server's values. `scripts/judges/ready-code.ts` runs the code of each
 * kit as it is printed; each kit names the versions used then. Never includes secrets. Pure.
 */
import type { AppType, Client } from './answers.js';
import { ANY_LIBRARY } from './kits/any-library.js';
import { EXPRESS } from './kits/express.js';
import { KIT_IDS, type KitId } from './kits/ids.js';
import type { CodeAddresses, CodeFacts, Kit } from './kits/kit.js';
import { MACHINE } from './kits/machine.js';
import { NEXTJS } from './kits/nextjs.js';
import { PYTHON } from './kits/python.js';
import { REACT } from './kits/react.js';

export const KITS = {
  express: EXPRESS,
  nextjs: NEXTJS,
  react: REACT,
  python: PYTHON,
  machine: MACHINE,
  any: ANY_LIBRARY,
} as const satisfies Readonly<Record<KitId, Kit>>;

/**
 * Returns the kits for a kind of application, the best first. If the kind is undefined, returns all kits except the one
 * for machines.
 */
export function kitsFor(kind: AppType | undefined): readonly [KitId, ...KitId[]] {
  const [first = 'any', ...others] = KIT_IDS.filter((id) =>
    kind === undefined ? id !== 'machine' : KITS[id].kinds.some((one) => one === kind),
  );
  return [first, ...others];
}

/**
 * True for a text that can be inserted into code. Attack: code injection. Identifiers of APIs and callback addresses
 * are free text. A quotation mark in one would end a string in the code, and the rest would run as a command on the
 * computer of everybody who copies the code.
 */
const isPlain = (text: string): boolean => /^[\w.~:/?[\]@!&()*+,;=%-]+$/.test(text);

const isPage = (text: string): boolean => isPlain(text) && URL.canParse(text) && /^https?:/.test(text);

/**
 * Returns a registered callback that the kit can use. If there is none, returns the kit's own path, at the origin of
 * the first registered callback. Without any callback: at a local port that this server does not use.
 */
function chooseCallback({ callbacks = [] }: Pick<Client, 'callbacks'>, kit: Kit, origin: string): string {
  const pages = callbacks.filter(isPage);
  const right = kit.isCallbackFixed ? pages.find((url) => new URL(url).pathname === kit.callbackPath) : pages[0];
  if (right !== undefined) return right;
  const [page] = pages;
  const here = new URL(origin).port === '3000' ? 'http://localhost:3001' : 'http://localhost:3000';
  return new URL(kit.callbackPath, page === undefined ? here : new URL(page).origin).href;
}

/**
 * Returns the values that the code for an application contains. `audience` is the API for which the application has a
 * grant. If it is undefined or unsafe in code, the code contains an example instead.
 */
export function chooseFacts(
  client: Pick<Client, 'client_id' | 'callbacks'>,
  { kit, origin, audience }: { readonly kit: Kit; readonly origin: string; readonly audience: string | undefined },
): CodeFacts {
  return {
    origin,
    clientId: client.client_id,
    callback: chooseCallback(client, kit, origin),
    audience: audience !== undefined && isPlain(audience) ? audience : 'https://api.example.com/',
  };
}

type Settings = Pick<Client, 'callbacks' | 'allowed_logout_urls' | 'web_origins' | 'initiate_login_uri'>;

/**
 * Returns the settings that must change for the code to work: each list with the needed address added. Returns an empty
 * object if nothing is missing. Keeps an existing `initiate_login_uri`, even if it is a different one.
 */
export function findMissing(client: Settings, { callback, logout, login, origin }: CodeAddresses): Partial<Settings> {
  const { callbacks = [], allowed_logout_urls: after = [], web_origins: origins = [] } = client;
  const { initiate_login_uri: begin = '' } = client;
  return {
    ...(!callbacks.includes(callback) && { callbacks: [...callbacks, callback] }),
    ...(!after.includes(logout) && { allowed_logout_urls: [...after, logout] }),
    ...(origin !== undefined && !origins.includes(origin) && { web_origins: [...origins, origin] }),
    ...(begin === '' && { initiate_login_uri: login }),
  };
}
