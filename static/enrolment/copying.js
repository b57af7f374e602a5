// A button beside a field that copies what stands in it. Without this, the field can be selected.
(() => {
  'use strict';

  if (!navigator.clipboard) {
    return;
  }
  document.querySelectorAll('[data-copies]').forEach((button) => {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.setAttribute('aria-live', 'polite');
    field.addEventListener('focus', () => field.select());
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    });
  });
})();
