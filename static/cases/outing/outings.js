// An outing of this phone: started, counted, ended. Each change is stored before it is shown, and sent
// again as a whole with the next number.

export const WHO = ['women', 'men', 'minors', 'unknown'];

export function makeOutings({ queue, newId, workerOf }) {
  async function start(team, area) {
    const item = {
      kind: 'outing', id: newId(), at: new Date().toISOString(), team, area, ended_at: null,
      tally: Object.fromEntries(WHO.map((who) => [who, 0])), sequence: 1,
    };
    await queue.add('outing', item, workerOf(), { isOpen: true });
    return item;
  }

  // The outing as stored; nobody is counted below nothing, nor on an outing that was ended elsewhere.
  function count(id, who, by) {
    return queue.change(id, (item, sequence) => {
      const number = item.tally[who] + by;
      if (number < 0 || item.ended_at) return null;
      return { ...item, tally: { ...item.tally, [who]: number }, sequence };
    });
  }

  function end(id) {
    return queue.change(id, (item, sequence) =>
      item.ended_at ? null : { ...item, ended_at: new Date().toISOString(), sequence });
  }

  return { start, count, end };
}
