/* Shows that the play is running. The page also works without this script. */
const form = document.getElementById('play');
form.addEventListener('submit', () => {
  const button = form.querySelector('button');
  button.setAttribute('aria-disabled', 'true');
  document.getElementById('status').textContent = 'Playing: every login is a real one …';
  form.addEventListener('submit', (event) => event.preventDefault());
});
