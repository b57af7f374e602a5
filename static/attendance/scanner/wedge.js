// A reader that is a keyboard: letters faster than fingers, then Enter, wherever the focus is.

const BETWEEN_KEYS = 60;
const SHORTEST = 6;

export function listenForWedge(take) {
  let burst = '';
  let last = 0;
  let field = null;
  let before = '';

  document.addEventListener('keydown', (event) => {
    const now = performance.now();
    const isFast = now - last < BETWEEN_KEYS;
    last = now;
    if (event.key === 'Enter') {
      const read = isFast ? burst : '';
      burst = '';
      if (read.length < SHORTEST) return;
      event.preventDefault();
      event.stopPropagation();
      // What was being typed there is put back as it was.
      if (field) {
        field.value = before;
        field.dispatchEvent(new Event('input'));
      }
      take(read);
      return;
    }
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isFast) {
      burst = '';
      const { activeElement } = document;
      field = activeElement && 'value' in activeElement && activeElement.tagName === 'INPUT' ? activeElement : null;
      before = field ? field.value : '';
    }
    burst += event.key;
  }, true);
}
