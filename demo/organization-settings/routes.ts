/**
 * The buttons with which a reader plays story 38 by hand. A story in progress ends first, so nothing is counted twice.
 * Answers only the stage itself (server.ts checks the origin).
 */
import type { FastifyInstance } from 'fastify';
import type { Player } from '../stage/player.js';
import { hasOperatorsSso, restoreAcme, takeSsoAway } from './acme.js';
import { OWN_SSO_PATH, ownSsoPage } from './page.js';
import { type OwnSsoDeps, playOwnSso, publishRecords } from './play.js';
import { OwnSsoState } from './state.js';

/** Registers the buttons. Returns the story for the stage: how it begins, plays and is shown. */
export function registerOwnSso(app: FastifyInstance, deps: OwnSsoDeps, player: Player) {
  const { operator, tenant, provider, addresses } = deps;
  const button = (name: string, work: () => Promise<unknown>) =>
    app.post(`${OWN_SSO_PATH}/${name}`, async (_request, reply) => {
      await player.alone(work);
      return reply.redirect(`${OWN_SSO_PATH}#by-hand`, 303);
    });
  button('begin', () => takeSsoAway(operator, tenant));
  button('publish', () => publishRecords(deps));
  button('end', () => restoreAcme(operator, tenant));
  return {
    path: OWN_SSO_PATH,
    begin: () => new OwnSsoState(),
    play: (state: OwnSsoState) => playOwnSso(deps, state),
    page: async (state: OwnSsoState | undefined) =>
      ownSsoPage(addresses, state, {
        acmeId: tenant.acmeId,
        isAsEver: await hasOperatorsSso(operator, tenant),
        provider,
      }),
  };
}
