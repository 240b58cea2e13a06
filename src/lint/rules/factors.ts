/** Checks the literal arguments of calls for second factors: the types of factors, and the provider. */
import type { AnyNode } from 'acorn';
import { findNearest } from '../../kernel/similar-names.js';
import type { ApiUse, Context, Report } from '../context.js';

const CHALLENGED = [
  ...['otp', 'phone', 'email', 'push-notification', 'webauthn-roaming', 'webauthn-platform'],
  'recovery-code',
];
const ENROLLED = [...CHALLENGED.filter((type) => type !== 'email'), 'push'];
const PROVIDERS = ['any', 'guardian', 'google-authenticator', 'duo', 'none'];

/** The words that each call takes (Auth0, "Post-login API object"). */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'authentication.challengeWith': CHALLENGED,
  'authentication.challengeWithAny': CHALLENGED,
  'authentication.enrollWith': ENROLLED,
  'authentication.enrollWithAny': ENROLLED,
};

/** Returns the value of a property that the code names literally. */
function findProperty(node: AnyNode | undefined, name: string): AnyNode | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  for (const property of node.properties)
    if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === name)
      return property.value;
  return undefined;
}

/** Lists the factors of a list, or the one factor. */
function factorsIn(node: AnyNode | undefined): readonly AnyNode[] {
  if (node?.type === 'ArrayExpression')
    return node.elements.filter((element): element is AnyNode & typeof element => element !== null);
  return node === undefined ? [] : [node];
}

function toReport(node: AnyNode, word: string, words: readonly string[], call: string): Report {
  const nearest = findNearest(word, words);
  return {
    id: 'unknown-factor',
    node,
    message: `api.${call} does not know ${word}.`,
    fix: `${nearest === undefined ? '' : `Write '${nearest}'. `}It takes: ${words.join(', ')}.`,
  };
}

function* checkUse({ values }: Context, { path, node }: ApiUse): Iterable<Report> {
  const [first, second] = node.arguments;
  const types = TYPES[path];
  if (path === 'multifactor.enable') {
    const provider = values.findText(first);
    if (first !== undefined && provider !== undefined && !PROVIDERS.includes(provider))
      yield toReport(first, provider, PROVIDERS, path);
  }
  if (types === undefined) return;
  for (const factor of [...factorsIn(first), ...factorsIn(findProperty(second, 'additionalFactors'))]) {
    const written = findProperty(factor, 'type');
    const type = values.findText(written);
    if (written !== undefined && type !== undefined && !types.includes(type))
      yield toReport(written, type, types, path);
  }
}

/** Yields the finding unknown-factor. */
export function* checkFactors(context: Context): Iterable<Report> {
  for (const use of context.apiUses) yield* checkUse(context, use);
}
