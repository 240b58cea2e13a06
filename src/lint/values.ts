/**
 * Evaluates an expression as far as the linter needs it: a package, the SDK's client or a part of it, the `event` and
 * `api` of a handler, a function of the same file, a text. Follows names, destructuring, parameters, and function calls
 * within the file. A value that the code does not show is undefined, never guessed.
 */
import type { AnyNode, Identifier } from 'acorn';
import { type AnyFunction, type Binding, findKey, type Tree } from './tree.js';

export type Value =
  /** The result of `require('name')`, or a property of it. */
  | { readonly kind: 'package'; readonly name: string; readonly path: readonly string[] }
  /**
   * The result of `new` or of a call of a package's export (`new ManagementClient()`, `axios.create()`), and its
   * properties.
   */
  | { readonly kind: 'made'; readonly name: string; readonly by: readonly string[]; readonly path: readonly string[] }
  | { readonly kind: 'event' | 'api' | 'exports' | 'global'; readonly path: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'function'; readonly node: AnyFunction }
  | { readonly kind: 'object'; readonly node: Extract<AnyNode, { type: 'ObjectExpression' }> };

/** Longest chain of names and calls that the linter follows. */
const MAX_DEPTH = 40;
/** Maximum number of functions through which a function may be passed on. */
const LINK_ROUNDS = 3;

function isSame(a: Value, b: Value): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'function' || a.kind === 'object') return a.node === (b as typeof a).node;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Returns the value on which all known ones of `values` agree. */
function agree(values: readonly (Value | undefined)[]): Value | undefined {
  const known = values.filter((value) => value !== undefined);
  const [first] = known;
  return first !== undefined && known.every((value) => isSame(first, value)) ? first : undefined;
}

export class Values {
  private readonly known = new Map<AnyNode, Value | undefined>();
  private readonly bindings = new Map<Binding, Value | undefined>();
  private readonly returns = new Map<AnyFunction, readonly AnyNode[]>();
  private calls = new Map<AnyFunction, Extract<AnyNode, { type: 'CallExpression' }>[]>();
  private depth = 0;

  constructor(
    private readonly tree: Tree,
    /** Returns the role of a handler's parameter; consulted before the calls within the file. */
    private readonly findRole: (fn: AnyFunction, index: number) => 'event' | 'api' | undefined,
  ) {}

  of(node: AnyNode): Value | undefined {
    if (this.known.has(node)) return this.known.get(node);
    if (this.depth >= MAX_DEPTH) return undefined;
    this.known.set(node, undefined);
    this.depth += 1;
    const value = this.evaluate(node);
    this.depth -= 1;
    this.known.set(node, value);
    return value;
  }

  /** Lists the calls within the file of one of its functions. */
  callsOf(fn: AnyFunction): readonly Extract<AnyNode, { type: 'CallExpression' }>[] {
    return this.calls.get(fn) ?? [];
  }

  /**
   * Finds the calls within the file. Must be called when roles are known, before anything that depends on parameters.
   * Several rounds, because a parameter may be a function whose calls only the previous round found.
   */
  linkCalls(): void {
    for (let round = 0; round < LINK_ROUNDS; round += 1) {
      this.forget();
      const calls: typeof this.calls = new Map();
      for (const call of this.tree.ofType('CallExpression')) {
        const callee = this.of(call.callee);
        if (callee?.kind !== 'function') continue;
        const known = calls.get(callee.node);
        if (known === undefined) calls.set(callee.node, [call]);
        else known.push(call);
      }
      this.calls = calls;
    }
    this.forget();
  }

  private forget(): void {
    this.known.clear();
    this.bindings.clear();
  }

  /** Returns the text of a string, if the code shows it directly. */
  findText(node: AnyNode | undefined): string | undefined {
    const value = node === undefined ? undefined : this.of(node);
    return value?.kind === 'text' ? value.text : undefined;
  }

