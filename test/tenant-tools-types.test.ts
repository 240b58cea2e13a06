/** The types that the package has for `vestibule/tenant-tools` are those of the code: the compiler compares them here. */
import { expect, test } from 'vitest';
import * as tools from '../src/tenant-tools/index.js';
import type * as told from '../src/tenant-tools/package-types.mjs';

/** Compiles only while each export of the code is assignable to what users are told. */
const asTold: typeof told = tools;
/** Compiles only while users are told of each export. */
const known: Record<keyof typeof tools, keyof typeof told> = {
  addGuard: 'addGuard',
  addRollout: 'addRollout',
  connectTenant: 'connectTenant',
  getTenantAccess: 'getTenantAccess',
  RemoteError: 'RemoteError',
};

test('each export has a type', () => {
  expect(Object.keys(known).sort()).toEqual(Object.keys(asTold).sort());
});

test('a failed request has what its type says', () => {
  expect(new asTold.RemoteError('refused', 'no', 'ask again', 404, 'gone')).toMatchObject({
    message: 'no',
    ...{ end: 'refused', advice: 'ask again', status: 404, code: 'gone' },
  });
});
