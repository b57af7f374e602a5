// Whether a printed card is true: its signature, its dates, and what the issuer's lists say, as far as
// this phone knows them. docs/cards.md says how a card is written.

const FIRST = 45; // the code of "-", the lowest letter of a token
const MOST_LETTERS = 4096;
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const FIGURES = /^(\d\d)+$/;
const PURPOSES = ['revocation', 'suspension'];

// What stands in a square is an address; its page is this one, whoever wrote it.
export function tokenIn(text) {
  let token = text.trim().split('#').pop();
  if (token.length > 2 * MOST_LETTERS) return '';
  if (FIGURES.test(token)) {
    token = token.match(/\d\d/g).map((two) => String.fromCharCode(Number(two) + FIRST)).join('');
  }
  return COMPACT.test(token) && headerOf(token) ? token : '';
}

// `known`: keys and lists by issuer, as the site told them; null when it never did.
export async function check(token, known, now) {
  const { kid } = headerOf(token);
  const [did, fragment] = kid.split('#');
  const key = known?.issuers[did]?.keys[fragment];
  if (!key) return { outcome: known ? 'unknown_issuer' : 'never_asked' };
  let isSigned;
  try {
    isSigned = await isSignedBy(token, key);
  } catch {
    return { outcome: 'cannot' };
  }
  if (!isSigned) return { outcome: 'forged' };
  let claims;
  try {
    claims = await unpacked(token.split('.')[1]);
  } catch {
    return { outcome: 'cannot' };
  }
  const facts = {
    name: String(claims.name), badge: String(claims.badge), by: String(claims.by),
    skills: claims.skills.map(String), begins: claims.nbf * 1000, ends: claims.exp ? claims.exp * 1000 : null,
  };
  const withdrawn = await withdrawal(claims.status, known.lists);
  return { outcome: withdrawn || timely(facts, now), facts, isListKnown: withdrawn !== null };
}

function timely({ begins, ends }, now) {
  if (now < begins) return 'not_yet';
  return ends !== null && now >= ends ? 'expired' : 'valid';
}

function headerOf(token) {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes(token.split('.')[0])));
    const fits = header.alg === 'Ed25519' && header.zip === 'DEF' && header.typ === 'civic-card';
    return fits && typeof header.kid === 'string' && header.kid.includes('#') ? header : null;
  } catch {
    return null;
  }
}

// Older browsers know no such signatures: that is no word about the card.
async function isSignedBy(token, rawKey) {
  const key = await crypto.subtle.importKey('raw', bytes(rawKey), { name: 'Ed25519' }, false, ['verify']);
  const at = token.lastIndexOf('.');
  const signed = new TextEncoder().encode(token.slice(0, at));
  let signature;
  try {
    signature = bytes(token.slice(at + 1));
  } catch {
    return false;
  }
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, signed);
}

async function unpacked(part) {
  return JSON.parse(new TextDecoder().decode(await inflated(bytes(part), 'deflate-raw')));
}

// '' for one that no list names, null when the list is not known here.
async function withdrawal([address, place], lists) {
  const told = lists[address];
  if (!told || PURPOSES.some((purpose) => !told[purpose])) return null;
  try {
    const [revoked, suspended] = await Promise.all(PURPOSES.map((purpose) => isSet(told[purpose], place)));
    if (revoked) return 'revoked';
    return suspended ? 'suspended' : '';
  } catch {
    return null;
  }
}

// Counted from the left: number 0 is the highest bit of the first byte.
async function isSet(encoded, place) {
  const bits = await inflated(bytes(encoded.slice(1)), 'gzip');
  if (place >= bits.length * 8) throw new Error('no such place');
  return Boolean(bits[Math.floor(place / 8)] & (0x80 >> place % 8));
}

async function inflated(packed, format) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function bytes(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
