/** What every rule gets: the tree, what its expressions stand for, and what is known about the Action around the code. */
import type { AnyNode, Program } from 'acorn';
import type { ActionDependency } from '../../domain/action-finding.js';
import type { FindingId } from './catalog.js';
import { type Exports, findExports } from './handlers.js';
import { callsOf, type Major, SDK_MAJORS, type SdkCall, type Suggestion, suggestCall } from './sdk-names.js';
import { type AnyFunction, Tree } from './tree.js';
import { findTrigger, findTriggerOfHandler, type Handler, type Trigger } from './triggers.js';
import { pathOf, Values } from './values.js';

export interface ActionSource {
  readonly code: string;
  /** Id of the trigger that the Action is for; found from its handlers if left out. */
  readonly trigger?: string;
  /** What the Action declares. Left out: not known, and nothing is said about undeclared packages. */
  readonly dependencies?: readonly ActionDependency[];
  /** Names of the secrets that the Action has. Left out: not known. */
  readonly secrets?: readonly string[];
  /** Major of the auth0 package, where no dependency says so. Default 4. */
  readonly auth0Sdk?: Major;
}

/** What a rule has found; the catalogue adds the rest. */
export interface Report {
  readonly id: FindingId;
  readonly node: AnyNode;
  readonly message: string;
  readonly fix: string;
}

type CallNode = Extract<AnyNode, { type: 'CallExpression' }>;

/** A call of a client of the auth0 package. */
export interface SdkUse {
  readonly node: CallNode;
  readonly client: string;
  readonly path: string;
  readonly major: Major;
  /** The call as the major in use has it; undefined if it has none of this name. */
  readonly call?: SdkCall;
  /** What was meant, where there is no such call. */
  readonly suggestion?: Suggestion;
}

export interface Context {
  readonly source: ActionSource;
  readonly tree: Tree;
  readonly values: Values;
  readonly exports: Exports;
  readonly trigger?: Trigger;
  /** Functions that the trigger calls. */
  readonly handlers: ReadonlyMap<AnyFunction, Handler | undefined>;
  readonly major: Major;
  readonly sdkUses: readonly SdkUse[];
}

export type Rule = (context: Context) => Iterable<Report>;

function findMajor(source: ActionSource): Major {
  const declared = source.dependencies?.find(({ name }) => name === 'auth0')?.version;
  const first = declared === undefined ? undefined : /\d+/.exec(declared)?.[0];
  if (declared !== undefined && first === undefined) return 7;
  return SDK_MAJORS.find((major) => String(major) === first) ?? source.auth0Sdk ?? 4;
}

function findSdkUses(tree: Tree, values: Values, major: Major): readonly SdkUse[] {
  const uses: SdkUse[] = [];
  for (const node of tree.ofType('CallExpression')) {
    const callee = values.of(node.callee);
    if (callee?.kind !== 'made' || (callee.name !== 'auth0' && callee.name !== 'auth0/legacy')) continue;
    const client = callee.by.at(-1) ?? '';
    const path = pathOf(callee);
    // The packages from 5 on keep the calls of 4 under auth0/legacy.
    const inUse = callee.name === 'auth0/legacy' ? 4 : major;
    const calls = callsOf(inUse, client);
    if (path === '' || calls.size === 0) continue;
    const call = calls.get(path);
    const suggestion = call === undefined ? suggestCall(path, inUse, client) : undefined;
    const found = call === undefined ? {} : { call };
    uses.push({ node, client, path, major: inUse, ...found, ...(suggestion === undefined ? {} : { suggestion }) });
  }
  return uses;
}

/** Reads everything about the code that more than one rule asks for. */
export function createContext(source: ActionSource, program: Program): Context {
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
  return {
    source,
    tree,
    values,
    exports,
    handlers: roles,
    major,
    sdkUses,
    ...(trigger === undefined ? {} : { trigger }),
  };
}
