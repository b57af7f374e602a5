// Scans that the server has not answered for yet, in the order in which they were made. Each is
// stored before anybody is told an answer, under a key of its own that goes when nothing waits.

const LONGEST_HELD = 10000;

// Beyond the longest, the clock was put back since.
const isHeld = ({ heldUntil }, now) => heldUntil > now && heldUntil < now + LONGEST_HELD;

export function openQueue(store, { makeKey, seal, unseal }) {
  let key = null; // { id, key }
  const adrift = new Map(); // what could not be stored: it lives as long as the page does
  let lastAdrift = 0;

  async function currentKey() {
    const fresh = async () => ({ id: crypto.getRandomValues(new Uint32Array(2)).join('-'), key: await makeKey() });
    key = (await store.get('keys', 'queue')) || key || (await fresh());
    return key;
  }

  // `recordAt` says what to write over what is there, or that nothing is to be written.
  async function write(place, scan, recordAt) {
    for (;;) {
      const used = await currentKey();
      const parts = scan && (await seal(used.key, scan));
      const written = await store.together(['keys', 'scans'], async (keys, scans) => {
        // Another tab may have thrown the key away, because nothing waited, or made a new one.
        const there = await keys.get('queue');
        if (there && there.id !== used.id) return null;
        const record = recordAt(place === undefined ? null : await scans.get(place));
        if (!record) return place;
        if (!there) await keys.put(used, 'queue');
        return scans.put({ ...record, parts }, place);
      });
      if (written !== null) return written;
    }
  }

  // `heldUntil`: whoever made the scan is asking the server about it at this moment.
  async function add({ id, scan, undo = false, heldUntil = 0 }) {
    const record = { id, undo, heldUntil, isSent: scan === null, misses: 0 };
    try {
      return await write(undefined, scan, () => record);
    } catch (error) {
      const place = `adrift-${(lastAdrift += 1)}`;
      adrift.set(place, { ...record, scan, error });
      return place;
    }
  }

  async function tell(place, scan) {
    if (adrift.has(place)) {
      Object.assign(adrift.get(place), { scan, heldUntil: 0 });
      return;
    }
    try {
      // Not there any more: answered meanwhile, by a request that seemed to have come to nothing.
      await write(place, scan, (before) => before && !before.isSent && { ...before, heldUntil: 0 });
    } catch {
      // The scan as it was first stored is still there: only what was shown is not known of it.
    }
  }

  async function waiting() {
    const found = [];
    const now = Date.now();
    const used = await store.get('keys', 'queue');
    for (const { key: place, value } of await store.all('scans')) {
      const { parts, ...record } = value;
      try {
        const scan = parts && used ? await unseal(used.key, parts) : null;
        if (scan || record.isSent) found.push({ place, ...record, scan, isHeld: isHeld(record, now) });
      } catch {
        // Written by a tab at this moment under a key that is not ours yet: it is there next time.
      }
    }
    for (const [place, record] of adrift) found.push({ place, ...record, isHeld: isHeld(record, now) });
    return found;
  }

  // Answered for: gone, unless it is to be taken back, which the server must still be told.
  async function settle(places) {
    for (const place of places.filter((one) => adrift.has(one))) {
      const record = adrift.get(place);
      if (record.undo && !record.isSent) record.isSent = true;
      else adrift.delete(place);
    }
    const stored = places.filter((one) => typeof one === 'number');
    if (!stored.length) return;
    await store.together(['keys', 'scans'], async (keys, scans) => {
      for (const place of stored) {
        const record = await scans.get(place);
        if (record && record.undo && !record.isSent) {
          await scans.put({ ...record, isSent: true, parts: null, heldUntil: 0 }, place);
        } else {
          await scans.remove(place);
        }
      }
      if ((await scans.count()) === 0) await keys.remove('queue');
    });
  }

  async function undo(id) {
    const inMemory = [...adrift.values()].find((record) => record.id === id);
    if (inMemory) {
      inMemory.undo = true;
      return;
    }
    const isThere = await store.together(['scans'], async (scans) => {
      const place = await scans.keyOf('id', id);
      if (place === undefined) return false;
      await scans.put({ ...(await scans.get(place)), undo: true }, place);
      return true;
    });
    if (!isThere) await add({ id, scan: null, undo: true });
  }

  // The server could not store it, or not read it: others go first from now on.
  async function miss(place) {
    if (adrift.has(place)) {
      adrift.get(place).misses += 1;
      return;
    }
    await store.together(['scans'], async (scans) => {
      const record = await scans.get(place);
      if (record) await scans.put({ ...record, misses: record.misses + 1 }, place);
    });
  }

  // Tries again to store what could not be stored.
  async function land() {
    for (const [place, { scan, error, ...record }] of [...adrift]) {
      try {
        await write(undefined, scan, () => record);
        adrift.delete(place);
      } catch {
        return;
      }
    }
  }

  async function records() {
    const stored = (await store.all('scans').catch(() => [])).map(({ value }) => value);
    return [...stored, ...adrift.values()];
  }

  async function count() {
    return (await records()).length;
  }

  // Whether all that waits is being asked about at this moment.
  async function isIdle() {
    const now = Date.now();
    return (await records()).every((record) => isHeld(record, now));
  }

  return { add, tell, waiting, settle, undo, miss, land, count, isIdle, adrift: () => adrift.size };
}
