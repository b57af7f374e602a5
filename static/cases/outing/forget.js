// On the page after signing out: the list of people, the token and the lines of what was sent go, and
// the key that opens them. What is not sent or not finished stays locked under a key of its own and is
// sent when the same person signs in again, unless they say here that it is to go.
(async () => {
  'use strict';

  const NAME = 'civic-outing';
  if (!('indexedDB' in window)) return;
  if (indexedDB.databases) {
    const all = await indexedDB.databases().catch(() => []);
    if (!all.some((one) => one.name === NAME)) return;
  }
  const asking = indexedDB.open(NAME);
  // There was none: leave none behind.
  asking.onupgradeneeded = () => asking.transaction.abort();
  asking.onsuccess = () => forget(asking.result);

  function tell(what) {
    if ('BroadcastChannel' in window) new BroadcastChannel(NAME).postMessage(what);
  }

  function forget(database) {
    const transaction = database.transaction(['keys', 'kept', 'lines', 'waiting', 'drafts'], 'readwrite');
    const shelf = (name) => transaction.objectStore(name);
    shelf('keys').delete('load');
    for (const name of ['load', 'since', 'joined', 'sent']) shelf('kept').delete(name);
    shelf('lines').clear();
    const counts = ['waiting', 'drafts'].map((name) => shelf(name).count());
    transaction.oncomplete = () => {
      tell('left');
      const left = counts.reduce((sum, { result }) => sum + result, 0);
      if (left) ask(database, left);
      else database.close();
    };
  }

  function ask(database, left) {
    const box = document.getElementById('outing-left');
    const sentence = box.querySelector('[data-sentence]');
    sentence.textContent = sentence.dataset.sentence.replace('{count}', left);
    box.hidden = false;
    const [drop, sure] = box.querySelectorAll('button');
    drop.addEventListener('click', () => {
      drop.hidden = true;
      sure.hidden = false;
      sure.focus();
    });
    sure.addEventListener('click', () => {
      const transaction = database.transaction(['keys', 'waiting', 'drafts'], 'readwrite');
      transaction.objectStore('keys').delete('queue');
      transaction.objectStore('waiting').clear();
      transaction.objectStore('drafts').clear();
      transaction.oncomplete = () => {
        database.close();
        tell('left');
        box.hidden = true;
      };
    });
  }
})();
