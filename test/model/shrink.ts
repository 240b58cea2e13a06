/**
 * Makes a failing history small: first fewer actions (halves, quarters … single ones), then a plainer tenant. Any difference counts
 * as the failure, so what is left may be another one than was found; it is one all the same.
 */
import type { History, Tenant } from './actions.js';

/** Histories with less in the tenant, most daring first. */
function* plainer(tenant: Tenant): Generator<Tenant> {
  const { organizations, users, aliases, people } = tenant;
  yield { ...tenant, aliases: aliases.map(() => []) };
  if (tenant.factors?.required) yield { ...tenant, factors: { ...tenant.factors, required: false } };
  for (const name of tenant.factors?.accepts ?? [])
    yield {
      ...tenant,
      factors: { required: false, accepts: tenant.factors?.accepts.filter((one) => one !== name) ?? [] },
    };
  for (const [index, list] of aliases.entries())
    for (const domain of list)
      yield {
        ...tenant,
        aliases: aliases.map((all, at) => (at === index ? all.filter((one) => one !== domain) : all)),
      };
  for (const [index, one] of users.entries())
    for (const place of one.members) {
      const changed = { ...one, members: one.members.filter((item) => item !== place) };
      yield { ...tenant, users: users.map((all, at) => (at === index ? changed : all)) };
    }
  // Later users only: the numbers of actions point into these lists.
  if (users.length > 1) yield { ...tenant, users: users.slice(0, -1) };
  for (const [index, one] of organizations.entries()) {
    const put = (changed: typeof one): Tenant => ({
      ...tenant,
      organizations: organizations.map((all, at) => (at === index ? changed : all)),
    });
    for (const domain of one.domains) yield put({ ...one, domains: one.domains.filter((item) => item !== domain) });
    for (const item of one.enabled) {
      yield put({ ...one, enabled: one.enabled.filter((other) => other !== item) });
      const plain = { ...item, autoMembership: false, link: 'verified_email', rollout: 'optional' } as const;
      if (item.autoMembership || item.link === 'never' || item.rollout === 'required')
        yield put({ ...one, enabled: one.enabled.map((other) => (other === item ? plain : other)) });
    }
  }
  const PLAIN = { subject: 'plain', email: undefined, verified: undefined };
  for (const [index, list] of people.entries())
    for (const [at, person] of list.entries())
      if (person.subject !== PLAIN.subject)
        yield {
          ...tenant,
          people: people.map((all, i) => (i === index ? all.map((one, j) => (j === at ? PLAIN : one)) : all)),
        };
}

/** `fails` plays a history and says whether it still fails. Goes on as long as `inTime` says so. */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
  inTime: () => boolean,
): Promise<History> {
  let best = history;
  for (let size = Math.ceil(best.actions.length / 2); size >= 1 && inTime(); ) {
    let removed = false;
    for (let at = best.actions.length - size; at > -size && inTime(); at -= size) {
      const from = Math.max(at, 0);
      const actions = [...best.actions.slice(0, from), ...best.actions.slice(at + size)];
      const smaller = { ...best, actions };
      if (actions.length < best.actions.length && (await fails(smaller))) {
        best = smaller;
        removed = true;
      }
    }
    if (!(size === 1 && removed)) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  for (let again = true; again && inTime(); ) {
    again = false;
    for (const tenant of plainer(best.tenant)) {
      if (!inTime()) break;
      const smaller = { ...best, tenant };
      if (await fails(smaller)) {
        best = smaller;
        again = true;
        break;
      }
    }
  }
  return best;
}
