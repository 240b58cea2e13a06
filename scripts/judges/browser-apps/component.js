/**
 * Calls the My Account API as Auth0's component for factors does: through the library's fetcher, with a token of its own
 * for the scope of each operation.
 */
export const asComponent = (auth0, getToken) => async (audience, scope, method, path, body) => {
  const fetcher = auth0.createFetcher({
    getAccessToken: (asked) =>
      getToken({ authorizationParams: { audience, scope: asked?.scope?.join(' ') ?? '' }, detailedResponse: true }),
  });
  const init = { method, ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) };
  const response = await fetcher.fetchWithAuth(`${audience}v1${path}`, init, { scope: [scope], audience });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};
