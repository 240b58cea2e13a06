/**
 * Rate limits as on Auth0 (docs/auth0-double.md): a token bucket for the whole Management API, one for each group of
 * endpoints, and those of SCIM. The buckets are in memory, since a double is a single process.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/clock.js';
import { toErrorBody } from '../management/api/errors.js';
import type { DoubleFacts } from './facts.js';

/** `burst`: calls that are allowed at once. `perSecond`: how many of them are refilled each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

const perMinute = (burst: number, calls: number): Rate => ({ burst, perSecond: calls / 60 });

export type Group =
  | 'all'
  | 'write members'
  | 'read members'
  | 'write organizations'
  | 'write organization connections'
  | 'write invitations'
  | 'read users'
  | 'write users';

type Plan = Readonly<Partial<Record<Group, Rate>>>;

const ENTERPRISE: Plan = {
  all: { burst: 50, perSecond: 16 },
  'write members': perMinute(20, 200),
  'write invitations': perMinute(20, 200),
  'write organization connections': perMinute(5, 150),
};

/** The limits of Auth0's plans, with the numbers that Auth0 publishes. */
export const PLANS: Readonly<Record<DoubleFacts['rate_plan'], Plan>> = {
  enterprise: ENTERPRISE,
  enterprise_non_production: { ...ENTERPRISE, all: { burst: 10, perSecond: 2 } },
  essentials: {
    'write members': perMinute(20, 200),
    'read members': perMinute(40, 500),
    'write organizations': perMinute(5, 25),
    'write organization connections': perMinute(5, 25),
    'read users': perMinute(40, 500),
    'write users': perMinute(20, 200),
  },
  free: { all: { burst: 2, perSecond: 2 } },
  none: {},
};

/** Limits of SCIM calls: for one connection, and for the whole tenant. */
const SCIM = { connection: { burst: 25, perSecond: 25 }, tenant: { burst: 100, perSecond: 100 } };
const SCIM_OF_FREE = { connection: { burst: 5, perSecond: 5 }, tenant: { burst: 5, perSecond: 5 } };

const GROUPS: readonly (readonly [RegExp, 'read' | 'write', Group])[] = [
  [/^\/organizations\/:id\/members/, 'write', 'write members'],
  [/^\/organizations\/:id\/members/, 'read', 'read members'],
  [/^\/organizations\/:id\/(enabled_)?connections/, 'write', 'write organization connections'],
  [/^\/organizations\/:id\/invitations/, 'write', 'write invitations'],
  [/^\/organizations(\/:id)?$/, 'write', 'write organizations'],
  [/^\/users(-by-email|\/:id)?$/, 'read', 'read users'],
  [/^\/users(\/:id)?(\/identities.*)?$/, 'write', 'write users'],
];

/** Returns the group of endpoints whose limit applies to a route, besides that of the whole API. */
export function findGroup(method: string, route: string): Group | undefined {
  const access = method === 'GET' ? 'read' : 'write';
  return GROUPS.find(([pattern, kind]) => kind === access && pattern.test(route))?.[2];
}

/** State of a bucket after a request. */
interface Level {
  readonly limit: number;
  readonly remaining: number;
  /** Time at which the bucket will be full again, in seconds since the epoch. */
  readonly resetsAt: number;
  readonly isEmpty: boolean;
}

/** A bucket of tokens, full at the start. */
export class Bucket {
  private tokens: number;
  private at: number;
  constructor(
    private readonly rate: Rate,
    nowMs: number,
  ) {
    this.tokens = rate.burst;
    this.at = nowMs;
  }

  /** Removes a token from the bucket if it has one. Returns the bucket's state after that. */
  take(nowMs: number): Level {
    const { burst, perSecond } = this.rate;
    this.tokens = Math.min(burst, this.tokens + (Math.max(0, nowMs - this.at) / 1_000) * perSecond);
    this.at = nowMs;
    const isEmpty = this.tokens < 1;
    if (!isEmpty) this.tokens -= 1;
    const fullInMs = ((burst - this.tokens) / perSecond) * 1_000;
    return {
      limit: burst,
      remaining: Math.floor(this.tokens),
      resetsAt: Math.ceil((nowMs + fullInMs) / 1_000),
      isEmpty,
    };
  }
}

/** The limits that apply to a request: the name and rate of each bucket. */
type Limits = readonly (readonly [name: string, rate: Rate])[];

function limitsOf(request: FastifyRequest, facts: DoubleFacts): Limits {
  const route = request.routeOptions.url ?? '';
  if (facts.rate_plan === 'none') return [];
  if (route.startsWith('/api/v2')) {
    const plan = PLANS[facts.rate_plan];
    const group = findGroup(request.method, route.slice('/api/v2'.length));
    const names: readonly (Group | undefined)[] = ['all', group];
    return names.flatMap((name) => (name && plan[name] ? [[name, plan[name]] as const] : []));
  }
  const connection = /^\/scim\/v2\/connections\/([^/?]+)/.exec(request.url)?.[1];
  if (connection === undefined) return [];
  const scim = facts.rate_plan === 'free' ? SCIM_OF_FREE : SCIM;
  return [
    [`scim ${connection}`, scim.connection],
    ['scim', scim.tenant],
  ];
}

/** Returns a SCIM error in the form of RFC 7644 section 3.12. Auth0's text is unknown; this one is ours. */
function toScimBody() {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '429',
    detail: 'Global limit has been reached',
  };
}

async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const isScim = request.url.startsWith('/scim/');
  if (isScim) reply.type('application/scim+json; charset=utf-8');
  const body = isScim ? toScimBody() : toErrorBody(429, 'Global limit has been reached', 'too_many_requests');
  await reply.code(429).send(isScim ? JSON.stringify(body) : body);
}

/** Adds the rate limits to the whole application. Must be called before any route is registered. */
export function limitRates(app: FastifyInstance, facts: DoubleFacts, clock: Clock): void {
  const buckets = new Map<string, Bucket>();
  const take = (name: string, { burst, perSecond }: Rate): Level => {
    const nowMs = clock.now().getTime();
    const bucket = buckets.get(name) ?? new Bucket({ burst, perSecond: perSecond * facts.speed }, nowMs);
    buckets.set(name, bucket);
    return bucket.take(nowMs);
  };
  app.addHook('onRequest', async (request, reply) => {
    const levels = limitsOf(request, facts).map(([name, rate]) => take(name, rate));
    const [tightest] = [...levels].sort((one, other) => one.remaining - other.remaining);
    if (tightest === undefined) return;
    const empty = levels.find(({ isEmpty }) => isEmpty);
    const { limit, remaining, resetsAt } = empty ?? tightest;
    reply
      .header('x-ratelimit-limit', limit)
      .header('x-ratelimit-remaining', remaining)
      .header('x-ratelimit-reset', resetsAt);
    if (empty) await refuse(request, reply);
  });
}
