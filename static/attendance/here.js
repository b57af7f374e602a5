// Who is here now: asks again every few seconds and puts the answer in place, and says so plainly
// when it could not ask.
(() => {
  'use strict';

  const box = document.getElementById('here');
  const list = document.getElementById('here-now');
  const old = document.getElementById('here-old');
  const signedOut = document.getElementById('here-signed-out');
  const print = document.getElementById('here-print');

  const PAUSE = Number(box.dataset.seconds) * 1000;
  const PATIENCE = 10000;
  let timer = 0;
  let isAsking = false;
  let askedAt = performance.now();

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    clearTimeout(timer);
    const watch = new AbortController();
    const enough = setTimeout(() => watch.abort(), PATIENCE);
    try {
      const answer = await fetch(box.dataset.url, {
        signal: watch.signal,
        redirect: 'manual',
        cache: 'no-store',
      });
      if (answer.ok) {
        list.innerHTML = await answer.text();
        askedAt = performance.now();
        show(true, false);
      } else {
        show(false, answer.type === 'opaqueredirect');
      }
    } catch {
      show(false, false);
    }
    clearTimeout(enough);
    isAsking = false;
    timer = setTimeout(ask, PAUSE);
  }

  function show(isFresh, isSignedOut) {
    box.classList.toggle('is-old', !isFresh);
    old.hidden = isFresh || isSignedOut;
    signedOut.hidden = !isSignedOut;
  }

  // A phone that slept shows what it last knew, until it has asked again.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    if (performance.now() - askedAt > PAUSE + PATIENCE) show(false, false);
    ask();
  });
  window.addEventListener('online', ask);
  window.addEventListener('offline', () => show(false, false));

  print.hidden = false;
  print.addEventListener('click', () => window.print());
  timer = setTimeout(ask, PAUSE);
})();
