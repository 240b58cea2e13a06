/** Finds secrets written in the code, and secrets that the Action does not have. Never quotes a value. */
import type { AnyNode } from 'acorn';
import type { Context, Report } from '../context.js';
import { findKey } from '../tree.js';
import { pathOf } from '../values.js';

const SECRET_NAME =
  /(secret|passw(or)?d|passphrase|api_?key|private_?key|signing_?key|access_?token|auth_?token|bearer)$/i;
const MAYBE_SECRET_NAME = /(token|key|credentials?)$/i;
const PLACEHOLDER = /your|example|placeholder|change_?me|dummy|sample|xxx|\*\*\*|<|>|\.\.\.|…/i;
/** Prefixes by which some vendors' keys are recognised. */
const VENDOR = /^(sk_live_|rk_live_|xox[abprs]-|gh[pousr]_|github_pat_|AKIA|ASIA|SG\.|glpat-|AIza)/;
const MIN_SECRET = 10;
const MIN_TOKEN = 20;
/** Minimum number of bits per character of a secret: words have about 2 to 3, random letters and digits 4 and more. */
const MIN_BITS = 3;

/** Computes the Shannon entropy of the characters, in bits per character. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function isVendorKey(text: string): boolean {
  const beginning = VENDOR.exec(text)?.[0];
  return beginning !== undefined && /^[\w.-]{12,}$/.test(text.slice(beginning.length));
}

function isJwt(text: string): boolean {
  return /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}$/.test(text);
}

function looksRandom(text: string, length: number): boolean {
  return (
    text.length >= length &&
    !/\s|:\/\//.test(text) &&
    /\d/.test(text) &&
    /[a-z]/i.test(text) &&
    !PLACEHOLDER.test(text) &&
    bitsPerCharacter(text) >= MIN_BITS
  );
}

/** True for capitals, small letters and digits in one word, which no ordinary name has. */
function isMixed(text: string): boolean {
  return /^[\w+/=-]+$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}

/** Returns the name that receives a value: `name = …`, `{ name: … }`. */
function nameOfTarget({ tree }: Context, node: AnyNode): string | undefined {
  const parent = tree.findParent(node);
  if (parent?.type === 'Property') return parent.value === node ? findKey(parent.key, parent.computed) : undefined;
  if (parent?.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : undefined;
  if (parent?.type === 'AssignmentExpression' && parent.right === node) {
    if (parent.left.type === 'Identifier') return parent.left.name;
    return parent.left.type === 'MemberExpression' ? findKey(parent.left.property, parent.left.computed) : undefined;
  }
  return parent?.type === 'LogicalExpression' ? nameOfTarget({ tree } as Context, parent) : undefined;
}

/** Names the kind of secret that `text` is, or returns undefined. */
function nameSecret(text: string, name: string | undefined): string | undefined {
  if (isJwt(text)) return 'a token (JWT)';
  if (text.includes('-----BEGIN') && text.includes('PRIVATE KEY-----')) return 'a private key';
  if (isVendorKey(text) && !PLACEHOLDER.test(text)) return 'an API key';
  const authorization = /^(Bearer|Basic) (\S+)$/.exec(text)?.[2];
  if (authorization !== undefined && looksRandom(authorization, MIN_TOKEN)) return 'an Authorization header';
  if (name === undefined) return undefined;
  if (SECRET_NAME.test(name) && looksRandom(text, MIN_SECRET)) return `the value of ${name}`;
  if (MAYBE_SECRET_NAME.test(name) && isMixed(text) && looksRandom(text, MIN_TOKEN)) {
    return `the value of ${name}`;
  }
  return undefined;
}

/** Turns a name in the code such as `clientSecret` into the secret's name `CLIENT_SECRET`. */
function toSecretName(name: string | undefined): string {
  if (name === undefined || !/^\w+$/.test(name)) return 'API_KEY';
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}

function* checkLiterals(context: Context): Iterable<Report> {
  const { tree } = context;
  for (const node of [...tree.ofType('Literal'), ...tree.ofType('TemplateLiteral')]) {
    const texts =
      node.type === 'Literal'
        ? [typeof node.value === 'string' ? node.value : '']
        : node.quasis.map((quasi) => quasi.value.cooked ?? '');
    const name = nameOfTarget(context, node);
    const secret = texts.map((text) => nameSecret(text, name)).find((found) => found !== undefined);
    if (secret === undefined) continue;
    yield {
      id: 'secret-in-code',
      node,
      message: `${secret[0]?.toUpperCase()}${secret.slice(1)} stands in the code.`,
      fix: `Make it a secret of the Action, replace the old value where it came from, and read\nevent.secrets.${toSecretName(name)}`,
    };
  }
}

function* checkDeclared({ source, tree, values }: Context): Iterable<Report> {
  const { secrets } = source;
  if (secrets === undefined) return;
  const toReport = (node: AnyNode, name: string): Report => ({
    id: 'undeclared-secret',
    node,
    message: `The Action has no secret named ${name}.`,
    fix:
      secrets.length === 0
        ? `Add the secret ${name} to the Action.`
        : `Add the secret ${name} to the Action, or use one that it has: ${secrets.join(', ')}.`,
  });
  for (const node of tree.ofType('MemberExpression')) {
    const value = values.of(node);
    const [first, name] = value?.kind === 'event' ? value.path : [];
    if (first !== 'secrets' || name === undefined || pathOf(value) !== `secrets.${name}`) continue;
    if (!secrets.includes(name)) yield toReport(node.property, name);
  }
  for (const node of tree.ofType('VariableDeclarator')) {
    if (node.id.type !== 'ObjectPattern' || node.init == null) continue;
    const value = values.of(node.init);
    if (value?.kind !== 'event' || pathOf(value) !== 'secrets') continue;
    for (const property of node.id.properties) {
      const name = property.type === 'Property' ? findKey(property.key, property.computed) : undefined;
      if (name !== undefined && !secrets.includes(name)) yield toReport(property, name);
    }
  }
}

/** Yields the findings secret-in-code and undeclared-secret. */
export function* checkSecrets(context: Context): Iterable<Report> {
  yield* checkLiterals(context);
  yield* checkDeclared(context);
}
