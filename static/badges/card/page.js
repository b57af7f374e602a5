// The page that checks printed cards. What it needs to know it asks for while there is network, and
// keeps: keys and lists that are public, nothing of a card.

const root = document.getElementById('cards');
const words = JSON.parse(root.dataset.words);
const [reading, cameras] = await Promise.all(JSON.parse(root.dataset.parts).map((address) => import(address)));

const SHELF = 'civic-card-issuers';
const FRESH = 5 * 60 * 1000;
const LONGEST_WAIT = 4000;
const LONGEST_SIDE = 1280;
const KINDS = {
  valid: 'success', unlisted: 'warning', expired: 'warning', not_yet: 'warning', suspended: 'warning',
  unknown_issuer: 'warning', never_asked: 'warning', cannot: 'warning', unreadable: 'warning',
};

const part = (name) => document.getElementById(name);
const day = new Intl.DateTimeFormat(`${document.documentElement.lang}-u-nu-latn`, {
  dateStyle: 'long', timeZone: 'Europe/Rome',
});
let known = kept();
let asked = 0; // when this page itself was last answered
let asking = null;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(SHELF));
  } catch {
    return null;
  }
}

function ask() {
  asking = asking || askNow().finally(() => { asking = null; });
  return asking;
}

async function askNow() {
  try {
    const signal = AbortSignal.timeout?.(LONGEST_WAIT);
    const answer = await fetch(root.dataset.issuers, { cache: 'no-cache', signal });
    if (!answer.ok) return;
    known = await answer.json();
    asked = Date.now();
  } catch {
    return; // no network: what is kept must do
  }
  try {
    localStorage.setItem(SHELF, JSON.stringify(known));
  } catch {
    // A browser that keeps nothing: all is well until the page is closed.
  }
}

// Answers

const answers = { show, clear: () => part('answer').replaceChildren() };

async function look(text) {
  const token = reading.tokenIn(text);
  if (!token) {
    show({ kind: 'warning', text: words.outcomes.unreadable });
    return;
  }
  if (Date.now() - asked > FRESH) await ask();
  const found = await reading.check(token, known, Date.now());
  const isSure = found.outcome !== 'valid' || (found.isListKnown && Date.now() - asked <= FRESH);
  const outcome = isSure ? found.outcome : 'unlisted';
  show({ kind: KINDS[outcome] || 'danger', text: words.outcomes[outcome], facts: found.facts, note: noteOf(found) });
}

function noteOf({ outcome, facts, isListKnown }) {
  if (!facts) return '';
  if (!isListKnown) return words.list_unknown;
  if (Date.now() - asked <= FRESH) return words.asked_now;
  const when = filled(words.asked_then, { day: day.format(new Date(known.asked)) });
  return outcome === 'revoked' || outcome === 'suspended' ? when : `${words.not_asked} ${when}`;
}

function show({ kind, text, facts = null, note = '' }) {
  const box = part('answer');
  const filledIn = part(`answer-${kind}`).content.cloneNode(true);
  filledIn.querySelector('p').textContent = text;
  box.replaceChildren(filledIn);
  box.dataset.kind = kind;
  if (facts) box.append(told(facts, note));
  box.scrollIntoView({ block: 'nearest' });
}

function told(facts, note) {
  const card = part('answer-facts').content.cloneNode(true);
  const values = {
    name: facts.name, badge: facts.badge, by: facts.by, given: day.format(new Date(facts.begins)),
    until: facts.ends === null ? '' : day.format(new Date(facts.ends)), skills: facts.skills.join(', '),
  };
  for (const [name, value] of Object.entries(values)) {
    const line = card.querySelector(`[data-fact=${name}]`);
    if (value) line.querySelector('bdi').textContent = value;
    else line.remove();
  }
  card.querySelector('[data-note]').textContent = note;
  return card;
}

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// Ways in: the camera, a picture, an address that another camera opened

cameras.offer({
  part, words, answers, decoder: root.dataset.decoder, settingOf: () => '', onCode: look,
  finer: { asks: { width: { ideal: 1920 }, height: { ideal: 1080 } }, longestSide: LONGEST_SIDE },
});

part('picture').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const code = await codeIn(file).catch(() => '');
  event.target.value = '';
  await look(code);
});

async function codeIn(file) {
  const picture = await createImageBitmap(file);
  if (await cameras.hasOwnReader()) {
    return (await new BarcodeDetector({ formats: ['qr_code'] }).detect(picture))[0]?.rawValue || '';
  }
  await cameras.loadDecoder(root.dataset.decoder);
  // A whole page on paper has the square in a corner of it, so it is looked at large, then smaller.
  for (const longest of [2400, 1600, LONGEST_SIDE]) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = window.jsQR(data, width, height)?.data;
    if (found) return found;
  }
  return '';
}

function opened() {
  for (const link of part('languages').querySelectorAll('a')) link.hash = location.hash;
  if (location.hash.length > 1) look(location.hash);
}
window.addEventListener('hashchange', opened);

// To be there without network

async function keep() {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.page });
  await navigator.serviceWorker.ready;
  await cameras.keepDecoder(root.dataset.decoder);
  part('opens-offline').hidden = !known;
  root.dataset.kept = 'yes';
}

const first = ask();
opened();
root.dataset.ready = 'yes';
await first;
await keep().catch(() => {});
