/**
 * Checks the outer form of a Response: one assertion in its one place, signatures only in theirs, no id twice. Checked
 * on the received document and again on the verified or decrypted one. Attack: signature wrapping (XSW 1 to 8:
 * Somorovsky et al., USENIX Security 2012), a second assertion, response or id hidden where only one of two readers
 * looks.
 */
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import { ASSERTION, DSIG, elementsOf, isNamed, PROTOCOL } from './xml.js';

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);

/** Compares names in any namespace and any case: no look-alike may be beside the real element. */
const isCalled = (element: Element, name: string): boolean => element.localName.toLowerCase() === name;

/** Attack: two elements share one id; one is signed, the other is read. */
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

/** Checks that signatures are children of the Response or the Assertion, at most one each, and nowhere else. */
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

/**
 * Finds the assertion of a Response, plain or encrypted. There must be exactly one, and it must be a child of the
 * Response.
 */
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

/** Checks that a document is one assertion, after decryption or verification. */
export function checkAssertionRoot(root: Element): ConnectorFailure | undefined {
  const names = ['assertion', 'encryptedassertion', 'response'];
  const count = [...elementsOf(root)].filter((one) => names.some((name) => isCalled(one, name))).length;
  if (!isNamed(root, ASSERTION, 'Assertion') || count !== 1)
    return wrong('one_assertion', 'this is not one assertion alone');
  return checkIds(root) ?? checkSignaturePlaces(root);
}

/** True for the root element of a response. */
export function isResponse(root: Element): boolean {
  return isNamed(root, PROTOCOL, 'Response');
}
