/**
 * The schemas that `/Schemas` returns (RFC 7643 sections 7 and 8.7), with only the attributes that are stored. Plain
 * data.
 */
import { CORE_SCHEMA, ENTERPRISE_SCHEMA } from '../../management/scim/attribute-path.js';
import { GROUP_SCHEMA } from './group-schema.js';

interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable';
  readonly returned: 'default' | 'always';
  readonly uniqueness: 'none' | 'server';
  readonly subAttributes?: readonly Attribute[];
  readonly referenceTypes?: readonly string[];
  readonly canonicalValues?: readonly string[];
}

function text(name: string, description: string, changes: Partial<Attribute> = {}): Attribute {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...changes,
  };
}

const complex = (name: string, description: string, subAttributes: readonly Attribute[], multiValued = false) =>
  text(name, description, { type: 'complex', multiValued, subAttributes });

const flag = (name: string, description: string) => text(name, description, { type: 'boolean' });

/** Creates an attribute that is a list. Each item has a value and a kind, and may be the primary one. */
const list = (name: string, description: string, value: Attribute) =>
  complex(
    name,
    description,
    [
      value,
      text('display', 'A name for people'),
      text('type', 'The kind, such as work or home'),
      flag('primary', 'The main one'),
    ],
    true,
  );

const NAME = [
  text('formatted', 'The whole name'),
  text('familyName', 'The family name'),
  text('givenName', 'The given name'),
  text('middleName', 'Further names'),
  text('honorificPrefix', 'A title before the name'),
  text('honorificSuffix', 'A title after the name'),
];

const ADDRESS = [
  text('formatted', 'The whole address'),
  text('streetAddress', 'Street and number'),
  text('locality', 'City'),
  text('region', 'State or region'),
  text('postalCode', 'Postal code'),
  text('country', 'Country'),
  text('type', 'The kind, such as work or home'),
  flag('primary', 'The main one'),
];

const USER = [
  text('userName', 'The name by which the directory knows the person', { required: true, uniqueness: 'server' }),
  complex('name', 'The parts of the name', NAME),
  text('displayName', 'The name as it is shown'),
  text('nickName', 'A familiar name'),
  text('profileUrl', 'A page about the person', { type: 'reference', referenceTypes: ['external'] }),
  text('title', 'The title in the company'),
  text('userType', 'The relation to the company'),
  text('preferredLanguage', 'The language that the person prefers'),
  text('locale', 'The way of writing dates and numbers'),
  text('timezone', 'The time zone'),
  flag('active', 'Whether the person may sign in through this connection'),
  list('emails', 'Mail addresses', text('value', 'The address')),
  list('phoneNumbers', 'Telephone numbers', text('value', 'The number')),
  list('ims', 'Addresses for instant messages', text('value', 'The address')),
  list(
    'photos',
    'Pictures',
    text('value', 'The address of the picture', { type: 'reference', referenceTypes: ['external'] }),
  ),
  complex('addresses', 'Postal addresses', ADDRESS, true),
];

const ENTERPRISE = [
  text('employeeNumber', 'The number of the person in the company'),
  text('costCenter', 'The cost center'),
  text('organization', 'The organization'),
  text('division', 'The division'),
  text('department', 'The department'),
  complex('manager', 'The manager', [
    text('value', 'The id of the manager'),
    text('$ref', 'The address of the manager', { type: 'reference', referenceTypes: ['User'] }),
    text('displayName', 'The name of the manager'),
  ]),
];

const GROUP = [
  text('displayName', 'The name of the group', { required: true }),
  complex(
    'members',
    'The people of the group',
    [
      text('value', 'The id of a user of this connection', { mutability: 'immutable', caseExact: true }),
      text('$ref', 'The address of the user', { type: 'reference', referenceTypes: ['User'], mutability: 'immutable' }),
      text('type', 'The kind', { canonicalValues: ['User'], mutability: 'immutable' }),
    ],
    true,
  ),
];

export const SCHEMAS = [
  { id: CORE_SCHEMA, name: 'User', description: 'A person', attributes: USER },
  { id: ENTERPRISE_SCHEMA, name: 'EnterpriseUser', description: 'A person in their company', attributes: ENTERPRISE },
  { id: GROUP_SCHEMA, name: 'Group', description: 'A group of people', attributes: GROUP },
].map((schema) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'], ...schema }));
