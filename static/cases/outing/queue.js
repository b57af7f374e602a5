// What was written on this phone and is not settled yet: contacts, outings with their tally, and the
// half-typed contact. All of it is sealed under a key that goes when nothing is left to keep.
//
// In the open stand only an id, the kind, a turn, and whether it was sent or refused. The turn counts
// how often a thing was written: an answer about an earlier turn settles nothing.

const DRAFT = 'contact';

export function openQueue(store, { makeKey, seal, unseal }) {
  let key = null; // { id, key }

  async function currentKey() {
    const fresh = async () => ({ id: crypto.getRandomValues(new Uint32Array(2)).join('-'), key: await makeKey() });
    key = (await store.get('keys', 'queue')) || key || (await fresh());
    return key;
  }

  // Seals `content`, then hands the sealed to `place(waiting, drafts, parts)` inside one transaction;
  // whatever that answers.
  async function sealed(content, place) {
    for (;;) {
      const used = await currentKey();
      const parts = await seal(used.key, content);
      const done = await store.together(['keys', 'waiting', 'drafts'], async (keys, waiting, drafts) => {
        // Another tab may have thrown the key away, because nothing was left, or made a new one.
        const there = await keys.get('queue');
        if (there && there.id !== used.id) return { isLate: true };
        if (!there) await keys.put(used, 'queue');
        return { answer: await place(waiting, drafts, parts) };
      });
      if (!done.isLate) return done.answer;
    }
  }

  // Something new. The half-typed contact goes in the same moment in which the whole one is kept.
  function add(kind, item, worker, { isOpen = false, endsDraft = false } = {}) {
    return sealed({ item, worker, said: '' }, async (waiting, drafts, parts) => {
      const last = (await waiting.all()).reduce((most, { value }) => Math.max(most, value.order), 0);
      const record = { id: item.id, kind, order: last + 1, turn: 1, isOpen, isSent: false, isRefused: false, misses: 0 };
      await waiting.put({ ...record, parts }, item.id);
      if (endsDraft) await drafts.remove(DRAFT);
    });
  }

  // `changed(item)`: the outing as it is from now on, or nothing when it stays as it was. What is
  // stored in the end, or null when it is not there.
  async function change(id, changed) {
    for (;;) {
      const before = await store.get('waiting', id);
      if (!before) return null;
      const content = await opened(before);
      if (!content) return null;
      const item = changed(content.item, before.turn + 1);
      if (!item) return content.item;
      const isWritten = await sealed({ ...content, item, said: '' }, async (waiting, _drafts, parts) => {
        const there = await waiting.get(id);
        if (!there || there.turn !== before.turn) return false; // another tab was faster: once more
        const turn = there.turn + 1;
        const isOpen = there.isOpen && !item.ended_at;
        await waiting.put({ ...there, parts, turn, isOpen, isSent: false, isRefused: false }, id);
        return true;
      });
      if (isWritten) return item;
    }
  }

  async function opened({ parts }) {
    const used = await store.get('keys', 'queue');
    return used ? unseal(used.key, parts).catch(() => null) : null;
  }

  // In the order in which they were written.
  async function records() {
    const used = await store.get('keys', 'queue');
    const found = [];
    for (const { value } of await store.all('waiting')) {
      const { parts, ...record } = value;
      // Written by a tab at this moment under a key that is not ours yet: it is there next time.
      const content = used ? await unseal(used.key, parts).catch(() => null) : null;
      if (content) found.push({ ...record, ...content });
    }
    return found.sort((a, b) => a.order - b.order);
  }

  // Taken in by the server. An open outing stays, because it will be counted on.
  function settle({ id, turn }) {
    return store.together(['keys', 'waiting', 'drafts'], async (keys, waiting, drafts) => {
      const there = await waiting.get(id);
      if (!there || there.turn !== turn) return false;
      if (there.isOpen) await waiting.put({ ...there, isSent: true, isRefused: false, misses: 0 }, id);
      else await waiting.remove(id);
      await endIfEmpty(keys, waiting, drafts);
      return true;
    });
  }

  // Not taken in: it stays, with the server's reason, until whoever wrote it puts it away.
  async function refuse({ id, turn, item, worker }, said) {
    await sealed({ item, worker, said }, async (waiting, _drafts, parts) => {
      const there = await waiting.get(id);
      if (there && there.turn === turn) await waiting.put({ ...there, parts, isRefused: true }, id);
    });
  }

  // The server could not read or store it: others go first from now on.
  function miss({ id }) {
    return store.together(['waiting'], async (waiting) => {
      const there = await waiting.get(id);
      if (there) await waiting.put({ ...there, misses: there.misses + 1 }, id);
    });
  }

  function drop(id) {
    return store.together(['keys', 'waiting', 'drafts'], async (keys, waiting, drafts) => {
      await waiting.remove(id);
      await endIfEmpty(keys, waiting, drafts);
    });
  }

  function empty() {
    return store.together(['keys', 'waiting', 'drafts'], async (keys, waiting, drafts) => {
      await waiting.clear();
      await drafts.clear();
      await keys.remove('queue');
    });
  }

  async function endIfEmpty(keys, waiting, drafts) {
    if ((await waiting.count()) === 0 && (await drafts.count()) === 0) await keys.remove('queue');
  }

  // The half-typed contact

  function keepDraft(content, worker) {
    return sealed({ content, worker }, (_waiting, drafts, parts) => drafts.put(parts, DRAFT));
  }

  async function draft() {
    const parts = await store.get('drafts', DRAFT);
    return parts ? opened({ parts }) : null;
  }

  function dropDraft() {
    return store.together(['keys', 'waiting', 'drafts'], async (keys, waiting, drafts) => {
      await drafts.remove(DRAFT);
      await endIfEmpty(keys, waiting, drafts);
    });
  }

  return { add, change, records, settle, refuse, miss, drop, empty, keepDraft, draft, dropDraft };
}

// What the server has still to be told.
export const isWaiting = (record) => !record.isSent && !record.isRefused;
