/**
 * The buttons with which a reader plays story 36 by hand. A story in progress ends first, so nothing is counted twice.
 * Answers only the stage itself (server.ts checks the origin).
 */
import type { FastifyInstance } from 'fastify';
import type { Player } from '../stage/player.js';
import { type Around, secondFactorPage } from './page.js';
import { beginAnew, playSecondFactor, type SecondFactorDeps, tryAsStranger } from './play.js';
import { isRequired, readLog, requireFactor, requireNone } from './requirement.js';
import { SecondFactorState } from './state.js';

export const SECOND_FACTOR_PATH = '/second-factor';

/** Registers the buttons. Returns the story for the stage: how it begins, plays and is shown. */
export function registerSecondFactor(app: FastifyInstance, deps: SecondFactorDeps, player: Player) {
  const { operator, tenant, phone, addresses } = deps;
  let since: string | undefined;
  const button = (name: string, work: () => Promise<unknown>) =>
    app.post(`${SECOND_FACTOR_PATH}/${name}`, async (_request, reply) => {
      await player.alone(work);
      return reply.redirect(`${SECOND_FACTOR_PATH}#by-hand`, 303);
    });
  const begin = async () => {
    since = await operator.newestLogId();
  };
  button('require', async () => {
    await beginAnew(deps);
    await begin();
    await requireFactor(operator, tenant);
  });
  button('lose', async () => phone.losePhone());
  button('stranger', () => tryAsStranger(deps, []));
  button('none', () => requireNone(operator, tenant));
  const around = async (): Promise<Around> => ({
    acmeId: tenant.acmeId,
    clientId: tenant.clientId,
    isRequired: await isRequired(operator, tenant),
    lines: since === undefined ? [] : await readLog(operator, since),
    phone,
  });
  return {
    path: SECOND_FACTOR_PATH,
    begin: () => new SecondFactorState(),
    play: async (state: SecondFactorState) => {
      await begin();
      await playSecondFactor(deps, state);
    },
    page: async (state: SecondFactorState | undefined) => secondFactorPage(addresses, state, await around()),
  };
}
