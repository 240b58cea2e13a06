/** The input of every rule: the syntax tree, the values of its expressions, and the known facts about the Action. */
import type { AnyNode, Program } from 'acorn';
import type { ActionDependency } from '../domain/actions/action.js';
import type { FindingId } from './catalog.js';
import { type Exports, findExports } from './exported.js';
import { Flow } from './flow.js';
import { type Major, SDK_MAJORS } from './sdk/sdk-major.js';
import { callsOf, type SdkCall, type Suggestion, suggestCall } from './sdk-names.js';
import { type AnyFunction, Tree } from './tree.js';
import { findTrigger, findTriggerOfHandler, type Handler, type Trigger } from './triggers.js';
import { pathOf, Values } from './values.js';

export interface LintedAction {
  readonly code: string;
  /** Id of the Action's trigger; by default, found from its handlers. */
  readonly trigger?: string;
  /** Declared dependencies of the Action. If left out, no undeclared package is reported. */
  readonly dependencies?: readonly ActionDependency[];
  /** Names of the Action's secrets; unknown if absent. */
  readonly secrets?: readonly string[];
  /** Names of modules that the Action may load; unknown if left out. */
  readonly modules?: readonly string[] | undefined;
  /** Major version of the auth0 package if no dependency names one. Default 4. */
  readonly auth0Sdk?: Major;
}

/** A finding of a rule; the catalogue adds the rest. */
export interface Report {
  readonly id: FindingId;
  readonly node: AnyNode;
  readonly message: string;
  readonly fix: string;
}

export type CallNode = Extract<AnyNode, { type: 'CallExpression' }>;

/** A call of a method of one of the auth0 package's clients. */
export interface SdkUse {
  readonly node: CallNode;
  readonly client: string;
  readonly path: string;
  readonly major: Major;
  /** The call in the package's major version in use; undefined if that version has none of this name. */
  readonly call?: SdkCall;
  /** The call that was probably intended, if the client has no such method. */
  readonly suggestion?: Suggestion;
}

export interface Context {
  readonly source: LintedAction;
  readonly tree: Tree;
  readonly values: Values;
  readonly exports: Exports;
  readonly trigger?: Trigger;
  /** Functions of the code that the trigger calls. */
  readonly handlers: ReadonlyMap<AnyFunction, Handler | undefined>;
  readonly major: Major;
  readonly flow: Flow;
  readonly sdkUses: readonly SdkUse[];
  readonly apiUses: readonly ApiUse[];
  readonly sdkByNode: ReadonlyMap<AnyNode, SdkUse>;
  readonly apiByNode: ReadonlyMap<AnyNode, ApiUse>;
}

/** A call of a method of `api`. */
export interface ApiUse {
  readonly node: CallNode;
  /** Path of the method below `api`, for example `access.deny`. */
  readonly path: string;
}

/**
 * Maximum number of suggestions: each searches some hundred names, which takes 3 ms, and no more findings are shown.
 */
const MAX_SUGGESTIONS = 100;

export type Rule = (context: Context) => Iterable<Report>;

function findMajor(source: LintedAction): Major {
  const declared = source.dependencies?.find(({ name }) => name === 'auth0')?.version;
  const first = declared === undefined ? undefined : /\d+/.exec(declared)?.[0];
  if (declared !== undefined && first === undefined) return 7;
  return SDK_MAJORS.find((major) => String(major) === first) ?? source.auth0Sdk ?? 4;
}

function findSdkUses(tree: Tree, values: Values, major: Major): readonly SdkUse[] {
  const uses: SdkUse[] = [];
  const suggestions = new Map<string, Suggestion>();
  const suggest = (path: string, inUse: Major, client: string): Suggestion => {
    const key = `${inUse} ${client} ${path}`;
    if (suggestions.size >= MAX_SUGGESTIONS && !suggestions.has(key)) return { majors: [] };
    const suggestion = suggestions.get(key) ?? suggestCall(path, inUse, client);
    suggestions.set(key, suggestion);
    return suggestion;
  };
  for (const node of tree.ofType('CallExpression')) {
    const callee = values.of(node.callee);
    if (callee?.kind !== 'made' || (callee.name !== 'auth0' && callee.name !== 'auth0/legacy')) continue;
    const client = callee.by.at(-1) ?? '';
    const path = pathOf(callee);
    // From major version 5 on, the package offers the calls of version 4 under auth0/legacy.
    const inUse = callee.name === 'auth0/legacy' ? 4 : major;
    const calls = callsOf(inUse, client);
    if (path === '' || calls.size === 0) continue;
    const call = calls.get(path);
    const suggestion = call === undefined ? suggest(path, inUse, client) : undefined;
    const found = call === undefined ? {} : { call };
    uses.push({ node, client, path, major: inUse, ...found, ...(suggestion === undefined ? {} : { suggestion }) });
  }
  return uses;
}

function findApiUses(tree: Tree, values: Values): readonly ApiUse[] {
  return tree.ofType('CallExpression').flatMap((node) => {
    const callee = values.of(node.callee);
    return callee?.kind === 'api' && callee.path.length > 0 ? [{ node, path: pathOf(callee) }] : [];
  });
}

/** Reads everything about the code that several rules need. */
export function createContext(source: LintedAction, program: Program): Context {
  const tree = new Tree(program, source.code);
  const roles = new Map<AnyFunction, Handler | undefined>();
  const values = new Values(tree, (fn, index) => {
    if (!roles.has(fn)) return undefined;
    return index === 0 ? 'event' : index === 1 ? 'api' : undefined;
  });
  const exports = findExports(tree, values);
  const names = exports.exported.map(({ name }) => name);
  const trigger =
    findTrigger(source.trigger) ??
    (source.trigger === undefined ? names.map(findTriggerOfHandler).find((found) => found !== undefined) : undefined);
  for (const { name, fn } of exports.exported) {
    const owner = findTriggerOfHandler(name);
    if (fn !== undefined && owner !== undefined) {
      roles.set(
        fn,
        owner.handlers.find((handler) => handler.name === name),
      );
    }
  }
  values.linkCalls();
  const major = findMajor(source);
  const sdkUses = findSdkUses(tree, values, major);
  const apiUses = findApiUses(tree, values);
  return {
    source,
    tree,
    values,
    exports,
    handlers: roles,
    major,
    flow: new Flow(tree, values),
    sdkUses,
    apiUses,
    sdkByNode: new Map(sdkUses.map((use) => [use.node, use])),
    apiByNode: new Map(apiUses.map((use) => [use.node, use])),
    ...(trigger === undefined ? {} : { trigger }),
  };
}
