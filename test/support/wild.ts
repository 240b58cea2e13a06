/**
 * The Actions of test/corpus/actions-in-the-wild: what people write for Auth0, told again in words of our own. The first line of each
 * says its trigger, what it does, what kind of source it is known from, and which release of the auth0 package it is written for.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isTriggerId, type TriggerId } from '../../src/domain/actions/action.js';

const folder = new URL('../corpus/actions-in-the-wild/', import.meta.url);
const PACKAGES: Readonly<Record<string, string>> = {
  axios: '1.6.2',
  jose: '6.x',
  jsonwebtoken: '^9.0.0',
  lodash: '4.17.21',
  uuid: '8.3.2',
};

export interface WildAction {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly trigger: TriggerId;
  readonly code: string;
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
}

/**
 * Those that call the Management API of their own server: they are run against a whole one (test/scenarios/actions-in-the-wild), and
 * the rest with services that play the world outside (test/actions/wild).
 */
export const NEEDS_A_SERVER: readonly string[] = [
  'default-role-sdk4',
  'default-role-sdk7',
  'join-organization-sdk4',
  'join-organization-sdk7',
  'link-accounts-sdk4',
  'link-accounts-sdk7',
  'management-token-cache',
  'password-people',
  'refuse-sign-up-by-login',
  'unblock-after-reset',
  'update-user',
];

function toAction(name: string): WildAction {
  const code = readFileSync(new URL(`${name}.js`, folder), 'utf8');
  const [first = ''] = code.split('\n');
  const trigger = /^\/\/ ([a-z-]+)[:,] .+ Known from .+\.$/.exec(first)?.[1] ?? '';
  if (!isTriggerId(trigger))
    throw new Error(`${name}.js: the first line names no trigger, or not where it is known from`);
  const required = [...code.matchAll(/require\('([a-z0-9]+)'\)/g)].flatMap(([, found]) => found ?? []);
  const dependencies = [...new Set(required)].flatMap((found) => {
    const version = found === 'auth0' ? (/\bauth0 (\d[\d.]*)/.exec(first)?.[1] ?? '4') : PACKAGES[found];
    return version === undefined ? [] : [{ name: found, version: version.replace(/\.$/, '') }];
  });
  return { name, trigger, code, dependencies };
}

/** All of them, by name. */
export function readWild(): readonly WildAction[] {
  return readdirSync(folder)
    .map((file) => file.replace(/\.js$/, ''))
    .sort()
    .map(toAction);
}

/** The one of that name; throws when there is none. */
export function getWild(name: string): WildAction {
  return toAction(name);
}
