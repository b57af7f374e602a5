// Sends what waits: outings before the contacts of them, in batches, one tab at a time, with longer and
// longer pauses while the network or the server is away. Sent twice, a thing is the same thing.

const BATCH = 50;
const PATIENCE = 30000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60000;
const LOCK = 'civic-outing-sending';
const ENOUGH_DENIALS = 5;
const REFUSED_TOKEN = [401, 403];
const TAKEN_IN = ['kept', 'repeated', 'conflict'];

class TokenRefused extends Error {}
class Away extends Error {}
class Unreadable extends Error {}

// `waiting`: what is to be sent, oldest first. `answered(record, answer)`: keeps what became of it.
export function makeSending({ address, waiting, queue, tokenOf, tell }) {
  let state = 'online'; // online, away, signed_out
  let pauses = 0;
  let timer = null;
  let isDraining = false;
  let isAskedAgain = false;
  let size = BATCH;
  let denied = 0;

  function become(next) {
    if (next === state) return;
    state = next;
    tell.state(state);
  }

  async function post(items) {
    const token = tokenOf();
    if (!token) throw new TokenRefused();
    const stop = new AbortController();
    const timeout = setTimeout(() => stop.abort(), PATIENCE);
    let response;
    let answer;
    try {
      response = await fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ items }),
        credentials: 'omit',
        redirect: 'error',
        signal: stop.signal,
      });
      answer = await response.json().catch(() => ({}));
    } catch {
      throw new Away();
    } finally {
      clearTimeout(timeout);
    }
    // Signed in again meanwhile, in another tab: it is sent once more under the new token.
    if (REFUSED_TOKEN.includes(response.status)) throw token === tokenOf() ? new TokenRefused() : new Away();
    if (response.status >= 500 || [408, 429].includes(response.status)) throw new Away();
    if (response.status !== 200 || !Array.isArray(answer.answers)) throw new Unreadable();
    return answer.answers;
  }

  function drain() {
    clearTimeout(timer);
    timer = null;
    if (isDraining) {
      isAskedAgain = true;
      return Promise.resolve();
    }
    isDraining = true;
    isAskedAgain = false;
    return alone(empty)
      .catch((error) => become(error instanceof TokenRefused ? 'signed_out' : 'away'))
      .finally(async () => {
        isDraining = false;
        tell.changed();
        const isMore = (await waiting().catch(() => [])).length > 0;
        if (!isMore || state === 'signed_out') return;
        if (isAskedAgain && state === 'online') drain();
        else later();
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
    const tried = new Set();
    for (;;) {
      const unsent = (await waiting()).filter((one) => !tried.has(`${one.id} ${one.turn}`));
      const batch = unsent
        .sort((a, b) => a.misses - b.misses || (b.kind === 'outing') - (a.kind === 'outing') || a.order - b.order)
        .slice(0, size);
      if (!batch.length) {
        if (!tried.size) pauses = 0; // what was tried in vain is tried again after longer and longer pauses
        if (tokenOf()) become('online');
        return;
      }
      (await sendBatch(batch)).forEach((one) => tried.add(`${one.id} ${one.turn}`));
      become('online');
      tell.changed();
    }
  }

  // Sends one batch; those of it that nothing came of.
  async function sendBatch(batch) {
    let answers;
    try {
      answers = await post(batch.map((one) => one.item));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      // Something in it cannot be read: look for it in smaller batches, and let the others go first.
      if (batch.length === 1) await queue.miss(batch[0]);
      size = batch.length > 1 ? Math.floor(batch.length / 2) : BATCH;
      return batch.length > 1 ? [] : batch;
    }
    size = BATCH;
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const missed = [];
    for (const one of batch) {
      const answer = byId.get(one.id);
      if (answer && TAKEN_IN.includes(answer.outcome)) {
        await tell.takenIn(one, answer);
        await queue.settle(one);
      } else if (answer && answer.outcome === 'refused') {
        await queue.refuse(one, answer.text || '');
      } else {
        await queue.miss(one);
        missed.push(one);
      }
    }
    if (missed.length < batch.length) await tell.sent();
    return missed;
  }

  function later() {
    if (timer || isDraining) return;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** pauses);
    pauses = Math.min(pauses + 1, 10);
    // Half of it is chance, so that phones in one street do not all ask at once.
    timer = setTimeout(drain, pause * (0.5 + Math.random() / 2));
  }

  // The network may be back: do not wait for the pause to end.
  function hurry() {
    if (state === 'signed_out') return;
    pauses = 0;
    drain();
  }

  function more() {
    if (state === 'online' && navigator.onLine) drain();
    else if (state === 'away') later();
  }

  function signedIn() {
    become('online');
    pauses = 0;
    drain();
  }

  return { drain, hurry, more, signedIn, state: () => state, refuse: () => become('signed_out') };
}
