/* Says that the play is under way. The page works without. */
const form = document.getElementById('play');
form.addEventListener('submit', () => {
  const button = form.querySelector('button');
  button.setAttribute('aria-disabled', 'true');
  document.getElementById('status').textContent = 'Playing: every login is a real one …';
  form.addEventListener('submit', (event) => event.preventDefault());
});
