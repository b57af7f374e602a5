// Opens the page of one's pass without network. It keeps nothing by itself: only while the person
// has chosen to keep the page on this phone is there a copy, which it renews and, once the session
// is over, somebody else is signed in, or thirty days have passed, throws away.
'use strict';

const SHELF = 'civic-pass';
const LONGEST_KEPT = 30 * 24 * 60 * 60 * 1000;
const PATIENCE = 4000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([self.clients.claim(), keptPage()])));

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return;
  if (mode === 'navigate' && pathname === passPath()) event.respondWith(passPage(event));
  else if (pathname.startsWith('/static/')) event.respondWith(fixedFile(event.request));
});

function passPath() {
  return new URL(self.registration.scope).pathname;
}

async function keptPage() {
  const kept = await caches.match(passPath(), { cacheName: SHELF, ignoreVary: true });
  const age = kept ? Date.now() - Number(kept.headers.get('Civic-Kept-At')) : 0;
  if (age <= LONGEST_KEPT) return kept;
  await caches.delete(SHELF);
  return undefined;
}

async function passPage(event) {
  const kept = await keptPage();
  if (!kept) return fetch(event.request);
  const fresh = fetch(event.request).then((answer) => renewed(answer, kept));
  event.waitUntil(fresh.catch(() => {}));
  return Promise.race([fresh, tooLate()]).catch(() => kept);
}

function tooLate() {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('no answer in time')), PATIENCE);
  });
}

// Looks at the server's answer, and hands it on.
async function renewed(answer, kept) {
  if (answer.status >= 500) throw new Error('the server is away');
  if (answer.type === 'opaqueredirect') await caches.delete(SHELF); // on to the sign-in page
  if (!answer.ok) return answer;
  let text = await answer.clone().text();
  const holder = (/data-holder="([^"]*)"/.exec(text) || [])[1];
  if (holder !== kept.headers.get('Civic-Holder')) {
    await caches.delete(SHELF);
    return answer;
  }
  // A message is said once: the copy must not say it again.
  if (/class="[^"]*\bmessages\b/.test(text)) text = await (await fetch(passPath())).text();
  if (!(await caches.has(SHELF))) return answer; // taken away meanwhile
  const shelf = await caches.open(SHELF);
  const headers = new Headers(kept.headers);
  headers.set('Civic-Kept-At', String(Date.now()));
  await shelf.put(passPath(), new Response(text, { headers }));
  await dropUnused(shelf, text);
  return answer;
}

// Style sheets and scripts of before: their address holds the hash of their content.
async function dropUnused(shelf, text) {
  for (const request of await shelf.keys()) {
    const { pathname } = new URL(request.url);
    if (/\.(css|js|svg)$/.test(pathname) && !text.includes(pathname)) await shelf.delete(request);
  }
}

async function fixedFile(request) {
  const kept = await caches.match(request, { cacheName: SHELF, ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && (await caches.has(SHELF))) {
    const shelf = await caches.open(SHELF);
    await shelf.put(request, answer.clone());
  }
  return answer;
}
