// Reaches for what lies under JavaScript: bindings, native add-ons, the inspector, flags, other contexts => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const modules = [
    'module',
    'vm',
    'v8',
    'inspector',
    'inspector/promises',
    'repl',
    'wasi',
    'trace_events',
    'dgram',
    'domain',
    'diagnostics_channel',
    'sqlite',
    'sea',
    'test',
    'test/reporters',
    'internal/test/binding',
    '_http_agent',
    '_tls_wrap',
  ];
  for (const name of modules) {
    await attempt(name, () => require(name));
    await attempt(`node:${name}`, () => require(`node:${name}`));
    await attempt(`import ${name}`, () => import(`node:${name}`));
  }
  for (const name of ['tcp_wrap', 'pipe_wrap', 'fs', 'process_wrap', 'contextify', 'inspector', 'natives'])
    await attempt(`binding ${name}`, () => process.binding(name));
  await attempt('linked', () => process._linkedBinding('x'));
  await attempt('dlopen', () => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6'));
  await attempt('require .node', () => require('/tmp/x.node'));
  await attempt('main', () => process.mainModule ?? require.main ?? module.constructor._load ?? module.parent);
  await attempt('cache', () => require.cache ?? require.resolve ?? require.extensions);
  await attempt('handles', () => process._getActiveHandles());
  await attempt('setuid', () => process.setuid(0) ?? 'root');
  await attempt('chdir', () => process.chdir('/tmp') ?? process.cwd());
  await attempt('engine', () => require('crypto').setEngine('/tmp/x.so') ?? 'loaded');
  await attempt('capture', () => process.setUncaughtExceptionCaptureCallback(null) ?? 'taken');
  await attempt('exit', () => process.reallyExit);
  const globals = [
    'require',
    'module',
    'exports',
    '__filename',
    'WebSocket',
    'EventSource',
    'navigator',
    'gc',
    'internalBinding',
    'primordials',
  ];
  await attempt('globals', () => globals.filter((name) => name in globalThis).join() || undefined);
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
