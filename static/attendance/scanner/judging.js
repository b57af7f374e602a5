// What the phone says at the gate while the server cannot be asked. The rules are the server's, as
// far as the roster tells; when the scan arrives the server judges it anew.

// In the order of the server: the nearest that can be mended comes first.
const STANDINGS = {
  not_approved: 'not_approved',
  waiting: 'not_booked',
  guardian_missing: 'guardian_missing',
  not_insured: 'not_insured',
};
const IS_PLACE = ['not_approved', 'waiting'];
const CLOSES_AFTER = 12 * 60 * 60 * 1000;

export function judge({ session, person, isElsewhere, presence, direction, now }) {
  if (!person) return { shown: 'unmatched', kind: 'warning', reason: null };
  if (isElsewhere) return refused('wrong_session');
  return direction === 'entry'
    ? judgeEntry(session, person.standing, presence, now)
    : judgeLeaving(session, presence, direction, now);
}

function judgeEntry(session, standing, presence, now) {
  if (session.is_cancelled) return refused('cancelled');
  if (IS_PLACE.includes(standing)) return refused(STANDINGS[standing]);
  if (now < Date.parse(session.opens_at)) return refused('too_early');
  if (now > Date.parse(session.ends_at)) return refused('too_late');
  if (standing in STANDINGS) return refused(STANDINGS[standing]);
  return presence === 'in' ? letThrough('already_in') : accepted();
}

// Whoever is in can always leave: only the presence is looked at.
function judgeLeaving(session, presence, direction, now) {
  if (now > Date.parse(session.ends_at) + CLOSES_AFTER) return refused('too_late');
  const canLeave = presence === 'in' || (presence === 'break' && direction === 'exit');
  return canLeave ? accepted() : letThrough('already_out');
}

const accepted = () => ({ shown: 'accepted', kind: 'success', reason: null });
const refused = (reason) => ({ shown: 'refused', kind: 'danger', reason });
// Another phone may have seen the other half: nobody is turned away, and the server sorts it out.
const letThrough = (reason) => ({ shown: 'accepted', kind: 'warning', reason });

export function presenceAfter(presence, direction) {
  if (direction === 'entry') return 'in';
  if (direction === 'break') return presence === 'in' ? 'break' : presence;
  return presence === 'not_yet' ? presence : 'left';
}

// The session that is on now, else the next one, else the last.
export function sessionForNow(sessions, now) {
  const ordered = [...sessions].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  return (
    ordered.find((one) => Date.parse(one.opens_at) <= now && now <= Date.parse(one.ends_at) && !one.is_cancelled) ||
    ordered.find((one) => Date.parse(one.starts_at) > now) ||
    ordered[ordered.length - 1]
  );
}
