// post-login: only the scopes that the person's roles carry, for one API. Known from articles on role-based access in the token.
const CARRIES = { admin: ['read:notes', 'write:notes', 'delete:notes'], editor: ['read:notes', 'write:notes'] };

exports.onExecutePostLogin = async (event, api) => {
  if (event.resource_server?.identifier !== event.secrets.API) return;
  const may = new Set((event.authorization?.roles ?? []).flatMap((role) => CARRIES[role] ?? []));
  event.transaction.requested_scopes
    .filter((scope) => scope.includes(':') && !may.has(scope))
    .forEach((scope) => api.accessToken.removeScope(scope));
  if (may.has('write:notes')) api.accessToken.addScope('read:notes').accessToken.addScope('write:notes');
};
