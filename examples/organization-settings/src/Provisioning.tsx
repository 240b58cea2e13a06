/** Directory sync of one identity provider (SCIM). A token is shown once, when it is made. */
import { useState } from 'react';
import type { Problem, ScimToken } from './api';
import { Copy, Press, Said } from './parts';
import { usePart, useSession } from './session';

export function Provisioning({ providerId }: { providerId: string }) {
  const { call, can, settings } = useSession();
  const path = `/identity-providers/${providerId}/provisioning`;
  const { data, said, change } = usePart(async (call) => {
    const isOn = await call('GET', path).then(
      () => true,
      (error: Problem) => {
        if (error.status === 404) return false;
        throw error;
      },
    );
    const mayRead = isOn && can('read:identity_providers_scim_tokens');
    const list = mayRead ? await call<{ scim_tokens?: ScimToken[] }>('GET', `${path}/scim-tokens`) : {};
    return { isOn, tokens: list.scim_tokens ?? [] };
  });
  const [made, setMade] = useState<ScimToken>();
  const turn = async () => {
    await call(data?.isOn ? 'DELETE' : 'POST', path);
    setMade(undefined);
    return data?.isOn ? 'Directory sync is off.' : 'Directory sync is on. Now make a token.';
  };
  const create = async () => {
    setMade(await call<ScimToken>('POST', `${path}/scim-tokens`, {}));
    return 'Copy the token now: it is not shown again.';
  };
  const remove = async ({ token_id }: ScimToken) => {
    await call('DELETE', `${path}/scim-tokens/${token_id}`);
    if (made?.token_id === token_id) setMade(undefined);
    return 'The token was deleted.';
  };
  return (
    <details>
      <summary>Directory sync {data?.isOn && <span className="tag verified">on</span>}</summary>
      <Said what={said} />
      {made?.token && <Copy label="Token" value={made.token} />}
      {data?.isOn && <Copy label="Base address" value={`${settings.domain}/scim/v2/connections/${providerId}`} />}
      {data?.tokens.map((token) => (
        <p className="row" key={token.token_id}>
          Token of {new Date(token.created_at).toLocaleString()}
          {can('delete:identity_providers_scim_tokens') && (
            <Press change={change} work={() => remove(token)} sure="Delete the token? A directory that uses it stops.">
              Delete the token
            </Press>
          )}
        </p>
      ))}
      <p className="row">
        {data?.isOn && can('create:identity_providers_scim_tokens') && (
          <Press change={change} work={create}>
            Make a token
          </Press>
        )}
        {data && can(`${data.isOn ? 'delete' : 'create'}:identity_providers_provisioning`) && (
          <Press
            change={change}
            work={turn}
            sure={data.isOn ? 'Turn directory sync off? Its tokens stop working, and its people stay.' : undefined}
          >
            Turn directory sync {data.isOn ? 'off' : 'on'}
          </Press>
        )}
      </p>
    </details>
  );
}
