// What was scanned on this phone since the sessions were loaded: for the list with its Undo, and so
// that the second of two scans without network is known to be the second.

export const UNDO_WITHIN = 15 * 60 * 1000;
const SHOWN = 8;

export function openJournal(store, { seal, unseal }, keyOf) {
  const lines = new Map(); // by id of the scan, oldest first

  async function open() {
    const key = keyOf();
    if (!key) return;
    const found = [];
    for (const { value } of await store.all('journal')) {
      // Sealed under the key of before: of a roster that is gone.
      await unseal(key, value).then((line) => found.push(line), () => {});
    }
    lines.clear();
    found.sort((a, b) => a.at - b.at).forEach((line) => lines.set(line.id, line));
  }

  async function write(line) {
    lines.set(line.id, line);
    const key = keyOf();
    if (!key) return;
    // The list is a convenience: a full phone loses no scan by losing a line of it.
    await seal(key, line).then((sealed) => store.put('journal', sealed, line.id)).catch(() => {});
  }

  async function change(id, change) {
    const line = lines.get(id);
    if (line) await write({ ...line, ...change });
  }

  // A roster loaded anew knows what has arrived; what still waits must be remembered here.
  async function renew(waitingIds) {
    const staying = [...lines.values()].filter((line) => waitingIds.has(line.id));
    lines.clear();
    await store.clear('journal');
    for (const line of staying) await write(line);
  }

  function presence(person, sessionId, after) {
    let state = person.presence;
    for (const line of lines.values()) {
      const counts = line.session === sessionId && line.code === person.code && line.isIn && !line.isUndone;
      if (counts) state = after(state, line.direction);
    }
    return state;
  }

  return {
    open, write, change, renew, presence,
    clear: () => lines.clear(),
    last: () => [...lines.values()].reverse().slice(0, SHOWN),
    get: (id) => lines.get(id),
  };
}
