// post-login: sends each login to a system for security monitoring, and never holds a login up for longer than its own limit. Known from marketplace integrations.
exports.onExecutePostLogin = async (event, api) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 300);
  const mfa = (event.authentication?.methods || []).some((method) => method.name === 'mfa');
  const body = JSON.stringify({
    event_type: 'login',
    actor: { id: event.user.user_id, email: event.user.email || undefined },
    context: { ip: event.request?.ip ?? null, city: event.request.geoip?.cityName, agent: event.request?.user_agent || 'unknown' },
    metadata: { tenant: event.tenant.id, connection: event.connection.name, count: event.stats?.logins_count || 0, mfa },
  });
  try {
    const response = await fetch(event.secrets.COLLECTOR, {
      method: 'POST',
      headers: new Headers({ 'content-type': 'application/json', authorization: `Bearer ${event.secrets.API_KEY}` }),
      body,
      signal: controller.signal,
    });
    if (!response.ok) console.warn(`collector: ${response.status} ${await response.text()}`);
  } catch (error) {
    console.log(error.name === 'AbortError' ? 'collector: too slow' : `collector: ${error.message}`);
  } finally {
    clearTimeout(timer);
  }
};
