/**
 * Calls an API of the server as Auth0's components do: through the library's fetcher, with a token of its own for the
 * scope of each operation. The My Account API is below `v1`; the components for organizations leave that out.
 */
export const asComponent = (auth0, getToken) => async (audience, scope, method, path, body) => {
  const base = audience.endsWith('/my-org/') ? audience.slice(0, -1) : `${audience}v1`;
  const fetcher = auth0.createFetcher({
    getAccessToken: (asked) =>
      getToken({ authorizationParams: { audience, scope: asked?.scope?.join(' ') ?? '' }, detailedResponse: true }),
  });
  const init = { method, ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) };
  const response = await fetcher.fetchWithAuth(`${base}${path}`, init, { scope: [scope], audience });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};
