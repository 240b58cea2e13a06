/**
 * Returns the database connections (accounts with passwords) of a transaction. src/login/home-realm.ts decides which
 * ones they are.
 */
import type { OrganizationConnection } from '../../../domain/tenant.js';
import { findDatabases } from '../../../login/home-realm.js';
import type { Identified } from '../../../login/stages.js';
import type { LoginTransaction } from '../../browser/transactions.js';

type Asked = Pick<LoginTransaction, 'request' | 'database'>;

/**
 * Returns the database connections whose passwords are accepted: the one that the request or an Action names, else
 * every enabled one.
 */
export function databasesOf(transaction: Asked, identified: Identified): readonly OrganizationConnection[] {
  return findDatabases(identified, transaction.request.connection ?? transaction.database);
}

/** Returns the database connection for a new account; undefined when no password is accepted. */
export function databaseOf(transaction: Asked, identified: Identified): OrganizationConnection | undefined {
  return databasesOf(transaction, identified)[0];
}
