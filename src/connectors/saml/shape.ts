/**
 * The outer form of a Response: one assertion in its one place, signatures only where they are looked for, no id twice. Checked on what
 * came and again on what was verified or decrypted. Stops signature wrapping (XSW 1 to 8: Somorovsky et al., USENIX Security 2012), in
 * which a second assertion, response or id is hidden where one reader looks and the other does not.
 */
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import { ASSERTION, DSIG, elementsOf, isNamed, PROTOCOL } from './xml.js';

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);

/** Names in any namespace and any case: a look-alike may not stand beside the real one. */
const isCalled = (element: Element, name: string): boolean => element.localName.toLowerCase() === name;

/** Stops two elements that one id means, of which one is signed and the other is read. */
export function checkIds(root: Element): ConnectorFailure | undefined {
  const seen = new Set<string>();
  for (const element of elementsOf(root)) {
    for (const { localName, name, value } of Array.from(element.attributes)) {
      if ((localName ?? name).toLowerCase() !== 'id') continue;
      if (seen.has(value)) return wrong('duplicate_id', `the id ${value} is there twice`);
      seen.add(value);
    }
  }
  return undefined;
}

/** A signature is a child of the Response or of the Assertion, one each, and nowhere else. */
export function checkSignaturePlaces(root: Element): ConnectorFailure | undefined {
  const parents = new Set<Node | null>();
  for (const element of elementsOf(root)) {
    if (!isCalled(element, 'signature')) continue;
    const parent = element.parentNode as Element;
    const isPlace = parent === root || isNamed(parent, ASSERTION, 'Assertion');
    if (!isPlace || !isNamed(element, DSIG, 'Signature') || parents.has(parent))
      return wrong('signature', 'a signature is in a place where none belongs');
    parents.add(parent);
  }
  return undefined;
}

/** The assertion of a Response, plain or encrypted; there is exactly one, and it is a child of the Response. */
export function findAssertion(response: Element): Element | ConnectorFailure {
  const all = [...elementsOf(response)];
  const found = all.filter((one) => isCalled(one, 'assertion') || isCalled(one, 'encryptedassertion'));
  const [assertion] = found;
  if (assertion === undefined || found.length !== 1)
    return wrong('one_assertion', `the response must have exactly one assertion; it has ${found.length}`);
  const isPlain = isNamed(assertion, ASSERTION, 'Assertion');
  if ((!isPlain && !isNamed(assertion, ASSERTION, 'EncryptedAssertion')) || assertion.parentNode !== response)
    return wrong('one_assertion', 'the assertion is not in its place');
  if (all.filter((one) => isCalled(one, 'response')).length !== 1)
    return wrong('one_assertion', 'there is a response inside the response');
  return assertion;
}

/** A document that is one assertion, from decryption or from verified bytes. */
export function checkAssertionRoot(root: Element): ConnectorFailure | undefined {
  const names = ['assertion', 'encryptedassertion', 'response'];
  const count = [...elementsOf(root)].filter((one) => names.some((name) => isCalled(one, name))).length;
  if (!isNamed(root, ASSERTION, 'Assertion') || count !== 1)
    return wrong('one_assertion', 'this is not one assertion alone');
  return checkIds(root) ?? checkSignaturePlaces(root);
}

/** True for the root of a response. */
export function isResponse(root: Element): boolean {
  return isNamed(root, PROTOCOL, 'Response');
}
