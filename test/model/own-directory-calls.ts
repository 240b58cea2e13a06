/** The directory of a customer's own connection: each action as a call of the SCIM endpoint with the token that members made. */
import type { Action } from './actions.js';
import { pick } from './draft.js';
import type { Known } from './known.js';
import { provisioned } from './provisioned.js';
import { toScimUser } from './scim-user.js';
import type { State } from './state.js';
import type { World } from './world.js';

type OwnScim = Extract<Action, { do: 'ownScimCreate' | 'ownScimWrite' | 'ownScimDelete' }>;

export async function performOwnScim(world: World, known: Known, action: OwnScim, before: State): Promise<number> {
  const { connection = '' } = pick(before.ownTokens, action.token) ?? {};
  const token = pick(known.ownTokens, action.token);
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${world.origin}/scim/v2/connections/${token?.connectionId}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token?.token}`,
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  if (action.do === 'ownScimCreate')
    return call('POST', '/Users', { ...toScimUser(action.subject, action.email), active: action.active });
  const seats = provisioned(before).filter((item) => item.connection === connection);
  const seat = pick(seats, action.target);
  const path = `/Users/${encodeURIComponent(seat?.scimId ?? 'nobody')}`;
  if (action.do === 'ownScimDelete') return call('DELETE', path);
  return call('PUT', path, { ...toScimUser(seat?.subject ?? '', action.email ?? seat?.wrote), active: action.on });
}
