// The page of the mobile unit, put together. Its parts do not name each other: each has the hash of its
// content in its address, and the page knows those.

const root = document.getElementById('outing');
const words = JSON.parse(root.dataset.words);
const [stores, ids, queues, broughts, persons, sendings, loadings, screens, contacts, outings] =
  await Promise.all(JSON.parse(root.dataset.parts).map((address) => import(address)));

// keys: "load" and "queue". kept: one thing a name. waiting, by id: what is not settled. drafts: the
// contact being typed. lines, by id: what was sent from here.
const STORE = {
  name: 'civic-outing',
  version: 1,
  shelves: { keys: {}, kept: {}, waiting: {}, drafts: {}, lines: {} },
  lasting: ['waiting', 'drafts'],
};

const screen = screens.makeScreen(words);
const { part } = screen;
const sealing = { makeKey: stores.makeKey, seal: stores.seal, unseal: stores.unseal };
const others = 'BroadcastChannel' in window ? new BroadcastChannel(STORE.name) : null;

let records = []; // what is not settled, of whoever this phone is with
let lastSent = 0;
let joinedId = null;
let draft = null;
let ending = 0;

const store = await stores.openStore(STORE).catch(() => {
  screen.notice('no-storage', true);
  return stores.storeInMemory(STORE);
});
if (!window.isSecureContext) screen.notice('no-storage', true);
const brought = broughts.openBrought(store, sealing);
const queue = queues.openQueue(store, sealing);

// What one person wrote is neither shown to another nor sent in their name; what was written before
// anybody had signed in belongs to whoever does.
const isMine = ({ worker }) => worker === null || worker === brought.worker();
const mine = async () => (await queue.records()).filter(isMine);

const sending = sendings.makeSending({
  address: root.dataset.send,
  queue,
  waiting: async () => (await mine()).filter(queues.isWaiting),
  tokenOf: brought.token,
  tell: {
    takenIn,
    sent: async () => {
      lastSent = Date.now();
      await store.put('kept', lastSent, 'sent').catch(() => {});
    },
    changed: () => told(),
    state: () => states(),
  },
});
const load = loadings.makeLoading({ root, words, brought, queue, sending, screen });
const outing = outings.makeOutings({ queue, newId: ids.newId, workerOf: brought.worker });

// One change after the other, in the order of the taps.
let last = Promise.resolve();
function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

const contact = contacts.makeContact({
  part, screen, words,
  newId: ids.newId,
  people: {
    all: people,
    isListed: brought.isLoaded,
    search: (typed) => persons.found(people(), typed),
  },
  keep: (begun) => inTurn(() => queue.keepDraft(begun, brought.worker())),
  drop: () => inTurn(queue.dropDraft),
  save: async (item) => {
    await inTurn(() => queue.add('contact', item, brought.worker(), { endsDraft: true }));
    screen.say(words.saved);
    sending.more();
  },
  closed: () => {
    screen.notice('back', false);
    told();
  },
});

// An answer about an outing that is counted on is no end of it.
async function takenIn(record, answer) {
  if (record.isOpen) return;
  const { words: _words, where: _where, ...item } = record.item;
  await brought.addLine({
    id: record.id, kind: record.kind, item, sentAt: Date.now(),
    fate: answer.outcome === 'conflict' ? 'conflict' : 'sent', text: answer.text || '',
  });
}

// What the page shows

function people() {
  const sent = brought.lines().filter(({ kind }) => kind === 'contact');
  const written = records.filter(({ kind }) => kind === 'contact').map(({ item }) => ({ item, sentAt: null }));
  return persons.knownPeople(brought.people(), [...sent, ...written], brought.since()?.loadedAt || 0);
}

// The last one started on this phone, or else one that another phone counts.
function outNow() {
  const ours = records.filter(({ isOpen }) => isOpen).at(-1);
  if (ours) return { outing: ours.item, isOurs: true };
  return { outing: elsewhere().find(({ id }) => id === joinedId), isOurs: false };
}

function elsewhere() {
  const known = new Set([...records, ...brought.lines()].map(({ id }) => id));
  return brought.outings().filter(({ id, ended_at: endedAt }) => !endedAt && !known.has(id));
}

async function refresh() {
  const all = await queue.records().catch(() => []);
  const begun = await queue.draft().catch(() => null);
  records = all.filter(isMine);
  draft = begun && isMine(begun) ? begun.content : null;
  screen.waiting(records.filter(queues.isWaiting).length, lastSent);
  const ofOthers = all.length - records.length + (begun && !draft ? 1 : 0);
  screen.notice('of-others', ofOthers > 0, { count: ofOthers });
  const { outing: out, isOurs } = outNow();
  screen.outing(out, isOurs);
  screen.joinable(elsewhere(), join);
  part('write').lastElementChild.textContent = draft ? words.go_on : words.write;
  screen.written(lines(), putAway);
}

