/**
 * Readers of single environment variables: a port, a count, a rate, a list of networks and the like. A wrong value is a
 * {@link StartError} of one line that names the variable, its value and the accepted values. Only config.ts and
 * certificate-files.ts call them; never reads `process.env`.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { StartError } from '../kernel/errors.js';
import { toFileReason } from '../kernel/file-errors.js';
import type { Rate } from '../kernel/rate-limit.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws the {@link StartError} that names the variable `name`, its value and the accepted values. */
export function fail(name: string, got: string | undefined, takes: string): never {
  throw new StartError(`${name} is ${got === undefined ? 'missing' : JSON.stringify(got)}: it takes ${takes}`);
}

/** Receives the error of one variable. It throws the error, or collects it so that the next variables are read too. */
export type Tell = (error: StartError) => void;

/**
 * Runs each reader and passes its error to `tell`. If `tell` does not throw, the field is missing from the result, and
 * the caller must not use the result.
 */
export function readEach<Fields extends object>(
  tell: Tell,
  readers: { readonly [Name in keyof Fields]-?: () => Fields[Name] },
): Fields {
  const found: Partial<Fields> = {};
  for (const name of Object.keys(readers) as (keyof Fields)[]) {
    try {
      found[name] = readers[name]();
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      tell(error);
    }
  }
  return found as Fields;
}

/** Parses a port; undefined when the variable is not set. Throws {@link StartError}. */
export function parsePort(env: Environment, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) fail(name, text, 'a port number from 0 to 65535');
  return port;
}

/**
 * Reads the file that the variable names; undefined when it is not set. Throws {@link StartError} when it cannot be
 * read.
 */
export function readFileOf(env: Environment, name: string): Buffer | undefined {
  const path = env[name];
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartError(
      `${name} is ${JSON.stringify(path)}: it takes a readable PEM file (${toFileReason(error, 'read', path)})`,
    );
  }
}

/**
 * Parses addresses or networks, comma-separated: `10.0.0.0/8,127.0.0.1`. Refuses an IPv6 zone (`%eth0`), which
 * networks.ts does not support, and `/0`, which is everybody. Throws {@link StartError}.
 */
export function parseNetworks(env: Environment, name: string): readonly string[] {
  const items = (env[name] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  for (const item of items) {
    const [, address = '', bits] = /^([^/%]+)(?:\/(\d+))?$/.exec(item) ?? [];
    const maximum = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
    if (maximum === 0 || (bits !== undefined && (Number(bits) === 0 || Number(bits) > maximum)))
      fail(name, item, 'addresses or networks such as 10.0.0.0/8,127.0.0.1 (no zone, and not /0, which is everybody)');
  }
  return items;
}

/**
 * Parses addresses of name servers, comma-separated, with or without a port: `10.0.0.2,10.0.0.3:5353,[fd00::2]:53`.
 * Throws {@link StartError}.
 */
export function parseNameServers(env: Environment, name: string): readonly string[] {
  const items = (env[name] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  for (const item of items) {
    const [, bracketed, plain, port] = /^(?:\[([^\]%]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(item) ?? [];
    const address = bracketed ?? plain ?? item;
    const isRight = isIP(address) === (bracketed === undefined && plain !== undefined ? 4 : 6);
    if (!isRight || (port !== undefined && (Number(port) === 0 || Number(port) > 65_535)))
      fail(name, item, 'addresses of name servers such as 10.0.0.2,10.0.0.3:5353,[fd00::2]:53');
  }
  return items;
}

/** Parses a whole number within `range`; its `usual` when the variable is not set. Throws {@link StartError}. */
export function parseCount(
  env: Environment,
  name: string,
  range: { least: number; most: number; usual: number },
): number {
  const text = env[name];
  if (!text) return range.usual;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < range.least || count > range.most)
    fail(name, text, `a whole number from ${range.least} to ${range.most}`);
  return count;
}

/**
 * Parses a rate of requests: `none`, the number per second (`16`), or also how many may come at once (`16/50`). Throws
 * {@link StartError}.
 */
export function parseRate(env: Environment, name: string, usual: string): Rate | undefined {
  const text = env[name] || usual;
  if (text === 'none') return undefined;
  const [, perSecond = '', atOnce = perSecond] = /^(\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  if (Number(perSecond) < 1 || Number(atOnce) < 1)
    fail(name, text, 'none, or requests per second and at once, such as 16/50 (each from 1 to 999999)');
  return { perSecond: Number(perSecond), atOnce: Number(atOnce) };
}
