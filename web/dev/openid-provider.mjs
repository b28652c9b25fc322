// A certified OpenID provider (the npm package oidc-provider) on loopback, and a browser that signs in
// there as whoever it is told. Prints its issuer; ends with its standard input.
//   GET  /walk?as=NAME&url=AUTHORIZATION_URL   the address the provider sends the browser back to
//   POST /rotate                               new signing keys; the old ones are published no more
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const clients = [
  { client_id: 'astrolabe', client_secret: 'a secret with : and %', redirect_uris: [process.argv[2]] },
  { client_id: 'public', token_endpoint_auth_method: 'none', redirect_uris: [process.argv[2]] },
];

let made = 0;
/** ES256 and RS256 by turns: clients must follow the keys, not a constant. */
function makeKeys() {
  const kid = `key-${++made}`;
  const pair = made % 2 ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return [{ ...pair.privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: made % 2 ? 'ES256' : 'RS256' }];
}

function makeProvider(issuer) {
  const keys = makeKeys();
  return new Provider(issuer, {
    clients: clients.map((client) => ({ ...client, id_token_signed_response_alg: keys[0].alg })),
    jwks: { keys },
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
    cookies: { keys: ['of the test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
}

/** Follows the redirects of a sign-in, with cookies, to the first address that is not the provider's. */
async function walk(issuer, url, name) {
  const cookies = new Map();
  for (let next = url, hops = 0; hops < 10; hops++) {
    if (!next.startsWith(issuer)) return next;
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie, 'x-test-user': name } });
    for (const set of answer.headers.getSetCookie()) {
      const [key, value] = set.split(';')[0].split(/=(.*)/s);
      cookies.set(key, value);
    }
    const location = answer.headers.get('location');
    if (!location) return `${answer.status} ${await answer.text()}`;
    next = new URL(location, next).href;
  }
  return 'too many redirects';
}

let issuer;
let provider;
const server = createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/walk') return response.end(await walk(issuer, url.searchParams.get('url'), url.searchParams.get('as')));
  if (url.pathname === '/rotate') {
    provider = makeProvider(issuer);
    return response.end('rotated');
  }
  if (url.pathname.startsWith('/interaction/'))
    return provider.interactionFinished(request, response, { login: { accountId: request.headers['x-test-user'] } });
  return provider.callback()(request, response);
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  provider = makeProvider(issuer);
  console.log(issuer);
});
process.stdin.on('end', () => process.exit(0)).resume();
