// Before leaving: the page, the day's sessions and a token for the day come onto this phone; and
// off it again.

const LAST_SENDING = 4000;

export function makeLoading({ root, words, store, roster, journal, queue, sending, noteClock }) {
  const { page, token, load: loadUrl, leave: leaveUrl, worker } = root.dataset;
  const status = document.getElementById('load-status');

  // The page was opened from what is kept here; the token against forged requests is asked for anew.
  async function csrf() {
    const answer = await fetch(token, { cache: 'no-store', redirect: 'manual' });
    if (!answer.ok) return null;
    return (await answer.json()).csrf;
  }

  // True when the roster is on this phone.
  async function load(gate, sessionId, screen) {
    const button = document.getElementById('load');
    button.disabled = true;
    status.textContent = words.one_moment;
    try {
      status.textContent = await ask(gate, sessionId, screen);
    } catch {
      status.textContent = words.cannot_load;
    }
    button.disabled = false;
    return roster.isLoaded();
  }

  async function ask(gate, sessionId, screen) {
    const forgery = await csrf();
    if (!forgery) {
      sending.refuse();
      return words.sign_in_first;
    }
    const deviceId = (await store.get('kept', 'device').catch(() => null)) || null;
    const sent = Date.now();
    const response = await fetch(loadUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': forgery },
      body: JSON.stringify({ device_id: deviceId, gate, session_id: sessionId || null }),
      redirect: 'manual',
    });
    if (response.type === 'opaqueredirect' || [400, 401].includes(response.status)) {
      sending.refuse();
      return words.sign_in_first;
    }
    const answer = await response.json();
    if (!response.ok) return answer.text || words.cannot_load;
    const offset = Date.parse(answer.now) - (sent + Date.now()) / 2;
    await noteClock(offset);
    const waiting = new Set((await queue.waiting()).map((one) => one.id));
    try {
      await roster.keep(answer, offset);
    } catch {
      // It could not be stored: it serves until the page is closed.
      screen.notice('roster-unkept', true);
    }
    await journal.renew(waiting).catch(() => {});
    screen.notice('stuck', false);
    navigator.storage?.persist?.().catch(() => {});
    sending.signedIn();
    return '';
  }

  // What waits is sent first, if it can be; what cannot stays here under its own key.
  async function leave() {
    const bearer = roster.token();
    await Promise.race([sending.drain(), new Promise((resolve) => setTimeout(resolve, LAST_SENDING))]);
    await roster.leave().catch(() => {});
    journal.clear();
    sending.refuse();
    if (!bearer) return;
    await fetch(leaveUrl, {
      method: 'POST',
      headers: { Authorization: `Bearer ${bearer}` },
      credentials: 'omit',
      keepalive: true,
    }).catch(() => {});
  }

  // So that the page opens without network.
  async function keepPage(keepDecoder, screen) {
    if (!('serviceWorker' in navigator)) return;
    try {
      await navigator.serviceWorker.register(worker, { scope: page });
      await navigator.serviceWorker.ready;
      await keepDecoder(root.dataset.decoder);
      screen.part('opens-offline').hidden = false;
      root.dataset.kept = 'yes';
    } catch {
      // No network, or no room: it is tried again the next time the page is opened.
    }
  }

  return { load, leave, keepPage };
}
