// What was brought onto this phone before leaving: who is known on the street, which outings there are,
// and the token that lets this phone send. Sealed under a key that goes after three days or at sign-out;
// so are the lines that say what was sent from here.

const LONGEST_KEPT = 72 * 60 * 60 * 1000;

export function openBrought(store, { makeKey, seal, unseal }) {
  let content = null; // { token, token_until, worker, city, outings, people }
  let key = null; // { key, made, expires }
  let since = null; // { worker, loadedAt, expires }: stands in the open, and outlives the key
  let lines = [];

  async function open() {
    content = key = null;
    lines = [];
    since = (await store.get('kept', 'since')) || null;
    const held = await store.get('keys', 'load');
    if (!held) return;
    // A clock put back must not make a key live longer.
    if (Date.now() >= held.expires || Date.now() < held.made - LONGEST_KEPT) {
      await forget();
      return;
    }
    const sealed = await store.get('kept', 'load');
    try {
      content = await unseal(held.key, sealed);
      key = held;
    } catch {
      await forget(); // half of it is none
      return;
    }
    await readLines();
  }

  async function readLines() {
    const found = [];
    for (const { value } of await store.all('lines')) {
      // Sealed under the key of before: of what is gone.
      await unseal(key.key, value).then((line) => found.push(line), () => {});
    }
    lines = found.sort((a, b) => a.sentAt - b.sentAt);
  }

  async function keep(answer) {
    const made = Date.now();
    const held = { key: await makeKey(), made, expires: made + LONGEST_KEPT };
    // Lines of whoever signs in again stay; those of somebody else go with their key.
    const staying = since && since.worker === answer.worker.id ? lines.filter(isYoung) : [];
    const sealed = await seal(held.key, answer);
    const sealedLines = await Promise.all(staying.map((line) => seal(held.key, line)));
    content = answer;
    key = held;
    since = { worker: answer.worker.id, loadedAt: made, expires: held.expires };
    lines = staying;
    await store.together(['keys', 'kept', 'lines'], async (keys, kept, shelf) => {
      await keys.put(held, 'load');
      await kept.put(sealed, 'load');
      await kept.put(since, 'since');
      await shelf.clear();
      for (const [at, line] of staying.entries()) await shelf.put(sealedLines[at], line.id);
    });
  }

  const isYoung = (line) => Date.now() - line.sentAt < LONGEST_KEPT;

  // People, token and lines go; whose phone it is stays, so that what they wrote remains theirs.
  async function forget() {
    content = key = null;
    lines = [];
    await store.together(['keys', 'kept', 'lines'], async (keys, kept, shelf) => {
      await keys.remove('load');
      await kept.remove('load');
      await shelf.clear();
    });
  }

  async function leave() {
    await forget();
    since = null;
    await store.together(['kept'], async (kept) => {
      for (const name of ['since', 'joined', 'sent']) await kept.remove(name);
    });
  }

  async function isOver() {
    if (!key || Date.now() < key.expires) return false;
    await forget();
    return true;
  }

  async function addLine(line) {
    if (!key) return;
    lines = [...lines.filter((one) => one.id !== line.id), line];
    // The list is a convenience: a full phone loses nothing that was written by losing a line of it.
    await seal(key.key, line).then((sealed) => store.put('lines', sealed, line.id)).catch(() => {});
  }

  return {
    open, keep, forget, leave, isOver, addLine,
    isLoaded: () => content !== null,
    token: () => content?.token,
    tokenUntil: () => content?.token_until,
    worker: () => since?.worker || null,
    workerName: () => content?.worker.name || '',
    cityName: () => content?.city.name || '',
    people: () => content?.people || [],
    outings: () => content?.outings || [],
    since: () => since,
    expires: () => key?.expires,
    lines: () => lines,
  };
}
