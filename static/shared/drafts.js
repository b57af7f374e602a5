// Text that was typed and not sent yet, for forms with `data-draft`: it waits in this browser, sealed
// with AES-GCM under a key that comes with the page and stays nowhere on the device. The names it is
// kept under are hashes with that key, so that they too say nothing of whom and what it is about.
//
// What was sent waits as well, until a page says that it arrived: the answer to that very form, in the
// tab that sent it, and no refusal. A session that is over, a fault or no network lose nothing that way.

const PREFIX = 'civic-draft ';
const SENT = 'civic-drafts-sent';
const LIFE = 3 * 24 * 60 * 60 * 1000;
const AT_ONCE = 1000;
const TYPED = 'textarea[name], input[type=text][name], input:not([type])[name]';

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const thisTab = () => sessionStorage;
const plain = (text) => text.replace(/\s+/g, ' ').trim();

let isLeft = false;
if ('BroadcastChannel' in window) {
  // Signed out in another tab: what is typed from here on is kept no more.
  new BroadcastChannel('civic-drafts').onmessage = () => { isLeft = true; };
}

// What is kept

function read(name, shelf = () => localStorage) {
  try {
    return JSON.parse(shelf().getItem(name));
  } catch {
    return null;
  }
}

function keep(name, kept, shelf = () => localStorage) {
  try {
    shelf().setItem(name, JSON.stringify(kept));
  } catch {
    // A full shelf or a browser that keeps nothing: the text is in the form all the same.
  }
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

// Whether this very page is the answer to a form sent from that page at that moment, and not one that
// came later: after signing in, or by the way back. The clock and the stopwatch are both read now: the
// page's own note of its beginning is wrong after a laptop has slept.
function isAnswerTo({ from, at }) {
  const [way] = performance.getEntriesByType('navigation');
  const beganAt = Date.now() - performance.now();
  return way?.type === 'navigate' && document.referrer === from && Math.abs(beganAt - at) < AT_ONCE;
}

function isRefusal() {
  const [way] = performance.getEntriesByType('navigation');
  return way?.responseStatus >= 400 || Boolean(document.querySelector('main [role=alert]'));
}

function settle() {
  const sent = read(SENT, thisTab);
  keep(SENT, null, thisTab);
  const arrived = sent && isAnswerTo(sent) && !isRefusal() ? sent.name : null;
  for (const name of names()) {
    const kept = read(name);
    const isOld = !kept || !(Date.now() - kept.at < LIFE);
    if (isOld || name === arrived) localStorage.removeItem(name);
  }
}

// Sealing

async function sealing(form) {
  const secret = bytes(form.dataset.draftKey);
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const signing = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const label = new TextEncoder().encode(form.dataset.draft);
  const name = PREFIX + base64(await crypto.subtle.sign('HMAC', signing, label));
  const bound = { name: 'AES-GCM', additionalData: label };
  return {
    name,
    async seal(value) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(value));
      return { iv: base64(iv), text: base64(await crypto.subtle.encrypt({ ...bound, iv }, key, text)) };
    },
    async unseal({ iv, text }) {
      const open = await crypto.subtle.decrypt({ ...bound, iv: bytes(iv) }, key, bytes(text));
      return JSON.parse(new TextDecoder().decode(open));
    },
  };
}

// One form

async function watch(form) {
  const shelf = await sealing(form);
  const fields = () => [...form.querySelectorAll(TYPED)].filter((field) => field.name !== 'csrf_token');
  const isGivenBack = isRefusal(); // what the fields came with is then not in the rows either
  let isSealing = false;
  let isAgain = false;

  async function save() {
    if (isSealing) {
      isAgain = true;
      return;
    }
    isSealing = true;
    do {
      isAgain = false;
      const typed = fields().map((field) => [field.name, field.value]);
      const isAsBefore = !isGivenBack && fields().every((field) => field.value === field.defaultValue);
      const sealed = isAsBefore ? null : await shelf.seal(typed);
      if (isLeft) break;
      if (sealed) keep(shelf.name, { at: Date.now(), ...sealed });
      else localStorage.removeItem(shelf.name);
    } while (isAgain);
    isSealing = false;
  }

  async function putBack() {
    const kept = read(shelf.name);
    if (!kept) return;
    const waiting = new Map();
    for (const [name, value] of await shelf.unseal(kept)) {
      waiting.set(name, [...(waiting.get(name) || []), value]);
    }
    let isOther = false;
    for (const field of fields()) {
      const value = waiting.get(field.name)?.shift();
      if (value === undefined || plain(value) === plain(field.value)) continue;
      field.value = value;
      isOther = true;
    }
    if (isOther) tell();
  }

  function tell() {
    const box = document.createElement('div');
    box.className = 'alert alert-info';
    box.setAttribute('role', 'status');
    const words = document.createElement('p');
    const drop = document.createElement('button');
    drop.type = 'button';
    drop.className = 'btn btn-outline-primary';
    drop.textContent = form.dataset.draftDrop;
    drop.addEventListener('click', () => {
      for (const field of fields()) field.value = field.defaultValue;
      localStorage.removeItem(shelf.name);
      box.remove();
      fields()[0]?.focus();
    });
    box.append(words, drop);
    form.prepend(box);
    // Said aloud only when it comes into a region that is there already.
    setTimeout(() => { words.textContent = form.dataset.draftFound; }, 100);
  }

  await putBack().catch(() => localStorage.removeItem(shelf.name));
  form.addEventListener('input', save);
  form.addEventListener('submit', () => {
    const [from] = location.href.split('#');
    keep(SENT, { name: shelf.name, from, at: Date.now() }, thisTab);
  });
  form.dataset.draftReady = 'yes';
}

settle();
if (window.isSecureContext && crypto.subtle) {
  for (const form of document.querySelectorAll('form[data-draft]')) {
    if (form.dataset.draftKey) watch(form);
  }
}
