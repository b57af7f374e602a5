// On the page after signing out: the roster on this phone goes, and the key that opens it. Scans that
// wait to be sent stay, under a key of their own, and are sent when somebody signs in again.
(async () => {
  'use strict';

  const NAME = 'civic-scanner';
  if (!('indexedDB' in window)) return;
  if (indexedDB.databases) {
    const all = await indexedDB.databases().catch(() => []);
    if (!all.some((one) => one.name === NAME)) return;
  }
  const asking = indexedDB.open(NAME);
  // There was none: leave none behind.
  asking.onupgradeneeded = () => asking.transaction.abort();
  asking.onsuccess = () => {
    const transaction = asking.result.transaction(['keys', 'kept', 'journal'], 'readwrite');
    transaction.objectStore('keys').delete('roster');
    transaction.objectStore('kept').delete('roster');
    transaction.objectStore('kept').delete('day');
    transaction.objectStore('journal').clear();
    transaction.oncomplete = () => {
      asking.result.close();
      if ('BroadcastChannel' in window) new BroadcastChannel(NAME).postMessage('left');
    };
  };
})();
