/**
 * Decides whether a subject alone identifies a person of a connection. It does not when many companies sign in through
 * one connection: each has its own issuer. A subject prepared for a person of one company could then admit a person of
 * another.
 */
import { servesManyCompanies } from '../../domain/companies/idp-destination.js';
import type { Connection } from '../../domain/tenant.js';
import { badBody } from '../api/errors.js';

/** Throws 400 when a subject alone does not identify a person of the connection. */
export function checkNamesOnePerson(connection: Pick<Connection, 'strategy' | 'options'>): void {
  if (!servesManyCompanies(connection)) return;
  throw badBody(
    'Many tenants sign in over this connection (useCommonEndpoint), so a subject does not say whose person it is. Use expected_email, ' +
      'or a connection of its own for the tenant.',
  );
}
