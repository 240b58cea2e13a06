/** Directory sync of one identity provider (SCIM). A token is shown once, when it is made. */
import { useState } from 'react';
import { Problem, type ScimToken } from './api';
import { Copy, Press, Said } from './parts';
import { ChangeContext, usePart, useSession } from './session';

export function Provisioning({ providerId }: { providerId: string }) {
  const { can, settings } = useSession();
  const path = `/identity-providers/${providerId}/provisioning`;
  const { data, said, change } = usePart(async (call) => {
    const isOn = await call('GET', path).then(
      () => true,
      (error) => {
        if (error instanceof Problem && error.status === 404) return false;
        throw error;
      },
    );
    const mayRead = isOn && can('read:identity_providers_scim_tokens');
    const list = mayRead ? await call<{ scim_tokens?: ScimToken[] }>('GET', `${path}/scim-tokens`) : {};
    return { isOn, tokens: list.scim_tokens ?? [] };
  });
  const [made, setMade] = useState<ScimToken>();
  const tell = (token: ScimToken | undefined, words: string) => {
    setMade(token);
    return words;
  };
  return (
    <details>
      <summary>Directory sync {data?.isOn && <span className="tag verified">on</span>}</summary>
      <Said what={said} />
      {made?.token && <Copy label="Token" value={made.token} />}
      {data?.isOn && <Copy label="Base address" value={`${settings.domain}/scim/v2/connections/${providerId}`} />}
      <ChangeContext value={change}>
        {data?.tokens.map(({ token_id, created_at }) => (
          <p className="row" key={token_id}>
            Token of {new Date(created_at).toLocaleString()}
            <Press
              needs="delete:identity_providers_scim_tokens"
              send={['DELETE', `${path}/scim-tokens/${token_id}`]}
              done={() => tell(made?.token_id === token_id ? undefined : made, 'The token was deleted.')}
              sure="Delete the token? A directory that uses it stops."
            >
              Delete the token
            </Press>
          </p>
        ))}
        {data && (
          <p className="row">
            {data.isOn && (
              <Press
                needs="create:identity_providers_scim_tokens"
                send={['POST', `${path}/scim-tokens`, {}]}
                done={(token: ScimToken) => tell(token, 'Copy the token now: it is not shown again.')}
              >
                Make a token
              </Press>
            )}
            <Press
              needs={`${data.isOn ? 'delete' : 'create'}:identity_providers_provisioning`}
              send={[data.isOn ? 'DELETE' : 'POST', path]}
              done={() => tell(undefined, `Directory sync is ${data.isOn ? 'off.' : 'on. Now make a token.'}`)}
              sure={data.isOn && 'Turn directory sync off? Its tokens stop working, and its people stay.'}
            >
              {data.isOn ? 'Turn directory sync off' : 'Turn directory sync on'}
            </Press>
          </p>
        )}
      </ChangeContext>
    </details>
  );
}
