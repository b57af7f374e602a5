// On the page after signing out: the pass kept on this phone goes, and with it what served it.
(() => {
  'use strict';

  if ('caches' in window) caches.delete('civic-pass').catch(() => {});
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.getRegistrations().then((all) => {
      all.filter((one) => one.scope.endsWith('/me/pass')).forEach((one) => one.unregister());
    }).catch(() => {});
  }
})();
