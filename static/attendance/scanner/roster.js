// The day's sessions and who is expected: names, short codes and keyed hashes of the passes, sealed
// under a key that goes at sign-out or after twelve hours. What happens at which hour in which place
// is no secret and stays, so that scans can be made and kept even then.

const TWELVE_HOURS = 12 * 60 * 60 * 1000;

export function openRoster(store, { makeKey, seal, unseal }) {
  let roster = null; // { token, device, expires, sessions } with people by code and by hash
  let day = null; // { sessions, loadedAt, expires } without people
  let key = null;
  let hashing = null;

  async function open() {
    roster = key = hashing = null;
    day = (await store.get('kept', 'day')) || null;
    const held = await store.get('keys', 'roster');
    const now = Date.now();
    // A clock put back must not make a key live longer.
    if (held && (now >= held.expires || now < held.made - TWELVE_HOURS)) {
      await forget();
      return;
    }
    const sealed = held && (await store.get('kept', 'roster'));
    if (!sealed) return;
    try {
      await take(await unseal(held.key, sealed), held);
    } catch {
      await forget(); // half of it is none
    }
  }

  async function take(content, held) {
    key = held;
    roster = {
      ...content,
      sessions: content.sessions.map((session) => {
        const people = session.people.map(([name, code, hash, standing, presence]) => ({
          name, code, hash, standing, presence,
        }));
        return {
          ...session,
          byCode: new Map(people.map((person) => [person.code, person])),
          byHash: new Map(people.map((person) => [person.hash, person])),
        };
      }),
    };
    const salt = Uint8Array.from(atob(content.salt), (letter) => letter.charCodeAt(0));
    hashing = await crypto.subtle.importKey('raw', salt, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  }

  // `offset`: the server's clock minus this one, so that twelve hours are twelve hours.
  async function keep(answer, offset) {
    const { now, expires_at: expiresAt, ...content } = answer;
    const made = Date.now();
    const expires = Math.min(Date.parse(expiresAt) - offset, made + TWELVE_HOURS);
    const held = { key: await makeKey(), made, expires };
    const sealed = await seal(held.key, content);
    const sessions = answer.sessions.map(({ people, ...session }) => ({ ...session, count: people.length }));
    day = { sessions, loadedAt: made, expires };
    await take(content, held);
    await store.together(['keys', 'kept'], async (keys, kept) => {
      await keys.put(held, 'roster');
      await kept.put(sealed, 'roster');
      await kept.put(day, 'day');
      await kept.put(answer.device.id, 'device');
    });
  }

  // People go; what happens where stays, so that scans can still be made and kept.
  async function forget() {
    roster = key = hashing = null;
    await store.together(['keys', 'kept', 'journal'], async (keys, kept, journal) => {
      await keys.remove('roster');
      await kept.remove('roster');
      await journal.clear();
    });
  }

  async function leave() {
    await forget();
    day = null;
    await store.remove('kept', 'day');
  }

  async function isOver() {
    if (!key) return false;
    const isPast = Date.now() >= key.expires;
    if (isPast) await forget();
    return isPast;
  }

  async function find(code, sessionId) {
    if (!roster) return { person: null, session: null };
    const hash = await hashOf(code);
    const inSession = (session) => session.byCode.get(code) || session.byHash.get(hash);
    const chosen = roster.sessions.find((session) => session.id === sessionId);
    const here = chosen && inSession(chosen);
    if (here) return { person: here, session: chosen, isElsewhere: false };
    const other = roster.sessions.find((session) => inSession(session));
    return { person: other ? inSession(other) : null, session: other || null, isElsewhere: Boolean(other) };
  }

  async function hashOf(token) {
    const signed = await crypto.subtle.sign('HMAC', hashing, new TextEncoder().encode(token));
    const letters = String.fromCharCode(...new Uint8Array(signed).subarray(0, 16));
    return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  return {
    open, keep, leave, isOver, find,
    token: () => roster?.token,
    key: () => key?.key,
    isLoaded: () => roster !== null,
    expires: () => key?.expires,
    day: () => day,
    sessions: () => day?.sessions || [],
  };
}

// Letters and digits only, as the server reads a code.
export function readCode(typed) {
  return typed.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 64);
}
