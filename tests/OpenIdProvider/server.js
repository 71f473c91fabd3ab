// A real OpenID Connect provider, as small as the tests need it: everything in memory, on a free port of 127.0.0.1, one client, and
// whoever signs in says who they are. It prints its address, and ends when whoever started it closes its input or is gone.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const people = new Map();
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'portal',
      client_secret: 'the-secret-of-portal',
      redirect_uris: ['http://127.0.0.1/sign-in/provider/callback'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['of the tests alone'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    // Everybody allows Portal what it asks for.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  // The port on which a test's Portal listens is not known before it starts.
  provider.Client.prototype.redirectUriAllowed = (uri) => {
    const { hostname, pathname } = new URL(uri);
    return hostname === '127.0.0.1' && pathname === '/sign-in/provider/callback';
  };

  // Where a person would see a form: the test's query says who they are, or that they do not want to.
  provider.use(async (ctx, next) => {
    if (ctx.path === '/favicon.ico') {
      ctx.status = 204;
      return;
    }
    if (!ctx.path.startsWith('/interaction/')) {
      return next();
    }
    const { sub, email, verified, deny } = ctx.query;
    ctx.respond = false;
    if (!sub && !deny) {
      ctx.respond = true;
      ctx.body = 'Who are you? Say it in the query.';
      return;
    }
    if (deny) {
      return provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied', error_description: 'The person said no.' });
    }
    people.set(sub, { email, email_verified: verified === 'true', name: sub });
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: sub } });
  });
  server.on('request', provider.callback());
  console.log(issuer);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
