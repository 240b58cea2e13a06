// post-change-password: a notice to the security team that never fails anything. Known from marketplace integrations and back ends of banks.
exports.onExecutePostChangePassword = async (event, api) => {
  try {
    await fetch(`${event.secrets.NOTICES}/security`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'x-api-key': event.secrets.NOTICES_KEY },
      body: JSON.stringify({ type: 'PASSWORD_CHANGED', user: event.user.user_id, connection: event.connection.name }),
      signal: AbortSignal.timeout(3000),
    });
  } catch (error) {
    console.log(`no notice: ${error.message}`);
  }
};
