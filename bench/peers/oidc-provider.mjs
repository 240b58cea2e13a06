/**
 * oidc-provider as a peer of the benchmark: the library with the least glue that signs people in through a company's
 * OpenID provider and writes user and member to PostgreSQL. For comparison only; it checks no organization and has no log.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import Provider from 'oidc-provider';
import pg from 'pg';

const { PORT, ISSUER, DATABASE_URL, CALLBACK, SECRET } = process.env;
const own = `http://127.0.0.1:${PORT}`;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 });
await pool.query(`
  create table oidc (model text, id text, payload jsonb, grant_id text, uid text, expires_at timestamptz,
    consumed_at timestamptz, primary key (model, id));
  create index on oidc (grant_id);
  create index on oidc (uid);
  create table users (id text primary key, issuer text, subject text, email text, unique (issuer, subject));
  create table members (organization text, user_id text, primary key (organization, user_id));`);
const run = (name, text, values) => pool.query({ name, text, values });

function payloadOf({ rows: [row] }) {
  if (row === undefined || (row.expires_at && row.expires_at <= new Date())) return undefined;
  return row.consumed_at ? { ...row.payload, consumed: true } : row.payload;
}

/** Keeps what the library stores in one table. */
class PostgresAdapter {
  constructor(model) {
    this.model = model;
  }
  async upsert(id, payload, seconds) {
    const expiresAt = seconds ? new Date(Date.now() + seconds * 1000) : null;
    await run(
      'upsert',
      `insert into oidc (model, id, payload, grant_id, uid, expires_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (model, id) do update set payload = $3, grant_id = $4, uid = $5, expires_at = $6`,
      [this.model, id, payload, payload.grantId ?? null, payload.uid ?? null, expiresAt],
    );
  }
  async find(id) {
    return payloadOf(await run('find', 'select * from oidc where model = $1 and id = $2', [this.model, id]));
  }
  async findByUid(uid) {
    return payloadOf(await run('find-uid', 'select * from oidc where uid = $1 and model = $2', [uid, this.model]));
  }
  async consume(id) {
    await run('consume', 'update oidc set consumed_at = now() where model = $1 and id = $2', [this.model, id]);
  }
  async destroy(id) {
    await run('destroy', 'delete from oidc where model = $1 and id = $2', [this.model, id]);
  }
  async revokeByGrantId(grantId) {
    await run('revoke', 'delete from oidc where grant_id = $1', [grantId]);
  }
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
const provider = new Provider(own, {
  adapter: PostgresAdapter,
  clients: [
    {
      client_id: 'app',
      client_secret: SECRET,
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: ['a cookie key of the benchmark'] },
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'org_id'], email: ['email'] },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'http://api/',
      getResourceServerInfo: () => ({
        scope: 'api',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: 'RS256' } },
      }),
      useGrantedResource: () => true,
    },
  },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@corp.test`, org_id: 'corp' }),
  }),
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid email');
    grant.addOIDCClaims(['sub', 'email', 'org_id']);
    grant.addResourceScope('http://api/', 'api');
    await grant.save();
    return grant;
  },
});
for (const event of ['server_error', 'authorization.error', 'grant.error'])
  provider.on(event, (_context, error) => console.error(event, error.message, error.error_description ?? ''));

/** Finds or makes the user and their membership in one transaction. Returns the user's id. */
async function findMember({ iss, sub, email }) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const found = await client.query('select id from users where issuer = $1 and subject = $2', [iss, sub]);
    const id = found.rows[0]?.id ?? randomBytes(9).toString('hex');
    if (found.rows.length === 0)
      await client.query('insert into users (id, issuer, subject, email) values ($1, $2, $3, $4)', [
        id,
        iss,
        sub,
        email,
      ]);
    await client.query('insert into members values ($1, $2) on conflict do nothing', ['corp', id]);
    await client.query('commit');
    return id;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const metadata = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
const pending = new Map();

function beginAtCompany(context, uid) {
  const verifier = randomBytes(32).toString('base64url');
  const nonce = randomBytes(12).toString('hex');
  pending.set(uid, { verifier, nonce });
  const query = new URLSearchParams({
    client_id: 'rp',
    response_type: 'code',
    scope: 'openid email profile',
    redirect_uri: `${own}/cb`,
    state: uid,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  context.redirect(`${metadata.authorization_endpoint}?${query}`);
}

async function finishAtCompany(context) {
  const { state, code } = context.query;
  const { verifier, nonce } = pending.get(state) ?? {};
  pending.delete(state);
  const answer = await fetch(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: `${own}/cb`,
      client_id: 'rp',
      client_secret: 'rp-secret',
      code_verifier: verifier,
    }),
  });
  const { payload } = await jwtVerify((await answer.json()).id_token, keys, {
    issuer: metadata.issuer,
    audience: 'rp',
  });
  if (payload.nonce !== nonce) throw new Error('another nonce');
  const accountId = await findMember(payload);
  // The cookie of the interaction belongs to another path, so the interaction is found by its id.
  const interaction = await provider.Interaction.find(state);
  interaction.result = { login: { accountId } };
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  context.redirect(interaction.returnTo);
}

provider.use(async (context, next) => {
  const [, uid] = /^\/interaction\/([^/]+)$/.exec(context.path) ?? [];
  if (uid !== undefined) return beginAtCompany(context, uid);
  return context.path === '/cb' ? finishAtCompany(context) : next();
});
provider.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`${own}\n`));
