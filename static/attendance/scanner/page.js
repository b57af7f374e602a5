// The scanner at the gate, put together. Its parts do not name each other: each has the hash of its
// content in its address, and the page knows those.

const root = document.getElementById('scanner');
const words = JSON.parse(root.dataset.words);
const [stores, ids, queues, rosters, judging, journals, sendings, cameras, wedge, answering, screens, loading] =
  await Promise.all(JSON.parse(root.dataset.parts).map((address) => import(address)));

const HELD = 3000;
const CLOCK_TOLERATED = 10 * 60 * 1000;
const CHANNEL = 'civic-scanner';
// keys: "roster" and "queue". kept: one thing a name. scans: what waits, in order of arrival.
// journal: what was scanned here since the sessions were loaded.
const STORE = {
  name: 'civic-scanner',
  version: 1,
  shelves: { keys: {}, kept: {}, scans: { isNumbered: true, index: 'id' }, journal: {} },
  lasting: ['scans'],
};

const screen = screens.makeScreen(words);
const { part } = screen;
const answers = answering.makeAnswers(part('answer'));
const form = part('by-hand');
const sealing = { makeKey: stores.makeKey, seal: stores.seal, unseal: stores.unseal };
const others = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : null;

let offset = null; // the server's clock minus this one, as last known
let sessionId = '';
let gate = '';
let ending = 0;

const store = await stores.openStore(STORE).catch(() => {
  screen.notice('no-storage', true);
  return stores.storeInMemory(STORE);
});
if (!window.isSecureContext) screen.notice('no-storage', true);
const roster = rosters.openRoster(store, sealing);
const queue = queues.openQueue(store, sealing);
const journal = journals.openJournal(store, sealing, roster.key);
const sending = sendings.makeSending({
  api: root.dataset.api,
  queue,
  tokenOf: roster.token,
  tell: {
    answered: (scan, answer) => {
      // An answer that was lost on its way told all there is to tell.
      const isNews = answer.outcome !== 'repeated' || answer.reason;
      const told = isNews ? { kind: answer.kind, text: answer.text, name: answer.name } : {};
      return journal.change(scan.id, { ...told, isSent: true });
    },
    undone: (id, isUndone, text) => journal.change(id, isUndone ? { isUndone: true } : { isUndone: false, text }),
    stuck: (text) => screen.notice('stuck', true, { text }),
    changed: () => told(),
    state: () => states(),
    clock: (now, sent) => noteClock(Date.parse(now) - (sent + Date.now()) / 2),
  },
});
const load = loading.makeLoading({ root, words, store, roster, journal, queue, sending, noteClock });

// Scans

const direction = () => new FormData(form).get('direction');

async function take(typed) {
  const code = rosters.readCode(typed);
  if (!code || !sessionId) return;
  const scan = {
    id: ids.newId(), session_id: sessionId, code, direction: direction(),
    scanned_at: new Date().toISOString(), offset_ms: offset === null ? null : Math.round(offset),
    gate: gate || null, shown: null,
  };
  await endIfOver();
  const found = await look(scan).catch(() => unmatched(scan.direction));
  // What waits goes first, or an exit would arrive before its entry.
  const isLive = sending.state() === 'online' && navigator.onLine && (await queue.isIdle());
  const kept = isLive ? scan : { ...scan, shown: found.shown };
  const place = await queue.add({ id: scan.id, scan: kept, heldUntil: isLive ? Date.now() + HELD : 0 });
  if (isLive) answers.show({ kind: 'warning', text: words.one_moment });
  const answer = isLive ? await sending.live(place, scan) : null;
  if (!answer && isLive) await queue.tell(place, { ...scan, shown: found.shown });
  await say(scan, found, answer);
  if (!answer) sending.more();
  told();
}

const unmatched = (way) => {
  const verdict = judging.judge({ person: null });
  return { ...verdict, person: null, name: '', text: sentence(verdict, way) };
};

async function look(scan) {
  const { person, session, isElsewhere } = await roster.find(scan.code, scan.session_id);
  const presence = person && !isElsewhere ? journal.presence(person, scan.session_id, judging.presenceAfter) : null;
  const now = Date.now() + (offset || 0);
  const verdict = judging.judge({ session, person, isElsewhere, presence, direction: scan.direction, now });
  return { ...verdict, person, name: person ? person.name : '', text: sentence(verdict, scan.direction) };
}

function sentence({ shown, reason }, way) {
  if (shown === 'unmatched') return roster.isLoaded() ? words.to_be_matched : words.no_roster;
  return reason ? words.reasons[reason] : words.welcome[way];
}

async function say(scan, found, answer) {
  const said = answer || found;
  answers.tell({ kind: said.kind, name: said.name, text: said.text, holder: answer && answer.holder });
  await journal.write({
    id: scan.id, session: scan.session_id, code: found.person ? found.person.code : '',
    text_code: found.person ? '' : scan.code.slice(0, 6), name: said.name || found.name,
    direction: scan.direction, at: Date.parse(scan.scanned_at), kind: said.kind, text: said.text,
    isIn: answer ? answer.outcome === 'accepted' : found.shown === 'accepted',
    isSent: Boolean(answer), isUndone: false,
  });
}

