// On the page of one's pass: keep it on this phone, so that it opens without network, or take it
// away again. Nothing is kept unless it is asked for.
(() => {
  'use strict';

  const box = document.getElementById('keep');
  if (!box || !('serviceWorker' in navigator) || !('caches' in window)) return;

  const SHELF = 'civic-pass';
  const LONGEST_KEPT = 30 * 24 * 60 * 60 * 1000;
  const { worker, scope, holder, language } = box.dataset;
  const notYet = document.getElementById('keep-not-yet');
  const done = document.getElementById('keep-done');
  const since = document.getElementById('keep-since');
  const failed = document.getElementById('keep-failed');

  async function show() {
    let kept = await caches.match(scope, { cacheName: SHELF, ignoreVary: true });
    const age = kept ? Date.now() - Number(kept.headers.get('Civic-Kept-At')) : 0;
    if (kept && (kept.headers.get('Civic-Holder') !== holder || age > LONGEST_KEPT)) {
      await caches.delete(SHELF);
      kept = undefined;
    }
    if (kept) {
      const day = new Date(Number(kept.headers.get('Civic-Kept-At')));
      since.textContent = new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(day);
    }
    notYet.hidden = Boolean(kept);
    done.hidden = !kept;
    box.hidden = false;
  }

  function filesOfThisPage() {
    const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
    const named = Array.from(document.querySelectorAll('link[href], script[src], use[href]'), (node) =>
      node.getAttribute('src') || node.getAttribute('href'));
    const addresses = [...loaded, ...named].map((name) => new URL(name, location.href));
    const own = addresses.filter((url) => url.origin === location.origin && url.pathname.startsWith('/static/'));
    return Array.from(new Set(own.map((url) => url.pathname)));
  }

  async function keep() {
    await navigator.serviceWorker.register(worker, { scope });
    const answer = await fetch(scope);
    if (!answer.ok || answer.redirected) throw new Error('signed out');
    const headers = new Headers({ 'Civic-Kept-At': String(Date.now()), 'Civic-Holder': holder });
    for (const name of ['Content-Type', 'Content-Language', 'Content-Security-Policy', 'X-Content-Type-Options', 'Referrer-Policy']) {
      if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
    }
    await caches.delete(SHELF);
    const shelf = await caches.open(SHELF);
    await shelf.addAll(filesOfThisPage());
    await shelf.put(scope, new Response(await answer.text(), { headers }));
  }

  async function forget() {
    await caches.delete(SHELF);
    const registration = await navigator.serviceWorker.getRegistration(scope);
    if (registration) await registration.unregister();
  }

  async function doing(work) {
    failed.hidden = true;
    try {
      await work();
    } catch {
      // Storage full or forbidden, or the network gone: half a copy is none.
      failed.hidden = false;
      await caches.delete(SHELF).catch(() => {});
    }
    await show();
  }

  document.getElementById('keep-start').addEventListener('click', () => doing(keep));
  document.getElementById('keep-stop').addEventListener('click', () => doing(forget));
  show().catch(() => {});
})();
