/**
 * The load driver. It runs virtual browsers, each of which begins its next login when the last one has ended (a closed
 * loop). Each has its own cookies, follows redirects one by one, fills in forms and redeems the code. Works on loopback
 * only. At full load the latency is mostly time in queues.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';

export const agent = new Agent({
  connections: 4_096,
  pipelining: 1,
  keepAliveTimeout: 10_000,
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
});
const b64u = (b) => Buffer.from(b).toString('base64url');

export class Jar {
  // Cookies are kept by host, port and path. Browsers ignore the port; here it keeps the servers on one address apart.
  constructor() {
    this.m = new Map();
  }
  store(u, set) {
    if (!set) return;
    for (const line of Array.isArray(set) ? set : [set]) {
      const [nv, ...attrs] = line.split(';');
      const e = nv.indexOf('=');
      if (e < 0) continue;
      const name = nv.slice(0, e).trim(),
        value = nv.slice(e + 1).trim();
      let p = u.pathname.slice(0, Math.max(1, u.pathname.lastIndexOf('/'))),
        dead = false;
      for (const a of attrs) {
        const [k, v = ''] = a.trim().split(/=(.*)/s);
        const kl = k.toLowerCase();
        if (kl === 'path' && v.startsWith('/')) p = v;
        else if (kl === 'max-age' && Number(v) <= 0) dead = true;
        else if (kl === 'expires' && Date.parse(v) < Date.now()) dead = true;
      }
      const h = this.m.get(u.host) ?? this.m.set(u.host, new Map()).get(u.host);
      const key = `${name}\0${p}`;
      if (dead) h.delete(key);
      else h.set(key, { name, value, p });
    }
  }
  header(u) {
    const h = this.m.get(u.host);
    if (!h?.size) return undefined;
    let out = '';
    for (const c of h.values())
      if (c.p === '/' || u.pathname === c.p || u.pathname.startsWith(c.p.endsWith('/') ? c.p : `${c.p}/`))
        out += `${(out ? '; ' : '') + c.name}=${c.value}`;
    return out || undefined;
  }
}
const ent = (s) =>
  s
    .replace(/&amp;/g, '&')
    .replace(/&quot;/g, '"')
    .replace(/&#x2[fF];/g, '/')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>');
const attr = (tag, n) => {
  const m = new RegExp(`\\s${n}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return m ? ent(m[1] ?? m[2] ?? m[3]) : undefined;
};
export function parseForms(html, base) {
  const out = [];
  for (const m of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)) {
    const t = `<form${m[1]}>`,
      fields = {};
    for (const i of m[2].matchAll(/<(input|button|textarea|select)\b[^>]*>/gi)) {
      const n = attr(i[0], 'name');
      const ty = attr(i[0], 'type') || '';
      if (
        !n ||
        (i[1] === 'button' && n in fields) ||
        ((ty === 'checkbox' || ty === 'radio') && !/\schecked/i.test(i[0]))
      )
        continue;
      fields[n] = attr(i[0], 'value') ?? '';
    }
    out.push({
      action: new URL(attr(t, 'action') || base.href, base).href,
      method: (attr(t, 'method') || 'get').toUpperCase(),
      fields,
      html: m[0],
    });
  }
  return out;
}
export function makeHttp(jar, stat, backend = false, dispatcher = agent, always = {}) {
  // A call of the application's own server, without the headers of a browser.
  return async (url, o = {}) => {
    const u = url instanceof URL ? url : new URL(url);
    if (!/^(127\.|localhost$|\[::1\])/.test(u.hostname)) throw new Error(`not loopback: ${u.host}`);
    const headers = {
      accept: 'text/html,application/json;q=0.9,*/*;q=0.8',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) sso-load/1',
      ...always,
      ...o.headers,
    };
    if (backend) {
      headers.accept = 'application/json';
      headers['user-agent'] = 'app-backend';
    } else if (
      !(o.body && typeof o.body === 'object' && !(o.body instanceof URLSearchParams)) &&
      !headers.authorization
    ) {
      headers['sec-fetch-mode'] ??= 'navigate';
      headers['sec-fetch-dest'] ??= 'document';
    }
    const ck = jar.header(u);
    if (ck) headers.cookie = ck;
    let body = o.body;
    if (body && typeof body === 'object' && !(body instanceof Buffer)) {
      if (body instanceof URLSearchParams) {
        body = body.toString();
        headers['content-type'] = 'application/x-www-form-urlencoded';
      } else {
        body = JSON.stringify(body);
        headers['content-type'] = 'application/json';
      }
    }
    const t0 = performance.now();
    const r = await request(u, { method: o.method || 'GET', headers, body, dispatcher });
    const text = await r.body.text();
    if (stat) {
      stat.req++;
      stat.host[u.host] = (stat.host[u.host] || 0) + performance.now() - t0;
      if (stat.trace)
        stat.trace.push(
          `${r.statusCode} ${o.method || 'GET'} ${u.href.slice(0, 160)} -> ${(r.headers.location || text.slice(0, 80)).toString().replace(/\n/g, ' ').slice(0, 200)}`,
        );
    }
    jar.store(u, r.headers['set-cookie']);
    return {
      status: r.statusCode,
      headers: r.headers,
      text,
      url: u,
      json() {
        return JSON.parse(text);
      },
    };
  };
}
export async function login(sc, i, { trace, jar } = {}) {
  const stat = { req: 0, host: {}, trace: trace ? [] : null };
  const ctx = { i, u: sc.users ? i % sc.users : i, jar: jar || new Jar(), vars: {}, stat };
  ctx.verifier = b64u(randomBytes(32));
  ctx.challenge = createHash('sha256').update(ctx.verifier).digest('base64url');
  // A scenario may bring a dispatcher of its own: another address of this machine. It may also bring headers that a proxy
  // in front of the server would add: the address of the person, and that of the application.
  ctx.http = makeHttp(ctx.jar, stat, false, sc.dispatcher, sc.headers?.(ctx));
  ctx.backend = makeHttp(new Jar(), stat, true, sc.dispatcher, sc.backendHeaders);
  try {
    let cur = await sc.start(ctx);
    for (let hop = 0; hop < 40; hop++) {
      if (String(cur.url).startsWith(sc.callback)) {
        // The browser has arrived at the application, by a redirect or by next().
        const to = new URL(cur.url);
        if (to.searchParams.get('error'))
          throw new Error(
            `callback error ${to.searchParams.get('error')}: ${(to.searchParams.get('error_description') || '').slice(0, 120)}`,
          );
        if (sc.finish) ctx.result = await sc.finish(to, ctx);
        return { ok: true, stat, ctx, url: to };
      }
      const r = await ctx.http(cur.url, cur);
      const loc = r.headers.location;
      if (r.status >= 300 && r.status < 400 && loc) {
        const to = new URL(loc, r.url);
        if (to.searchParams.get('error') && sc.errorPrefix && to.href.startsWith(sc.errorPrefix))
          throw new Error(`error page ${to.search.slice(0, 160)}`);
        const keep = r.status === 307 || r.status === 308;
        cur = keep ? { ...cur, url: to } : { url: to };
        continue;
      }
      const nx = sc.next && (await sc.next(r, ctx));
      if (nx) {
        cur = nx;
        continue;
      }
      if (r.status === 200 && /<form/i.test(r.text)) {
        const fs = parseForms(r.text, r.url);
        let done = false;
        for (const rule of sc.forms || [])
          for (const f of fs) {
            const m = rule.match;
            if (
              !done &&
              (m === '*' || (m instanceof RegExp ? m.test(`${r.url.href}\n${f.html}`) : r.url.href.includes(m)))
            ) {
              const extra = rule.fields(f, ctx);
              if (!extra) continue;
              const body = new URLSearchParams({ ...f.fields, ...extra });
              cur =
                f.method === 'GET'
                  ? { url: f.action + (f.action.includes('?') ? '&' : '?') + body }
                  : {
                      url: f.action,
                      method: 'POST',
                      body,
                      headers: { origin: new URL(f.action).origin, referer: r.url.href },
                    };
              done = true;
            }
          }
        if (done) {
          // The time that a person takes for the form.
          await sc.rest?.(ctx);
          continue;
        }
      }
      throw Object.assign(
        new Error(
          `stuck ${r.status} at ${r.url.pathname}${r.url.search.slice(0, 120)}: ${r.text.replace(/\s+/g, ' ').slice(0, 200)}`,
        ),
        { answer: { status: r.status, path: r.url.pathname, retryAfter: r.headers['retry-after'] } },
      );
    }
    throw new Error('too many hops');
  } catch (e) {
    return { ok: false, error: e, stat, ctx };
  }
}
export async function closedLoop(fn, { n, c, first = 0, restMs = 0 }) {
  const lat = [],
    errors = {};
  let next = first,
    ok = 0,
    reqs = 0;
  const host = {};
  const t0 = performance.now();
  await Promise.all(
    Array.from({ length: c }, async () => {
      while (next < first + n) {
        const i = next++;
        // The rest is different for each browser, so that they do not send their requests at the same moment.
        if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs * (0.5 + ((i * 7) % 16) / 16)));
        const t = performance.now();
        const r = await fn(i);
        lat.push(performance.now() - t);
        if (r.ok) ok++;
        else {
          const k = String(r.error?.message || r.error).slice(0, 160);
          errors[k] = (errors[k] || 0) + 1;
        }
        if (r.stat) {
          reqs += r.stat.req;
          for (const [h, ms] of Object.entries(r.stat.host)) host[h] = (host[h] || 0) + ms;
        }
      }
    }),
  );
  const s = (performance.now() - t0) / 1000;
  lat.sort((a, b) => a - b);
  const q = (p) => Number(lat[Math.min(lat.length - 1, Math.floor(p * lat.length))].toFixed(1));
  return {
    c,
    n,
    ok,
    errors,
    rate: Number((ok / s).toFixed(1)),
    p50: q(0.5),
    p90: q(0.9),
    p99: q(0.99),
    max: q(1),
    reqPer: Number((reqs / n).toFixed(1)),
  };
}