async function undo(id) {
  await queue.undo(id);
  await journal.change(id, { isUndone: true });
  answers.tell({ kind: 'warning', name: journal.get(id).name, text: words.undone });
  sending.hurry();
  told();
}

// Refused scans count for nothing: there is nothing to take back.
const canUndo = (line) => line.isIn && !line.isUndone && Date.now() - line.at < journals.UNDO_WITHIN;

// What the page shows

async function refresh() {
  const count = await queue.count();
  screen.waiting(count);
  screen.notice('full', queue.adrift() > 0);
  if (count === 0) screen.notice('stuck', false);
  screen.last(journal.last(), { offset: offset || 0, canUndo, undo });
}

function told() {
  others?.postMessage('changed');
  refresh();
}

function states() {
  screen.signal(sending.state());
  const isGone = roster.sessions().length > 0 && !roster.isLoaded();
  screen.notice('expired', isGone);
  screen.notice('signed-out', !isGone && sending.state() === 'signed_out');
}

async function noteClock(found) {
  offset = found;
  const isOff = Math.abs(found) > CLOCK_TOLERATED;
  screen.notice('clock', isOff, { minutes: Math.round(Math.abs(found) / 60000) });
  await store.put('kept', found, 'offset').catch(() => {});
}

function arrange() {
  const all = roster.sessions();
  const wanted = new URLSearchParams(location.search).get('session');
  const known = (id) => all.some((session) => session.id === id);
  if (known(wanted) && !known(sessionId)) sessionId = wanted;
  if (!known(sessionId)) sessionId = judging.sessionForNow(all, Date.now() + (offset || 0))?.id || '';
  screen.sessions(all, sessionId);
  screen.heading(all.find((session) => session.id === sessionId), gate);
  screen.loaded(roster.isLoaded() ? roster.day() : null);
  part('leave').hidden = !roster.isLoaded();
  part('gate-work').hidden = !sessionId;
  states();
  clearTimeout(ending);
  if (roster.isLoaded()) ending = setTimeout(endIfOver, roster.expires() - Date.now() + 500);
}

async function endIfOver() {
  if (!(await roster.isOver())) return;
  journal.clear();
  arrange();
  refresh();
}

// What people do

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { code } = form.elements;
  if (code.value.trim()) take(code.value);
  code.value = '';
});

part('session').addEventListener('change', (event) => {
  sessionId = event.target.value;
  event.target.blur(); // a reader that is a keyboard must not choose another
  answers.clear();
  arrange();
});

part('gate').addEventListener('input', (event) => {
  gate = event.target.value.trim();
  store.put('kept', gate, 'gate').catch(() => {});
  arrange();
});

part('load').addEventListener('click', async () => {
  const wanted = new URLSearchParams(location.search).get('session') || sessionId;
  const isLoaded = await load.load(gate, wanted, screen);
  arrange();
  refresh();
  if (isLoaded) others?.postMessage('loaded');
  if (isLoaded) part('setup').open = roster.sessions().length === 0;
});

part('leave').addEventListener('click', async () => {
  await load.leave();
  others?.postMessage('left');
  answers.clear();
  arrange();
  refresh();
  part('setup').open = true;
});

document.addEventListener('pointerdown', answers.wake);
document.addEventListener('keydown', answers.wake);
window.addEventListener('online', () => {
  states();
  sending.hurry();
});
window.addEventListener('offline', states);
window.addEventListener('beforeunload', (event) => {
  if (queue.adrift()) event.preventDefault();
});
others?.addEventListener('message', async ({ data }) => {
  if (data !== 'changed') await roster.open();
  if (!roster.isLoaded()) journal.clear();
  await journal.open();
  if (data !== 'changed') arrange();
  refresh();
});
document.addEventListener('visibilitychange', async () => {
  if (document.hidden) return;
  await endIfOver();
  sending.hurry();
  refresh();
});

// The start

gate = (await store.get('kept', 'gate').catch(() => '')) || '';
const lastOffset = await store.get('kept', 'offset').catch(() => null);
if (typeof lastOffset === 'number') await noteClock(lastOffset);
part('gate').value = gate;
await roster.open().catch(() => {});
await journal.open().catch(() => {});
arrange();
part('setup').open = roster.sessions().length === 0;
await refresh();
wedge.listenForWedge(take);
cameras.offer({ part, words, answers, decoder: root.dataset.decoder, settingOf: () => `${sessionId} ${direction()}`, onCode: take });
load.keepPage(cameras.keepDecoder, screen);
if (roster.token()) sending.drain();
else if (await queue.count()) sending.refuse();
root.dataset.ready = 'yes';
