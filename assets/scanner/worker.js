// Opens the scanner without network. Built into static/attendance/scanner/worker.js; the address of the
// page and of its files is written in front of it by civic/attendance/views/scanner.py.
import { clientsClaim } from 'workbox-core';
import { addPlugins, cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';

const { page, files } = self.civicScanner;
// What the page keeps by itself, where the browser reads no codes.
const DECODER_SHELF = 'civic-scanner-decoder';

// Signed out, the page's address leads to the sign-in page, which must not be kept in its place.
addPlugins([
  {
    fetchDidSucceed: async ({ response }) => {
      if (response.redirected) throw new Error('signed out');
      return response;
    },
  },
]);
precache([page, ...files.map((url) => ({ url, revision: null }))]);
cleanupOutdatedCaches();
self.skipWaiting();
clientsClaim();

// Only when it is opened: what the page itself asks for goes to the server.
registerRoute(
  ({ request, url }) => request.mode === 'navigate' && url.pathname === page.url,
  async ({ request }) => (await matchPrecache(page.url)) || fetch(request),
);

registerRoute(
  ({ sameOrigin, url }) => sameOrigin && url.pathname.startsWith('/static/'),
  async ({ request, url }) =>
    (await matchPrecache(url.pathname)) ||
    (await caches.match(request, { cacheName: DECODER_SHELF, ignoreVary: true })) ||
    fetch(request),
);
