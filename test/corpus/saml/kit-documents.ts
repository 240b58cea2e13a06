/** The documents of the corpus as text: every part can be replaced, well-formed or not. */

export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const EMAIL_FORMAT = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const EMAIL_CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';

export const IDP = 'https://idp.corp.example/saml';
export const AUDIENCE = 'urn:auth0:acme:corp-saml';
export const ACS = 'https://login.acme.example/login/callback?connection=corp-saml';
export const REQUEST = '_request-1';
export const NOW = new Date('2026-06-01T12:00:00.000Z');
/** The person whose answer of the IdP the attacker holds: their own account. */
export const PERSON = 'mallory@corp.example';
/** The person whom the attacker wants to be. */
export const VICTIM = 'ceo@corp.example';

/** An instant as SAML writes it, `minutes` from the corpus's own now. */
export function at(minutes: number): string {
  return new Date(NOW.getTime() + minutes * 60_000).toISOString();
}

/** Each part is a piece of XML or the value of an attribute; `undefined` as an attribute leaves it out. */
export interface Parts {
  readonly person: string;
  readonly responseId: string | undefined;
  readonly responseVersion: string | undefined;
  readonly responseInstant: string | undefined;
  readonly destination: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly responseExtra: string;
  readonly responseIssuer: string;
  readonly extensions: string;
  readonly status: string;
  readonly assertionId: string | undefined;
  readonly assertionVersion: string | undefined;
  readonly assertionInstant: string | undefined;
  readonly assertionExtra: string;
  readonly assertionIssuer: string;
  readonly subject: string;
  readonly nameId: string;
  readonly confirmation: string;
  readonly method: string;
  readonly recipient: string | undefined;
  readonly confirmedRequest: string | undefined;
  readonly confirmedUntil: string | undefined;
  readonly confirmationExtra: string;
  readonly conditions: string;
  readonly notBefore: string | undefined;
  readonly notOnOrAfter: string | undefined;
  readonly audiences: string;
  readonly advice: string;
  readonly authn: string;
  readonly attributes: string;
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${value}"`;
}

export function issuer(name: string): string {
  return `<saml:Issuer>${name}</saml:Issuer>`;
}

export function nameId(content: string): string {
  return `<saml:NameID Format="${EMAIL_FORMAT}">${content}</saml:NameID>`;
}

export function restriction(...audiences: readonly string[]): string {
  const inner = audiences.map((audience) => `<saml:Audience>${audience}</saml:Audience>`).join('');
  return `<saml:AudienceRestriction>${inner}</saml:AudienceRestriction>`;
}

export function status(code: string, inner = '', detail = ''): string {
  return `<samlp:Status><samlp:StatusCode Value="${code}">${inner}</samlp:StatusCode>${detail}</samlp:Status>`;
}

export function samlAttribute(name: string, ...values: readonly string[]): string {
  const inner = values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('');
  return `<saml:Attribute Name="${name}">${inner}</saml:Attribute>`;
}

type Confirmed = Pick<Parts, 'confirmedRequest' | 'confirmedUntil' | 'recipient' | 'confirmationExtra' | 'method'>;

/** SubjectConfirmationData and its confirmation, from the parts. */
function confirmation(parts: Confirmed): string {
  const data = [
    attribute('InResponseTo', parts.confirmedRequest),
    attribute('NotOnOrAfter', parts.confirmedUntil),
    attribute('Recipient', parts.recipient),
    parts.confirmationExtra,
  ].join('');
  const inner = `<saml:SubjectConfirmationData${data}></saml:SubjectConfirmationData>`;
  return `<saml:SubjectConfirmation Method="${parts.method}">${inner}</saml:SubjectConfirmation>`;
}

const WHOLE = {
  person: PERSON,
  responseId: '_response',
  responseVersion: '2.0',
  responseInstant: at(0),
  destination: ACS,
  inResponseTo: REQUEST,
  responseExtra: '',
  responseIssuer: issuer(IDP),
  extensions: '',
  status: status(SUCCESS),
  assertionId: '_assertion',
  assertionVersion: '2.0',
  assertionInstant: at(0),
  assertionExtra: '',
  assertionIssuer: issuer(IDP),
  method: BEARER,
  recipient: ACS,
  confirmedRequest: REQUEST,
  confirmedUntil: at(5),
  confirmationExtra: '',
  notBefore: at(-5),
  notOnOrAfter: at(5),
  audiences: restriction(AUDIENCE),
  advice: '',
  authn: `<saml:AuthnStatement AuthnInstant="${at(-1)}" SessionIndex="_session"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
} as const;

function fill(parts: Partial<Parts>): Parts {
  const person = parts.person ?? PERSON;
  const attributes = `<saml:AttributeStatement>${samlAttribute(EMAIL_CLAIM, person)}${samlAttribute('groups', 'staff', 'sales')}</saml:AttributeStatement>`;
  const first = { ...WHOLE, nameId: nameId(person), attributes, ...parts };
  const confirmed = parts.confirmation ?? confirmation(first);
  const until = attribute('NotBefore', first.notBefore) + attribute('NotOnOrAfter', first.notOnOrAfter);
  return {
    subject: `<saml:Subject>${first.nameId}${confirmed}</saml:Subject>`,
    conditions: `<saml:Conditions${until}>${first.audiences}</saml:Conditions>`,
    ...first,
    confirmation: confirmed,
  };
}

/** A whole assertion, unsigned, with its own declaration of the namespace. */
export function assertion(parts: Partial<Parts> = {}): string {
  const whole = fill(parts);
  const head = [
    ` xmlns:saml="${ASSERTION}"`,
    attribute('ID', whole.assertionId),
    attribute('IssueInstant', whole.assertionInstant),
    attribute('Version', whole.assertionVersion),
    whole.assertionExtra,
  ].join('');
  const body = whole.assertionIssuer + whole.subject + whole.conditions + whole.advice + whole.authn + whole.attributes;
  return `<saml:Assertion${head}>${body}</saml:Assertion>`;
}

/** A response around `content`, unsigned. */
export function response(content: string, parts: Partial<Parts> = {}): string {
  const whole = fill(parts);
  const head = [
    ` xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}"`,
    attribute('Destination', whole.destination),
    attribute('ID', whole.responseId),
    attribute('InResponseTo', whole.inResponseTo),
    attribute('IssueInstant', whole.responseInstant),
    attribute('Version', whole.responseVersion),
    whole.responseExtra,
  ].join('');
  const body = whole.responseIssuer + whole.extensions + whole.status + content;
  return `<samlp:Response${head}>${body}</samlp:Response>`;
}
