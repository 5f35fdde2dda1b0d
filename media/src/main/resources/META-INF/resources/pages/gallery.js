// Shows how far an upload is, and what is wrong with it beside its field. Without this file, the form is sent.
(() => {
  const form = document.getElementById('upload');
  const file = document.getElementById('file');
  const button = form.querySelector('button');
  const progress = document.getElementById('progress');
  const wrong = document.getElementById('wrong');
  const kept = document.getElementById('kept');

  const say = (problem, done) => {
    wrong.textContent = problem;
    kept.textContent = done;
    file.toggleAttribute('aria-invalid', problem !== '');
    file.setAttribute('aria-describedby', problem ? 'hint wrong' : 'hint');
  };

  const ended = () => {
    progress.parentElement.hidden = true;
    button.disabled = false;
  };

  const detail = request => {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return `The server answered ${request.status}.`;
    }
  };

  const showImages = async () => {
    const answer = await fetch('/gallery', { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return location.assign('/gallery');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.getElementById('images').replaceChildren(...page.getElementById('images').childNodes);
    history.replaceState(null, '', '/gallery');
  };

  form.addEventListener('submit', event => {
    event.preventDefault();
    const name = file.files[0].name;
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', sent => {
      if (sent.lengthComputable) progress.value = sent.loaded / sent.total;
    });
    request.addEventListener('load', async () => {
      if (request.status === 200 || request.status === 201) {
        await showImages();
        say('', request.status === 201 ? `${name} is kept.` : `${name} was here already; it is used once more.`);
        file.value = '';
      } else {
        say(detail(request), '');
      }
      ended();
    });
    request.addEventListener('error', () => {
      say('The connection broke. Send it again.', '');
      ended();
    });
    say('', '');
    progress.value = 0;
    progress.parentElement.hidden = false;
    button.disabled = true;
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.send(new FormData(form));
  });
})();
