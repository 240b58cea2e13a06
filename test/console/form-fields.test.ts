/** The tables of the console's forms: what a form reads from the API's answer, and what it sends back. */
import { describe, expect, test } from 'vitest';
import {
  type FieldsOf,
  findProblem,
  lacksNumber,
  NO_NUMBER,
  toBody,
  toValues,
} from '../../src/console/parts/form-fields.js';

type Values = {
  readonly name: string;
  readonly port: number;
  readonly password: string;
  readonly groups: readonly string[];
  readonly rotates: boolean;
};

const FIELDS: FieldsOf<Values> = {
  name: {
    kind: 'text',
    label: 'Name',
    write: (name) => (name === '' ? null : name),
    check: (name) => (name.includes('<') ? 'No signs of markup.' : undefined),
    isShown: ({ port }) => port > 0,
  },
  port: { kind: 'number', label: 'Port', at: 'credentials.smtp_port', start: 587 },
  password: { kind: 'password', label: 'Password', at: 'credentials.smtp_pass' },
  groups: { kind: 'tags', label: 'Groups' },
  rotates: {
    kind: 'switch',
    label: 'Rotate',
    at: 'refresh_token.rotation_type',
    read: (type) => type === 'rotating',
    write: (rotates) => (rotates ? 'rotating' : 'non-rotating'),
  },
};
const NEW: Values = { name: '', port: 587, password: '', groups: [], rotates: false };

describe('the fields of a form', () => {
  test('a new form begins with the values of its fields', () => {
    expect(toValues(FIELDS)).toEqual(NEW);
    expect(toValues(FIELDS, { name: null, credentials: null })).toEqual(NEW);
  });

  test('values are read at their paths, but never a secret', () => {
    const found = {
      name: 'Mail',
      credentials: { smtp_port: 25, smtp_pass: 'hunter2' },
      groups: ['staff'],
      refresh_token: { rotation_type: 'rotating' },
    };
    expect(toValues(FIELDS, found)).toEqual({ name: 'Mail', port: 25, password: '', groups: ['staff'], rotates: true });
  });

  test('only changes are sent, each at its path', () => {
    expect(toBody(FIELDS, { port: 25, password: 'hunter2', name: '' })).toEqual({
      name: null,
      credentials: { smtp_port: 25, smtp_pass: 'hunter2' },
    });
    expect(toBody(FIELDS, {})).toEqual({});
  });

  test('an object that the API takes only as a whole keeps its other properties, and is not changed itself', () => {
    const before = { refresh_token: { rotation_type: 'rotating', leeway: 5 } };
    const body = toBody(FIELDS, { rotates: false }, before);
    expect(body).toEqual({ refresh_token: { rotation_type: 'non-rotating', leeway: 5 } });
    expect(before.refresh_token.rotation_type).toBe('rotating');
  });

  test('a field’s problem is told while the field is shown', () => {
    const values = { ...NEW, name: '<b>' };
    expect(findProblem({ fields: FIELDS, values }, 'name')).toBe('No signs of markup.');
    expect(findProblem({ fields: FIELDS, values: { ...values, port: 0 } }, 'name')).toBeUndefined();
    expect(findProblem({ fields: FIELDS, values }, 'port')).toBeUndefined();
  });

  test('an emptied number is a problem while its field is shown', () => {
    const values = { ...NEW, port: NO_NUMBER };
    expect(findProblem({ fields: FIELDS, values }, 'port')).toBe('Enter a number.');
    expect(lacksNumber({ fields: FIELDS, values })).toBe(true);
    const fields = { ...FIELDS, port: { ...FIELDS.port, isShown: () => false } };
    expect(findProblem({ fields, values }, 'port')).toBeUndefined();
    expect(lacksNumber({ fields, values })).toBe(false);
    expect(lacksNumber({ fields: FIELDS, values: NEW })).toBe(false);
  });
});
