// The screen at the place: fetches each new code, counts down, stays awake, and takes the code away
// when it holds no more, so that nobody scans an old one in vain. Written for the browser of an old
// tablet too: where this file could not be read, the first code would stay.
(() => {
  'use strict';

  const place = document.getElementById('place');
  const picture = document.getElementById('place-qr');
  const invitations = document.getElementById('place-invitations');
  const count = document.getElementById('place-count');
  const stale = document.getElementById('place-stale');
  const signedOut = document.getElementById('place-signed-out');
  const full = document.getElementById('place-full');

  const RETRY_AFTER = 3000;
  const PATIENCE = 10000;
  let due, holdsUntil;
  let isAsking = false;

  // The clock of this device may be wrong or be set meanwhile: only spans are counted. One of these
  // two stands still while some devices sleep, so the greater counts.
  let origin = { steady: performance.now(), wall: Date.now() };
  const now = () => Math.max(performance.now() - origin.steady, Date.now() - origin.wall);

  function take(nextIn, holdsFor) {
    origin = { steady: performance.now(), wall: Date.now() };
    due = nextIn;
    holdsUntil = holdsFor;
  }

  function show(what) {
    picture.hidden = count.hidden = invitations.hidden = what !== picture;
    stale.hidden = what !== stale;
    signedOut.hidden = what !== signedOut;
  }

  async function ask() {
    isAsking = true;
    try {
      const answer = await fetch(place.dataset.url, {
        cache: 'no-store',
        redirect: 'manual',
        signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined,
      });
      if (answer.type === 'opaqueredirect') {
        show(signedOut);
        due = now() + RETRY_AFTER;
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = await answer.json();
      if (!fresh.picture) {
        location.reload();
        return;
      }
      picture.src = fresh.picture;
      take(fresh.next_in, fresh.holds_for);
      show(picture);
    } catch (error) {
      // No network, or a server that is being started again: the old code holds for a while.
      due = now() + RETRY_AFTER;
    } finally {
      isAsking = false;
    }
  }

  function tick() {
    const left = Math.max(0, Math.ceil((due - now()) / 1000));
    if (now() >= holdsUntil && signedOut.hidden) show(stale);
    if (!isAsking && now() >= due) ask();
    count.textContent = place.dataset.count.replace('{seconds}', left);
  }

  // Awake

  async function stayAwake() {
    if (document.visibilityState !== 'visible') return;
    try {
      if (navigator.wakeLock) await navigator.wakeLock.request('screen');
    } catch (error) {
      // A nearly empty battery refuses; the screen then sleeps as it would on any page.
    }
    tick();
  }

  if (place.requestFullscreen) {
    full.hidden = false;
    full.addEventListener('click', () => place.requestFullscreen().catch(() => {}));
  }
  document.addEventListener('visibilitychange', stayAwake);
  window.addEventListener('online', () => { due = 0; });

  take(Number(place.dataset.nextIn), Number(place.dataset.holdsFor));
  show(picture);
  stayAwake();
  setInterval(tick, 500);
})();
