/** The frame of all set-up pages: the steps, with those that are done, and the brand. Changes nothing. */
import type { FastifyReply } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { organizationTitle } from '../../domain/tenant.js';
import type { FieldError, SetupBody, SetupPage, SetupStep } from '../pages/models.js';
import type { SetupProgress } from './progress.js';
import type { Visit } from './session.js';

/** Path below which the pages of the steps are. */
export const SETUP_BASE = '/self-service/setup';

export const pathOf = (step: SetupStep): string => `${SETUP_BASE}/${step}`;

const TITLES: Readonly<Record<SetupStep, string>> = {
  provider: 'Provider',
  connection: 'Connection',
  domains: 'Domains',
  try: 'Try it',
  people: 'People',
  switch: 'Switch on',
};

/**
 * Returns the steps of this set-up in order. The step for domains is left out if the tenant requires no proof of
 * domains.
 */
export function stepsOf({ setup }: Pick<Visit, 'setup'>): readonly SetupStep[] {
  const all = Object.keys(TITLES) as SetupStep[];
  return setup.config.domainVerification === 'none' ? all.filter((step) => step !== 'domains') : all;
}

function isDone(step: SetupStep, { setup }: Visit, progress: SetupProgress): boolean {
  switch (step) {
    case 'provider':
      return setup.provider !== undefined || progress.connection !== undefined;
    case 'connection':
      // A disabled connection keeps its settings.
      return setup.candidate !== undefined || progress.state !== 'off' || progress.passed;
    case 'domains':
      return progress.routed.length > 0;
    case 'try':
      return progress.passed;
    case 'people':
    case 'switch':
      return progress.state !== 'off';
    default:
      return step satisfies never;
  }
}

/** Returns the step after `step`. */
export function nextStep(visit: Visit, step: SetupStep): SetupStep {
  const steps = stepsOf(visit);
  return steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? 'provider';
}

/** Returns the first step that is not done. */
export function firstOpenStep(visit: Visit, progress: SetupProgress): SetupStep {
  return stepsOf(visit).find((step) => step !== 'people' && !isDone(step, visit, progress)) ?? 'switch';
}

interface Said {
  readonly errors?: readonly FieldError[];
  readonly notice?: string | undefined;
}

/** Sends the page of a step. */
export function show(visit: Visit, progress: SetupProgress, body: SetupBody, said: Said = {}): FastifyReply {
  const { deps, reply, organization, profile } = visit;
  const { logoUrl, primaryColor } = profile.branding ?? {};
  const page: SetupPage = {
    page: 'setup',
    brand: {
      ...brandOf({}, deps.origin),
      title: organizationTitle(organization),
      ...(logoUrl !== undefined && { logoUrl }),
      ...(primaryColor !== undefined && { primaryColor }),
    },
    action: pathOf(body.step),
    errors: said.errors ?? [],
    notice: said.notice,
    steps: stepsOf(visit).map((name) => ({
      name,
      title: TITLES[name],
      url: pathOf(name),
      isDone: isDone(name, visit, progress),
    })),
    body,
  };
  return deps.sendPage(reply, page, page.errors.length > 0 ? 400 : 200);
}
