/**
 * Refuses options of a database connection: those that Auth0 refuses, with its recorded texts, and those that would
 * turn off a sign-in which this server cannot turn off. Does not read the stored connection.
 */
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

const isRecord = (value: unknown): value is Wire =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Attribute {
  readonly identifier?: { readonly active?: boolean };
  readonly profile_required?: boolean;
  readonly signup?: { readonly status?: string };
}

function checkAttributes(options: Wire, attributes: Readonly<Record<string, Attribute | null>>): void {
  for (const other of ['validation', 'requires_username'])
    if (options[other] === true || isRecord(options[other]))
      throw badBody(`Cannot set both options.attributes and options.${other}`);
  const given = Object.entries(attributes).filter((entry): entry is [string, Attribute] => isRecord(entry[1]));
  for (const [name, { profile_required: required, signup }] of given)
    if (required === true && signup?.status !== undefined && signup.status !== 'required')
      throw badBody(`attribute ${name} must also be required on signup`);
  if (given.length > 0 && !given.some(([, { identifier }]) => identifier?.active === true))
    throw badBody('attributes must contain one active identifier');
}

function needsUsername({ requires_username: required, attributes }: Wire): boolean {
  if (required === true) return true;
  const username = isRecord(attributes) ? (attributes.username as Attribute | null | undefined) : undefined;
  return username?.profile_required === true || username?.signup?.status === 'required';
}

/** Throws 400 for options that contradict each other, or that turn off the password, which would keep working here. */
export function checkDatabaseOptions(options: Wire): void {
  const { attributes, authentication_methods: methods } = options;
  if (isRecord(attributes)) checkAttributes(options, attributes as Readonly<Record<string, Attribute | null>>);
  // Stored silently, the option would have no effect: people could still sign in with a password that somebody turned
  // off.
  if (isRecord(methods) && isRecord(methods.password) && methods.password.enabled === false)
    throw badBody(
      'options.authentication_methods.password: people of a database connection here sign in by a password, and a passkey only adds to it. Disable the connection for clients and organizations instead.',
    );
  // Auth0: passkeys need sign-in by address. Somebody who must have a username has no account that a passkey could find.
  if (isRecord(methods) && isRecord(methods.passkey) && methods.passkey.enabled === true && needsUsername(options))
    throw badBody('options.authentication_methods.passkey: passkeys need a database without required usernames.');
}
