/**
 * The ticket of a set-up. It comes in the link and is kept in a cookie. Every request looks it up again, so that a
 * revoked or expired ticket is refused at once. Never tells why a ticket is refused, so that a guess reveals nothing.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { isOpen, type SelfServiceProfile, type Setup } from '../../domain/self-service.js';
import { fitsHash, newReference } from '../../kernel/ids.js';
import { ManagementError } from '../../management/api/errors.js';
import type { Actor } from '../../management/api/run-write.js';
import { countQuestion } from '../../management/self-service/question-limits.js';
import type { OrganizationRecord } from '../../ports/directory/organizations.js';
import { cookieName, readCookies, setCookie } from '../browser/cookies.js';
import { userAgentOf } from '../browser/user-agent.js';
import type { SetupDeps } from './deps.js';

const COOKIE = 'vestibule_setup';
const TICKET = /^(sst_[A-Za-z0-9]{16})\.([\w-]{43})$/;

/** One request of the customer's administrator to the set-up. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: SetupDeps;
  readonly setup: Setup;
  readonly profile: SelfServiceProfile;
  readonly organization: OrganizationRecord;
  /** The actor that the log line of every write names. */
  readonly actor: Actor;
}

/** Returns the set-up that the ticket gives access to now; undefined if there is none. */
async function openTicket(deps: SetupDeps, ticket: string | undefined): Promise<Setup | undefined> {
  const [, id, secret] = TICKET.exec(ticket ?? '') ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const found = await deps.directory.selfService.findSetup(id);
  if (found === undefined || !fitsHash(secret, found.ticketHash)) return undefined;
  return isOpen(found.setup, deps.clock.now()) ? found.setup : undefined;
}

/**
 * Keeps the link's ticket in a cookie and returns the visit. Returns undefined when the ticket gives access to no
 * set-up.
 */
export async function enter(request: FastifyRequest, reply: FastifyReply, deps: SetupDeps, ticket: string) {
  const setup = await openTicket(deps, ticket);
  if (setup === undefined) return undefined;
  const seconds = Math.floor((setup.expiresAt.getTime() - deps.clock.now().getTime()) / 1_000);
  setCookie(reply, deps.origin, COOKIE, ticket, seconds);
  return findVisit(request, reply, deps, setup);
}

/**
 * Finds the visit of a request by the ticket in its cookie. `known` is the set-up if the caller has just looked it up.
 */
export async function findVisit(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: SetupDeps,
  known?: Setup,
): Promise<Visit | undefined> {
  const setup = known ?? (await openTicket(deps, readCookies(request)[cookieName(COOKIE, deps.origin)]));
  if (setup === undefined) return undefined;
  const organization = await deps.directory.organizations.find(setup.organizationId);
  const profile = await deps.directory.selfService.findProfile(setup.profileId);
  if (organization === undefined || profile === undefined || organization.blocked) return undefined;
  const actor = { subject: `setup|${setup.id}`, ip: request.ip, userAgent: userAgentOf(request) };
  return { request, reply, deps, setup, profile, organization, actor };
}

/** Returns `error` if it is a refusal of the Management API, which the page shows; throws it otherwise. */
export function toRefusal(error: unknown): ManagementError {
  if (error instanceof ManagementError) return error;
  throw error;
}

/**
 * Counts a question that this visit makes the server ask a name server or a provider. Throws 429 when the ticket or the
 * organization caused too many.
 */
export function countForTicket({ deps, setup }: Visit, kind: 'domain' | 'provider'): Promise<void> {
  // For domains, the operation of the Management API counts for the organization.
  const organization = kind === 'provider' ? { organizationId: setup.organizationId } : {};
  return countQuestion(deps.attempts, kind, { ticketId: setup.id, ...organization }, deps.clock.now());
}

/** Shows the page for a link or a cookie that gives access to no set-up. */
export function sendEnded(reply: FastifyReply, deps: SetupDeps): FastifyReply {
  const page = {
    page: 'error',
    brand: brandOf({}, deps.origin),
    title: 'This set-up link does not work any more',
    sentence: 'It has ended, was replaced, or is not complete. Nothing was changed.',
    advice: 'Ask the people who sent it to you for a new one. What you set up so far stays as it is.',
    reference: newReference(deps.entropy),
    technical: undefined,
    links: [],
  } as const;
  return deps.sendPage(reply, page, 404);
}
