import { expect, test } from 'vitest';
import { listDatabaseEndpoints } from '../../src/storage/database/database-endpoints.js';

test.each([
  ['postgres://u:p@db.example:6543/v', [{ host: 'db.example', port: 6543 }]],
  ['postgresql://u@db.example/v', [{ host: 'db.example', port: 5432 }]],
  ['postgres://u@h:5432/v?host=10.0.0.9&port=7000', [{ host: '10.0.0.9', port: 7000 }]],
  ['postgres://u:p@/v?host=/var/run/postgresql', []],
  ['postgres://u@%2Fvar%2Frun/v', []],
  ['postgres://u@[::1]:5433/v', [{ host: '::1', port: 5433 }]],
])('case=%s', (url, endpoints) => {
  expect(listDatabaseEndpoints(url)).toEqual(endpoints);
});
