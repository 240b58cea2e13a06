/** Parsers for options of `vestibule rollout`: lists, domains, numbers. Parses text only; reads no file. */
import { InvalidArgumentError } from 'commander';
import { sayPublicUse } from '../../domain/companies/public-mail.js';
import { parseDomain } from '../../domain/people/email.js';
import type { TenantOptions } from './tenant-access.js';

export interface PlanOptions extends TenantOptions {
  readonly organization: string;
  readonly connection: string;
  readonly directory?: string;
  readonly out: string;
  readonly html?: string;
  readonly proveDomain?: readonly string[];
  readonly alias?: readonly string[];
  readonly ssoRollout?: 'optional' | 'required';
  readonly autoMembership?: 'on' | 'off';
  readonly overrule?: readonly string[];
  readonly allowLockout?: boolean;
  readonly json?: boolean;
}

export interface WorkOptions extends TenantOptions {
  readonly only?: readonly string[];
  readonly limit?: number;
  readonly strict?: boolean;
  readonly dryRun?: boolean;
  readonly allowLockout?: boolean;
  readonly used?: 'keep' | 'undo';
  readonly json?: boolean;
}

/**
 * Appends a domain to an option's list. Refuses domains of public mail providers and public suffixes: no organization
 * can prove them.
 */
export function addDomain(text: string, before: readonly string[] | undefined): readonly string[] {
  const domain = parseDomain(text);
  if (domain === undefined) throw new InvalidArgumentError('It takes a domain such as acme.example.');
  const publicUse = sayPublicUse(domain);
  if (publicUse !== undefined) throw new InvalidArgumentError(`${publicUse}: no organization can own it.`);
  return [...(before ?? []), domain];
}

/** Appends a text to an option's list. */
export function addText(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Parses a number of people: a whole number from 1. */
export function parseLimit(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It takes a whole number of people, from 1.');
}
