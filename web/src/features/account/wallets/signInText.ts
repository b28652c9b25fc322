/** What the wallet standard's `solana:signIn` takes. */
export interface SignInParts {
  domain: string;
  address: string;
  statement?: string;
  uri: string;
  version: string;
  chainId: string;
  nonce: string;
  issuedAt: string;
  expirationTime?: string;
  notBefore?: string;
  requestId?: string;
}

const kHead = /^(\S+) wants you to sign in with your Solana account:\n([1-9A-HJ-NP-Za-km-z]{32,44})\n\n(?:([^\n]+)\n\n)?/;
const kNames: Record<string, keyof SignInParts> = {
  URI: 'uri',
  Version: 'version',
  'Chain ID': 'chainId',
  Nonce: 'nonce',
  'Issued At': 'issuedAt',
  'Expiration Time': 'expirationTime',
  'Not Before': 'notBefore',
  'Request ID': 'requestId',
};

/** The parts of a text as the server writes it (Sign-In With Solana); null for any other. */
export function parseSignInText(text: string): SignInParts | null {
  const head = kHead.exec(text);
  if (!head) return null;
  const parts: Partial<SignInParts> = { domain: head[1], address: head[2], ...(head[3] === undefined ? {} : { statement: head[3] }) };
  for (const line of text.slice(head[0].length).split('\n')) {
    const at = line.indexOf(': ');
    const name = kNames[line.slice(0, at)];
    if (at < 0 || !name || parts[name] !== undefined) return null;
    parts[name] = line.slice(at + 2);
  }
  const isWhole = parts.uri && parts.version && parts.chainId && parts.nonce && parts.issuedAt;
  return isWhole ? (parts as SignInParts) : null;
}
