/**
 * A syntax tree with upward links: the parent of a node, its enclosing function, and the binding of a name. Knows
 * JavaScript and nothing of Actions.
 */
import type { AnyNode, Identifier, Pattern, Program } from 'acorn';
import { fullAncestor } from 'acorn-walk';

export type AnyFunction = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/**
 * One assignment to a name: `source`, and the properties that a pattern reads from it (`const { a: { b } } = source`).
 */
interface Write {
  readonly source: AnyNode;
  readonly path: readonly string[];
}

export interface Binding {
  readonly name: string;
  /** The node that declares the name, for its position. */
  readonly declared: AnyNode;
  readonly writes: Write[];
  /** Set for parameters: the function and the index. */
  readonly parameter?: { readonly of: AnyFunction; readonly index: number; readonly path: readonly string[] };
  /** False when something else may assign it too (a loop variable, a caught error, a rest element). */
  isKnown: boolean;
}

type Scope = Map<string, Binding>;

/**
 * Maximum number of nodes that all queries about one file may visit. Queries about nested loops, and functions called
 * in loops, visit the same nodes repeatedly: without this limit 20 kB of code took 10 s and a gigabyte, and 70 kB
 * crashed the process.
 */
const MAX_STEPS = 1_000_000;

/** Thrown when the queries visit more nodes than any real Action needs. */
export class TooCostly extends RangeError {
  override name = 'TooCostly';
}

const SCOPES = new Set([
  'Program',
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'CatchClause',
  'SwitchStatement',
]);

