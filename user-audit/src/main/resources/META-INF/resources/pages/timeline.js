// Moves the page to the slider's moment while the focus stays where it is. Without this file, the form is sent.
(() => {
  const form = document.getElementById('travel');
  const slider = document.getElementById('step');
  if (!slider) return;
  const moment = document.getElementById('moment');
  const labels = new Map([...document.querySelectorAll('#steps option')].map(one => [one.value, one.label]));
  const PAUSE_MS = 250; // each look is kept, so those that an arrow key only passes by are left out
  let timer;
  let latest = 0;

  const say = () => {
    const label = labels.get(slider.value) ?? slider.value;
    moment.value = label;
    slider.setAttribute('aria-valuetext', label);
  };

  // Where the drawing is wider than the screen, the moment is in its middle.
  const centre = () => {
    const picture = document.getElementById('picture');
    const line = picture.querySelector('.asked line').getBoundingClientRect();
    picture.scrollLeft += line.x - picture.getBoundingClientRect().x - picture.clientWidth / 2;
  };

  const show = async () => {
    const look = ++latest;
    const url = form.action + '?' + new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(url, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (look !== latest) return;
      if (!answer.ok || !page.getElementById('step')) throw new Error(answer.status);
      for (const part of document.querySelectorAll('[data-live]')) {
        part.replaceChildren(...page.getElementById(part.id).childNodes);
      }
      centre();
      history.replaceState(null, '', answer.url);
    } catch {
      form.requestSubmit();
    }
  };

  centre();
  slider.addEventListener('input', say);
  slider.addEventListener('change', () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });
})();
