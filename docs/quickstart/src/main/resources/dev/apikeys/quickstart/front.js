// The script of the front page. The element <api-keys> has its own.
const keys = document.querySelector('api-keys');
keys.setAttribute('api-url', new URL('/api/systems', location.href).href);
// The session has ended: the front page shows the form to log in.
keys.addEventListener('unauthorized', () => location.reload());

document.getElementById('use').addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = document.getElementById('token');
  const answer = document.getElementById('answer');
  const headers = { Authorization: `Bearer ${token.value}` };
  try {
    // Without cookies: the key alone must be enough.
    const response = await fetch('api/systems', { headers, credentials: 'omit' });
    answer.textContent = `${response.status}\n${await response.text()}`;
  } catch {
    answer.textContent = 'The server does not answer.';
  }
});