/** True for each of the three kinds of function. */
export function isFunction(node: AnyNode | undefined): node is AnyFunction {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

/** Returns the name of a property that the code shows directly: `a.name`, `a['name']`, `{ name: … }`. */
export function findKey(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === 'Identifier' && !computed) return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

export class Tree {
  /** All nodes of the program, inner ones before outer ones. */
  readonly nodes: readonly AnyNode[];
  private readonly parents = new Map<AnyNode, AnyNode>();
  private readonly scopes = new Map<AnyNode, Scope>();
  private readonly places = new Map<AnyNode, number>();
  private readonly sizes = new Map<AnyNode, number>();
  private readonly types = new Map<AnyNode['type'], readonly AnyNode[]>();
  private uses: ReadonlyMap<Binding, readonly Identifier[]> | undefined;
  private readonly functions = new Map<AnyNode, AnyFunction | undefined>();
  private steps = 0;

  constructor(
    readonly program: Program,
    readonly code: string,
  ) {
    const nodes: AnyNode[] = [];
    fullAncestor(program, (node, _state, ancestors) => {
      // acorn's full walk reports a node twice when it is both a pattern and an expression.
      if (this.parents.has(node as AnyNode)) return;
      const parent = (ancestors as AnyNode[]).findLast((ancestor) => ancestor !== node);
      if (parent !== undefined) this.parents.set(node as AnyNode, parent);
      nodes.push(node as AnyNode);
    });
    this.nodes = nodes;
    // A node directly follows all its inner nodes, so these are a slice of the list.
    for (const [index, node] of nodes.entries()) {
      this.places.set(node, index);
      const size = this.sizes.get(node) ?? 1;
      this.sizes.set(node, size);
      const parent = this.parents.get(node);
      if (parent !== undefined) this.sizes.set(parent, (this.sizes.get(parent) ?? 1) + size);
    }
    for (const node of nodes) if (SCOPES.has(node.type)) this.scopes.set(node, new Map());
    for (const node of nodes) this.declare(node);
    for (const node of nodes) this.assign(node);
  }

  /** Lists all nodes of one type. */
  ofType<T extends AnyNode['type']>(type: T): readonly Extract<AnyNode, { type: T }>[] {
    const known = this.types.get(type);
    if (known !== undefined) return known as readonly Extract<AnyNode, { type: T }>[];
    const found = this.nodes.filter((node): node is Extract<AnyNode, { type: T }> => node.type === type);
    this.types.set(type, found);
    return found;
  }

  /** Lists where a name is read or written, except in its declaration. */
  usesOf(binding: Binding): readonly Identifier[] {
    if (this.uses === undefined) {
      const uses = new Map<Binding, Identifier[]>();
      for (const node of this.ofType('Identifier')) {
        const found = this.findBinding(node);
        if (found === undefined || this.isWithin(node, found.declared)) continue;
        const list = uses.get(found);
        if (list === undefined) uses.set(found, [node]);
        else list.push(node);
      }
      this.uses = uses;
    }
    return this.uses.get(binding) ?? [];
  }

  findParent(node: AnyNode): AnyNode | undefined {
    return this.parents.get(node);
  }

  /** Yields the parent of `node` and all its ancestors. */
  *ancestors(node: AnyNode): Generator<AnyNode> {
    for (let at = this.parents.get(node); at !== undefined; at = this.parents.get(at)) {
      this.spend(1);
      yield at;
    }
  }

  /** Counts visited nodes against a limit. Throws {@link TooCostly}. */
  spend(nodes: number): void {
    this.steps += nodes;
    if (this.steps > MAX_STEPS) throw new TooCostly('too many questions about this code');
  }

  /** Finds the innermost function around `node`; undefined at the module's top level. */
  findFunction(node: AnyNode): AnyFunction | undefined {
    if (this.functions.has(node)) return this.functions.get(node);
    const parent = this.parents.get(node);
    const found = parent === undefined || isFunction(parent) ? parent : this.findFunction(parent);
    const home = found !== undefined && isFunction(found) ? found : undefined;
    this.functions.set(node, home);
    return home;
  }

  /** True if `node` is `outer` or inside it. */
  isWithin(node: AnyNode, outer: AnyNode): boolean {
    return node.start >= outer.start && node.end <= outer.end;
  }

  /** Lists the nodes within `outer`, itself included. */
  within(outer: AnyNode): readonly AnyNode[] {
    const end = (this.places.get(outer) ?? -1) + 1;
    const size = this.sizes.get(outer) ?? 0;
    this.spend(size);
    return this.nodes.slice(Math.max(0, end - size), end);
  }

  /** Lists the nodes within `outer`, without those of inner functions. */
  withinSameFunction(outer: AnyNode): readonly AnyNode[] {
    const home = isFunction(outer) ? outer : this.findFunction(outer);
    return this.within(outer).filter((node) => this.findFunction(node) === home || node === outer);
  }

  textOf(node: AnyNode): string {
    return this.code.slice(node.start, node.end);
  }

  /** Finds the binding of a name where it is used; undefined for globals. */
  findBinding(identifier: Identifier): Binding | undefined {
    for (const ancestor of this.ancestors(identifier)) {
      const binding = this.scopes.get(ancestor)?.get(identifier.name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  private scopeAround(node: AnyNode, functionOnly: boolean): Scope {
    for (const ancestor of this.ancestors(node)) {
      const scope = this.scopes.get(ancestor);
      if (scope !== undefined && (!functionOnly || isFunction(ancestor) || ancestor.type === 'Program')) return scope;
    }
    return this.scopes.get(this.program) ?? new Map();
  }

  private add(scope: Scope, name: string, declared: AnyNode, write?: Write, parameter?: Binding['parameter']): void {
    const known = scope.get(name);
    if (known !== undefined) {
      if (write !== undefined) known.writes.push(write);
      return;
    }
    const writes = write === undefined ? [] : [write];
    scope.set(name, { name, declared, writes, isKnown: true, ...(parameter === undefined ? {} : { parameter }) });
  }

  private declare(node: AnyNode): void {
    if (node.type === 'VariableDeclaration') {
      const scope = this.scopeAround(node, node.kind === 'var');
      const parent = this.findParent(node);
      const inLoopHead =
        (parent?.type === 'ForOfStatement' || parent?.type === 'ForInStatement') && parent.left === node;
      for (const declarator of node.declarations) {
        for (const { name, path, isWhole } of patternNames(declarator.id)) {
          const source = declarator.init ?? undefined;
          const write = source === undefined || !isWhole ? undefined : { source, path };
          this.add(scope, name, declarator.id, write);
          if (inLoopHead || !isWhole) this.distrust(scope, name);
        }
      }
    } else if (isFunction(node)) {
      if (node.type === 'FunctionDeclaration' && node.id != null) {
        this.add(this.scopeAround(node, false), node.id.name, node.id, { source: node, path: [] });
      }
      const scope = this.scopes.get(node) ?? new Map();
      for (const [index, parameter] of node.params.entries()) {
        for (const { name, path, isWhole } of patternNames(parameter)) {
          this.add(scope, name, parameter, undefined, { of: node, index, path });
          if (!isWhole) this.distrust(scope, name);
        }
      }
    } else if (node.type === 'ClassDeclaration' && node.id != null) {
      this.add(this.scopeAround(node, false), node.id.name, node.id, { source: node, path: [] });
    } else if (node.type === 'CatchClause' && node.param != null) {
      const scope = this.scopes.get(node) ?? new Map();
      for (const { name } of patternNames(node.param)) {
        this.add(scope, name, node.param);
        this.distrust(scope, name);
      }
    }
  }

  private assign(node: AnyNode): void {
    if (node.type === 'AssignmentExpression') {
      for (const { name, path, identifier } of patternNames(node.left as Pattern)) {
        const binding = this.findBinding(identifier);
        if (binding === undefined || name !== binding.name) continue;
        if (node.operator === '=' || node.operator === '??=' || node.operator === '||=') {
          binding.writes.push({ source: node.right, path });
        } else binding.isKnown = false;
      }
    } else if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') {
      const binding = this.findBinding(node.argument);
      if (binding !== undefined) binding.isKnown = false;
    }
  }

  private distrust(scope: Scope, name: string): void {
    const binding = scope.get(name);
    if (binding !== undefined) binding.isKnown = false;
  }
}

interface PatternName {
  readonly name: string;
  readonly identifier: Identifier;
  readonly path: readonly string[];
  /** False where the value is not simply a property of the source: rest elements, array elements, computed keys. */
  readonly isWhole: boolean;
}

/** Lists the names that a pattern declares, with the properties that they read. */
export function patternNames(
  pattern: Pattern,
  path: readonly string[] = [],
  isWhole: boolean = true,
): readonly PatternName[] {
  switch (pattern.type) {
    case 'Identifier':
      return [{ name: pattern.name, identifier: pattern, path, isWhole }];
    case 'AssignmentPattern':
      return patternNames(pattern.left, path, isWhole);
    case 'RestElement':
      return patternNames(pattern.argument, path, false);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element, path, false)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => {
        if (property.type === 'RestElement') return patternNames(property.argument, path, false);
        const key = findKey(property.key, property.computed);
        return patternNames(property.value, key === undefined ? path : [...path, key], isWhole && key !== undefined);
      });
    default:
      return [];
  }
}