  private evaluate(node: AnyNode): Value | undefined {
    switch (node.type) {
      case 'Identifier':
        return this.ofIdentifier(node);
      case 'Literal':
        return typeof node.value === 'string' ? { kind: 'text', text: node.value } : undefined;
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? { kind: 'text', text: node.quasis[0]?.value.cooked ?? '' } : undefined;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return { kind: 'function', node: node as AnyFunction };
      case 'ObjectExpression':
        return { kind: 'object', node };
      case 'MemberExpression': {
        const key = findKey(node.property, node.computed) ?? this.findText(node.computed ? node.property : undefined);
        return key === undefined ? undefined : this.below(this.of(node.object), [key]);
      }
      case 'ChainExpression':
        return this.of(node.expression);
      case 'AwaitExpression':
        return this.of(node.argument);
      case 'AssignmentExpression':
        return this.of(node.right);
      case 'SequenceExpression':
        return this.of(node.expressions.at(-1) ?? node);
      case 'ConditionalExpression':
        return agree([this.of(node.consequent), this.of(node.alternate)]);
      case 'LogicalExpression':
        // A fallback to an empty object, for example `event.secrets || {}`.
        if (node.right.type === 'ObjectExpression' && node.right.properties.length === 0) return this.of(node.left);
        return agree([this.of(node.left), this.of(node.right)]);
      case 'ImportExpression': {
        const name = this.findText(node.source);
        return name === undefined ? undefined : { kind: 'package', name, path: [] };
      }
      case 'NewExpression':
        return this.ofMade(this.of(node.callee));
      case 'CallExpression':
        return this.ofCall(node);
      default:
        return undefined;
    }
  }

  private ofMade(callee: Value | undefined): Value | undefined {
    return callee?.kind === 'package' ? { kind: 'made', name: callee.name, by: callee.path, path: [] } : undefined;
  }

  private ofCall(node: Extract<AnyNode, { type: 'CallExpression' }>): Value | undefined {
    const callee = this.of(node.callee);
    if (callee?.kind === 'global' && callee.path.join('.') === 'require') {
      const name = this.findText(node.arguments[0]);
      return name === undefined ? undefined : { kind: 'package', name, path: [] };
    }
    if (callee?.kind === 'function') return agree(this.returnsOf(callee.node).map((value) => this.of(value)));
    return this.ofMade(callee);
  }

  /** Lists the expressions that a function may return. */
  returnsOf(fn: AnyFunction): readonly AnyNode[] {
    if (fn.type === 'ArrowFunctionExpression' && fn.body.type !== 'BlockStatement') return [fn.body];
    const known = this.returns.get(fn);
    if (known !== undefined) return known;
    const found = this.tree
      .withinSameFunction(fn)
      .flatMap((node) => (node.type === 'ReturnStatement' && node.argument != null ? [node.argument] : []));
    this.returns.set(fn, found);
    return found;
  }

  private ofIdentifier(node: Identifier): Value | undefined {
    const binding = this.tree.findBinding(node);
    if (binding !== undefined) return this.ofBinding(binding);
    if (node.name === 'exports') return { kind: 'exports', path: [] };
    return { kind: 'global', path: [node.name] };
  }

  private ofBinding(binding: Binding): Value | undefined {
    if (!binding.isKnown) return undefined;
    if (this.bindings.has(binding)) return this.bindings.get(binding);
    this.bindings.set(binding, undefined);
    const value = this.evaluateBinding(binding);
    this.bindings.set(binding, value);
    return value;
  }

  private evaluateBinding(binding: Binding): Value | undefined {
    const values = binding.writes.map((write) => this.below(this.of(write.source), write.path));
    if (binding.parameter !== undefined) {
      const { of: fn, index, path } = binding.parameter;
      const role = this.findRole(fn, index);
      if (role !== undefined) values.push(this.below({ kind: role, path: [] }, path));
      else {
        for (const call of this.callsOf(fn)) {
          const argument = call.arguments[index];
          if (argument !== undefined) values.push(this.below(this.of(argument), path));
        }
      }
    }
    return agree(values);
  }

  /** Returns the property at `path` of a value; undefined for none. */
  private below(value: Value | undefined, path: readonly string[]): Value | undefined {
    const [first, ...rest] = path;
    if (value === undefined || first === undefined) return value;
    if (value.kind === 'object') return this.below(this.ofProperty(value.node, first), rest);
    if (value.kind === 'text' || value.kind === 'function') return undefined;
    const longer = [...value.path, ...path];
    if (value.kind !== 'global' || value.path.join('.') !== 'module') return { ...value, path: longer };
    return first === 'exports' ? { kind: 'exports', path: rest } : undefined;
  }

  private ofProperty(object: Extract<AnyNode, { type: 'ObjectExpression' }>, name: string): Value | undefined {
    for (const property of object.properties) {
      if (property.type === 'Property' && findKey(property.key, property.computed) === name) {
        return this.of(property.value);
      }
    }
    return undefined;
  }
}

/** Returns the dotted path of a value below its root (`access` for `api.access`), or '' for a value without one. */
export function pathOf(value: Value | undefined): string {
  return value !== undefined && 'path' in value ? value.path.join('.') : '';
}
