/** Messages of single logout as text: every part can be replaced, well-formed or not. */
import { ASSERTION, at, IDP, issuer, nameId, PERSON, PROTOCOL, SUCCESS, status } from '../saml/kit-documents.js';

export const LOGOUT_URL = 'https://login.acme.example/logout';
/** The id of our request. */
export const REQUEST = '_our-request';

/** Each part is a piece of XML or the value of an attribute; `undefined` as an attribute leaves it out. */
export interface LogoutParts {
  readonly root: string;
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly instant: string | undefined;
  readonly destination: string | undefined;
  readonly notOnOrAfter: string | undefined;
  readonly inResponseTo: string | undefined;
  readonly issuer: string;
  readonly extensions: string;
  readonly name: string;
  readonly indexes: string;
  readonly status: string;
}

const attribute = (name: string, value: string | undefined) => (value === undefined ? '' : ` ${name}="${value}"`);

export const sessionIndex = (text: string): string => `<samlp:SessionIndex>${text}</samlp:SessionIndex>`;

const USUAL: LogoutParts = {
  root: 'LogoutRequest',
  id: '_logout',
  version: '2.0',
  instant: at(0),
  destination: LOGOUT_URL,
  notOnOrAfter: at(5),
  inResponseTo: undefined,
  issuer: issuer(IDP),
  extensions: '',
  name: nameId(PERSON),
  indexes: sessionIndex('_session'),
  status: '',
};

/** A LogoutRequest, unsigned. */
export function toLogoutXml(parts: Partial<LogoutParts> = {}): string {
  const all = { ...USUAL, ...parts };
  const head = [
    ` xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}"`,
    attribute('ID', all.id),
    attribute('Version', all.version),
    attribute('IssueInstant', all.instant),
    attribute('Destination', all.destination),
    attribute('NotOnOrAfter', all.notOnOrAfter),
    attribute('InResponseTo', all.inResponseTo),
  ].join('');
  const body = all.issuer + all.extensions + all.name + all.indexes + all.status;
  return `<samlp:${all.root}${head}>${body}</samlp:${all.root}>`;
}

/** A LogoutResponse to our request, unsigned. */
export function toAnswerXml(parts: Partial<LogoutParts> = {}): string {
  const own = { root: 'LogoutResponse', notOnOrAfter: undefined, inResponseTo: REQUEST, name: '', indexes: '' };
  return toLogoutXml({ ...own, status: status(SUCCESS), ...parts });
}
