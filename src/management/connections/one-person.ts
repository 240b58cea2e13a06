/**
 * Whether a subject alone names a person of a connection. Where many companies sign in through one connection it does not: each has its own
 * issuer, and a subject that was prepared for one of them would let in another's.
 */
import { servesManyCompanies } from '../../domain/companies/idp-destination.js';
import type { Connection } from '../../domain/tenant.js';
import { badBody } from '../api/errors.js';

/** Throws 400 where it does not. */
export function checkNamesOnePerson(connection: Pick<Connection, 'strategy' | 'options'>): void {
  if (!servesManyCompanies(connection)) return;
  throw badBody(
    'Many tenants sign in over this connection (useCommonEndpoint), so a subject does not say whose person it is. Use expected_email, ' +
      'or a connection of its own for the tenant.',
  );
}
