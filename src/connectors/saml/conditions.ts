/**
 * Checks the conditions under which a SAML assertion is valid (SAML core sections 2.4, 2.5 and 2.7; web browser SSO
 * profile, section 4.1.4.2). Reads verified bytes only. A missing condition is refused like a failed one: the same key
 * signs the IdP's assertions for other services and other logins.
 */
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';
import type { ExpectedResponse, VerifiedAssertion } from './expected.js';
import { ASSERTION, attributeOf, childrenOf, findChildren, findOnly, isNamed, textOf } from './xml.js';

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
/** Maximum age of an unsolicited assertion, in milliseconds. */
const MAX_UNSOLICITED_AGE_MS = 10 * 60_000;
const MAX_NAME = 512;

const wrong = (check: string, detail: string): ConnectorFailure => fail('invalid', `saml.${check}`, detail);
const one = (element: Element, name: string): Element | undefined => findOnly(element, ASSERTION, name);

/** Parses an instant of SAML: UTC with a Z (core, section 1.3.3). */
export function parseInstant(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Checks the time span of `element` and returns its end. Attack: an old or stolen assertion. */
function checkTimes(element: Element, expected: ExpectedResponse): Date | undefined | ConnectorFailure {
  const { now, clockSkewMs } = expected;
  const [before, after] = ['NotBefore', 'NotOnOrAfter'].map((name) => attributeOf(element, name));
  const begin = parseInstant(before);
  const end = parseInstant(after);
  if (before !== undefined && (begin === undefined || now.getTime() + clockSkewMs < begin.getTime()))
    return wrong('not_before', `it counts from ${before} on; here it is ${now.toISOString()}; compare the clocks`);
  if (after !== undefined && (end === undefined || now.getTime() - clockSkewMs >= end.getTime()))
    return wrong('not_on_or_after', `it ended at ${after}; here it is ${now.toISOString()}; compare the clocks`);
  return end;
}

const isFailed = (result: unknown): result is ConnectorFailure =>
  typeof result === 'object' && result !== null && 'ok' in result && result.ok === false;

const earliest = (dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];

/** Attack: the operator of another service provider passes on an assertion that was made for it. */
function checkConditions(assertion: Element, expected: ExpectedResponse): Date | undefined | ConnectorFailure {
  const conditions = one(assertion, 'Conditions');
  if (conditions === undefined) return wrong('audience', 'the assertion has no conditions, so it is for nobody');
  const known = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];
  const unknown = childrenOf(conditions).find((child) => !known.some((name) => isNamed(child, ASSERTION, name)));
  if (unknown !== undefined) return wrong('condition', `the condition ${unknown.localName} is not known here`);
  const end = checkTimes(conditions, expected);
  if (isFailed(end)) return end;
  const restrictions = findChildren(conditions, ASSERTION, 'AudienceRestriction');
  const isForUs = (restriction: Element) =>
    findChildren(restriction, ASSERTION, 'Audience').some((audience) => textOf(audience) === expected.audience);
  if (restrictions.length === 0 || !restrictions.every(isForUs))
    return wrong(
      'audience',
      `the assertion is not for ${expected.audience}; set this as the IdP's audience (entity id)`,
    );
  return end;
}

/** Attack: an assertion made for another address, another request or another confirmation method. */
function checkConfirmation(subject: Element, expected: ExpectedResponse): Date | ConnectorFailure {
  const confirmation = one(subject, 'SubjectConfirmation');
  const data = confirmation && one(confirmation, 'SubjectConfirmationData');
  if (confirmation === undefined || data === undefined || attributeOf(confirmation, 'Method') !== BEARER)
    return wrong('subject_confirmation', 'the subject needs exactly one confirmation, by the method bearer');
  if (attributeOf(data, 'Recipient') !== expected.acsUrl)
    return wrong('recipient', `the recipient is ${attributeOf(data, 'Recipient')}, not ${expected.acsUrl}`);
  if (attributeOf(data, 'InResponseTo') !== expected.requestId)
    return wrong('in_response_to', 'the assertion does not answer the request of this login');
  if (attributeOf(data, 'NotBefore') !== undefined)
    return wrong('subject_confirmation', 'a bearer confirmation has no NotBefore');
  const end = checkTimes(data, expected);
  if (isFailed(end)) return end;
  return end ?? wrong('not_on_or_after', 'the confirmation has no NotOnOrAfter');
}

type NameId = Pick<VerifiedAssertion, 'nameId' | 'nameIdFormat' | 'nameQualifier' | 'spNameQualifier'>;

interface Authentication {
  readonly sessionIndex?: string;
  readonly authnInstant?: Date;
}

