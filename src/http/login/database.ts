/** The database of passwords that a transaction is about. Which one that is, src/login/home-realm.ts decides. */
import type { OrganizationConnection } from '../../domain/tenant.js';
import { findDatabases } from '../../login/home-realm.js';
import type { Identified } from '../../login/stages.js';
import type { LoginTransaction } from '../browser/transactions.js';

type Asked = Pick<LoginTransaction, 'request' | 'database'>;

/** Those whose passwords count: one where something names it, else every enabled one. */
export function databasesOf(transaction: Asked, identified: Identified): readonly OrganizationConnection[] {
  return findDatabases(identified, transaction.request.connection ?? transaction.database);
}

/** The one that a new account is opened in; undefined where no password counts. */
export function databaseOf(transaction: Asked, identified: Identified): OrganizationConnection | undefined {
  return databasesOf(transaction, identified)[0];
}
