/**
 * Built-in functions as they were before any Action ran. Code that decides or reports later calls these, because an
 * Action could have replaced the originals. Must be imported first.
 */
import { Buffer } from 'node:buffer';
import { writeSync, writevSync } from 'node:fs';
import { format } from 'node:util';

export const { ownKeys, getOwnPropertyDescriptor, defineProperty, deleteProperty, apply } = Reflect;
export const { freeze, getPrototypeOf, is, isFrozen } = Object;
export const { parse: parseJson, stringify: stringifyJson } = JSON;
export const bufferFrom = Buffer.from;
export const { byteLength } = Buffer;
export const formatLine = format;
export const writeTo = writeSync;
export const writeManyTo = writevSync;
export const isArray = Array.isArray;
export const PromiseOf = Promise;
/** Functions that lock-down.ts removes from `process` but that this program needs. `exit` runs no exit listeners. */
const reallyExit = Reflect.get(process, 'reallyExit') as (code: number) => never;
export const exit = (code: number): never => reallyExit(code);
export const { getActiveResourcesInfo } = process;
export const eventNamesOf = process.eventNames.bind(process);

/**
 * Returns `method` with its receiver as the first argument; works even if an Action replaces `Function.prototype.call`.
 */
function uncurry<This, Arguments extends unknown[], Result>(method: (this: This, ...rest: Arguments) => Result) {
  return (self: This, ...rest: Arguments): Result => apply(method, self, rest) as Result;
}

export const slice = uncurry<string, [from: number, to?: number], string>(String.prototype.slice);
export const subarray = uncurry<Uint8Array, [from: number], Uint8Array>(Uint8Array.prototype.subarray);
