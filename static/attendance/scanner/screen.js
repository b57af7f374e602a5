// What stands on the page besides the answer: who waits, what went wrong, which session, the last
// scans. Every word comes from the page, in its language.

export function makeScreen(words) {
  const part = (name) => document.getElementById(name);
  // As everywhere on the site: the hours of Italy, in this order inside right-to-left text too.
  const clock = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Europe/Rome',
  });
  const ltr = (text) => `\u2066${text}\u2069`;
  const time = (moment) => clock.format(new Date(moment));
  const span = (session) => ltr(`${time(session.starts_at)}–${time(session.ends_at)}`);

  // Sentences that stay until their cause has gone.
  function notice(name, isOn, values = {}) {
    const box = document.querySelector(`[data-notice="${name}"]`);
    const sentence = box.querySelector('[data-sentence]');
    if (isOn && sentence) sentence.textContent = filled(sentence.dataset.sentence, values);
    box.hidden = !isOn;
  }

  function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  function waiting(count) {
    part('waiting').textContent = count ? filled(words.waiting, { count }) : words.nothing_waits;
    part('waiting').dataset.count = count;
  }

  function signal(state) {
    const isThere = state !== 'away' && navigator.onLine;
    part('signal').textContent = isThere ? words.online : words.no_network;
    part('signal').dataset.state = isThere ? 'online' : 'away';
  }

  function sessions(all, chosenId) {
    const choice = part('session');
    choice.replaceChildren(
      ...all.map((session) => {
        const option = document.createElement('option');
        option.value = session.id;
        option.lang = session.title_language;
        option.textContent = `${session.title} · ${span(session)}`;
        option.selected = session.id === chosenId;
        return option;
      }),
    );
    part('choice').hidden = all.length === 0;
  }

  function heading(session, gate) {
    const title = part('title');
    title.textContent = session ? session.title : words.no_session;
    if (session) title.lang = session.title_language;
    title.dir = 'auto';
    part('when').textContent = session ? span(session) : '';
    part('at-gate').textContent = gate;
  }

  function loaded(day) {
    part('loaded').hidden = !day;
    part('nothing-today').hidden = !day || day.sessions.length > 0;
    if (!day) return;
    const people = day.sessions.reduce((sum, session) => sum + session.count, 0);
    const values = { sessions: day.sessions.length, people, time: time(day.loadedAt), until: time(day.expires) };
    part('loaded').textContent = filled(words.loaded, values);
  }

  // `offset`: what is missing to this phone's clock.
  function last(lines, { offset, canUndo, undo }) {
    part('last').replaceChildren(
      ...lines.map((line) => {
        const item = part('last-scan').content.cloneNode(true).firstElementChild;
        const [name, text] = item.querySelectorAll('bdi, small');
        name.textContent = line.name || line.text_code;
        const said = line.isUndone ? words.undone : line.text;
        text.textContent = [words.ways[line.direction], ltr(time(line.at + offset)), line.isSent ? '' : words.unsent, said]
          .filter(Boolean).join(' · ');
        item.dataset.kind = line.isUndone ? 'undone' : line.kind;
        const button = item.querySelector('button');
        button.hidden = !canUndo(line);
        button.addEventListener('click', () => undo(line.id));
        return item;
      }),
    );
    part('last-box').hidden = lines.length === 0;
  }

  return { part, notice, waiting, signal, sessions, heading, loaded, last };
}
