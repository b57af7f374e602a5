// On the page after signing out: no text that somebody typed stays on this device, not even sealed.
(() => {
  'use strict';

  const PREFIX = 'civic-draft ';
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX)) localStorage.removeItem(name);
    }
  } catch {
    return; // a browser that keeps nothing has nothing to forget
  }
  if ('BroadcastChannel' in window) new BroadcastChannel('civic-drafts').postMessage('left');
})();
