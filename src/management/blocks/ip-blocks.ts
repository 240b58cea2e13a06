/**
 * `/anomaly/blocks/ips/{id}`: shows and lifts blocks of an IP address, or of a network that contains it. A network is
 * blocked when its login attempts at all accounts together reach a limit. Never changes the limits of one account's
 * email address (user-blocks.ts).
 */
import { subjectsOfIp } from '../../login/attempt-subjects.js';
import type { ManagementDeps } from '../api/deps.js';
import { notFound } from '../api/errors.js';
import type { Operation } from '../api/operation.js';

/** Returns the operations on `/anomaly/blocks/ips/{id}`. */
export function ipBlockOperations({ attempts }: Pick<ManagementDeps, 'attempts'>): Operation[] {
  return [
    {
      method: 'get',
      path: '/anomaly/blocks/ips/{id}',
      summary: 'Check whether an IP address is blocked',
      // Auth0 answers 200 without a body.
      status: 200,
      refusals: [404],
      async run({ params, now }) {
        const full = await attempts.findFull(subjectsOfIp(params.id ?? ''), now);
        if (full.length === 0) throw notFound('IP address specified is not currently blocked.');
        return {};
      },
    },
    {
      method: 'delete',
      path: '/anomaly/blocks/ips/{id}',
      summary: 'Unblock an IP address',
      run: async ({ params }) => ({ after: () => attempts.forget(subjectsOfIp(params.id ?? '')) }),
    },
  ];
}