function lines() {
  const unsettled = records
    .filter(({ kind, isOpen, isRefused }) => kind === 'contact' || !isOpen || isRefused)
    .map(({ id, kind, item, isRefused, said }) => ({ id, kind, item, fate: isRefused ? 'refused' : 'waiting', text: said }));
  const there = new Set(unsettled.map(({ id }) => id));
  const settled = brought.lines().filter(({ id }) => !there.has(id));
  return [...unsettled, ...settled].sort((a, b) => b.item.at.localeCompare(a.item.at));
}

function told() {
  others?.postMessage('changed');
  return refresh();
}

function states() {
  screen.signal(sending.state());
  const isGone = brought.since() !== null && !brought.isLoaded();
  screen.notice('expired', isGone);
  screen.notice('signed-out', !isGone && sending.state() === 'signed_out');
}

function arrange() {
  screen.brought({
    isLoaded: brought.isLoaded(), since: brought.since(), people: brought.people().length,
    name: brought.workerName(), city: brought.cityName(),
  });
  states();
  clearTimeout(ending);
  // Of longer waits browsers make none at all; the page is looked at again before that.
  if (brought.isLoaded()) ending = setTimeout(endIfOver, Math.min(brought.expires() - Date.now() + 500, 2 ** 31 - 1));
}

async function endIfOver() {
  if (!(await brought.isOver().catch(() => false))) return;
  arrange();
  await refresh();
}

// What people do

// Shown only once it is stored; what could not be stored is said.
async function stored(work) {
  try {
    const answer = await inTurn(work);
    screen.notice('full', false);
    return answer;
  } catch {
    screen.notice('full', true);
    return null;
  }
}

part('begin').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { team, area } = event.target.elements;
  const isEmpty = !team.value.trim() || !area.value.trim();
  part('begin-empty').hidden = !isEmpty;
  if (isEmpty) return;
  const started = await stored(() => outing.start(team.value.trim(), area.value.trim()));
  if (!started) return;
  area.value = '';
  await told();
  sending.more();
});

part('tally').addEventListener('click', async (event) => {
  const button = event.target.closest('[data-who]');
  const { outing: out, isOurs } = outNow();
  if (!button || !isOurs) return;
  const { who, by } = button.dataset;
  const now = await stored(() => outing.count(out.id, who, Number(by)));
  if (!now) return;
  navigator.vibrate?.(30);
  screen.tally(now.tally);
  const label = document.querySelector(`[data-number="${who}"]`).nextElementSibling.textContent;
  screen.say(screen.filled(words.tallied, { who: label, count: now.tally[who] }));
  await told();
  sending.more();
});

const beSure = (isAsked) => {
  part('sure').hidden = !isAsked;
  part('end').hidden = isAsked;
  part(isAsked ? 'not-yet' : 'end').focus();
};
part('end').addEventListener('click', () => beSure(true));
part('not-yet').addEventListener('click', () => beSure(false));
part('end-now').addEventListener('click', async () => {
  const { outing: out } = outNow();
  if (!(await stored(() => outing.end(out.id)))) return;
  beSure(false);
  await told();
  sending.more();
});

async function join(id) {
  joinedId = id;
  await store.put('kept', id, 'joined').catch(() => {});
  told();
}
part('part').addEventListener('click', () => join(null));

part('write').addEventListener('click', () => {
  if (draft) contact.putBack(draft);
  else contact.begin(outNow().outing?.id || null);
});

async function putAway(id) {
  await stored(() => queue.drop(id));
  told();
}

part('send-now').addEventListener('click', sending.signedIn);
part('load').addEventListener('click', async () => {
  const isLoaded = await load.load();
  arrange();
  await refresh();
  if (!isLoaded) return;
  others?.postMessage('loaded');
  part('setup').open = false;
  sending.signedIn();
});

part('leave').addEventListener('click', async () => {
  await contact.put();
  const left = async () => (await mine()).length + ((await queue.draft()) ? 1 : 0);
  if ((await load.leave(left)) === 'stay') return;
  lastSent = 0;
  joinedId = null;
  others?.postMessage('left');
  arrange();
  refresh();
});

window.addEventListener('online', () => {
  states();
  sending.hurry();
});
window.addEventListener('offline', states);
others?.addEventListener('message', async ({ data }) => {
  if (data !== 'changed') {
    // Signed out elsewhere: what is half typed is kept as theirs, and not for the next one to read.
    if (data === 'left') await contact.put();
    await brought.open().catch(() => {});
    lastSent = (await store.get('kept', 'sent').catch(() => 0)) || 0;
    arrange();
  }
  refresh();
});
document.addEventListener('visibilitychange', async () => {
  if (document.hidden) return;
  await endIfOver();
  sending.hurry();
  refresh();
});

// The start

await brought.open().catch(() => {});
lastSent = (await store.get('kept', 'sent').catch(() => 0)) || 0;
joinedId = (await store.get('kept', 'joined').catch(() => null)) || null;
arrange();
await refresh();
part('setup').open = brought.since() === null;
if (draft) {
  contact.putBack(draft);
  screen.notice('back', true);
}
load.keepPage();
if (brought.token()) sending.drain();
else if (records.some(queues.isWaiting)) sending.refuse();
root.dataset.ready = 'yes';
