// Sends what waits: in order, in batches, one tab at a time, with longer and longer pauses while the
// network or the server is away. Sent twice, a scan is the same scan: its id says so.

const BATCH = 100;
const LIVE_PATIENCE = 2500;
const BATCH_PATIENCE = 30000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;
const LOCK = 'civic-scanner-sending';
const ENOUGH_DENIALS = 5;
const REFUSED_TOKEN = [401, 403];
// Nothing was stored. `malformed` is also the answer to a scan of a session that is not this device's:
// somebody else's, who signs in again on this phone some time.
const NOT_STORED = ['failed', 'malformed'];

export class TokenRefused extends Error {}
class Away extends Error {}
class Unreadable extends Error {}

// `api`: address of the interface. `tokenOf`: the device's token, if there is one. `tell`: what became
// of it: answered(scan, answer), undone(id, isUndone, text), stuck(text), changed(), state(name),
// clock(now, sent).
export function makeSending({ api, queue, tokenOf, tell }) {
  let state = 'online'; // online, away, signed_out
  let pauses = 0;
  let timer = null;
  let isDraining = false;
  let size = BATCH;
  let denied = 0;

  function become(next) {
    if (next === state) return;
    state = next;
    tell.state(state);
  }

  async function post(path, body, patience) {
    if (!tokenOf()) throw new TokenRefused();
    const stop = new AbortController();
    const timeout = setTimeout(() => stop.abort(), patience);
    const sent = Date.now();
    try {
      const response = await fetch(`${api}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokenOf()}` },
        body: JSON.stringify(body),
        credentials: 'omit',
        signal: stop.signal,
      });
      if (REFUSED_TOKEN.includes(response.status)) throw new TokenRefused();
      if (response.status >= 500 || [408, 429].includes(response.status)) throw new Away();
      const answer = await response.json().catch(() => ({}));
      if (answer.now) tell.clock(answer.now, sent);
      return { status: response.status, answer };
    } catch (error) {
      if (error instanceof TokenRefused) throw error;
      throw new Away();
    } finally {
      clearTimeout(timeout);
    }
  }

  async function send(scans, patience) {
    const { status, answer } = await post('/scans', { sent_at: new Date().toISOString(), scans }, patience);
    if (status !== 200 || !Array.isArray(answer.answers)) throw new Unreadable();
    return answer.answers;
  }

  // One scan, asked about at once; null when the phone must judge it by itself.
  async function live(place, scan) {
    try {
      const [answer] = await send([scan], LIVE_PATIENCE);
      become('online');
      if (!answer || NOT_STORED.includes(answer.outcome)) {
        await queue.miss(place);
        if (answer) tell.stuck(answer.text);
        return null;
      }
      await queue.settle([place]);
      return answer;
    } catch (error) {
      failed(error);
      return null;
    }
  }

  function failed(error) {
    if (error instanceof TokenRefused) become('signed_out');
    else become('away');
  }

  function drain() {
    clearTimeout(timer);
    timer = null;
    if (isDraining) return Promise.resolve();
    isDraining = true;
    return alone(empty)
      .catch(failed)
      .finally(() => {
        isDraining = false;
        tell.changed();
        queue.count().then((count) => count && state !== 'signed_out' && later());
      });
  }

  // One tab at a time, where the browser can see to that. A tab that sleeps in the background with the
  // lock in its hand must not keep this one waiting for ever: twice is once.
  function alone(work) {
    if (!navigator.locks || denied >= ENOUGH_DENIALS) {
      denied = 0;
      return work();
    }
    return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      denied = lock ? 0 : denied + 1;
      return lock ? work() : undefined;
    });
  }

  async function empty() {
    await queue.land();
    const tried = new Set();
    for (;;) {
      const waiting = (await queue.waiting()).filter((one) => !one.isHeld);
      const unsent = waiting.filter((one) => !one.isSent && !tried.has(one.place));
      const batch = unsent.sort((a, b) => a.misses - b.misses).slice(0, size);
      const undone = waiting.filter((one) => one.isSent && one.undo);
      if (!batch.length && !undone.length) {
        if (state !== 'signed_out') become('online');
        // What was tried in vain is tried again after longer and longer pauses.
        if (!tried.size) pauses = 0;
        return;
      }
      if (batch.length) (await sendBatch(batch)).forEach((place) => tried.add(place));
      if (undone.length) await sendUndone(undone);
      become('online');
      tell.changed();
    }
  }

  // Sends one batch; those of it that nothing came of.
  async function sendBatch(batch) {
    let answers;
    try {
      answers = await send(batch.map((one) => one.scan), BATCH_PATIENCE);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      // Something in it cannot be read: look for it in smaller batches, and let the others go first.
      if (batch.length === 1) await queue.miss(batch[0].place);
      size = batch.length > 1 ? Math.floor(batch.length / 2) : BATCH;
      return batch.length > 1 ? [] : [batch[0].place];
    }
    size = BATCH;
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const settled = batch.filter((one) => byId.has(one.id) && !NOT_STORED.includes(byId.get(one.id).outcome));
    await queue.settle(settled.map((one) => one.place));
    const missed = batch.filter((each) => !settled.includes(each));
    for (const one of missed) {
      await queue.miss(one.place);
      if (byId.has(one.id)) tell.stuck(byId.get(one.id).text);
    }
    for (const one of settled) await tell.answered(one.scan, byId.get(one.id));
    return missed.map((one) => one.place);
  }

  async function sendUndone(undone) {
    for (const { id, place } of undone) {
      const { status, answer } = await post(`/scans/${id}/undo`, {}, BATCH_PATIENCE);
      await queue.settle([place]);
      await tell.undone(id, status === 200, answer.text || '');
    }
  }

  function later() {
    if (timer || isDraining) return;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** pauses);
    pauses = Math.min(pauses + 1, 10);
    // Half of it is chance, so that phones in one park do not all ask at once.
    timer = setTimeout(drain, pause * (0.5 + Math.random() / 2));
  }

  // The network may be back: do not wait for the pause to end.
  function hurry() {
    if (state === 'signed_out') return;
    pauses = 0;
    drain();
  }

  function more() {
    if (state === 'online') drain();
    else if (state === 'away') later();
  }

  function signedIn() {
    become('online');
    pauses = 0;
    drain();
  }

  return { live, drain, hurry, more, signedIn, state: () => state, refuse: () => become('signed_out') };
}
