/**
 * Acme's identity provider, in somebody else's code (`oidc-provider`), on http://localhost:4002. Its page asks for a login and any
 * password: `ivy`, `dana` or `sam`.
 */
import Provider from 'oidc-provider';

const ISSUER = 'http://localhost:4002';
const PEOPLE = ['ivy', 'dana', 'sam'];

const provider = new Provider(ISSUER, {
  clients: [
    {
      client_id: 'vestibule',
      client_secret: 'secret-of-vestibule-at-acme',
      redirect_uris: ['https://localhost:4000/login/callback'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: { email: ['email', 'email_verified'], profile: ['name'] },
  // The claims go into the ID token, the only thing that Vestibule believes.
  conformIdTokenClaims: false,
  findAccount: (_context, login) =>
    PEOPLE.includes(login)
      ? {
          accountId: login,
          claims: () => ({ sub: login, name: login, email: `${login}@acme.example`, email_verified: true }),
        }
      : undefined,
  // A company's own application: nobody is asked for consent.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});

provider.listen(4002, '127.0.0.1', () => console.log(`Acme's identity provider: ${ISSUER} (${PEOPLE.join(', ')})`));