/** Requires an AuthnStatement: without it an assertion describes a person, but does not say that they signed in. */
function readAuthentication(assertion: Element, expected: ExpectedResponse): Authentication | ConnectorFailure {
  const statement = one(assertion, 'AuthnStatement');
  if (statement === undefined) return wrong('authn_statement', 'the assertion needs exactly one AuthnStatement');
  const authnInstant = parseInstant(attributeOf(statement, 'AuthnInstant'));
  const { now, clockSkewMs } = expected;
  if (authnInstant === undefined || authnInstant.getTime() > now.getTime() + clockSkewMs)
    return wrong('authn_statement', 'the AuthnInstant is no instant of the past');
  const ends = attributeOf(statement, 'SessionNotOnOrAfter');
  if (ends !== undefined && !((parseInstant(ends)?.getTime() ?? 0) > now.getTime() - clockSkewMs))
    return wrong('not_on_or_after', `the session at the IdP ended at ${ends}`);
  const sessionIndex = attributeOf(statement, 'SessionIndex');
  return { authnInstant, ...(sessionIndex !== undefined && sessionIndex.length <= MAX_NAME && { sessionIndex }) };
}

function readAttributes(assertion: Element): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const statement of findChildren(assertion, ASSERTION, 'AttributeStatement')) {
    for (const attribute of findChildren(statement, ASSERTION, 'Attribute')) {
      const name = attributeOf(attribute, 'Name') ?? '';
      if (name === '' || name.length > MAX_NAME) continue;
      const values = findChildren(attribute, ASSERTION, 'AttributeValue').map(textOf);
      // Keycloak sends one Attribute for each role, all under one name.
      found.set(name, [...(found.get(name) ?? []), ...values.filter((value) => value !== undefined)]);
    }
  }
  return Object.fromEntries(found);
}

function readNameId(subject: Element): NameId | ConnectorFailure {
  const element = one(subject, 'NameID');
  const nameId = textOf(element);
  const others = childrenOf(subject).filter((child) => child !== element && child.localName !== 'SubjectConfirmation');
  if (element === undefined || nameId === undefined || nameId.trim() === '' || others.length > 0)
    return wrong('name_id', 'the subject needs exactly one NameID, in plain text');
  const [nameIdFormat, nameQualifier, spNameQualifier] = ['Format', 'NameQualifier', 'SPNameQualifier'].map((name) =>
    attributeOf(element, name),
  );
  return {
    nameId,
    ...(nameIdFormat !== undefined && { nameIdFormat }),
    ...(nameQualifier !== undefined && { nameQualifier }),
    ...(spNameQualifier !== undefined && { spNameQualifier }),
  };
}

/** Checks version, id, issuer and age of the assertion; returns when it was issued. */
function checkHeader(assertion: Element, expected: ExpectedResponse): Date | ConnectorFailure {
  if (attributeOf(assertion, 'Version') !== '2.0') return wrong('version', 'the assertion is not of SAML 2.0');
  if (!attributeOf(assertion, 'ID')) return wrong('reference', 'the assertion has no ID');
  const issuer = textOf(one(assertion, 'Issuer'));
  if (issuer !== expected.idpEntityId)
    return wrong('issuer', `the assertion is from ${issuer}, not from ${expected.idpEntityId}`);
  const issued = parseInstant(attributeOf(assertion, 'IssueInstant'));
  const age = issued === undefined ? Number.NaN : expected.now.getTime() - issued.getTime();
  if (issued === undefined || !(age >= -expected.clockSkewMs))
    return wrong('not_before', 'the IssueInstant is no instant of the past');
  if (expected.requestId === undefined && age > MAX_UNSOLICITED_AGE_MS)
    return wrong('not_on_or_after', 'an assertion that nobody asked for counts for ten minutes');
  return issued;
}

/** Checks every condition of a verified assertion and reads it. */
export function readAssertion(assertion: Element, expected: ExpectedResponse): VerifiedAssertion | ConnectorFailure {
  const issuedAt = checkHeader(assertion, expected);
  if (isFailed(issuedAt)) return issuedAt;
  const conditions = checkConditions(assertion, expected);
  if (isFailed(conditions)) return conditions;
  const subject = one(assertion, 'Subject');
  if (subject === undefined) return wrong('name_id', 'the assertion needs exactly one subject');
  const name = readNameId(subject);
  if (isFailed(name)) return name;
  const confirmation = checkConfirmation(subject, expected);
  if (isFailed(confirmation)) return confirmation;
  const authentication = readAuthentication(assertion, expected);
  if (isFailed(authentication)) return authentication;
  return {
    id: attributeOf(assertion, 'ID') ?? '',
    issuer: expected.idpEntityId,
    issuedAt,
    ...name,
    ...authentication,
    attributes: readAttributes(assertion),
    notOnOrAfter: earliest([conditions, confirmation]) ?? confirmation,
  };
}
