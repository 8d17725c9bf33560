// What pages do beyond what they do without it: dialogs in place of pages that ask, and changes as they happen.
(() => {
  'use strict';

  const REFRESH_MILLIS = 800;
  const TICK_MILLIS = 5000;

  // A link to a page that asks opens the same question as a dialog, where the page holds it.
  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-dialog]');
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && typeof dialog.showModal === 'function') {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest('[data-close]');
    const open = closer && closer.closest('dialog');
    if (open) {
      event.preventDefault();
      open.close();
    }
  });

  document.addEventListener('click', event => {
    if (event.target.closest('[data-print]')) {
      window.print();
    }
  });

  // "3 min ago" goes on being true. In the words of dev.lethe.ledger.console.Words.
  function ago(seconds) {
    if (seconds < 10) { return 'just now'; }
    if (seconds < 60) { return `${Math.floor(seconds)} s ago`; }
    if (seconds < 3600) { return `${Math.floor(seconds / 60)} min ago`; }
    if (seconds < 86400) { return `${Math.floor(seconds / 3600)} h ago`; }
    const days = Math.floor(seconds / 86400);
    return days === 1 ? '1 day ago' : `${days} days ago`;
  }

  function tick() {
    document.querySelectorAll('time[data-ago]').forEach(time => {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      if (seconds >= 0) {
        time.textContent = ago(seconds);
      }
    });
  }
  setInterval(tick, TICK_MILLIS);

  // The server says that something has changed; the page is fetched again, and what differs in its live parts is taken over.
  const events = document.body.dataset.events;
  if (!events || !window.EventSource) {
    return;
  }

  let scheduled = false;
  let running = false;
  let again = false;

  function schedule() {
    if (scheduled) {
      return;
    }
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      refresh();
    }, REFRESH_MILLIS);
  }

  function isBusy(part) {
    const focused = document.activeElement;
    return part.querySelector('dialog[open]') !== null
      || (part.contains(focused) && focused.matches('input, select, textarea'));
  }

  function replace(part, fresh) {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const known = new Set(Array.from(part.querySelectorAll('[data-row]'), row => row.dataset.row));
    const opened = Array.from(part.querySelectorAll('details[open][id]'), details => details.id);
    part.replaceChildren(...fresh.childNodes);
    part.querySelectorAll('[data-row]').forEach(row => {
      if (!known.has(row.dataset.row)) {
        row.classList.add('fresh');
      }
    });
    opened.forEach(id => document.getElementById(id)?.setAttribute('open', ''));
    if (focused) {
      const same = focused.id
        ? document.getElementById(focused.id)
        : Array.from(part.querySelectorAll('a[href]')).find(link => link.getAttribute('href') === focused.getAttribute('href'));
      same?.focus({ preventScroll: true });
    }
  }

  async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin', redirect: 'manual', headers: { 'X-Lethe-Live': 'true' } });
      if (answer.type === 'opaqueredirect' || answer.status === 401) {
        location.reload();
        return;
      }
      if (!answer.ok) {
        setTimeout(schedule, TICK_MILLIS);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      document.querySelectorAll('[data-live]').forEach(part => {
        const fresh = page.getElementById(part.id);
        if (fresh && !isBusy(part) && fresh.innerHTML !== part.dataset.seen && fresh.innerHTML !== part.innerHTML) {
          part.dataset.seen = fresh.innerHTML;
          replace(part, fresh);
        }
      });
      tick();
    } catch {
      setTimeout(schedule, TICK_MILLIS);
    } finally {
      running = false;
      if (again) {
        again = false;
        schedule();
      }
    }
  }

  const source = new EventSource(events);
  source.addEventListener('change', schedule);
  let lost = false;
  source.addEventListener('error', () => { lost = true; });
  source.addEventListener('open', () => {
    document.body.dataset.live = 'true';
    if (lost) {
      lost = false;
      schedule();
    }
  });
})();
